// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * verdict.c - why a request failed. Each of its zones is tried again as the kernel tried it; the
 * one that came nearest tells the reason. Only when all of them refuse it, and one that was closed
 * to it would have served it, the reason is what closed that one.
 */
#include "model/verdict.h"
#include "model/zone_trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- the evidence, as text ---- */

static void __attribute__((format(printf, 2, 3))) say(struct event *e, const char *fmt, ...)
{
	size_t len = strlen(e->evidence);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->evidence + len, sizeof(e->evidence) - len, fmt, ap);
	va_end(ap);
}

struct digits {
	char text[32];
};

/* Digits alone, as everywhere: one search finds a number. */
static struct digits pages(__u64 v)
{
	struct digits d;

	snprintf(d.text, sizeof(d.text), "%llu", (unsigned long long)v);
	return d;
}

static bool many_nodes(const struct lab_event *raw)
{
	for (__u32 i = 1; i < raw->zones && i < LAB_EVENT_ZONES; i++)
		if (raw->zone[i].node != raw->zone[0].node)
			return true;
	return false;
}

/* "DMA32", with more than one node "1/DMA32". */
static void say_zone(struct event *e, const struct lab_event_zone *z)
{
	const char *name = e->zone_name[z - e->raw.zone];

	if (many_nodes(&e->raw))
		say(e, "%u/", (unsigned int)z->node);
	if (name[0])
		say(e, "%.*s", LAB_ZONE_NAME, name);
	else
		say(e, "zone %u", (unsigned int)z->zone);
}

static const char *part_of_min(const struct rights *r)
{
	if (r->high)
		return r->harder ? "3/8 of min" : "1/2 of min";
	return r->harder_alone ? "3/4 of min" : "min";
}

static void say_free(struct event *e, const struct trial *t)
{
	say(e, "%s free", pages(t->zone->free).text);
	if (t->cma)
		say(e, " - %s CMA", pages(t->cma).text);
	if (t->exclusive)
		say(e, " - %s exclusive", pages(t->exclusive).text);
	if (t->tail)
		say(e, " - %s of its order", pages(t->tail).text);
}

static void say_need(struct event *e, const struct trial *t)
{
	if (t->rights.no_marks) {
		say(e, ", and no mark applies to it");
		return;
	}
	say(e, ", needs more than %s (%s %s", pages(t->floor).text, part_of_min(&t->rights),
	    pages(t->mark - t->boost).text);
	if (t->boost)
		say(e, " + boost %s", pages(t->boost).text);
	say(e, ") + %s lowmem reserve", pages(t->zone->lowmem_reserve).text);
}

struct age {
	char text[40];
};

/* How much younger than the test the numbers are, at most. */
static struct age age_text(__u64 ns)
{
	struct age a;

	if (ns < 1000)
		snprintf(a.text, sizeof(a.text), "%u ns", (unsigned int)ns);
	else if (ns < 10000000)
		snprintf(a.text, sizeof(a.text), "%u us", (unsigned int)(ns / 1000));
	else
		snprintf(a.text, sizeof(a.text), "%llu ms", (unsigned long long)(ns / 1000000));
	return a;
}

static void say_younger(struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;

	if (h->flags & LAB_EVENT_HAS_START)
		say(e, ", %s younger", age_text(h->latency_ns).text);
}

static void say_within(struct event *e, __u64 n)
{
	say(e, ": within %s pages of it", pages(n).text);
	say_younger(e);
}

static int largest(__u32 mask)
{
	return mask ? 31 - __builtin_clz(mask) : -1;
}

static void say_largest(struct event *e, __u32 mask)
{
	if (mask)
		say(e, " (largest: order %d)", largest(mask));
}

static const char *closed_lists(const struct trial *t, __u32 order)
{
	bool cma = !t->rights.cma && t->zone->cma >> order;
	bool exclusive = t->closed & t->zone->highatomic && t->zone->highatomic >> order;

	if (cma && exclusive)
		return "CMA and in exclusive blocks";
	return cma ? "CMA" : "exclusive blocks";
}

static void say_reserved(struct event *e, const struct trial *t)
{
	__u32 order = e->raw.head.order;

	if (!t->closed_by_blocks) {
		say_free(e, t);
		say_need(e, t);
		say(e, ": with what is closed to it, enough");
	} else if (order) {
		say(e,
		    "%s pages free above the floor, blocks of order %u or more only in %s, "
		    "closed to it",
		    pages((__u64)t->margin).text, (unsigned int)order, closed_lists(t, order));
		say_largest(e, t->usable);
	} else {
		say(e, "%s free, all but %s of them in exclusive blocks that it may not take from",
		    pages(t->zone->free).text, pages(t->takeable).text);
	}
}

static void say_fragmented(struct event *e, const struct trial *t)
{
	unsigned int order = e->raw.head.order;

	say(e, "%s pages free above the floor, ", pages((__u64)t->margin).text);
	if (t->near) {
		say(e, "%s pages in free blocks of order %u or more", pages(t->takeable).text,
		    order);
		say_within(e, t->takeable);
		return;
	}
	say(e, "no free block of order %u or more it may use", order);
	say_largest(e, t->usable);
}

static void say_trial(struct event *e, const struct trial *t)
{
	if (e->raw.head.order)
		say(e, "order %u, ", (unsigned int)e->raw.head.order);
	say_zone(e, t->zone);
	say(e, ": ");
	switch (t->fit) {
	case FIT_FRAGMENTED:
		say_fragmented(e, t);
		break;
	case FIT_RESERVED:
		say_reserved(e, t);
		break;
	default:
		say_free(e, t);
		say_need(e, t);
		if (t->near)
			say_within(e, (__u64)t->margin);
		else if (t->fit == FIT_SERVES && e->raw.head.order)
			say_largest(e, t->usable);
	}
}

/* ---- which zones ---- */

/* Does the last attempt go by the nodemask and the cpuset? Not that of an atomic request. */
static bool bound_to_nodes(const struct lab_event *raw, const struct verdict_rules *rules)
{
	__u32 gfp = raw->head.gfp;

	if (rules->harder_by_bit)
		return !(gfp & LAB_GFP_ATOMIC);
	return lab_class_of(gfp) != LAB_CLASS_ATOMIC;
}

static const char *closed_by_zone(__u32 gfp)
{
	if (gfp & LAB_GFP_DMA)
		return "by __GFP_DMA";
	if (gfp & LAB_GFP_DMA32)
		return "by __GFP_DMA32";
	if (gfp & LAB_GFP_HIGHMEM)
		return "for lack of __GFP_MOVABLE";
	return gfp & LAB_GFP_MOVABLE ? "for lack of __GFP_HIGHMEM" : "as a zone for other memory";
}

static const char *closed_by_node(const struct lab_event *raw, const struct lab_event_zone *z,
				  const struct verdict_rules *rules)
{
	if (raw->head.gfp & LAB_GFP_THISNODE && z->node != raw->head.node)
		return "by __GFP_THISNODE";
	if (!bound_to_nodes(raw, rules))
		return NULL;
	if (raw->nodes)
		return z->node < 64 && raw->nodes >> z->node & 1 ? NULL
								 : "by its nodemask or cpuset";
	/* Bound, and it is not known to which nodes: to its own, at least. */
	if (raw->head.flags & LAB_SLOT_NODEMASK && z->node != raw->head.node)
		return "by its nodemask";
	return NULL;
}

/*
 * It keeps for requests that cannot go higher as much as it has: setup_per_zone_lowmem_reserve().
 * Only who goes by no mark gets past that.
 */
static bool keeps_all(const struct lab_event *raw, const struct lab_event_zone *z,
		      const struct verdict_rules *rules)
{
	return z->lowmem_reserve >= z->managed && !rights_of(&raw->head, rules).no_marks;
}

const char *verdict_closed_by(const struct lab_event *raw, const struct lab_event_zone *z,
			      const struct verdict_rules *rules)
{
	const char *by;

	if (z->zone > raw->highest_zone)
		return closed_by_zone(raw->head.gfp);
	by = closed_by_node(raw, z, rules);
	if (!by && z->managed && keeps_all(raw, z, rules))
		by = "by its lowmem reserve";
	return by;
}

bool verdict_nearest_zone(const struct event *e, const struct verdict_rules *rules, bool open,
			  struct trial *ret)
{
	const struct lab_event *raw = &e->raw;
	bool found = false;
	struct trial t = {0};

	for (__u32 i = 0; i < raw->zones && i < LAB_EVENT_ZONES; i++) {
		const struct lab_event_zone *z = &raw->zone[i];

		if (!z->managed || !verdict_closed_by(raw, z, rules) != open)
			continue;
		trial_request(&t, z, &raw->head, rules);
		if (!found || trial_nearer(&t, ret))
			*ret = t;
		found = true;
	}
	return found;
}

/* ---- the numbers ---- */

static void keep_numbers(struct event *e, const struct trial *t)
{
	__u64 reserve = t->rights.no_marks ? 0 : t->zone->lowmem_reserve;

	e->nearest = (struct event_nearest){
		.known = true,
		.node = t->zone->node,
		.need = t->floor + reserve,
		.margin = t->margin,
	};
	e->nearest.usable = (__s64)((__u64)t->margin + e->nearest.need);
	memcpy(e->nearest.zone, e->zone_name[t->zone - e->raw.zone], LAB_ZONE_NAME);
}

/* ---- the verdict ---- */

/* The batch takes what its first zone with enough above low has on its per-cpu list. */
static const struct lab_event_zone *first_open_zone(const struct event *e,
						    const struct verdict_rules *rules)
{
	const struct lab_event *raw = &e->raw;

	for (__u32 i = 0; i < raw->zones && i < LAB_EVENT_ZONES; i++)
		if (raw->zone[i].managed && !verdict_closed_by(raw, &raw->zone[i], rules))
			return &raw->zone[i];
	return NULL;
}

static void decide_bulk(struct event *e, const struct verdict_rules *rules)
{
	const struct lab_event_zone *z = first_open_zone(e, rules);
	const struct lab_event *raw = &e->raw;
	__u64 low, closed;

	e->verdict = VERDICT_BULK_SHORT;
	say(e, "asked for %s pages, got %s", pages(raw->bulk_asked).text,
	    pages(raw->bulk_got).text);
	if (!z)
		return;
	low = z->low + z->boost;
	closed = z->free_cma + z->unusable_highatomic;
	say(e, "; ");
	say_zone(e, z);
	say(e, ": %s free", pages(z->free).text);
	if (closed)
		say(e, " - %s CMA and exclusive", pages(closed).text);
	if (z->free <= closed + low + raw->bulk_asked + z->lowmem_reserve)
		say(e, ", a batch needs more than low %s + %s asked + %s lowmem reserve",
		    pages(low).text, pages(raw->bulk_asked).text, pages(z->lowmem_reserve).text);
	else
		say(e, ", above low: accounting, page_owner or a busy per-cpu list ended it");
}

/* A zone passes the test that the kernel is said to have failed. */
static void decide_served(struct event *e, const struct trial *t, const struct verdict_rules *rules)
{
	__u32 gfp = e->raw.head.gfp;
	bool nolock = lab_class_of(gfp) == LAB_CLASS_NOLOCK && rules->trylock_possible;
	bool forced = gfp & LAB_GFP_HIGH || (rules->harder_by_bit && gfp & LAB_GFP_ATOMIC);

	e->basis = BASIS_PASSED;
	say_trial(e, t);
	say(e, ", which it passes");
	if (nolock) {
		e->verdict = VERDICT_CONTENDED;
		say(e, ": it may not wait for a lock");
	} else if (gfp & LAB_GFP_ACCOUNT && !forced) {
		e->verdict = VERDICT_CHARGE;
		say(e, ": charged to a memory cgroup at its limit");
	} else if (rules->injection_possible && !(gfp & LAB_GFP_NOFAIL)) {
		e->verdict = VERDICT_INJECTED;
		say(e, ": faults are injected (fail_page_alloc)");
	} else {
		e->verdict = VERDICT_UNEXPLAINED;
		say_younger(e);
	}
}

static enum verdict verdict_of_fit(enum fit fit)
{
	switch (fit) {
	case FIT_FRAGMENTED:
		return VERDICT_FRAGMENTED;
	case FIT_RESERVED:
		return VERDICT_RESERVED;
	default:
		return VERDICT_EXHAUSTED;
	}
}

static void decide_by_zones(struct event *e, const struct verdict_rules *rules)
{
	struct trial open = {0}, closed = {0};
	bool has_open = verdict_nearest_zone(e, rules, true, &open);
	bool has_closed = verdict_nearest_zone(e, rules, false, &closed);

	if (has_open)
		keep_numbers(e, &open);
	if (!e->raw.zones) {
		e->verdict = VERDICT_UNEXPLAINED;
		say(e, "its zones could not be read");
		return;
	}
	if (has_open && open.fit == FIT_SERVES) {
		decide_served(e, &open, rules);
		return;
	}
	e->basis = has_open && open.near ? BASIS_WITHIN : BASIS_REFUSED;
	e->verdict = has_open ? verdict_of_fit(open.fit) : VERDICT_EXHAUSTED;
	if (has_open)
		say_trial(e, &open);
	else
		say(e, "no zone that it may use has memory");
	if (!has_closed || closed.fit != FIT_SERVES)
		return;
	e->verdict = VERDICT_CONSTRAINED;
	say(e, "; ");
	say_zone(e, closed.zone);
	say(e, ", closed to it %s, has %s free: enough",
	    verdict_closed_by(&e->raw, closed.zone, rules), pages(closed.zone->free).text);
}

/* It passes: but would it by the marks that may have been in force? */
static void decide_by_marks(struct event *e, const struct verdict_rules *rules,
			    const struct seen_marks *seen)
{
	struct lab_event_zone now[LAB_EVENT_ZONES];
	struct trial t = {0};
	__u64 age;

	memcpy(now, e->raw.zone, sizeof(now));
	age = marks_put_back(seen, &e->raw);
	if (age && verdict_nearest_zone(e, rules, true, &t) && t.fit != FIT_SERVES) {
		e->verdict = verdict_of_fit(t.fit);
		e->basis = BASIS_WITHIN;
		keep_numbers(e, &t);
		e->evidence[0] = '\0';
		say_trial(e, &t);
		say(e, ": by the marks of %s before", age_text(age).text);
	}
	memcpy(e->raw.zone, now, sizeof(now));
}

void verdict_decide_seen(struct event *e, const struct verdict_rules *rules,
			 const struct seen_marks *seen)
{
	const struct lab_event_head *h = &e->raw.head;

	if (h->kind != LAB_EVENT_FAILED)
		return;
	e->evidence[0] = '\0';
	e->basis = BASIS_NONE;
	e->nearest.known = false;
	if (h->flags & LAB_EVENT_OVERSIZE) {
		e->verdict = VERDICT_OVERSIZE;
		say(e, "order %u is beyond the largest that the allocator has", h->order);
	} else if (h->flags & LAB_EVENT_BULK) {
		decide_bulk(e, rules);
	} else {
		decide_by_zones(e, rules);
		if (seen && e->basis == BASIS_PASSED)
			decide_by_marks(e, rules, seen);
	}
}

void verdict_decide(struct event *e, const struct verdict_rules *rules)
{
	verdict_decide_seen(e, rules, NULL);
}
