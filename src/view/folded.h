/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * folded.h - failed requests by their whole stack, as flame graph tools read them: a line a stack,
 * outermost function first, and its weight.
 */
#ifndef LAB_VIEW_FOLDED_H
#define LAB_VIEW_FOLDED_H

#include <stdio.h>

#include "model/event.h"

enum stack_weight {
	WEIGHT_NONE,
	WEIGHT_FAILED, /* failed requests */
	WEIGHT_LOST,   /* those whose caller went without */
	WEIGHT_PAGES,  /* pages that failed requests asked for, and did not get */
	WEIGHTS,
};

/* "failed", ...; NULL for WEIGHT_NONE and behind the last. */
const char *stack_weight_name(unsigned int weight);

/* What one event weighs; 0 for what did not fail. */
__u64 stack_weight_of(enum stack_weight weight, const struct event *e);

struct folded;

/* NULL: no memory. */
struct folded *folded_new(void);
void folded_free(struct folded *s);
/* 0 or -ENOMEM. A weight of 0 adds nothing. */
int folded_add(struct folded *s, const struct event *e, __u64 weight);
/* The heaviest first; those of one weight by name. As out_write() does. */
int folded_print(FILE *f, struct folded *s);

#endif
