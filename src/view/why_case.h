/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* why_case.h - one request as the example of its site, and what its zones say. Pure. */
#ifndef LAB_VIEW_WHY_CASE_H
#define LAB_VIEW_WHY_CASE_H

#include "model/event.h"
#include "model/site_row.h"

/* What the zones of a failed request say, for advice: not in the stream. */
struct why_facts {
	char zone[LAB_ZONE_NAME];	 /* open to it, and the nearest to serve it; "": none */
	__u64 free, min, low, need;	 /* pages; need: that it fell short by */
	__u64 cma, exclusive;		 /* free, and closed to it */
	int largest_order;		 /* that it could have had; -1: not known */
	char closed_zone[LAB_ZONE_NAME]; /* would have served it, but is closed; "": none */
	char closed_by[48];
	__u64 closed_free;
	__u32 closed_node;
	char comm[16]; /* in task context */
};

/* A request that stands for its site. */
struct why_case {
	bool failed;	      /* else: it was counted, and nothing of the next two is known */
	enum verdict verdict; /* the leading one of the site */
	enum aftermath aftermath;
	__u64 time_ns; /* CLOCK_REALTIME; 0: not known */
	__u32 gfp, order, context, flags;
	struct event_nearest nearest;
	char via[EVENT_TEXT], evidence[EVENT_TEXT], how[EVENT_TEXT];
	struct event_frame frame[LAB_EVENT_FRAMES];
	unsigned int frames;
	struct why_facts facts;
};

/* What an event is as the example of its site. */
void why_case_of_event(struct why_case *c, const struct event *e);
void why_case_of_row(struct why_case *c, const struct site_row *row);

/* Did a matter more than b, both failed, of one verdict? */
bool why_case_worse(const struct why_case *a, const struct why_case *b);

#endif
