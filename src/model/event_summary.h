/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* event_summary.h - events counted. Pure: no I/O, no clock. */
#ifndef LAB_MODEL_EVENT_SUMMARY_H
#define LAB_MODEL_EVENT_SUMMARY_H

#include "model/event.h"
#include "model/run.h"

/*
 * A run in numbers. failed = lost + recovered + retried + pending + not_followed: by the kernel's
 * counts where it is counted, else of the events that were reported. Verdicts, and what dmesg
 * showed, are of those alone.
 */
struct event_summary {
	/* Its time is that of the end. final: false: a recording that was cut, or a part of one:
	 * total_ns and the audit since start are not known. The budget is that of the last run,
	 * when several are joined. */
	struct run_head head;
	__u64 failed;
	__u64 lost, recovered, retried, pending; /* by aftermath */
	__u64 not_followed;			 /* it is not known what their callers did next */
	bool counted;				 /* and head.total.uncounted is known */
	__u64 slow, near_misses;
	__u64 verdict[VERDICTS]; /* failures by verdict */
	__u64 printed[PRINTEDS]; /* failures by whether dmesg would have shown them */
};

/* More may be lost: of some failures it is not known, or nothing is. */
bool event_summary_at_least(const struct event_summary *s);

/* Nothing missed, held back, dropped, skipped or unread, no end unseen, every caller followed. */
bool event_summary_complete(const struct event_summary *s);

/* Counts one event. FOLLOW ones are not counted. */
void event_summary_add(struct event_summary *s, const struct event *e);

/* dst += src, as a stream may hold more than one run; the later end. What does not add up is the
 * caller's: info, final and budget. */
void event_summary_join(struct event_summary *dst, const struct event_summary *src);

#endif
