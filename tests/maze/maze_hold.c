// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shapes the free memory and keeps it so until released: in splinters, or nearly used up. What is
 * held is chained through the pages themselves, so that holding takes no memory of its own. It is
 * given back by itself after the command's duration, should nobody come to release it.
 *
 * All requests made here may sleep (class "blocking"): they are not what a tracer of atomic
 * requests looks for. __GFP_MEMALLOC lets them pass the watermarks without reclaim, and kswapd is
 * not woken, who would go on making blocks that were just taken apart.
 */
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "maze.h"
#include "maze_compat.h"

#define TAKE_GFP \
	(__GFP_DIRECT_RECLAIM | __GFP_IO | __GFP_FS | __GFP_MEMALLOC | __GFP_NORETRY | __GFP_NOWARN)
#define FILL_ORDER (PAGE_ALLOC_COSTLY_ORDER + 1)
#define FREE_FLOOR 256 /* pages that fill leaves where it was not told, or the machine is stuck */

struct held_page {
	struct held_page *next;
};

static DEFINE_MUTEX(held_lock);
static struct held_page *held;
static unsigned long nr_held;
static unsigned long free_after_fill;

static void release_late(struct work_struct *work)
{
	unsigned long n = maze_release();

	if (n)
		pr_info("maze: held long enough, released %lu pages\n", n);
}

static DECLARE_DELAYED_WORK(late_release, release_late);

static void keep(struct page *page)
{
	struct held_page *h = page_address(page);

	h->next = held;
	held = h;
	nr_held++;
}

unsigned long maze_release(void)
{
	struct held_page *next;
	unsigned long n;

	mutex_lock(&held_lock);
	n = nr_held;
	for (; held; held = next) {
		next = held->next;
		__free_page(virt_to_page(held));
		cond_resched();
	}
	nr_held = 0;
	mutex_unlock(&held_lock);
	return n;
}

unsigned long maze_held(void)
{
	return READ_ONCE(nr_held);
}

unsigned long maze_filled_to(void)
{
	return READ_ONCE(free_after_fill);
}

void maze_hold_exit(void)
{
	cancel_delayed_work_sync(&late_release);
	maze_release();
}

/* Time or patience is over. */
static int give_up(ktime_t deadline)
{
	cond_resched();
	if (signal_pending(current))
		return -EINTR;
	return ktime_after(ktime_get(), deadline) ? -ETIME : 0;
}

/* Of each block of @order, the first page is kept and the others are free again. */
static int splinter(gfp_t gfp, unsigned int order, unsigned long leave, ktime_t deadline)
{
	struct page *page;
	unsigned int i;
	int err;

	while (global_zone_page_state(NR_FREE_PAGES) > leave) {
		page = alloc_pages(gfp, order);
		if (!page)
			return 0;
		split_page(page, order);
		for (i = 1; i < 1U << order; i++)
			__free_page(page + i);
		keep(page);
		err = give_up(deadline);
		if (err)
			return err;
	}
	return 0;
}

/* No block of the lowest order asked for, or above, stays free; much memory below it does. */
int maze_fragment(const struct maze_args *args)
{
	static const gfp_t zones[] = { 0, __GFP_DMA32, __GFP_DMA };
	ktime_t deadline = ktime_add_ms(ktime_get(), args->duration_ms);
	unsigned long leave = args->leave_mb << (20 - PAGE_SHIFT);
	unsigned int order = max_t(unsigned int, ffs(args->orders) - 1, 1);
	int err = 0;
	size_t i;

	/* Zone by zone: a lower one keeps back what requests for a higher one may not have. */
	mutex_lock(&held_lock);
	for (i = 0; i < ARRAY_SIZE(zones) && !err; i++)
		err = splinter(TAKE_GFP | zones[i], order, leave, deadline);
	mutex_unlock(&held_lock);
	mod_delayed_work(system_unbound_wq, &late_release, msecs_to_jiffies(args->duration_ms));
	return err;
}

/* The zone of that name, or the highest that has pages; of that node, or the first. */
static struct zone *find_zone(const char *name, int node)
{
	struct zone *zones =
		NODE_DATA(node == NUMA_NO_NODE ? first_online_node : node)->node_zones;
	int i;

	for (i = MAX_NR_ZONES - 1; i >= 0; i--) {
		if (!populated_zone(&zones[i]))
			continue;
		if (name[0] ? !strcmp(zones[i].name, name) : i <= ZONE_NORMAL)
			return &zones[i];
	}
	return NULL;
}

static gfp_t gfp_of_zone(const struct zone *zone)
{
	if (!strcmp(zone->name, "DMA"))
		return __GFP_DMA;
	return strcmp(zone->name, "DMA32") ? 0 : __GFP_DMA32;
}

static struct page *take_block(struct zone *zone, gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages_node(zone_to_nid(zone), gfp | __GFP_THISNODE, order);
	unsigned int i;

	if (!page)
		return NULL;
	split_page(page, order);
	for (i = 0; i < 1U << order; i++)
		keep(page + i);
	return page;
}

/*
 * Blocks of an order that has no per-CPU lists come one by one; single pages come to the lists in
 * batches, which can be thousands, and would carry the zone far below the floor. So the order is
 * the highest that the zone still has, which is over when the block comes from another.
 */
static int fill_zone(struct zone *zone, unsigned long floor, ktime_t deadline)
{
	gfp_t gfp = TAKE_GFP | gfp_of_zone(zone);
	unsigned int order = FILL_ORDER;
	struct page *page;
	int err = 0;

	while (!err && zone_page_state(zone, NR_FREE_PAGES) > floor) {
		page = take_block(zone, gfp, order);
		if (order && (!page || page_zone(page) != zone))
			order--;
		else
			err = page ? give_up(deadline) : -ENOMEM;
	}
	return err;
}

/* What a zone has left when @zone has @floor: the same part of its size, and what it keeps back. */
static unsigned long floor_of(struct zone *lower, struct zone *zone, unsigned long floor)
{
	u64 part = (u64)floor * zone_managed_pages(lower);

	if (lower == zone)
		return floor;
	return div64_ul(part, zone_managed_pages(zone)) + lower->lowmem_reserve[zone_idx(zone)];
}

/*
 * A request for the zone may also have the lower ones, less what they keep back from it. So they
 * are filled as well, and first: as long as they have memory, they serve for the zone once that is
 * below low.
 */
int maze_fill(const struct maze_args *args)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), args->duration_ms);
	struct zone *zone = find_zone(args->zone, args->node);
	bool told = args->zone[0] || args->node != NUMA_NO_NODE;
	unsigned long floor = told ? args->free_pages : max_t(u64, args->free_pages, FREE_FLOOR);
	struct zone *each;
	int err = 0;

	if (!zone) {
		pr_err("maze: no zone \"%s\" with pages\n", args->zone);
		return -EINVAL;
	}
	mutex_lock(&held_lock);
	for (each = zone->zone_pgdat->node_zones; each <= zone && !err; each++) {
		if (populated_zone(each))
			err = fill_zone(each, floor_of(each, zone, floor), deadline);
	}
	free_after_fill = zone_page_state(zone, NR_FREE_PAGES);
	mutex_unlock(&held_lock);
	mod_delayed_work(system_unbound_wq, &late_release, msecs_to_jiffies(args->duration_ms));
	return err;
}

#if MAZE_HAS_BULK
static int bulk_once(gfp_t gfp, u32 n, struct page **pages)
{
	unsigned long got = maze_alloc_bulk(gfp, n, pages);
	u32 i;

	maze_count_bulk(n, got);
	for (i = 0; i < n; i++) {
		if (pages[i])
			__free_page(pages[i]);
		pages[i] = NULL;
	}
	return signal_pending(current) ? -EINTR : 0;
}

int maze_bulk(const struct maze_args *args)
{
	gfp_t gfp = args->gfp | (args->nowarn ? __GFP_NOWARN : 0);
	ktime_t deadline = ktime_add_ms(ktime_get(), args->duration_ms);
	struct page **pages;
	int err = 0;
	u64 i;

	pages = kvcalloc(args->pages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;
	for (i = 0; i < args->count && !err; i++)
		err = bulk_once(gfp, args->pages, pages) ?: give_up(deadline);
	kvfree(pages);
	return err;
}
#else
int maze_bulk(const struct maze_args *args)
{
	pr_err("maze: this kernel has no bulk allocator\n");
	return -EOPNOTSUPP;
}
#endif

/* ---- contend ---- */

#define CONTEND_TRIES 20000 /* far more than the per-cpu lists hold */

static void lock_zones(void)
{
	int nid, i, n = 0;

	for_each_online_node(nid)
		for (i = 0; i < MAX_NR_ZONES; i++)
			if (populated_zone(&NODE_DATA(nid)->node_zones[i]))
				spin_lock_nested(&NODE_DATA(nid)->node_zones[i].lock, n++);
}

static void unlock_zones(void)
{
	int nid, i;

	for_each_online_node(nid)
		for (i = 0; i < MAX_NR_ZONES; i++)
			if (populated_zone(&NODE_DATA(nid)->node_zones[i]))
				spin_unlock(&NODE_DATA(nid)->node_zones[i].lock);
}

/*
 * Asks by alloc_pages_nolock() while this very cpu holds the lock of each zone, which that is made
 * for: once its per-cpu lists are empty it can but fail, however much is free. Until count have.
 */
int maze_contend(const struct maze_args *args)
{
	unsigned int order = __ffs(args->orders), tries = 0;
	struct page *page, *next;
	unsigned long flags;
	u64 failed = 0;
	LIST_HEAD(got);

	if (!args->nolock_api)
		return -EINVAL;
	local_irq_save(flags);
	lock_zones();
	while (failed < args->count && tries++ < CONTEND_TRIES) {
		page = maze_request(args, order);
		if (page)
			list_add(&page->lru, &got);
		else
			failed++;
	}
	unlock_zones();
	local_irq_restore(flags);
	list_for_each_entry_safe(page, next, &got, lru) {
		list_del(&page->lru);
		maze_free(page, order);
	}
	return failed < args->count ? -EIO : 0;
}
