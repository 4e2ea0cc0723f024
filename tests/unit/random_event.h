/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* random_event.h - an event full of random figures that a stream can carry. */
#ifndef LAB_TEST_RANDOM_EVENT_H
#define LAB_TEST_RANDOM_EVENT_H

#include "random_report.h"
#include "view/events_shape.h"

/* *e is overwritten whole, padding and string ends included. */
static inline void random_event(struct event *e, __u64 *seed)
{
	struct run_info info = {.hooks = 0};

	memset(e, 0, sizeof(*e));
	random_shape(&event_shape, &(struct event_said){&info, e}, seed);
	e->raw.head.order %= 20;
	/* Without a start there is no slot in which these were noted. */
	if (!(e->raw.head.flags & (LAB_EVENT_HAS_START | LAB_EVENT_OVERSIZE)))
		e->raw.head.flags &= ~(LAB_SLOT_WOKEN | LAB_SLOT_HIT);
	if (e->raw.head.kind != LAB_EVENT_FAILED)
		e->basis = BASIS_NONE;
	if (e->raw.head.kind != LAB_EVENT_FAILED || !e->nearest.known)
		memset(&e->nearest, 0, sizeof(e->nearest));
}

static inline void random_summary(struct event_summary *s, __u64 *seed)
{
	struct run_info info = {.hooks = 0};

	memset(s, 0, sizeof(*s));
	random_shape(&event_summary_shape, &(struct event_summed){&info, s}, seed);
}

#endif
