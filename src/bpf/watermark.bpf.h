/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * watermark.bpf.h - the kernel's own watermark arithmetic, redone for one request on one zone
 * (mm/page_alloc.c: __zone_watermark_ok, gfp_to_alloc_flags), by the rules of wire/watermark.h.
 *
 * Only slow-path requests need it: the fast path proves by itself that a zone stood above low.
 */
#ifndef LAB_BPF_WATERMARK_BPF_H
#define LAB_BPF_WATERMARK_BPF_H

#include "bpf/compat.bpf.h"
#include "bpf/request.bpf.h"
#include "wire/gfp.h"
#include "wire/request.h"
#include "wire/watermark.h"

/* May a slow-path request dip below min by its own rights? By how much: see request_floor(). */
static __always_inline bool may_use_reserve(__u32 gfp)
{
	return gfp & LAB_GFP_HIGH ||
	       (knobs.harder_alone_dips && lab_is_harder(gfp, knobs.harder_by_bit));
}

/* May this request ignore every mark (ALLOC_NO_WATERMARKS)? __gfp_pfmemalloc_flags(). */
static __always_inline bool may_ignore_marks(__u32 gfp, __u32 context)
{
	if (gfp & LAB_GFP_NOMEMALLOC)
		return false;
	if (gfp & LAB_GFP_MEMALLOC)
		return true;
	if (context != LAB_CTX_TASK && context != LAB_CTX_SOFTIRQ)
		return false;
	return task_is_memalloc(bpf_get_current_task());
}

/* min as the rights of this request lower it; boost: not for who is tried again without. */
static __always_inline __u64 request_floor(__u64 min, __u64 boost, __u32 gfp, __u32 order)
{
	bool high = gfp & LAB_GFP_HIGH;

	if (!lab_is_unboosted(gfp, order, knobs.harder_by_bit))
		min += boost;
	return lab_lowered(min, high,
			   (high || knobs.harder_alone_dips) &&
				   lab_is_harder(gfp, knobs.harder_by_bit));
}

/* Free pages that this request cannot use: the order's tail, CMA, the reserve unless it has a right
 * to it. */
static __always_inline __u64 unusable_pages(struct zone *zone, __u32 gfp, __u32 order)
{
	__u64 pages = (1ULL << (order & 31)) - 1;

	if (!(gfp & LAB_GFP_MOVABLE))
		pages += zone_free_cma(zone);
	if (!lab_counts_reserve(gfp, knobs.harder_by_bit, knobs.reserve_by_any_right))
		pages += zone_unusable_highatomic(zone);
	return pages;
}

/*
 * Where `free` pages of this zone stand against the marks, as the kernel would test them for this
 * request: enum lab_level.
 */
static __always_inline __u32 zone_level(struct zone *zone, __u64 free, __u32 gfp, __u32 order,
					__u32 highest_zid)
{
	__u64 boost = BPF_CORE_READ(zone, watermark_boost);
	__u64 low = BPF_CORE_READ(zone, _watermark[WMARK_LOW]) + boost;
	__u64 min = BPF_CORE_READ(zone, _watermark[WMARK_MIN]);
	__u64 taken = unusable_pages(zone, gfp, order) + zone_lowmem_reserve(zone, highest_zid);

	free = free > taken ? free - taken : 0;
	if (free > low)
		return LAB_LEVEL_LOW;
	if (free > min + boost)
		return LAB_LEVEL_MIN;
	return free > request_floor(min, boost, gfp, order) ? LAB_LEVEL_RESERVE : LAB_LEVEL_NONE;
}

/*
 * The admission level of a served request from the level of its zone: never deeper than its rights
 * allow, whatever the free count did meanwhile.
 */
static __always_inline __u32 admission_level(__u32 level, __u32 gfp, __u32 context)
{
	if (level == LAB_LEVEL_NONE && !may_ignore_marks(gfp, context))
		level = LAB_LEVEL_RESERVE;
	if (level == LAB_LEVEL_RESERVE && !may_use_reserve(gfp) && !may_ignore_marks(gfp, context))
		level = LAB_LEVEL_MIN;
	return level;
}

/* The zone a request would try first on this node: the highest one with memory that it may use. */
static __always_inline struct zone *preferred_zone(__u32 gfp)
{
	__u32 nid = bpf_get_numa_node_id();
	__u32 zid = gfp_highest_zid(gfp);
	struct zone *zone = NULL;
	int i;

	for (i = 0; i < 4; i++) {
		zone = node_zone(nid, zid);
		if (!zone || BPF_CORE_READ(zone, managed_pages.counter) > 0 || !zid)
			break;
		zid--;
	}
	return zone;
}

/*
 * Zone level of a request from what is seen at its end: the page's zone, with the pages it just
 * took put back, or the preferred zone when there is no page.
 */
static __always_inline __u32 level_at_end(struct page *page, __u32 gfp, __u32 order)
{
	struct zone *zone = page ? page_zone(page) : preferred_zone(gfp);
	__u64 taken = page ? 1ULL << (order & 31) : 0;

	if (!zone)
		return LAB_LEVEL_UNKNOWN;
	return zone_level(zone, zone_free_pages(zone) + taken, gfp, order, gfp_highest_zid(gfp));
}

/* Keeps the fewest free pages of a zone in this epoch; + 1, so that 0 means none seen. */
static __always_inline void note_low(struct lab_cpu *cpu, struct zone *zone, __u64 free)
{
	__u32 index = zone_index(zone);
	__u64 *low;

	if (index >= LAB_ZONES)
		return;
	low = &cpu->zone_low[epoch & 1][index];
	if (!*low || free + 1 < *low)
		*low = free + 1;
}

#endif
