// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* event_summary.c - events counted. Pure: no I/O, no clock. */
#include "event.h"

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
