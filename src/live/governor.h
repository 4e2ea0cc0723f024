/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * governor.h - the budget of a live run: a thread that measures what labyrinth takes, once a
 * second, whatever the interval of its reports is, and steps down and up.
 */
#ifndef LAB_LIVE_GOVERNOR_H
#define LAB_LIVE_GOVERNOR_H

#include "live/hooks.h"
#include "model/figures.h"

struct live_budget;

/*
 * Finds out what can be measured, and how starts can be taken away; the hooks are loaded. 0 and
 * *ret (NULL where scope asks for no budget), or FAIL() once logged.
 */
int live_budget_new(struct live_budget **ret, struct hooks *h, const struct features *f,
		    const struct scope *scope);

/* A sentence about what cannot be measured; NULL when nothing. b NULL is fine, here and below. */
const char *live_budget_lack(const struct live_budget *b);

/* Everything is attached: the watch begins. 0 or FAIL() once logged. */
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
