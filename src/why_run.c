// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * why_run.c - the view why, live: events as they come, and at each interval, on a grid from the
 * start, a report with the counts of the kernel side.
 */
#include "why_run.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "exits.h"
#include "options.h"
#include "pace.h"
#include "util.h"
#include "why_view.h"

struct run {
	const struct options *opt;
	const struct event_source_ops *ops;
	struct event_source *source;
	why_view_fn *view;
	FILE *record; /* NULL: none */
	struct why *why;
	struct why_report report;
	struct pace pace;
	int stop_fd;
	int over_fd; /* readable from the beginning: a source that waits for it ends at once */
	bool over, reader_gone;
};

static int no_memory(void)
{
	return log_err(-LAB_EXIT_RUNTIME, "out of memory");
}

/* What is still under way comes out of the source before its end. */
static void end_run(struct run *run)
{
	run->over = true;
	run->stop_fd = run->over_fd;
}

/* ---- a report ---- */

static int on_row(void *arg, const struct site_row *row)
{
	return why_add_row(arg, row) ? no_memory() : 0;
}

static int read_rows(struct run *run)
{
	struct site_losses losses = {0};
	int r;

	if (!run->ops->sites)
		return 0;
	why_begin_rows(run->why);
	r = run->ops->sites(run->source, on_row, run->why, &losses);
	run->report.sample_every = run->opt->sample;
	run->report.audit.uncounted = losses.uncounted;
	return r;
}

static __u64 min_free_kbytes(void)
{
	char text[32];
	__u64 v = 0;

	if (read_text("/proc/sys/vm/min_free_kbytes", text, sizeof(text)) > 0)
		parse_u64(text, 1, INT64_MAX, &v);
	return v;
}

static void read_summary(struct run *run)
{
	struct event_summary s = {0};

	run->ops->summary(run->source, &s);
	run->report.audit.throttled = s.throttled;
	run->report.audit.dropped = s.dropped;
	run->report.audit.seen = s.seen;
	run->report.audit.missed = s.missed;
	run->report.ended = s.final;
}

static void fill_head(struct run *run, bool final)
{
	struct pace_stamp stamp = pace_stamp(&run->pace);
	struct why_report *r = &run->report;

	r->info = *run->ops->info(run->source);
	r->time_ns = stamp.time_ns;
	r->interval_ns = stamp.interval_ns;
	r->total_ns = stamp.total_ns;
	r->sequence = stamp.sequence;
	r->final = final;
	r->min_free_kbytes = min_free_kbytes();
	r->page_bytes = (__u64)sysconf(_SC_PAGESIZE);
	if (final)
		read_summary(run);
	if (run->ops->budget)
		run->ops->budget(run->source, &r->budget);
}

static int print(struct run *run)
{
	int r = run->record ? view_why_record(run->record, &run->report) : 0;

	if (r == -EPIPE)
		return log_err(-LAB_EXIT_RUNTIME, "cannot write %s: its reader has gone",
			       run->opt->record_path);
	if (r || run->reader_gone)
		return r;
	r = run->view(stdout, run->opt, &run->report);
	if (r != -EPIPE)
		return r;
	/* It has seen enough; the recording gets its end. */
	run->reader_gone = true;
	end_run(run);
	return 0;
}

static int report(struct run *run, bool final)
{
	int r = read_rows(run);

	if (r)
		return r;
	fill_head(run, final);
	if (why_fill(run->why, &run->report))
		return no_memory();
	return print(run);
}

/* ---- the run ---- */

/* When the next report is due; 0: none but the one at the end. */
static __u64 next_due(const struct run *run)
{
	bool end;
	__u64 due = pace_due(&run->pace, &end);

	return run->over || end || !run->ops->until ? 0 : due;
}

/* 1: go on, 0: the end, negative exit code. */
static int step(struct run *run)
{
	const struct event *e;
	__u64 due = next_due(run);
	int r;

	if (run->ops->until)
		run->ops->until(run->source, due);
	r = run->ops->next(run->source, run->stop_fd, &e);
	if (r <= 0)
		return r;
	if (r == 1 && why_add_event(run->why, e))
		return no_memory();
	/* Events may come so fast that the source has always another one. */
	if (!due || clock_ns(CLOCK_MONOTONIC) < due)
		return 1;
	r = report(run, false);
	if (run->opt->count && run->pace.reports >= run->opt->count)
		end_run(run);
	return r ?: 1;
}

static int follow(struct run *run)
{
	int r;

	do
		r = step(run);
	while (r > 0);
	return r ?: report(run, true);
}

int why_show(const struct options *opt, const struct event_source_ops *ops,
	     struct event_source *source, int stop_fd, FILE *record)
{
	_cleanup_(closep) int over_fd = eventfd(1, EFD_CLOEXEC);
	struct run run = {
		.opt = opt,
		.ops = ops,
		.source = source,
		.view = opt->json ? view_why_json : view_why_text,
		.record = record,
		.why = why_new(),
		.pace = {.interval_ns = opt->interval_ns, .duration_ns = opt->duration_ns},
		.stop_fd = stop_fd,
		.over_fd = over_fd,
	};
	int r;

	pace_start(&run.pace);
	if (over_fd < 0)
		r = log_err(-LAB_EXIT_RUNTIME, "eventfd: %s", strerror(errno));
	else
		r = run.why ? follow(&run) : no_memory();
	why_report_free(&run.report);
	why_free(run.why);
	return r;
}

int why_run(const struct options *opt, const struct event_source_ops *ops, int stop_fd)
{
	_cleanup_(fclosep) FILE *record = NULL;
	struct event_source *source;
	int r = open_record(opt->record_path, &record);

	if (r)
		return r;
	r = ops->open(opt, &source);
	if (r)
		return r;
	/* Also the sign for scripts that everything is attached. */
	log_notice("Watching page requests that may not sleep. Hit Ctrl-C to end.");
	r = why_show(opt, ops, source, stop_fd, record);
	ops->close(source);
	return r;
}
