// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request: look where we are, call the allocator once, count and time it.
 *
 * The context is read from preempt_count, not taken from what the caller meant: a tracer can see
 * no more than that, and the two must agree. Counters are atomic, one row per context, so that an
 * interrupt that requests inside a request disturbs nothing.
 */
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include "maze.h"
#include "maze_compat.h"

struct maze_count {
	atomic64_t asked;
	atomic64_t got;
	atomic64_t failed;
	atomic64_t freed;
	atomic64_t ns_sum;
	atomic64_t ns_min;
	atomic64_t ns_max;
};

const char *const maze_context_name[MAZE_CONTEXTS] = {
	[MAZE_TASK] = "task",
	[MAZE_TASK_BH_OFF] = "task_bh_off",
	[MAZE_TASK_PREEMPT_OFF] = "task_preempt_off",
	[MAZE_SOFTIRQ] = "softirq",
	[MAZE_HARDIRQ] = "hardirq",
};

static struct maze_count counts[MAZE_CONTEXTS][MAZE_ORDERS];
static atomic64_t sent[MAZE_CONTEXTS];
static atomic64_t unsupported;
static atomic64_t pool_full;
static atomic64_t refused;
static atomic64_t again_got;
static atomic64_t again_failed;
static atomic64_t bulk_calls;
static atomic64_t bulk_asked;
static atomic64_t bulk_got;

enum maze_context maze_context_now(void)
{
	if (in_hardirq())
		return MAZE_HARDIRQ;
	if (in_serving_softirq())
		return MAZE_SOFTIRQ;
	if (softirq_count())
		return MAZE_TASK_BH_OFF;
	if (preempt_count() & PREEMPT_MASK)
		return MAZE_TASK_PREEMPT_OFF;
	return MAZE_TASK;
}

static struct maze_count *count_of(unsigned int order)
{
	return &counts[maze_context_now()][min_t(unsigned int, order, MAZE_ORDERS - 1)];
}

static void count_time(struct maze_count *c, s64 ns)
{
	s64 old;

	atomic64_add(ns, &c->ns_sum);
	old = atomic64_read(&c->ns_min);
	while (ns < old && !atomic64_try_cmpxchg(&c->ns_min, &old, ns))
		;
	old = atomic64_read(&c->ns_max);
	while (ns > old && !atomic64_try_cmpxchg(&c->ns_max, &old, ns))
		;
}

/* Exactly one call of the allocator; the caller has checked that the context allows it. */
struct page *maze_request(const struct maze_args *args, unsigned int order)
{
	gfp_t gfp = args->gfp | (args->nowarn ? __GFP_NOWARN : 0);
	struct maze_count *c = count_of(order);
	struct page *page;
	u64 start;

	atomic64_inc(&c->asked);
	start = ktime_get_ns();
	if (args->nolock_api)
		page = maze_alloc_nolock(order);
	else if (args->node != NUMA_NO_NODE)
		page = alloc_pages_node(args->node, gfp, order);
	else
		page = alloc_pages(gfp, order);
	count_time(c, ktime_get_ns() - start);
	atomic64_inc(page ? &c->got : &c->failed);
	return page;
}

void maze_free(struct page *page, unsigned int order)
{
	atomic64_inc(&count_of(order)->freed);
	__free_pages(page, order);
}

void maze_count_bulk(u64 asked, u64 got)
{
	atomic64_inc(&bulk_calls);
	atomic64_add(asked, &bulk_asked);
	atomic64_add(got, &bulk_got);
}

void maze_count_sent(enum maze_context context)
{
	atomic64_inc(&sent[context]);
}

void maze_count_unsupported(void)
{
	atomic64_inc(&unsupported);
}

/* A request was refused: is it one of those that are made anew? */
bool maze_wants_again(const struct maze_args *args)
{
	return atomic64_inc_return(&refused) % args->again == 0;
}

void maze_count_again(bool got)
{
	atomic64_inc(got ? &again_got : &again_failed);
}

void maze_count_pool_full(void)
{
	atomic64_inc(&pool_full);
}

void maze_counts_reset(void)
{
	int context, order;

	memset(counts, 0, sizeof(counts));
	for (context = 0; context < MAZE_CONTEXTS; context++) {
		atomic64_set(&sent[context], 0);
		for (order = 0; order < MAZE_ORDERS; order++)
			atomic64_set(&counts[context][order].ns_min, S64_MAX);
	}
	atomic64_set(&unsupported, 0);
	atomic64_set(&pool_full, 0);
	atomic64_set(&refused, 0);
	atomic64_set(&again_got, 0);
	atomic64_set(&again_failed, 0);
	atomic64_set(&bulk_calls, 0);
	atomic64_set(&bulk_asked, 0);
	atomic64_set(&bulk_got, 0);
}

void maze_counts_show(struct seq_file *m)
{
	int context, order;

	seq_puts(m, "# context order asked got failed freed ns_sum ns_min ns_max\n");
	for (context = 0; context < MAZE_CONTEXTS; context++) {
		for (order = 0; order < MAZE_ORDERS; order++) {
			struct maze_count *c = &counts[context][order];
			s64 asked = atomic64_read(&c->asked);
			s64 freed = atomic64_read(&c->freed);

			if (!asked && !freed)
				continue;
			seq_printf(m, "%s %d %lld %lld %lld %lld %lld %lld %lld\n",
				   maze_context_name[context], order, asked,
				   (s64)atomic64_read(&c->got), (s64)atomic64_read(&c->failed),
				   freed, (s64)atomic64_read(&c->ns_sum),
				   asked ? (s64)atomic64_read(&c->ns_min) : 0,
				   (s64)atomic64_read(&c->ns_max));
		}
	}
}

/* What was meant, beside what was observed: on some kernels a lock does not show. */
void maze_counts_status(struct seq_file *m)
{
	int context;

	for (context = 0; context < MAZE_CONTEXTS; context++)
		seq_printf(m, "sent_%s %lld\n", maze_context_name[context],
			   (s64)atomic64_read(&sent[context]));
	seq_printf(m, "unsupported_rt %lld\n", (s64)atomic64_read(&unsupported));
	seq_printf(m, "pool_full %lld\n", (s64)atomic64_read(&pool_full));
	seq_printf(m, "refused %lld\n", (s64)atomic64_read(&refused));
	seq_printf(m, "again_got %lld\n", (s64)atomic64_read(&again_got));
	seq_printf(m, "again_failed %lld\n", (s64)atomic64_read(&again_failed));
	seq_printf(m, "bulk_calls %lld\n", (s64)atomic64_read(&bulk_calls));
	seq_printf(m, "bulk_asked %lld\n", (s64)atomic64_read(&bulk_asked));
	seq_printf(m, "bulk_got %lld\n", (s64)atomic64_read(&bulk_got));
}
