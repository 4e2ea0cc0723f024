/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * live_budget.h - the budget of a live run: a thread that measures what labyrinth takes, once a
 * second, whatever the interval of its reports is, and steps down and up. Included by live_*.c and
 * the live sources.
 */
#ifndef LAB_LIVE_BUDGET_H
#define LAB_LIVE_BUDGET_H

#include "live.h"

/*
 * Finds out what can be measured, and how starts can be taken away; the hooks are loaded. 0 and
 * *ret (NULL where opt asks for no budget), or a negative exit code (logged).
 */
int live_budget_new(struct live_budget **ret, struct hooks *h, const struct features *f,
		    const struct options *opt);

/* A sentence about what cannot be measured; NULL when nothing. b NULL is fine, here and below. */
const char *live_budget_lack(const struct live_budget *b);

/* Everything is attached: the watch begins. 0 or a negative exit code (logged). */
int live_budget_start(struct live_budget *b);

/* What it came to by now. *ret is zeroed where there is no budget. */
void live_budget_read(struct live_budget *b, struct budget_report *ret);

/*
 * Could a request that was made between these times (CLOCK_MONOTONIC) have gone unseen for the
 * budget, or without its stack?
 */
bool live_budget_hid(struct live_budget *b, __u64 from_ns, __u64 to_ns);

/* Ends the watch; what was left out stays left out. */
void live_budget_stop(struct live_budget *b);
void live_budget_free(struct live_budget *b);

#endif
