// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why_case.c - one request as the example of its site, and what its zones say. */
#include "view/why_case.h"

#include <stdio.h>
#include <string.h>

#include "model/verdict.h"

static void copy_zone_name(char to[LAB_ZONE_NAME], const struct event *e,
			   const struct lab_event_zone *z)
{
	const char *name = e->zone_name[z - e->raw.zone];

	if (name[0])
		snprintf(to, LAB_ZONE_NAME, "%s", name);
	else
		snprintf(to, LAB_ZONE_NAME, "zone %u", (unsigned int)(z->zone & 0xff));
}

static void open_facts(struct why_facts *f, const struct event *e, const struct trial *t)
{
	copy_zone_name(f->zone, e, t->zone);
	f->free = t->zone->free;
	f->min = t->zone->min;
	f->low = t->zone->low + t->zone->boost;
	/* It passes from a margin of one page on; one that came free since was not there. */
	f->need = t->margin <= 0 ? (__u64)(1 - t->margin) : 1;
	f->cma = t->rights.cma ? 0 : t->zone->free_cma;
	f->exclusive = t->rights.takes_reserve ? 0 : t->zone->free_highatomic ?: t->exclusive;
}

/* Of blocks that it may use, in the zones that are open to it. */
static int largest_order(const struct event *e, const struct verdict_rules *rules)
{
	struct rights rights = rights_of(&e->raw.head, rules);
	__u32 mask = 0;

	for (__u32 i = 0; i < e->raw.zones && i < LAB_EVENT_ZONES; i++) {
		const struct lab_event_zone *z = &e->raw.zone[i];

		if (verdict_closed_by(&e->raw, z, rules))
			continue;
		mask |= z->ordinary | (rights.cma ? z->cma : 0);
	}
	return mask ? 31 - __builtin_clz(mask) : -1;
}

/*
 * The rules of the running kernel are in the evidence; where they differ, the newer ones grant more
 * to few and the same to GFP_ATOMIC.
 */
static void fill_facts(struct why_facts *f, const struct event *e)
{
	const struct verdict_rules rules = verdict_rules_default();
	struct trial t = {0};

	f->largest_order = largest_order(e, &rules);
	if (e->raw.head.context == LAB_CTX_TASK)
		memcpy(f->comm, e->raw.head.comm, sizeof(f->comm));
	if (verdict_nearest_zone(e, &rules, true, &t))
		open_facts(f, e, &t);
	if (!verdict_nearest_zone(e, &rules, false, &t) || t.fit != FIT_SERVES)
		return;
	copy_zone_name(f->closed_zone, e, t.zone);
	snprintf(f->closed_by, sizeof(f->closed_by), "%s",
		 verdict_closed_by(&e->raw, t.zone, &rules));
	f->closed_free = t.zone->free;
	f->closed_node = t.zone->node;
}

void why_case_of_event(struct why_case *c, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;

	memset(c, 0, sizeof(*c));
	c->failed = h->kind == LAB_EVENT_FAILED;
	c->verdict = e->verdict;
	c->aftermath = e->aftermath < AFTERMATHS ? e->aftermath : AFTERMATH_PENDING;
	c->time_ns = e->time_ns;
	c->gfp = h->gfp;
	c->order = h->order;
	c->context = h->context;
	c->flags = h->flags & (LAB_EVENT_BH_OFF | LAB_EVENT_PREEMPT_OFF);
	c->nearest = e->nearest;
	memcpy(c->via, e->via, sizeof(c->via));
	memcpy(c->evidence, e->evidence, sizeof(c->evidence));
	memcpy(c->how, e->how, sizeof(c->how));
	c->frames = e->frames < LAB_EVENT_FRAMES ? e->frames : LAB_EVENT_FRAMES;
	memcpy(c->frame, e->frame, c->frames * sizeof(c->frame[0]));
	fill_facts(&c->facts, e);
}

void why_case_of_row(struct why_case *c, const struct site_row *row)
{
	memset(c, 0, sizeof(*c));
	c->gfp = row->key.gfp;
	c->order = row->key.order;
	c->context = row->key.context;
	if (row->count.bh_off)
		c->flags |= LAB_EVENT_BH_OFF;
	if (row->count.preempt_off)
		c->flags |= LAB_EVENT_PREEMPT_OFF;
	memcpy(c->via, row->via, sizeof(c->via));
	c->frames = row->frames < LAB_EVENT_FRAMES ? row->frames : LAB_EVENT_FRAMES;
	memcpy(c->frame, row->frame, c->frames * sizeof(c->frame[0]));
	c->facts.largest_order = -1;
}

static int rank(enum aftermath a)
{
	switch (a) {
	case AFTERMATH_LOST:
		return 3;
	case AFTERMATH_PENDING:
		return 2;
	case AFTERMATH_RETRIED:
		return 1;
	default:
		return 0;
	}
}

bool why_case_worse(const struct why_case *a, const struct why_case *b)
{
	if (rank(a->aftermath) != rank(b->aftermath))
		return rank(a->aftermath) > rank(b->aftermath);
	return a->facts.need > b->facts.need;
}
