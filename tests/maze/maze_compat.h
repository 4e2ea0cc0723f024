/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels the maze is built for, 5.10 to 7.3, and nothing else.
 */
#ifndef MAZE_COMPAT_H
#define MAZE_COMPAT_H

#include <linux/gfp.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/mmzone.h>
#include <linux/preempt.h>
#include <linux/version.h>

/*
 * The largest order the allocator serves. MAX_ORDER was one past it up to 6.3, the order itself
 * in 6.4 to 6.7, and is MAX_PAGE_ORDER since 6.8 (and in the stable kernels that took the rename).
 */
#if defined(MAX_PAGE_ORDER)
#define MAZE_MAX_ORDER MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define MAZE_MAX_ORDER MAX_ORDER
#else
#define MAZE_MAX_ORDER (MAX_ORDER - 1)
#endif

/* in_hardirq() is called in_irq() before 5.11. */
#ifndef in_hardirq
#define in_hardirq() in_irq()
#endif

/* hrtimer_setup() takes the handler since 6.13; hrtimer_init() is gone in 6.16. */
static inline void maze_hrtimer_setup(struct hrtimer *timer,
				      enum hrtimer_restart (*handler)(struct hrtimer *))
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	hrtimer_setup(timer, handler, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	timer->function = handler;
#endif
}

/* IRQ_WORK_INIT_HARD came in 5.11; without PREEMPT_RT, as in 5.10, every irq_work is hard. */
static inline void maze_irq_work_setup(struct irq_work *work, void (*handler)(struct irq_work *))
{
#ifdef IRQ_WORK_INIT_HARD
	*work = IRQ_WORK_INIT_HARD(handler);
#else
	init_irq_work(work, handler);
#endif
}

/* The bulk allocator came in 5.13; its array form lost the suffix in 6.14. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define MAZE_HAS_BULK 1
#define maze_alloc_bulk(gfp, n, pages) alloc_pages_bulk(gfp, n, pages)
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 13, 0)
#define MAZE_HAS_BULK 1
#define maze_alloc_bulk(gfp, n, pages) alloc_pages_bulk_array(gfp, n, pages)
#else
#define MAZE_HAS_BULK 0
#endif

/*
 * alloc_pages_nolock() is exported to modules and takes gfp flags in 7.2. From a hard interrupt
 * of PREEMPT_RT it returns NULL at once, so it is no way around the refusal there.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
#define MAZE_HAS_NOLOCK 1
#define maze_alloc_nolock(order) alloc_pages_nolock(0, NUMA_NO_NODE, order)
#else
#define MAZE_HAS_NOLOCK 0
#define maze_alloc_nolock(order) ((void)(order), (struct page *)NULL)
#endif

#endif
