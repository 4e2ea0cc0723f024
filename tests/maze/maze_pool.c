// SPDX-License-Identifier: GPL-2.0-only
/*
 * The labyrinth: width x height cells, each with room for one page and a flag that says who has
 * it. A cell is claimed before the allocator is asked and published after, so that the lock, which
 * is raw and disables interrupts, is held for the bookkeeping alone: on PREEMPT_RT the allocator
 * may not be called under such a lock, and on any kernel it need not be.
 *
 * A cell that was emptied remembers its page until it is used again. So a second free is told from
 * a page that never lived here.
 */
#include <linux/export.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include "maze.h"
#include "maze_compat.h"

#define BUCKET_BITS 10

enum cell_owner {
	CELL_FREE,
	CELL_CLAIMED, /* its page is on the way */
	CELL_HELD,
};

struct cell {
	atomic_t owner;
	unsigned int order;
	struct page *page;
	struct hlist_node by_page;
	struct cell *next_free;
};

struct labyrinth {
	raw_spinlock_t lock;
	unsigned int width;
	unsigned int height;
	atomic_t held;
	struct cell *free;
	struct hlist_head by_page[1 << BUCKET_BITS];
	struct cell cells[];
};

static const struct maze_args atomic_args = {
	.gfp = GFP_ATOMIC,
	.node = NUMA_NO_NODE,
	.nowarn = true,
};

static struct hlist_head *bucket_of(struct labyrinth *l, const struct page *page)
{
	return &l->by_page[hash_ptr(page, BUCKET_BITS)];
}

static struct cell *cell_claim(struct labyrinth *l)
{
	unsigned long flags;
	struct cell *cell;

	raw_spin_lock_irqsave(&l->lock, flags);
	cell = l->free;
	if (cell) {
		l->free = cell->next_free;
		if (!hlist_unhashed(&cell->by_page))
			hlist_del_init(&cell->by_page);
		atomic_set(&cell->owner, CELL_CLAIMED);
	}
	raw_spin_unlock_irqrestore(&l->lock, flags);
	return cell;
}

static void cell_unclaim(struct labyrinth *l, struct cell *cell)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&l->lock, flags);
	atomic_set(&cell->owner, CELL_FREE);
	cell->page = NULL;
	cell->next_free = l->free;
	l->free = cell;
	raw_spin_unlock_irqrestore(&l->lock, flags);
}

static void cell_publish(struct labyrinth *l, struct cell *cell, struct page *page,
			 unsigned int order)
{
	struct hlist_head *bucket = bucket_of(l, page);
	struct hlist_node *next;
	unsigned long flags;
	struct cell *old;

	raw_spin_lock_irqsave(&l->lock, flags);
	/* The allocator gave this page out again: what an emptied cell remembers of it is over. */
	hlist_for_each_entry_safe(old, next, bucket, by_page) {
		if (old->page == page)
			hlist_del_init(&old->by_page);
	}
	cell->page = page;
	cell->order = order;
	hlist_add_head(&cell->by_page, bucket);
	atomic_set(&cell->owner, CELL_HELD);
	raw_spin_unlock_irqrestore(&l->lock, flags);
	atomic_inc(&l->held);
}

/* Empties the cell that holds @page: 0, or why not. */
static int cell_empty(struct labyrinth *l, struct page *page, unsigned int *order)
{
	unsigned long flags;
	int err = -EINVAL;
	struct cell *cell;

	raw_spin_lock_irqsave(&l->lock, flags);
	hlist_for_each_entry(cell, bucket_of(l, page), by_page) {
		if (cell->page != page)
			continue;
		err = -EALREADY;
		if (atomic_cmpxchg(&cell->owner, CELL_HELD, CELL_FREE) != CELL_HELD)
			break;
		*order = cell->order;
		cell->next_free = l->free;
		l->free = cell;
		err = 0;
		break;
	}
	raw_spin_unlock_irqrestore(&l->lock, flags);
	return err;
}

struct page *labyrinth_take(struct labyrinth *l, const struct maze_args *args, unsigned int order)
{
	struct cell *cell = cell_claim(l);
	struct page *page;

	if (!cell) {
		maze_count_pool_full();
		return NULL;
	}
	page = maze_request(args, order);
	if (page)
		cell_publish(l, cell, page, order);
	else
		cell_unclaim(l, cell);
	return page;
}

/**
 * alloc_labyrinth_page_gfp_atomic_exclusive() - take a page that only the caller owns
 * @l: the labyrinth whose cell is to hold the page
 * @order: order of the page, 0 to the largest the allocator serves
 *
 * One call of the page allocator with GFP_ATOMIC. The page stays in one cell of @l, and nobody
 * else is handed it, until dealloc_labyrinth_page_exclusive().
 *
 * Context: any but NMI; never sleeps. On PREEMPT_RT not from hard interrupts, nor with interrupts
 * or preemption disabled, as the allocator may not be called there.
 * Return: the page, or NULL when the allocator has none or no cell is free.
 */
struct page *alloc_labyrinth_page_gfp_atomic_exclusive(struct labyrinth *l, unsigned int order)
{
	return labyrinth_take(l, &atomic_args, order);
}
EXPORT_SYMBOL_GPL(alloc_labyrinth_page_gfp_atomic_exclusive);

/**
 * dealloc_labyrinth_page_exclusive() - give a page of the labyrinth back
 * @l: the labyrinth that the page was taken from
 * @page: what alloc_labyrinth_page_gfp_atomic_exclusive() returned
 *
 * Of callers that race to free one page, one frees it.
 *
 * Context: as for taking the page.
 * Return: 0; -EALREADY when the page was given back before; -EINVAL when it is none of @l's.
 */
int dealloc_labyrinth_page_exclusive(struct labyrinth *l, struct page *page)
{
	unsigned int order;
	int err = cell_empty(l, page, &order);

	if (err)
		return err;
	atomic_dec(&l->held);
	maze_free(page, order);
	return 0;
}
EXPORT_SYMBOL_GPL(dealloc_labyrinth_page_exclusive);

unsigned int labyrinth_cells(const struct labyrinth *l)
{
	return l->width * l->height;
}

unsigned int labyrinth_held(const struct labyrinth *l)
{
	return atomic_read(&l->held);
}

struct labyrinth *labyrinth_create(unsigned int width, unsigned int height)
{
	struct labyrinth *l;
	unsigned int i;

	if (!width || !height || width > 4096 || height > 4096)
		return NULL;
	l = vzalloc(struct_size(l, cells, (size_t)width * height));
	if (!l)
		return NULL;
	raw_spin_lock_init(&l->lock);
	l->width = width;
	l->height = height;
	for (i = labyrinth_cells(l); i-- > 0;) {
		l->cells[i].next_free = l->free;
		l->free = &l->cells[i];
	}
	return l;
}

void labyrinth_destroy(struct labyrinth *l)
{
	unsigned int i;

	if (!l)
		return;
	for (i = 0; i < labyrinth_cells(l); i++) {
		if (atomic_read(&l->cells[i].owner) == CELL_HELD)
			__free_pages(l->cells[i].page, l->cells[i].order);
	}
	vfree(l);
}

/* The pool's promises, kept or not: 0, or -EIO with a line that says which was broken. */
int labyrinth_selftest(struct labyrinth *l)
{
	struct page *page, *other, *foreign;
	const char *broken = NULL;

	foreign = ZERO_PAGE(0); /* no allocator hands it out */
	page = alloc_labyrinth_page_gfp_atomic_exclusive(l, 0);
	other = alloc_labyrinth_page_gfp_atomic_exclusive(l, 1);
	if (!page || !other)
		broken = "no memory to test with";
	else if (page == other || labyrinth_held(l) < 2)
		broken = "one page, two owners";
	else if (dealloc_labyrinth_page_exclusive(l, foreign) != -EINVAL)
		broken = "took a foreign page";
	else if (dealloc_labyrinth_page_exclusive(l, page))
		broken = "did not take its own page back";
	else if (dealloc_labyrinth_page_exclusive(l, page) != -EALREADY)
		broken = "took a page back twice";
	else if (dealloc_labyrinth_page_exclusive(l, other))
		broken = "did not take its order-1 page back";
	if (!broken)
		return 0;
	/* What was taken and not given back stays in its cell: labyrinth_destroy() has it. */
	pr_err("maze: selftest: %s\n", broken);
	return -EIO;
}
