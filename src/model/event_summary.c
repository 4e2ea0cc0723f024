// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* event_summary.c - see event_summary.h. */
#include "model/event_summary.h"

static void add_counts(__u64 *to, const __u64 *from, size_t n)
{
	while (n--)
		*to++ += *from++;
}

void event_summary_join(struct event_summary *dst, const struct event_summary *src)
{
	struct run_audit *to = &dst->head.total;
	const struct run_audit *from = &src->head.total;

	if (src->head.time_ns > dst->head.time_ns)
		dst->head.time_ns = src->head.time_ns;
	dst->head.total_ns += src->head.total_ns;
	to->seen += from->seen;
	to->missed += from->missed;
	to->uncounted += from->uncounted;
	to->throttled += from->throttled;
	to->dropped += from->dropped;
	to->unread += from->unread;
	dst->failed += src->failed;
	dst->lost += src->lost;
	dst->recovered += src->recovered;
	dst->retried += src->retried;
	dst->pending += src->pending;
	dst->not_followed += src->not_followed;
	dst->slow += src->slow;
	dst->near_misses += src->near_misses;
	add_counts(dst->verdict, src->verdict, VERDICTS);
	add_counts(dst->printed, src->printed, PRINTEDS);
}

bool event_summary_at_least(const struct event_summary *s)
{
	return s->not_followed ||
	       (!s->counted && (s->head.total.throttled || s->head.total.dropped));
}

bool event_summary_complete(const struct event_summary *s)
{
	return run_head_complete(&s->head, s->not_followed);
}

static void add_failed(struct event_summary *s, const struct event *e)
{
	s->failed++;
	if (e->verdict < VERDICTS)
		s->verdict[e->verdict]++;
	if (e->printed < PRINTEDS)
		s->printed[e->printed]++;
	switch (e->aftermath) {
	case AFTERMATH_LOST:
		s->lost++;
		break;
	case AFTERMATH_RECOVERED:
		s->recovered++;
		break;
	case AFTERMATH_RETRIED:
		s->retried++;
		break;
	case AFTERMATHS:
		s->not_followed++;
		break;
	default:
		s->pending++;
	}
}

void event_summary_add(struct event_summary *s, const struct event *e)
{
	switch (e->raw.head.kind) {
	case LAB_EVENT_FAILED:
		add_failed(s, e);
		break;
	case LAB_EVENT_SLOW:
		s->slow++;
		break;
	case LAB_EVENT_NEAR_MISS:
		s->near_misses++;
		break;
	default:
		break;
	}
}
