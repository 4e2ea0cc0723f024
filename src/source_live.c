// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* source_live.c - reports from the running kernel: which attach mode, when to read, when to stop.
 */
#include "source.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exits.h"
#include "live.h"
#include "util.h"

#define NS_PER_S 1000000000ULL

struct source {
	struct live live;
	struct reader *reader;
	__u64 start_ns, last_ns; /* CLOCK_MONOTONIC */
	__u64 sequence;
	bool ended;
};

static __u64 clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (__u64)ts.tv_sec * NS_PER_S + (__u64)ts.tv_nsec;
}

/* ---- opening ---- */

static int open_reader(struct source *s)
{
	_cleanup_(freep) struct report *first = calloc(1, sizeof(*first));
	int r;

	if (!first)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	/* Requests that began before the start was attached end within this time. */
	usleep(20000);
	r = reader_open(&s->reader, &s->live.hooks, s->live.opt);
	if (r)
		return log_err(-LAB_EXIT_RUNTIME, "cannot map the counters: %s", strerror(-r));
	reader_read(s->reader, first, false);
	live_describe(&s->live, first->zones > 0);
	return 0;
}

static void live_close(struct source *s)
{
	if (!s)
		return;
	reader_close(s->reader);
	live_stop(&s->live);
	free(s);
}

static int live_open(const struct options *opt, struct source **ret_source)
{
	struct source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	r = live_start(&s->live, opt);
	if (!r)
		r = open_reader(s);
	if (r) {
		live_close(s);
		return r;
	}
	s->start_ns = s->last_ns = clock_ns(CLOCK_MONOTONIC);
	*ret_source = s;
	return 0;
}

/* ---- running ---- */

/* Waits until the monotonic time, or until stop_fd is readable. 1: stopped, 0: time, -errno. */
static int wait_until(__u64 until_ns, int stop_fd)
{
	for (;;) {
		struct pollfd fd = {.fd = stop_fd, .events = POLLIN};
		__u64 now = clock_ns(CLOCK_MONOTONIC), left = until_ns > now ? until_ns - now : 0;
		struct timespec ts = {(time_t)(left / NS_PER_S), (long)(left % NS_PER_S)};
		int r = ppoll(&fd, 1, &ts, NULL);

		if (r > 0)
			return 1;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (!r)
			return 0;
	}
}

/* When the next report is due; *ret_end: the run ends there. */
static __u64 next_due(const struct source *s, bool *ret_end)
{
	__u64 interval = s->live.opt->interval_ns;
	/* On a grid from the start: a late report does not shift those after it. */
	__u64 due = s->start_ns + ((s->last_ns - s->start_ns) / interval + 1) * interval;
	__u64 end = s->live.opt->duration_ns ? s->start_ns + s->live.opt->duration_ns : ~0ULL;

	*ret_end = end <= due;
	return end < due ? end : due;
}

static void fill(struct source *s, struct report *r, bool final)
{
	__u64 now;

	if (final)
		hooks_detach(&s->live.hooks);
	reader_read(s->reader, r, final);
	now = clock_ns(CLOCK_MONOTONIC);
	r->info = s->live.info;
	r->time_ns = clock_ns(CLOCK_REALTIME);
	r->interval_ns = now - s->last_ns;
	r->total_ns = now - s->start_ns;
	r->sequence = ++s->sequence;
	r->final = final;
	s->last_ns = now;
	s->ended = final;
}

static int live_next(struct source *s, int stop_fd, struct report *ret_report)
{
	bool end;
	__u64 due;
	int r;

	if (s->ended)
		return 0;
	due = next_due(s, &end);
	if (s->live.opt->count && s->sequence >= s->live.opt->count)
		end = true;
	else {
		r = wait_until(due, stop_fd);
		if (r < 0)
			return log_err(-LAB_EXIT_RUNTIME, "waiting: %s", strerror(-r));
		end |= r > 0;
	}
	fill(s, ret_report, end);
	return 1;
}

const struct source_ops source_live = {
	.name = "live",
	.open = live_open,
	.next = live_next,
	.close = live_close,
};
