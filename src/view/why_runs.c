// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * why_runs.c - runs of lost requests, as demand on the reserve.
 *
 * Of min pages of a zone, ordinary requests leave all to urgent ones, which may take 5/8 of them:
 * down to the floor. When requests of a run fail one after the other, each finds the zone below
 * that floor, and none takes anything: the reserve was too small by what the worst of them lacked,
 * and by the pages of the others.
 */
#include "view/why_runs.h"

#include <string.h>

/* Only these draw on it: urgent, and meant as the last try. */
static bool draws(const struct event *e)
{
	__u32 gfp = e->raw.head.gfp;

	return e->verdict == VERDICT_EXHAUSTED && e->aftermath == AFTERMATH_LOST &&
	       lab_class_of(gfp) == LAB_CLASS_ATOMIC && e->raw.head.order < LAB_EVENT_ORDERS &&
	       !(gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC));
}

static void note_zones(struct reserve_runs *r, const struct lab_event *raw)
{
	for (__u32 i = 0; i < raw->zones && i < LAB_EVENT_ZONES; i++) {
		const struct lab_event_zone *z = &raw->zone[i];
		unsigned int k = 0;

		while (k < r->zones && (r->zone[k].node != z->node || r->zone[k].zone != z->zone))
			k++;
		if (k == LAB_ZONES)
			return;
		if (k == r->zones)
			r->zones++;
		r->zone[k] = (struct reserve_zone){z->node, z->zone, z->min, z->managed};
	}
}

/* By how much min would have to grow, in millionths. */
static __u64 growth(const struct advice_run *run)
{
	return run->min ? run->need * 8 * 1000000 / run->share / run->min : 0;
}

static void begin(struct reserve_runs *r, const struct event *e, __u64 pages)
{
	r->run = (struct advice_run){0};
	r->first_ns = e->time_ns;
	r->first_pages = pages;
}

static void keep_worst(struct reserve_runs *r)
{
	for (unsigned int i = 0; i < 2; i++)
		if (growth(&r->run) > growth(&r->worst[i]))
			r->worst[i] = r->run;
}

/* This request alone, in its place in the run; before: pages of those before it. */
static struct advice_run alone(const struct why_case *c, __u64 pages, __u64 before)
{
	struct advice_run run = {
		.requests = 1,
		.pages = pages,
		.need = c->facts.need + before,
		.min = c->facts.min,
		.short_of = c->facts.need,
		.share = c->gfp & LAB_GFP_MEMALLOC ? 8 : 5,
	};

	memcpy(run.zone, c->facts.zone, sizeof(run.zone));
	return run;
}

struct advice_run reserve_runs_add(struct reserve_runs *r, const struct event *e)
{
	struct why_case c;
	__u64 pages;

	note_zones(r, &e->raw);
	if (!draws(e))
		return (struct advice_run){0};
	why_case_of_event(&c, e);
	if (!c.facts.zone[0] || !c.facts.min)
		return (struct advice_run){0};
	pages = 1ULL << e->raw.head.order;
	if (!r->run.requests || e->time_ns > r->last_ns + WHY_RUN_GAP_NS)
		begin(r, e, pages);
	r->last_ns = e->time_ns;
	r->run.requests++;
	r->run.pages += pages;
	if (c.facts.need > r->run.short_of) {
		r->run.short_of = c.facts.need;
		r->run.min = c.facts.min;
		r->run.share = e->raw.head.gfp & LAB_GFP_MEMALLOC ? 8 : 5;
		memcpy(r->run.zone, c.facts.zone, sizeof(r->run.zone));
	}
	/* What the worst lacked holds pages of its own. */
	r->run.need = r->run.short_of + r->run.pages - r->first_pages;
	r->run.length_ns = e->time_ns > r->first_ns ? e->time_ns - r->first_ns : 0;
	keep_worst(r);
	return alone(&c, pages, r->run.pages - pages);
}

void reserve_runs_next(struct reserve_runs *r)
{
	r->worst[0] = (struct advice_run){0};
}

void reserve_runs_zones(const struct reserve_runs *r, __u64 *ret_min, __u64 *ret_managed)
{
	*ret_min = *ret_managed = 0;
	for (unsigned int i = 0; i < r->zones; i++) {
		*ret_min += r->zone[i].min;
		*ret_managed += r->zone[i].managed;
	}
}
