/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_event.h - the events of an interval, equal neighbours as one. Pure. */
#ifndef LAB_VIEW_TOP_EVENT_H
#define LAB_VIEW_TOP_EVENT_H

#include "model/event.h"
#include "view/why_case.h"

#define TOP_EVENTS 64 /* what comes behind them is counted alone */

struct top_event {
	__u64 first_ns; /* CLOCK_REALTIME */
	__u64 count;
	char site[EVENT_SYMBOL], driver[EVENT_MODULE];
	__u32 kind, verdict, aftermath, order, cls, context;
	__u64 short_pages; /* that the worst of them lacked; 0: none, or not known */
};

struct top_events {
	struct top_event event[TOP_EVENTS];
	unsigned int events;
	__u64 more; /* for which there was no room */
	struct why_case scratch;
};

void top_events_clear(struct top_events *l);
/* Failed ones, slow ones, near misses; others are passed over. */
void top_events_add(struct top_events *l, const struct event *e);

#endif
