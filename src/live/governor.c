// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * governor.c - see governor.h. When to step is budget.c's to say, and how gate.c's.
 *
 * The kernel keeps no run time of BPF programs unless it is asked to, as that costs every program
 * of the machine two readings of the clock. So it is asked for a short part of each second only.
 */
#include "live/governor.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "model/budget.h"
#include "base/exits.h"
#include "live/gate.h"
#include "live/rights.h"
#include "base/pace.h"
#include "base/util.h"

#define NS_PER_MS 1000000ULL
#define NS_PER_S 1000000000ULL
#define PERIOD_MS 1000
#define WINDOW_MS 50
#define STACK_BYTES (256U << 10)
#define WINDOW_MORE_MS 200 /* as long again, before a burst is taken for a load */

/* Times in which something was left out that events are judged by; older ones are forgotten. */
#define HIDDEN 16

struct hidden {
	__u64 from_ns, to_ns;
};

struct live_budget {
	struct hooks *hooks;
	const struct features *features;
	__u32 sample; /* why: one in so many; else 0 */
	bool programs_known, can_reattach;
	char lack[REPORT_STR];
	struct budget budget;
	struct budget_mean mean;
	int stop_fd;
	bool running, refused;
	pthread_t thread;
	sem_t ready;	      /* the thread has given up what it does not need */
	pthread_mutex_t lock; /* of what follows */
	struct budget_report shown;
	struct hidden hidden[HIDDEN];
	unsigned int hiddens;
};

/* ---- measuring ---- */

/* True: it is over. */
static bool wait_ms(const struct live_budget *b, int ms)
{
	struct pollfd fd = {.fd = b->stop_fd, .events = POLLIN};

	return poll(&fd, 1, ms) > 0;
}

struct reading {
	__u64 time_ns, used_ns;
};

/* In a storm this thread may have to wait for the processor in the middle: the time of the middle.
 */
static struct reading read_programs(const struct live_budget *b)
{
	struct reading r = {.time_ns = clock_ns(CLOCK_MONOTONIC)};

	r.used_ns = hooks_run_time_ns(b->hooks);
	r.time_ns += (clock_ns(CLOCK_MONOTONIC) - r.time_ns) / 2;
	return r;
}

/*
 * Run time since then, ns a second. What an interrupt's program takes is in that of the one it
 * interrupted, too: no more than there are processors.
 */
static __u64 rate_since(const struct live_budget *b, const struct reading *then)
{
	struct reading now = read_programs(b);
	__u64 most = b->hooks->cpus * NS_PER_S, length = now.time_ns - then->time_ns;
	double rate;

	if (!length)
		return 0;
	rate = (double)(now.used_ns - then->used_ns) * (double)NS_PER_S / (double)length;
	return rate < (double)most ? (__u64)rate : most;
}

/*
 * Run time of the programs, ns a second. A window that says too much is made longer. False: it
 * cannot be measured, for now.
 */
static bool measure_programs(const struct live_budget *b, __u64 *ret)
{
	_cleanup_(closep) int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	struct reading start = read_programs(b);

	*ret = 0;
	if (stats < 0)
		return false;
	wait_ms(b, WINDOW_MS);
	*ret = rate_since(b, &start);
	if (*ret <= b->budget.limit_ns)
		return true;
	wait_ms(b, WINDOW_MORE_MS);
	*ret = rate_since(b, &start);
	return true;
}

static __u64 measure_process(struct live_budget *b)
{
	return budget_mean_add(&b->mean, clock_ns(CLOCK_MONOTONIC),
			       clock_ns(CLOCK_PROCESS_CPUTIME_ID));
}

/* ---- what is shown ---- */

static void show(struct live_budget *b, __u64 programs_ns, __u64 process_ns, bool known)
{
	const struct budget *from = &b->budget;

	pthread_mutex_lock(&b->lock);
	b->shown = (struct budget_report){
		.limit_ns = from->limit_ns,
		.programs_ns = programs_ns,
		.process_ns = process_ns,
		.steps_down = from->steps_down,
		.steps_up = from->steps_up,
		.step = from->step,
		.sites_sampled =
			from->step >= BUDGET_COARSE_SITES ? b->sample * LAB_COARSER : b->sample,
		.programs_known = known,
		.over = from->over,
	};
	pthread_mutex_unlock(&b->lock);
}

/* From now on, until hidden_to(): a step is under way, or only failures are looked at. */
static void hidden_from(struct live_budget *b)
{
	pthread_mutex_lock(&b->lock);
	b->hidden[b->hiddens++ % HIDDEN] = (struct hidden){clock_ns(CLOCK_MONOTONIC), UINT64_MAX};
	pthread_mutex_unlock(&b->lock);
}

static void hidden_to(struct live_budget *b)
{
	pthread_mutex_lock(&b->lock);
	b->hidden[(b->hiddens - 1) % HIDDEN].to_ns = clock_ns(CLOCK_MONOTONIC);
	pthread_mutex_unlock(&b->lock);
}

bool live_budget_hid(struct live_budget *b, __u64 from_ns, __u64 to_ns)
{
	bool hid = false;

	if (!b)
		return false;
	pthread_mutex_lock(&b->lock);
	for (unsigned int i = 0; i < HIDDEN && i < b->hiddens; i++)
		hid |= b->hidden[i].from_ns <= to_ns && b->hidden[i].to_ns >= from_ns;
	pthread_mutex_unlock(&b->lock);
	return hid;
}

void live_budget_read(struct live_budget *b, struct budget_report *ret)
{
	*ret = (struct budget_report){0};
	if (!b)
		return;
	pthread_mutex_lock(&b->lock);
	*ret = b->shown;
	pthread_mutex_unlock(&b->lock);
}

/* ---- stepping ---- */

static void say(const struct live_budget *b, const char *what, __u64 used_ns)
{
	static const char *const steps[BUDGET_STEPS] = {
		[BUDGET_EVERYTHING] = "everything",
		[BUDGET_NO_STACKS] = "no stacks",
		[BUDGET_COARSE_SITES] = "sites sampled more coarsely",
		[BUDGET_FAILURES_ONLY] = "failures only",
	};

	log_warn("budget: %.2f %% of a processor used of %.2f %%: %s%s", (double)used_ns / 1e7,
		 (double)b->budget.limit_ns / 1e7, what, steps[b->budget.step]);
}

/* Starts are back before anything else is asked of the programs. False: they are not. */
static bool bring_back(struct live_budget *b)
{
	int r = b->can_reattach ? hooks_attach_starts(b->hooks, b->features) : 0;

	if (r && !b->refused)
		log_warn("budget: starts of requests cannot be attached again: %s; failures only "
			 "until they can",
			 strerror(-r));
	b->refused = r;
	return !r;
}

/* A step up that cannot be taken leaves all as it was: said once, and tried again. */
static void step_to(struct live_budget *b, enum budget_step to, __u64 used_ns)
{
	bool up = to < b->budget.step;

	if (b->budget.step == BUDGET_FAILURES_ONLY && !bring_back(b)) {
		budget_refused(&b->budget);
		return;
	}
	if (b->budget.step != BUDGET_FAILURES_ONLY)
		hidden_from(b);
	hooks_set_step(b->hooks, to);
	if (to != BUDGET_FAILURES_ONLY)
		hidden_to(b);
	budget_taken(&b->budget, to);
	/* What the process took before tells nothing of this step. */
	b->mean = (struct budget_mean){0};
	say(b, up ? "up again to " : "", used_ns);
}

/* True: a step was taken, and what it spares is to be seen at once. */
static bool tick(struct live_budget *b)
{
	__u64 programs = 0;
	bool known = b->programs_known && measure_programs(b, &programs);
	__u64 process = measure_process(b);
	bool was_over = b->budget.over;
	enum budget_step from = b->budget.step, to = from;

	/* No step is taken on half of a sum; where the other half is never known, on that. */
	if (known || !b->programs_known)
		to = budget_next(&b->budget, programs + process);

	if (to != from)
		step_to(b, to, programs + process);
	else if (b->budget.over && !was_over)
		say(b, "still over it with ", programs + process);
	show(b, programs, process, known);
	/* Served requests are passed over by now, whatever the kernel makes of this. */
	if (to > from && to == BUDGET_FAILURES_ONLY && b->can_reattach)
		hooks_detach_starts(b->hooks);
	return to > from;
}

static void *watch(void *arg)
{
	struct live_budget *b = arg;
	int rest = PERIOD_MS;

	live_give_up(b->hooks, true);
	sem_post(&b->ready);
	while (!wait_ms(b, rest)) {
		__u64 start = clock_ns(CLOCK_MONOTONIC), took;

		if (tick(b)) {
			rest = 0;
			continue;
		}
		took = (clock_ns(CLOCK_MONOTONIC) - start) / NS_PER_MS;
		rest = took < PERIOD_MS ? PERIOD_MS - (int)took : 0;
	}
	return NULL;
}

/* ---- the watch ---- */

/* Steps that spare anything of what is gathered. */
static unsigned int steps_of(const struct scope *scope)
{
	bool stacks = scope_has(scope, SCOPE_EVENTS | SCOPE_SITES | SCOPE_MISTAKES);

	return (stacks ? 1U << BUDGET_NO_STACKS : 0) |
	       (scope_has(scope, SCOPE_SITES) ? 1U << BUDGET_COARSE_SITES : 0);
}

/* Does this kernel tell what programs take, and to us? */
static void try_stats(struct live_budget *b)
{
	_cleanup_(closep) int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	b->programs_known = fd >= 0;
	if (fd < 0)
		snprintf(b->lack, sizeof(b->lack),
			 "the run time of the BPF programs cannot be measured, the budget is that "
			 "of the process alone: %s",
			 strerror(errno));
}

int live_budget_new(struct live_budget **ret, struct hooks *h, const struct features *f,
		    const struct scope *scope)
{
	struct live_budget *b;

	*ret = NULL;
	if (!scope->budget_ns)
		return 0;
	b = calloc(1, sizeof(*b));
	if (!b)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	b->hooks = h;
	b->features = f;
	b->sample = scope_has(scope, SCOPE_SITES) ? scope->sample : 0;
	b->can_reattach = hooks_can_reattach(h);
	pthread_mutex_init(&b->lock, NULL);
	sem_init(&b->ready, 0, 0);
	budget_init(&b->budget, scope->budget_ns, steps_of(scope));
	try_stats(b);
	show(b, 0, 0, b->programs_known);
	b->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (b->stop_fd < 0) {
		free(b);
		return log_err(FAIL(LAB_EXIT_RUNTIME), "eventfd: %s", strerror(errno));
	}
	log_debug(1, "budget: programs %s detached and attached again",
		  b->can_reattach ? "can be" : "cannot be");
	*ret = b;
	return 0;
}

const char *live_budget_lack(const struct live_budget *b)
{
	return b && b->lack[0] ? b->lack : NULL;
}

int live_budget_start(struct live_budget *b)
{
	pthread_attr_t attr;
	int r;

	if (!b)
		return 0;
	measure_process(b);
	pthread_attr_init(&attr);
	/* Small enough to be there as a whole: see memory.h. */
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	r = pthread_create(&b->thread, &attr, watch, b);
	pthread_attr_destroy(&attr);
	if (r)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot watch the budget: %s", strerror(r));
	b->running = true;
	while (sem_wait(&b->ready))
		;
	return 0;
}

void live_budget_stop(struct live_budget *b)
{
	if (!b || !b->running)
		return;
	eventfd_write(b->stop_fd, 1);
	pthread_join(b->thread, NULL);
	b->running = false;
}

void live_budget_free(struct live_budget *b)
{
	if (!b)
		return;
	live_budget_stop(b);
	close(b->stop_fd);
	pthread_mutex_destroy(&b->lock);
	sem_destroy(&b->ready);
	free(b);
}
