/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* gfp.h - gfp bits and the class of a request: one test for both sides. Both provide __u32, __u64.
 */
#ifndef LAB_WIRE_GFP_H
#define LAB_WIRE_GFP_H

#include "wire/types.h"

/* gfp bits: the same value on every kernel since 5.10 (include/linux/gfp_types.h). */
#define LAB_GFP_DMA 0x1U
#define LAB_GFP_HIGHMEM 0x2U
#define LAB_GFP_DMA32 0x4U
#define LAB_GFP_MOVABLE 0x8U
#define LAB_GFP_HIGH 0x20U
#define LAB_GFP_IO 0x40U
#define LAB_GFP_FS 0x80U
#define LAB_GFP_ATOMIC 0x200U /* a bit of its own up to 6.2, without a meaning since */
#define LAB_GFP_DIRECT_RECLAIM 0x400U
#define LAB_GFP_KSWAPD_RECLAIM 0x800U
#define LAB_GFP_ZERO 0x100U
#define LAB_GFP_NOWARN 0x2000U
#define LAB_GFP_NOFAIL 0x8000U
#define LAB_GFP_NORETRY 0x10000U
#define LAB_GFP_MEMALLOC 0x20000U
#define LAB_GFP_COMP 0x40000U
#define LAB_GFP_NOMEMALLOC 0x80000U
#define LAB_GFP_HARDWALL 0x100000U
#define LAB_GFP_THISNODE 0x200000U
#define LAB_GFP_ACCOUNT 0x400000U

/*
 * Bits that the allocator itself changes between its entry and mm_page_alloc: it adds HARDWALL when
 * cpusets are in use (prepare_alloc_pages), and IO, FS and MOVABLE depend on current_gfp_context().
 * Slots are compared without them.
 */
#define LAB_GFP_UNSTABLE (LAB_GFP_HARDWALL | LAB_GFP_IO | LAB_GFP_FS | LAB_GFP_MOVABLE)

/* What alloc_pages_nolock() and its like add to the mask that they are given. */
#define LAB_GFP_NOLOCK (LAB_GFP_NOWARN | LAB_GFP_ZERO | LAB_GFP_COMP | LAB_GFP_NOMEMALLOC)

/* Is it a mask of theirs at mm_page_alloc? A huge page tried lightly (GFP_TRANSHUGE_LIGHT) has IO
 * and FS. */
static inline int lab_gfp_is_nolock(__u32 gfp)
{
	return (gfp & (LAB_GFP_NOLOCK | LAB_GFP_HIGH | LAB_GFP_IO | LAB_GFP_FS | LAB_GFP_MOVABLE |
		       LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM)) == LAB_GFP_NOLOCK;
}

enum lab_class {
	LAB_CLASS_ATOMIC,   /* HIGH, not DIRECT_RECLAIM */
	LAB_CLASS_NOWAIT,   /* KSWAPD_RECLAIM, not DIRECT_RECLAIM, not HIGH */
	LAB_CLASS_NOLOCK,   /* neither reclaim bit, not HIGH */
	LAB_CLASS_HIGH,	    /* HIGH and DIRECT_RECLAIM */
	LAB_CLASS_BLOCKING, /* the rest */
	LAB_CLASSES,
};

/* The first three classes may not sleep: they are watched by default. */
#define LAB_CLASSES_WATCHED 3
#define LAB_CLASS_MASK_WATCHED ((1U << LAB_CLASSES_WATCHED) - 1)
#define LAB_CLASS_MASK_ALL ((1U << LAB_CLASSES) - 1)

/* Class of a request, from its gfp mask alone: the same test on every kernel. */
static inline __u32 lab_class_of(__u32 gfp)
{
	if (gfp & LAB_GFP_DIRECT_RECLAIM)
		return gfp & LAB_GFP_HIGH ? LAB_CLASS_HIGH : LAB_CLASS_BLOCKING;
	if (gfp & LAB_GFP_HIGH)
		return LAB_CLASS_ATOMIC;
	return gfp & LAB_GFP_KSWAPD_RECLAIM ? LAB_CLASS_NOWAIT : LAB_CLASS_NOLOCK;
}

#endif
