/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * stacks.h - from the addresses of a stack to its frames and its site. In a storm the same few
 * stacks repeat, so the last ones are cached. The stacks of rows repeat in each report: their
 * sites, which cost most to find, are kept, and stay what they were when a module is unloaded.
 */
#ifndef LAB_KERNEL_STACKS_H
#define LAB_KERNEL_STACKS_H

#include "model/site_row.h"

struct stacks;
struct symbols;

/*
 * symbols must outlive it. rows: the most stacks that rows can have. Allocates and touches all
 * memory here. NULL: out of memory.
 */
struct stacks *stacks_new(struct symbols *symbols, unsigned int rows);
/* NULL is fine. */
void stacks_free(struct stacks *s);

/* Calls symbols_refresh(); when that found a change, it returns true and events are named anew. */
bool stacks_refresh(struct stacks *s, __u64 now_ns);

/*
 * The same, before the rows are read. A row that is new then was made since the last time, and is
 * named by what was loaded meanwhile. Returns how many modules were unloaded by now that a stack
 * was named by: from then on their addresses may be of others, and the kernel side is to make other
 * rows of them.
 */
__u32 stacks_begin_rows(struct stacks *s, __u64 now_ns);

/* Was there an event since then with a stack that was not remembered? Its row may be new. */
bool stacks_are_fresh(const struct stacks *s);

/* Fills frames, site, driver and via of *e from its stack, of LAB_EVENT_FRAMES at most, at its
 * raw.head.time_ns. */
void stacks_name(struct stacks *s, const __u64 *stack, unsigned int depth, struct event *e);

/*
 * The same for *row, which is zero but for its key: key.stack, which is not LAB_NO_STACK, is this
 * stack.
 */
void stacks_name_row(struct stacks *s, const __u64 *stack, unsigned int depth,
		     struct site_row *row);

#endif
