/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * stacks.h - from the addresses of a stack to its frames and its site. In a storm the same few
 * stacks come again and again: the last ones are remembered. The rows of the counts come with each
 * report: their sites, which cost most, are remembered as long as the symbols stay as they are.
 */
#ifndef LAB_STACKS_H
#define LAB_STACKS_H

#include "site_row.h"

struct stacks;
struct symbols;

/*
 * symbols must outlive it. rows: how many stacks the rows can have. All memory for them is taken,
 * and written to, here. NULL: there is none.
 */
struct stacks *stacks_new(struct symbols *symbols, unsigned int rows);
/* NULL is fine. */
void stacks_free(struct stacks *s);

/* symbols_refresh(); what is remembered is forgotten when they were read again, which it says. */
bool stacks_refresh(struct stacks *s, __u64 now_ns);

/* Fills frames, site, driver and via of *e from its stack, of LAB_EVENT_FRAMES at most. */
void stacks_name(struct stacks *s, const __u64 *stack, unsigned int depth, struct event *e);

/* The same of *row, which is zero but for its key: key.stack, not LAB_NO_STACK, is this stack. */
void stacks_name_row(struct stacks *s, const __u64 *stack, unsigned int depth,
		     struct site_row *row);

#endif
