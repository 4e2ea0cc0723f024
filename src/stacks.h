/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * stacks.h - from the addresses of a stack to its frames and its site. In a storm the same few
 * stacks come again and again: the last ones are remembered.
 */
#ifndef LAB_STACKS_H
#define LAB_STACKS_H

#include "event.h"

struct stacks;
struct symbols;

/* symbols must outlive it. NULL: no memory. */
struct stacks *stacks_new(struct symbols *symbols);
void stacks_free(struct stacks *s);

/* The symbols have been read again: what is remembered may be wrong. */
void stacks_forget(struct stacks *s);

/* Fills frames, site, driver and via of *e from its stack, of LAB_EVENT_FRAMES at most. */
void stacks_name(struct stacks *s, const __u64 *stack, unsigned int depth, struct event *e);

#endif
