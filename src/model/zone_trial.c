// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * zone_trial.c - __zone_watermark_ok() and what rmqueue() could take, for one zone.
 *
 * Left out, as it only grants more, and who failed had not enough of it either: the dip of real
 * time tasks, of OOM victims, and of tasks that free memory (PF_MEMALLOC).
 */
#include "model/zone_trial.h"

#include "wire/watermark.h"

/*
 * The numbers were read some microseconds after the kernel's own test, and meanwhile other cpus may
 * have given pages back: they do so by the batch of their lists, 256 KiB at most (mm/page_alloc.c:
 * zone_batchsize), which is 63 pages of 4 KiB and 3 of 64 KiB. Large zones have many cpus: there it
 * is a hundredth of the mark. A request in task context wakes kswapd, who may run right then and
 * have blocks made: a page in a microsecond, for as long as the request took. A zone that passes by
 * no more than that did not when it mattered.
 */
#define NEAR_KIB 256U
#define PAGE_KIB 4U
#define NEAR_PART 100U
#define NEAR_MANAGED_PART 64U /* batches are smaller in small zones */
#define NEAR_PAGE_NS 1000U
#define NEAR_MOST 4096U

struct rights rights_of(const struct lab_event_head *h, const struct verdict_rules *rules)
{
	bool high = h->gfp & LAB_GFP_HIGH, spared = h->gfp & LAB_GFP_NOMEMALLOC;
	bool harder = lab_is_harder(h->gfp, rules->harder_by_bit);

	return (struct rights){
		.high = high,
		.batch = NEAR_KIB / (rules->page_kib ?: PAGE_KIB),
		.harder = harder,
		.harder_alone = harder && !high && rules->harder_alone_dips,
		.no_marks = h->gfp & LAB_GFP_MEMALLOC && !spared,
		.unboosted = !rules->boost_always &&
			     lab_is_unboosted(h->gfp, h->order, rules->harder_by_bit),
		.half_by_order = rules->half_by_order,
		.cma = h->gfp & LAB_GFP_MOVABLE,
		.counts_reserve = lab_counts_reserve(h->gfp, rules->harder_by_bit,
						     rules->reserve_by_any_right),
		.takes_reserve = harder && (h->order ? high || !rules->reserve_needs_high
						     : rules->reserve_for_order_0),
	};
}

static __u64 lowered(__u64 mark, const struct rights *r)
{
	if (r->no_marks)
		return 0;
	return lab_lowered(mark, r->high, (r->high && r->harder) || r->harder_alone);
}

static void set_marks(struct trial *t)
{
	const struct lab_event_zone *z = t->zone;
	const struct rights *r = &t->rights;

	t->boost = r->unboosted ? 0 : z->boost;
	t->mark = z->min + t->boost;
	t->floor = lowered(t->mark, r);
	t->cma = r->cma ? 0 : z->free_cma;
	if (r->no_marks)
		t->exclusive = z->free_highatomic; /* no test: what the lists hold */
	else
		t->exclusive = r->counts_reserve ? 0 : z->unusable_highatomic;
}

static void set_blocks(struct trial *t, __u32 order)
{
	const struct lab_event_zone *z = t->zone;
	const struct rights *r = &t->rights;
	bool reserve = r->takes_reserve && !r->no_marks;

	t->usable = z->ordinary | (r->cma ? z->cma : 0) | (reserve ? z->highatomic : 0);
	t->closed = (r->cma ? 0 : z->cma) | (reserve ? 0 : z->highatomic);
	for (__u32 o = order; o < t->blocks.orders; o++)
		if (t->usable & 1U << o)
			t->takeable += (__u64)t->blocks.count[o] << o;
}

/* Up to 4.3: enough in blocks above each lower order, by half of the mark a step. */
static bool halves_pass(const struct trial *t, __u32 order)
{
	__s64 left = (__s64)(t->zone->free - t->tail - t->cma);
	__u64 mark = t->floor;

	for (__u32 o = 0; o < order && o < t->blocks.orders; o++) {
		left -= (__s64)((__u64)t->blocks.count[o] << o);
		mark >>= 1;
		if (left <= (__s64)mark)
			return false;
	}
	return true;
}

/* By count it passed: is there a block? */
static void fit_blocks(struct trial *t, __u32 order)
{
	set_blocks(t, order);
	if (t->rights.half_by_order && !halves_pass(t, order)) {
		t->fit = FIT_FRAGMENTED;
		return;
	}
	if (order < LAB_TRIAL_ORDERS && t->usable >> order) {
		t->fit = FIT_SERVES;
		/* A single block, or pages that a batch may have merged to. */
		t->near = t->takeable <= t->fresh || t->takeable <= 1ULL << order;
		if (t->near)
			t->fit = FIT_FRAGMENTED;
		return;
	}
	t->closed_by_blocks = order < LAB_TRIAL_ORDERS && t->closed >> order;
	t->fit = t->closed_by_blocks ? FIT_RESERVED : FIT_FRAGMENTED;
}

/* Order 0 passed by count: exclusive pages that counted may be closed when it comes to taking. */
static void fit_pages(struct trial *t)
{
	const struct lab_event_zone *z = t->zone;
	bool takes = t->rights.takes_reserve && !t->rights.no_marks;
	__u64 closed = t->cma + (takes ? 0 : z->free_highatomic);

	t->takeable = z->free > closed ? z->free - closed : 0;
	t->fit = FIT_SERVES;
	if (closed > t->cma && t->takeable <= t->fresh) {
		t->fit = FIT_RESERVED;
		t->closed_by_blocks = true;
		t->near = t->takeable > 0;
	}
}

static __u64 near_pages(const struct trial *t)
{
	__u64 batch = t->zone->managed / NEAR_MANAGED_PART;
	__u64 part = (t->floor + t->zone->lowmem_reserve) / NEAR_PART;

	if (batch > t->fresh || t->fresh > t->rights.batch)
		batch = t->fresh;
	return batch > part ? batch : part;
}

/* Pages that may have come free since, whatever the zone. */
static __u64 fresh_pages(const struct lab_event_head *h, __u64 batch)
{
	__u64 pages = h->flags & LAB_EVENT_HAS_START ? h->latency_ns / NEAR_PAGE_NS : 0;

	if (pages > NEAR_MOST)
		pages = NEAR_MOST;
	return pages > batch ? pages : batch;
}

/* One attempt with these rights. */
static void trial_run(struct trial *t, const struct lab_event_zone *zone,
		      const struct free_blocks *blocks, const struct rights *rights,
		      const struct lab_event_head *h)
{
	__u32 order = h->order;
	__u64 reserve = rights->no_marks ? 0 : zone->lowmem_reserve;
	__u64 with_closed;

	*t = (struct trial){.zone = zone,
			    .blocks = *blocks,
			    .rights = *rights,
			    .fresh = fresh_pages(h, rights->batch)};
	set_marks(t);
	t->tail = rights->no_marks || order >= 63 ? 0 : (1ULL << order) - 1;
	with_closed = zone->free - t->tail - t->floor - reserve;
	t->margin = (__s64)(with_closed - t->cma - t->exclusive);
	if (t->margin <= 0) {
		/* Blocks are counted whole up to 6.11: what of them is free is not known. */
		t->fit = (__s64)with_closed > 0 ? FIT_RESERVED : FIT_EXHAUSTED;
		return;
	}
	if (order)
		fit_blocks(t, order);
	else
		fit_pages(t);
	if (t->fit == FIT_SERVES && (__u64)t->margin <= near_pages(t)) {
		t->fit = FIT_EXHAUSTED;
		t->near = true;
	}
}

void trial_request_blocks(struct trial *t, const struct lab_event_zone *zone,
			  const struct free_blocks *blocks, const struct lab_event_head *h,
			  const struct verdict_rules *rules)
{
	struct rights rights = rights_of(h, rules);
	bool no_marks = rights.no_marks;
	struct trial without;

	rights.no_marks = false;
	trial_run(t, zone, blocks, &rights, h);
	if (!no_marks || t->fit == FIT_SERVES)
		return;
	rights.no_marks = true;
	trial_run(&without, zone, blocks, &rights, h);
	*t = without;
}

void trial_request(struct trial *t, const struct lab_event_zone *zone,
		   const struct lab_event_head *h, const struct verdict_rules *rules)
{
	const struct free_blocks own = {zone->blocks, LAB_EVENT_ORDERS};

	trial_request_blocks(t, zone, &own, h, rules);
}

bool trial_nearer(const struct trial *a, const struct trial *b)
{
	if ((a->fit == FIT_SERVES) != (b->fit == FIT_SERVES))
		return a->fit == FIT_SERVES;
	if (a->near != b->near)
		return a->near;
	/* A block of its order that is closed to it is more than none at all. */
	if (a->closed_by_blocks != b->closed_by_blocks)
		return a->closed_by_blocks;
	if (a->fit != b->fit)
		return a->fit > b->fit;
	return a->margin > b->margin;
}
