/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MAZE_H
#define MAZE_H

#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/seq_file.h>
#include <linux/types.h>

struct page;
struct labyrinth;

/* Contexts as preempt_count tells them. "bh_off" goes before "preempt_off" where both are so. */
enum maze_context {
	MAZE_TASK,
	MAZE_TASK_BH_OFF,
	MAZE_TASK_PREEMPT_OFF,
	MAZE_SOFTIRQ,
	MAZE_HARDIRQ,
	MAZE_CONTEXTS,
};

#define MAZE_TASKS (BIT(MAZE_TASK) | BIT(MAZE_TASK_BH_OFF) | BIT(MAZE_TASK_PREEMPT_OFF))
#define MAZE_INTERRUPTS (BIT(MAZE_SOFTIRQ) | BIT(MAZE_HARDIRQ))
#define MAZE_ORDERS 16 /* columns of the counts; an order above the largest is counted too */

extern const char *const maze_context_name[MAZE_CONTEXTS];

/* What one command asks for; the parser in maze_main.c fills it. */
struct maze_args {
	u32 contexts; /* BIT(enum maze_context) */
	u32 orders; /* BIT(order) */
	u32 hold; /* pages each context keeps; 0 frees at once */
	u32 pages; /* a bulk request's size */
	u64 count; /* requests per context; 0: until the duration is over */
	u64 duration_ms;
	u64 interval_ns; /* between timer interrupts; 0: the task raises them by irq_work */
	u64 leave_mb; /* fragment stops when less than this is free */
	u64 free_pages; /* fill stops at this many; a run fills first and releases, if not 0 */
	int cpu; /* -1: every online CPU */
	int node; /* asked for and shaped; NUMA_NO_NODE: as the kernel would have it */
	gfp_t gfp;
	bool nowarn;
	bool nolock_api;
	bool overlap; /* tasks go on until the interrupts have had their count */
	u32 again; /* of the refused requests each that many'th is made anew, of order 0; 0: none */
	bool lint; /* a wrong gfp for the context is on purpose */
	char zone[16];
};

/* maze_count.c: one request, observed and counted */
struct page *maze_request(const struct maze_args *args, unsigned int order);
void maze_free(struct page *page, unsigned int order);
enum maze_context maze_context_now(void);
void maze_count_bulk(u64 asked, u64 got);
void maze_count_sent(enum maze_context context);
void maze_count_unsupported(void);
void maze_count_pool_full(void);
bool maze_wants_again(const struct maze_args *args);
void maze_count_again(bool got);
void maze_counts_reset(void);
void maze_counts_show(struct seq_file *m);
void maze_counts_status(struct seq_file *m);

/* maze_pool.c: the labyrinth, a pool of pages with one owner each */
struct labyrinth *labyrinth_create(unsigned int width, unsigned int height);
void labyrinth_destroy(struct labyrinth *l);
unsigned int labyrinth_cells(const struct labyrinth *l);
unsigned int labyrinth_held(const struct labyrinth *l);
struct page *labyrinth_take(struct labyrinth *l, const struct maze_args *args, unsigned int order);
int labyrinth_selftest(struct labyrinth *l);
struct page *alloc_labyrinth_page_gfp_atomic_exclusive(struct labyrinth *l, unsigned int order);
int dealloc_labyrinth_page_exclusive(struct labyrinth *l, struct page *page);

/* maze_run.c: requests out of tasks, soft and hard interrupts at once; and by the caller itself */
int maze_run(struct labyrinth *l, const struct maze_args *args);
int maze_here(struct labyrinth *l, const struct maze_args *args);

/* maze_hold.c: shapes the free memory and keeps it so until released */
int maze_bulk(const struct maze_args *args);
int maze_fragment(const struct maze_args *args);
int maze_fill(const struct maze_args *args);
int maze_contend(const struct maze_args *args);
unsigned long maze_release(void);
unsigned long maze_held(void);
unsigned long maze_filled_to(void);
void maze_hold_exit(void);

#endif
