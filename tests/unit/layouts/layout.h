/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * layout.h - what the descriptions of kernels in this folder share. gcc makes BTF of
 * each, as a kernel has it, cut down to what kernel/features.c reads.
 *
 * Before its first line a description may define ORDERS (of free_area), ZONES and NO_PERCPU.
 */
typedef unsigned int gfp_t;
typedef _Bool bool;
typedef struct {
	unsigned long bits[16];
} nodemask_t;
struct page;
struct list_head;
struct alloc_context;
struct folio;
struct vm_area_struct;

#ifndef ORDERS
#define ORDERS 11
#endif

struct free_area {
	unsigned long nr_free;
};
struct zone {
	int node;
	struct free_area free_area[ORDERS];
} zone;
struct zoneref {
	struct zone *zone;
	int zone_idx;
};
struct zonelist {
	struct zoneref _zonerefs[1024 * 5 + 1];
} zonelist;
enum zone_type {
	ZONE_DMA,
	ZONE_DMA32,
	ZONE_NORMAL,
	ZONE_MOVABLE,
	ZONE_DEVICE,
	__MAX_NR_ZONES
} zone_type;
enum migratetype { MIGRATE_HIGHATOMIC = 3, MIGRATE_CMA } migratetype;

/* A function that programs could be attached to; what it returns does not matter. */
#define FUNCTION(name, ...)                                                                        \
	unsigned long name(__VA_ARGS__);                                                           \
	unsigned long name(__VA_ARGS__)                                                            \
	{                                                                                          \
		return 0;                                                                          \
	}

#define TRACEPOINT(name, ...)                                                                      \
	typedef void (*btf_trace_##name)(void *, __VA_ARGS__);                                     \
	btf_trace_##name tracepoint_##name

#define PERCPU __attribute__((section(".data..percpu")))

/* The same from 4.18 to 7.3. */
TRACEPOINT(mm_page_alloc, struct page *page, unsigned int order, gfp_t gfp, int migratetype);
FUNCTION(wakeup_kswapd, struct zone *zone, gfp_t gfp, int order, int highest)
FUNCTION(unreserve_highatomic_pageblock, const struct alloc_context *ac, bool force)

/* What changed, by the release that changed it in mainline. */
#define LOCKED_BEFORE_5_19                                                                         \
	TRACEPOINT(mm_page_alloc_zone_locked, struct page *page, unsigned int order, int type)
#define LOCKED_SINCE_5_19                                                                          \
	TRACEPOINT(mm_page_alloc_zone_locked, struct page *page, unsigned int order, int type,     \
		   int refill)
#define MOVE_BEFORE_6_10                                                                           \
	FUNCTION(move_freepages_block, struct zone *zone, struct page *page, int type, int *moved)
#define MOVE_SINCE_6_10                                                                            \
	FUNCTION(move_freepages_block, struct zone *zone, struct page *page, int from, int to)
#define BULK(name)                                                                                 \
	FUNCTION(name, gfp_t gfp, int nid, nodemask_t *mask, int pages, struct list_head *list,    \
		 struct page **array)
#define ENTRY(name) FUNCTION(name, gfp_t gfp, unsigned int order, int nid, nodemask_t *mask)
