// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_event.c - see top_event.h. */
#include "view/top_event.h"

#include <string.h>

void top_events_clear(struct top_events *l)
{
	l->events = 0;
	l->more = 0;
}

static bool equal(const struct top_event *a, const struct top_event *b)
{
	return a->kind == b->kind && a->verdict == b->verdict && a->aftermath == b->aftermath &&
	       a->order == b->order && a->cls == b->cls && a->context == b->context &&
	       strcmp(a->site, b->site) == 0 && strcmp(a->driver, b->driver) == 0;
}

/* How many pages it lacked is in what the evidence was made from. */
static __u64 short_pages(struct top_events *l, const struct event *e)
{
	if (e->raw.head.kind != LAB_EVENT_FAILED || e->verdict != VERDICT_EXHAUSTED)
		return 0;
	why_case_of_event(&l->scratch, e);
	return l->scratch.facts.zone[0] ? l->scratch.facts.need : 0;
}

void top_events_add(struct top_events *l, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;
	struct top_event new = {
		.first_ns = e->time_ns,
		.count = 1,
		.kind = h->kind,
		.verdict = e->verdict,
		.aftermath = e->aftermath,
		.order = h->order,
		.cls = lab_class_of(h->gfp),
		.context = h->context,
	};
	struct top_event *last = l->events ? &l->event[l->events - 1] : NULL;

	if (h->kind >= LAB_EVENT_FOLLOW)
		return;
	memcpy(new.site, e->site, sizeof(new.site));
	memcpy(new.driver, e->driver, sizeof(new.driver));
	new.short_pages = short_pages(l, e);
	if (last && equal(last, &new)) {
		last->count++;
		if (new.short_pages > last->short_pages)
			last->short_pages = new.short_pages;
	} else if (l->events < TOP_EVENTS) {
		l->event[l->events++] = new;
	} else {
		l->more++;
	}
}
