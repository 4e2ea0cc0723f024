// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests out of tasks, soft and hard interrupts at once.
 *
 * Each CPU has a worker: a kthread that makes the requests of the task contexts, and a hard timer
 * that makes those of the hard interrupt and schedules a tasklet for those of the soft one. Timer
 * interrupts land wherever the task is, within its requests as well. With an interval of 0 there
 * is no timer: the task raises each interrupt itself (irq_work), which is quick and lands between.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "maze.h"
#include "maze_compat.h"

/* The pages a context of a worker keeps, and the order of its next request: used by it alone. */
struct hand {
	struct page **pages;
	u32 at;
	unsigned int order;
};

struct run;

struct worker {
	struct run *run;
	struct task_struct *task;
	int cpu;
	spinlock_t lock; /* only this worker's task takes it: it is there to be held */
	struct hrtimer timer;
	struct irq_work irq;
	struct tasklet_struct tasklet;
	struct hand hands[MAZE_CONTEXTS];
};

struct run {
	const struct maze_args *args;
	struct labyrinth *labyrinth;
	ktime_t deadline;
	bool stop;
	atomic_t working;
	struct completion over;
	atomic64_t left[MAZE_CONTEXTS];
	unsigned int nr_workers;
	struct worker workers[];
};

static bool wants(const struct run *r, u32 contexts)
{
	return r->args->contexts & contexts;
}

static bool used_up(struct run *r, u32 contexts)
{
	int context;

	if (!r->args->count)
		return false;
	for (context = 0; context < MAZE_CONTEXTS; context++) {
		if (wants(r, BIT(context) & contexts) && atomic64_read(&r->left[context]) > 0)
			return false;
	}
	return true;
}

/* May @context make one more request? */
static bool draw(struct run *r, enum maze_context context)
{
	if (READ_ONCE(r->stop) || !wants(r, BIT(context)))
		return false;
	if (!r->args->count)
		return true;
	if (atomic64_dec_if_positive(&r->left[context]) >= 0)
		return true;
	return r->args->overlap && (BIT(context) & MAZE_TASKS) && wants(r, MAZE_INTERRUPTS) &&
	       !used_up(r, MAZE_INTERRUPTS);
}

static unsigned int order_of_next(struct hand *h, u32 orders)
{
	do {
		h->order = (h->order + 1) % 32;
	} while (!(orders & BIT(h->order)));
	return h->order;
}

static void give_back(struct run *r, struct page **page)
{
	if (*page)
		WARN_ON_ONCE(dealloc_labyrinth_page_exclusive(r->labyrinth, *page));
	*page = NULL;
}

/* The page; after a refusal perhaps that of a second try, of order 0. */
static struct page *take(struct run *r, unsigned int order)
{
	struct page *page = labyrinth_take(r->labyrinth, r->args, order);

	if (page || !r->args->again || !maze_wants_again(r->args))
		return page;
	page = labyrinth_take(r->labyrinth, r->args, 0);
	maze_count_again(page);
	return page;
}

static void request(struct worker *w, enum maze_context context)
{
	struct run *r = w->run;
	struct hand *h = &w->hands[context];
	unsigned int order;
	struct page *page;

	if (!draw(r, context))
		return;
	maze_count_sent(context);
	if (IS_ENABLED(CONFIG_PREEMPT_RT) && context == MAZE_HARDIRQ) {
		maze_count_unsupported();
		return;
	}
	order = order_of_next(h, r->args->orders);
	if (!r->args->hold) {
		page = take(r, order);
		give_back(r, &page);
		return;
	}
	/* All places taken: the page that has been held longest goes first. */
	give_back(r, &h->pages[h->at]);
	h->pages[h->at] = labyrinth_take(r->labyrinth, r->args, order);
	h->at = (h->at + 1) % r->args->hold;
}

static void interrupt(struct worker *w)
{
	request(w, MAZE_HARDIRQ);
	if (wants(w->run, BIT(MAZE_SOFTIRQ)))
		tasklet_schedule(&w->tasklet);
}

static enum hrtimer_restart timer_fn(struct hrtimer *timer)
{
	struct worker *w = container_of(timer, struct worker, timer);

	if (READ_ONCE(w->run->stop))
		return HRTIMER_NORESTART;
	interrupt(w);
	hrtimer_forward_now(timer, ns_to_ktime(w->run->args->interval_ns));
	return HRTIMER_RESTART;
}

static void irq_fn(struct irq_work *irq)
{
	interrupt(container_of(irq, struct worker, irq));
}

static void tasklet_fn(struct tasklet_struct *t)
{
	request(container_of(t, struct worker, tasklet), MAZE_SOFTIRQ);
}

static void task_requests(struct worker *w)
{
	request(w, MAZE_TASK);
	if (wants(w->run, BIT(MAZE_TASK_BH_OFF))) {
		spin_lock_bh(&w->lock);
		request(w, MAZE_TASK_BH_OFF);
		spin_unlock_bh(&w->lock);
	}
	if (wants(w->run, BIT(MAZE_TASK_PREEMPT_OFF))) {
		spin_lock(&w->lock);
		request(w, MAZE_TASK_PREEMPT_OFF);
		spin_unlock(&w->lock);
	}
}

static bool worker_done(struct run *r)
{
	return READ_ONCE(r->stop) || used_up(r, r->args->contexts) ||
	       ktime_after(ktime_get(), r->deadline);
}

static void work(struct worker *w)
{
	struct run *r = w->run;
	bool interrupts = wants(r, MAZE_INTERRUPTS);
	unsigned int i;

	if (interrupts && r->args->interval_ns)
		hrtimer_start(&w->timer, ns_to_ktime(r->args->interval_ns),
			      HRTIMER_MODE_REL_PINNED_HARD);
	while (!worker_done(r)) {
		bool task = wants(r, MAZE_TASKS) && (!used_up(r, MAZE_TASKS) || r->args->overlap);

		for (i = 0; i < 16; i++) {
			if (task)
				task_requests(w);
			if (interrupts && !r->args->interval_ns)
				irq_work_queue(&w->irq);
			cond_resched();
		}
		if (!task && r->args->interval_ns)
			schedule_timeout_uninterruptible(1);
	}
}

static int worker_fn(void *data)
{
	struct worker *w = data;

	work(w);
	if (atomic_dec_and_test(&w->run->working))
		complete(&w->run->over);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

static void worker_drop(struct worker *w)
{
	int context;
	u32 i;

	for (context = 0; context < MAZE_CONTEXTS; context++) {
		struct hand *h = &w->hands[context];

		for (i = 0; h->pages && i < w->run->args->hold; i++)
			give_back(w->run, &h->pages[i]);
		kvfree(h->pages);
	}
}

static int worker_setup(struct run *r, int cpu)
{
	struct worker *w = &r->workers[r->nr_workers];
	int context;

	w->run = r;
	w->cpu = cpu;
	spin_lock_init(&w->lock);
	maze_hrtimer_setup(&w->timer, timer_fn);
	maze_irq_work_setup(&w->irq, irq_fn);
	tasklet_setup(&w->tasklet, tasklet_fn);
	r->nr_workers++; /* from here worker_drop() cleans up */
	for (context = 0; context < MAZE_CONTEXTS; context++) {
		w->hands[context].order = 31; /* the first request has the lowest order asked for */
		if (!r->args->hold || !wants(r, BIT(context)))
			continue;
		w->hands[context].pages =
			kvcalloc(r->args->hold, sizeof(struct page *), GFP_KERNEL);
		if (!w->hands[context].pages)
			return -ENOMEM;
	}
	w->task = kthread_create_on_node(worker_fn, w, cpu_to_node(cpu), "maze/%d", cpu);
	if (IS_ERR(w->task)) {
		int err = PTR_ERR(w->task);

		w->task = NULL;
		return err;
	}
	get_task_struct(w->task);
	kthread_bind(w->task, cpu);
	return 0;
}

static int prepare(struct run *r)
{
	int cpu, err;

	for_each_online_cpu(cpu) {
		if (r->args->cpu >= 0 && cpu != r->args->cpu)
			continue;
		err = worker_setup(r, cpu);
		if (err)
			return err;
	}
	return r->nr_workers ? 0 : -ENODEV;
}

static void start(struct run *r)
{
	unsigned int i;

	atomic_set(&r->working, r->nr_workers);
	r->deadline = ktime_add_ms(ktime_get(), r->args->duration_ms);
	for (i = 0; i < r->nr_workers; i++)
		wake_up_process(r->workers[i].task);
}

static void finish(struct run *r)
{
	unsigned int i;

	WRITE_ONCE(r->stop, true);
	for (i = 0; i < r->nr_workers; i++) {
		struct worker *w = &r->workers[i];

		if (w->task) {
			kthread_stop(w->task);
			put_task_struct(w->task);
		}
		hrtimer_cancel(&w->timer);
		irq_work_sync(&w->irq);
		tasklet_kill(&w->tasklet);
		worker_drop(w);
	}
}

int maze_run(struct labyrinth *l, const struct maze_args *args)
{
	u64 cells = (u64)num_online_cpus() * hweight32(args->contexts) * (args->hold + 1);
	struct run *r;
	int context, err;

	if (cells > labyrinth_cells(l)) {
		pr_err("maze: hold=%u needs %llu cells, the labyrinth has %u\n", args->hold, cells,
		       labyrinth_cells(l));
		return -EINVAL;
	}
	r = kvzalloc(struct_size(r, workers, nr_cpu_ids), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->args = args;
	r->labyrinth = l;
	init_completion(&r->over);
	for (context = 0; context < MAZE_CONTEXTS; context++)
		atomic64_set(&r->left[context], args->count);
	cpus_read_lock();
	err = prepare(r);
	/* Filled after the workers were made, which takes memory, and emptied before they are gone. */
	if (!err && args->free_pages)
		err = maze_fill(args);
	if (!err)
		start(r);
	if (!err && wait_for_completion_interruptible(&r->over))
		err = -EINTR;
	if (!err && args->count && !used_up(r, args->contexts))
		err = -ETIME;
	if (args->free_pages)
		maze_release();
	finish(r);
	cpus_read_unlock();
	kvfree(r);
	return err;
}

static int here_once(struct labyrinth *l, const struct maze_args *args, struct hand *h)
{
	struct page *page;

	maze_count_sent(MAZE_TASK);
	page = labyrinth_take(l, args, order_of_next(h, args->orders));
	if (page)
		WARN_ON_ONCE(dealloc_labyrinth_page_exclusive(l, page));
	cond_resched();
	return signal_pending(current) ? -EINTR : 0;
}

/* The task that writes the command asks itself: its memory cgroup and its nodes count. */
int maze_here(struct labyrinth *l, const struct maze_args *args)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), args->duration_ms);
	struct hand hand = { .order = 31 };
	int err = 0;
	u64 i;

	if (args->free_pages)
		err = maze_fill(args);
	for (i = 0; i < args->count && !err; i++)
		err = ktime_after(ktime_get(), deadline) ? -ETIME : here_once(l, args, &hand);
	if (args->free_pages)
		maze_release();
	return err;
}
