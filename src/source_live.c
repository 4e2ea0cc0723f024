// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* source_live.c - reports from the running kernel: which attach mode, when to read, when to stop.
 */
#include "source.h"

#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "live.h"
#include "live_budget.h"
#include "pace.h"
#include "util.h"

struct source {
	struct live live;
	struct reader *reader;
	struct pace pace;
	bool ended;
};

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
	return live_describe(&s->live, first->zones > 0);
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
	s->pace = (struct pace){
		.interval_ns = opt->interval_ns,
		.duration_ns = opt->duration_ns,
		.count = opt->count,
	};
	pace_start(&s->pace);
	*ret_source = s;
	return 0;
}

/* ---- running ---- */

static void fill(struct source *s, struct report *r, bool final)
{
	struct pace_stamp stamp;

	if (final)
		live_detach(&s->live);
	reader_read(s->reader, r, final);
	stamp = pace_stamp(&s->pace);
	live_budget_read(s->live.budget, &r->budget);
	r->budget.skipped = r->total.audit.skipped;
	r->info = s->live.info;
	r->time_ns = stamp.time_ns;
	r->interval_ns = stamp.interval_ns;
	r->total_ns = stamp.total_ns;
	r->sequence = stamp.sequence;
	r->final = final;
	s->ended = final;
}

static int live_next(struct source *s, int stop_fd, struct report *ret_report)
{
	bool final;
	int r;

	if (s->ended)
		return 0;
	r = pace_wait(&s->pace, stop_fd, &final);
	if (r < 0)
		return log_err(-LAB_EXIT_RUNTIME, "waiting: %s", strerror(-r));
	fill(s, ret_report, final);
	return 1;
}

const struct source_ops source_live = {
	.name = "live",
	.open = live_open,
	.next = live_next,
	.close = live_close,
};
