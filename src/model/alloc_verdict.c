// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * alloc_verdict.c - the kernel's test of each printed zone, redone. The numbers are younger than
 * the test: what came free while they were printed may hide the cause, and is allowed for.
 */
#include "model/alloc_verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/gfp.h"

/* A reserved block is a pageblock: of 2^9 pages at least, where huge pages exist. */
#define PAGEBLOCK_LEAST 512
/* Marks are rounded to pages in four places at most. */
#define MARK_ROUNDING 4

/* ---- zones and what they are to the request ---- */

static int rank_of(const struct report_zone *z)
{
	static const char *const names[] = {"DMA",     "DMA32",	  "Normal",
					    "HighMem", "Movable", "Device"};

	for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++)
		if (strcmp(z->name, names[i]) == 0)
			return i;
	return 2;
}

bool report_zone_has_min(const struct report_zone *z)
{
	return rank_of(z) <= 2;
}

static bool has_rank(const struct alloc_report *r, int rank)
{
	for (unsigned int i = 0; i < r->zones; i++)
		if (rank_of(&r->zone[i]) == rank)
			return true;
	return false;
}

/* The highest zone type that the mask allows: gfp_zone(). A kernel without a zone type serves its
 * requests from Normal. */
static int highest_rank(const struct alloc_report *r)
{
	if (r->gfp & LAB_GFP_DMA && has_rank(r, 0))
		return 0;
	if (r->gfp & LAB_GFP_DMA32 && has_rank(r, 1))
		return 1;
	if (r->gfp & LAB_GFP_HIGHMEM)
		return r->gfp & LAB_GFP_MOVABLE ? 4 : 3;
	return 2;
}

/* Zones between it and the highest of the request, on its node, that have memory. */
static unsigned int zones_above(const struct alloc_report *r, const struct report_zone *z)
{
	int highest = highest_rank(r);
	unsigned int n = 0;

	for (unsigned int i = 0; i < r->zones; i++) {
		const struct report_zone *o = &r->zone[i];

		if (o->node == z->node && rank_of(o) > rank_of(z) && rank_of(o) <= highest)
			n += !o->has_managed || o->managed;
	}
	return n;
}

/*
 * lowmem_reserve[highest zone]. Its index is a zone type, and types without memory print no line:
 * what is known is that the list steps up once for each zone with memory above. False: lost.
 */
static bool reserve_of(const struct alloc_report *r, const struct report_zone *z, __u64 *ret)
{
	unsigned int steps = zones_above(r, z);

	*ret = 0;
	if (!steps)
		return true;
	for (unsigned int i = 0; i < z->reserves && steps; i++) {
		if (z->lowmem_reserve[i] <= *ret)
			continue;
		*ret = z->lowmem_reserve[i];
		steps--;
	}
	return z->reserves > 0;
}

/* Is the request free of cpuset and memory policy, as the last try of an atomic one is? */
static bool waives_nodes(const struct alloc_report *r)
{
	if (r->rules.harder_by_bit)
		return r->gfp & LAB_GFP_ATOMIC;
	return lab_class_of(r->gfp) == LAB_CLASS_ATOMIC;
}

/* By what the zone is closed to the request; NULL: it is open. */
static const char *closed_by(const struct alloc_report *r, const struct report_zone *z)
{
	int node = report_zone_node(z);
	bool waived = waives_nodes(r);

	if (rank_of(z) > highest_rank(r)) {
		if (r->gfp & LAB_GFP_DMA)
			return "__GFP_DMA";
		return r->gfp & LAB_GFP_DMA32 ? "__GFP_DMA32" : "its kind of memory";
	}
	if (r->mems_allowed.known && !waived && !node_set_has(&r->mems_allowed, node))
		return "the cpuset";
	if (r->nodemask.known && !(waived && release_since(&r->kernel, 4, 9)) &&
	    !node_set_has(&r->nodemask, node))
		return "the memory policy";
	return NULL;
}

/*
 * __GFP_THISNODE makes the zonelist that of one node (gfp_zonelist()), and the report does not say
 * of which. It refused the request: so a node that serves it by these numbers is another one.
 */
static const char *closed_by_flag(const struct node_set *others, const struct report_zone *z)
{
	bool other = others->known && node_set_has(others, report_zone_node(z));

	return other ? "__GFP_THISNODE" : NULL;
}

/* ---- the marks ---- */

/* min without the boost that 5.0 and later print in it. */
__u64 alloc_verdict_base_min(const struct alloc_report *r, const struct report_zone *z)
{
	__u64 share = z->managed / 1000, gap = z->low - z->min;

	if (z->has_boost)
		return z->boost < z->min ? z->min - z->boost : 0;
	if (!z->has_low || z->low <= z->min || !report_zone_has_min(z) || !r->kernel.known ||
	    !release_since(&r->kernel, 5, 0) || release_since(&r->kernel, 5, 16))
		return z->min;
	/* low - min is a quarter of it, or the share of the zone if that is more. */
	if (z->has_managed && gap <= share + 1)
		return z->min;
	return gap * 4 + MARK_ROUNDING < z->min ? gap * 4 : z->min;
}

/* Nothing tells whether there is a boost in min. */
static bool boost_hidden(const struct alloc_report *r, const struct report_zone *z)
{
	return !z->has_boost && z->has_low && z->has_managed && r->kernel.known &&
	       release_since(&r->kernel, 5, 0) && !release_since(&r->kernel, 5, 16) &&
	       report_zone_has_min(z) && z->low - z->min <= z->managed / 1000 + 1 &&
	       z->low - z->min > z->min / 4;
}

/* Free pages in blocks that are exclusive for certain: all of an order are of that kind. */
static __u64 exclusive_pages(const struct report_zone *z)
{
	__u32 only = z->highatomic & ~(z->ordinary | z->cma);
	__u64 pages = 0, open = z->free > z->free_cma ? z->free - z->free_cma : 0;

	if (z->has_free_highatomic)
		return z->free_highatomic;
	for (unsigned int o = 0; o < z->orders; o++)
		if (only >> o & 1)
			pages += (__u64)z->count[o] << o;
	/* Every letter says so: then pages that the list does not show, it being younger or cut,
	 * are no others. */
	if (pages && !z->ordinary && !z->cma && !z->not_letters)
		pages = open;
	if (z->has_reserved && pages > z->reserved_highatomic)
		pages = z->reserved_highatomic;
	return pages < open ? pages : open;
}

static struct lab_event_zone zone_to_try(const struct alloc_report *r, const struct report_zone *z,
					 __u64 reserve)
{
	struct lab_event_zone e = {
		.free = z->free,
		.min = alloc_verdict_base_min(r, z),
		.low = z->low,
		.lowmem_reserve = reserve,
		.managed = z->has_managed ? z->managed : ~0ULL,
		.free_cma = z->free_cma,
		.free_highatomic = exclusive_pages(z),
		.ordinary = z->ordinary | z->not_letters,
		.cma = z->cma,
		.highatomic = z->highatomic,
	};

	e.boost = z->min - e.min;
	e.unusable_highatomic =
		z->has_free_highatomic ? z->free_highatomic : z->reserved_highatomic;
	return e;
}

/* ---- the verdict ---- */

struct attempt {
	struct report_sum nearest, closed;
	struct node_set other_nodes;
	enum report_verdict verdict;
	unsigned int unjudged, open;
	bool reserve_unprinted;
};

static bool judge_zone(const struct alloc_report *r, const struct report_zone *z,
		       const struct verdict_rules *rules, struct report_sum *ret)
{
	const struct free_blocks blocks = {z->count, z->orders};
	struct lab_event_head h = {.gfp = r->gfp, .order = r->order};
	struct lab_event_zone e;

	if (!z->has_free || !z->has_min || !reserve_of(r, z, &ret->reserve))
		return false;
	if (r->age_us >= 0) {
		h.flags = LAB_EVENT_HAS_START;
		h.latency_ns = (__u64)r->age_us * 1000;
	}
	e = zone_to_try(r, z, ret->reserve);
	trial_request_blocks(&ret->trial, &e, &blocks, &h, rules);
	ret->trial.zone = NULL;
	/* By count it passes, and whether there was a block is lost. */
	if (r->order && !z->has_blocks && ret->trial.margin > 0)
		return false;
	ret->zone = z;
	ret->known = true;
	ret->closed = closed_by(r, z);
	return true;
}

bool alloc_verdict_zone(const struct alloc_report *r, const struct report_zone *z,
			struct report_sum *ret)
{
	*ret = (struct report_sum){0};
	if (!judge_zone(r, z, &r->rules, ret))
		return false;
	ret->closed = ret->closed ?: closed_by_flag(&r->other_nodes, z);
	return true;
}

/* Of a zone without memory nothing can be taken; before the allocator is set up all are so. */
static bool is_empty(const struct report_zone *z)
{
	return z->has_managed && !z->managed;
}

/* The nodes that would serve it, if there is one that would not. */
static void find_other_nodes(const struct alloc_report *r, const struct verdict_rules *rules,
			     struct node_set *others)
{
	struct node_set open = {0};

	for (unsigned int i = 0; i < r->zones; i++) {
		const struct report_zone *z = &r->zone[i];
		struct report_sum sum = {0};

		if (is_empty(z) || !judge_zone(r, z, rules, &sum) || sum.closed)
			continue;
		node_set_add(&open, report_zone_node(z));
		if (sum.trial.fit == FIT_SERVES)
			node_set_add(others, report_zone_node(z));
	}
	others->known = memcmp(open.word, others->word, sizeof(open.word)) != 0;
}

static void take_nearer(struct report_sum *best, const struct report_sum *sum)
{
	if (!best->known || trial_nearer(&sum->trial, &best->trial))
		*best = *sum;
}

static void try_zones(const struct alloc_report *r, const struct verdict_rules *rules,
		      struct attempt *a)
{
	if (r->gfp & LAB_GFP_THISNODE)
		find_other_nodes(r, rules, &a->other_nodes);
	for (unsigned int i = 0; i < r->zones; i++) {
		const struct report_zone *z = &r->zone[i];
		struct report_sum sum = {0};

		if (is_empty(z))
			continue;
		if (!judge_zone(r, z, rules, &sum)) {
			a->unjudged++;
			continue;
		}
		sum.closed = sum.closed ?: closed_by_flag(&a->other_nodes, z);
		take_nearer(sum.closed ? &a->closed : &a->nearest, &sum);
	}
}

/*
 * 4.4 to 5.7 take whole reserved blocks off, and do not print how many there are: the letter H is
 * proof of one.
 */
static bool unprinted_reserve(const struct alloc_report *r, const struct report_sum *s)
{
	const struct report_zone *z = s->zone;

	return !s->trial.rights.counts_reserve && !z->has_reserved && z->highatomic &&
	       release_since(&r->kernel, 4, 4) && !release_since(&r->kernel, 5, 8) &&
	       s->trial.margin > 0 && s->trial.margin <= PAGEBLOCK_LEAST;
}

static enum report_verdict verdict_of(const struct trial *t)
{
	switch (t->fit) {
	case FIT_SERVES:
		return REPORT_UNEXPLAINED;
	case FIT_FRAGMENTED:
		return REPORT_FRAGMENTED;
	case FIT_RESERVED:
		return REPORT_RESERVED;
	default:
		return t->near && t->margin > 0 ? REPORT_WITHIN : REPORT_EXHAUSTED;
	}
}

static struct attempt attempt_by(const struct alloc_report *r, const struct verdict_rules *rules)
{
	struct attempt a = {.verdict = REPORT_EXHAUSTED};

	try_zones(r, rules, &a);
	if (a.nearest.known)
		a.verdict = verdict_of(&a.nearest.trial);
	else if (!a.closed.known)
		a.verdict = REPORT_NONE;
	if (a.nearest.known && unprinted_reserve(r, &a.nearest) &&
	    (a.verdict == REPORT_WITHIN || a.verdict == REPORT_UNEXPLAINED)) {
		a.verdict = REPORT_RESERVED;
		a.reserve_unprinted = true;
	}
	if (a.closed.known && a.closed.trial.fit == FIT_SERVES && a.verdict != REPORT_WITHIN &&
	    a.verdict != REPORT_UNEXPLAINED)
		a.verdict = REPORT_CONSTRAINED;
	return a;
}

static void take_attempt(struct alloc_report *r, const struct attempt *a)
{
	r->verdict = a->verdict;
	r->nearest = a->nearest;
	r->other_nodes = a->other_nodes;
	r->unjudged = a->unjudged;
	r->reserve_unprinted = a->reserve_unprinted;
	if (a->verdict == REPORT_CONSTRAINED)
		r->closed_zone = a->closed;
}

/* ---- zones that are not printed ---- */

/*
 * Since 6.2 show_mem() leaves out the zones above the highest of the request, but its sums have
 * them: what all zones have free and manage, less those printed. Their min is their share of all,
 * as setup_per_zone_wmarks() gives it. False: something of that is lost, or none is left out.
 */
static bool find_above(struct alloc_report *r)
{
	struct report_zone *above = &r->above;
	__u64 free = 0, cma = 0, managed = 0, min = 0, all;

	for (unsigned int i = 0; i < r->zones; i++) {
		const struct report_zone *z = &r->zone[i];

		if (!z->has_free || !z->has_managed || !z->has_min || rank_of(z) > highest_rank(r))
			return false;
		free += z->free;
		cma += z->free_cma;
		managed += z->managed;
		min += alloc_verdict_base_min(r, z);
	}
	all = r->reserved_pages + r->movable_pages + managed;
	if (!managed || r->ram_pages <= all || r->total_free <= free)
		return false;
	*above = (struct report_zone){.node = -1, .has_free = true, .has_min = true};
	above->has_managed = above->has_boost = true;
	above->managed = r->ram_pages - all;
	above->free = r->total_free - free;
	above->free_cma = r->total_cma > cma ? r->total_cma - cma : 0;
	above->min = (__u64)((double)min * (double)above->managed / (double)managed);
	snprintf(above->name, sizeof(above->name), "above %s", highest_rank(r) ? "DMA32" : "DMA");
	return true;
}

/*
 * Would one of them have served it? Of several one has enough when they have together; their blocks
 * are not known, so it is said of single pages alone. A hundredth of them may be set aside for
 * urgent requests of higher orders, and the sums are of other moments than the lines.
 */
static void try_above(struct alloc_report *r, const struct verdict_rules *rules, struct attempt *a)
{
	struct report_sum sum = {0};

	if (!(r->gfp & (LAB_GFP_DMA | LAB_GFP_DMA32)) || r->gfp & LAB_GFP_THISNODE || r->order ||
	    a->unjudged || !find_above(r) || !judge_zone(r, &r->above, rules, &sum))
		return;
	if (sum.trial.fit != FIT_SERVES || sum.trial.margin <= (__s64)(r->above.managed / 100))
		return;
	take_nearer(&a->closed, &sum);
	if (a->verdict == REPORT_EXHAUSTED || a->verdict == REPORT_RESERVED)
		a->verdict = REPORT_CONSTRAINED;
}

/* ---- the kernel and the mask ---- */

/* Where the release is lost, the mask and the fields that are printed say about which it was. */
static void guess_kernel(struct alloc_report *r)
{
	bool boost = false, reserved = false, free_highatomic = false;

	for (unsigned int i = 0; i < r->zones; i++) {
		boost |= r->zone[i].has_boost;
		reserved |= r->zone[i].has_reserved;
		free_highatomic |= r->zone[i].has_free_highatomic;
	}
	r->kernel = gfp_layout_release(gfp_layout_of(&r->kernel, r->gfp_number));
	if (r->kernel.major < 5)
		return;
	if (lab_class_of(r->gfp) == LAB_CLASS_ATOMIC && !(r->gfp_number & LAB_GFP_ATOMIC))
		r->kernel = (struct kernel_release){.major = 6, .minor = 3, .known = true};
	else if (boost)
		r->kernel = (struct kernel_release){.major = 5, .minor = 16, .known = true};
	else if (reserved)
		r->kernel = (struct kernel_release){.major = 5, .minor = 9, .known = true};
	if (free_highatomic)
		r->kernel = (struct kernel_release){.major = 6, .minor = 17, .known = true};
}

static void decode_mask(struct alloc_report *r)
{
	enum gfp_layout layout = gfp_layout_of(&r->kernel, r->gfp_number);

	if (r->gfp_names[0]) {
		r->gfp = gfp_of_names(r->gfp_names);
		return;
	}
	r->gfp = gfp_of_number(layout, r->gfp_number);
	gfp_number_names(r->gfp_names, sizeof(r->gfp_names), layout, r->gfp_number);
}

static void mark_hidden_boosts(struct alloc_report *r)
{
	for (unsigned int i = 0; i < r->zones; i++)
		r->zone[i].boost_unknown = boost_hidden(r, &r->zone[i]);
}

void alloc_verdict_decide(struct alloc_report *r)
{
	struct verdict_rules before, after;
	struct attempt a, b;

	r->kernel = release_parse(r->release, r->package);
	decode_mask(r);
	if (!r->kernel.known)
		guess_kernel(r);
	mark_hidden_boosts(r);
	if (r->vmalloc) {
		r->verdict = REPORT_NONE;
		return;
	}
	if (!rules_in_doubt(&r->kernel, &before, &after)) {
		r->rules = rules_of_release(&r->kernel);
		a = attempt_by(r, &r->rules);
		try_above(r, &r->rules, &a);
		take_attempt(r, &a);
		return;
	}
	r->rules = before;
	a = attempt_by(r, &before);
	b = attempt_by(r, &after);
	try_above(r, &before, &a);
	try_above(r, &after, &b);
	take_attempt(r, &a);
	r->rules_differ = a.verdict != b.verdict;
	r->other_verdict = b.verdict;
}

const char *alloc_verdict_part(const struct trial *t)
{
	if (t->rights.no_marks)
		return "no mark";
	if (t->rights.high)
		return t->rights.harder ? "3/8 of min" : "1/2 of min";
	return t->rights.harder_alone ? "3/4 of min" : "min";
}

__u64 alloc_verdict_min_free_kb(const struct alloc_report *r)
{
	__u64 pages = 0;

	for (unsigned int i = 0; i < r->zones; i++)
		if (r->zone[i].has_min && report_zone_has_min(&r->zone[i]))
			pages += alloc_verdict_base_min(r, &r->zone[i]);
	return pages * r->page_kb;
}
