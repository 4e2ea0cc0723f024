/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * watermark.h - what a request may do below the min mark, by its mask (mm/page_alloc.c:
 * gfp_to_alloc_flags, __zone_watermark_ok): one arithmetic for both sides.
 */
#ifndef LAB_WIRE_WATERMARK_H
#define LAB_WIRE_WATERMARK_H

#include "wire/gfp.h"

/*
 * The deeper dip: of who may not sleep (ALLOC_NON_BLOCK), up to 6.2 of who has __GFP_ATOMIC
 * (ALLOC_HARDER; by_bit).
 */
static inline int lab_is_harder(__u32 gfp, int by_bit)
{
	__u32 may = by_bit ? gfp & LAB_GFP_ATOMIC : ~gfp & LAB_GFP_DIRECT_RECLAIM;

	return may && !(gfp & LAB_GFP_NOMEMALLOC);
}

/* Order 0 is tried once more without the boost of the mark: with which masks. */
static inline int lab_is_unboosted(__u32 gfp, __u32 order, int by_bit)
{
	return !order && gfp & (by_bit ? LAB_GFP_ATOMIC : LAB_GFP_HIGH);
}

/* Do exclusive blocks count as free? any_right: with any right below min, else with the deeper dip
 * only. */
static inline int lab_counts_reserve(__u32 gfp, int by_bit, int any_right)
{
	return lab_is_harder(gfp, by_bit) || (any_right && gfp & LAB_GFP_HIGH);
}

/* min as the rights lower it, in the kernel's own integer steps; deeper: a quarter less. */
static inline __u64 lab_lowered(__u64 min, int half, int deeper)
{
	if (half)
		min -= min / 2;
	if (deeper)
		min -= min / 4;
	return min;
}

#endif
