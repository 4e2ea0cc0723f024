// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* live.c - counts of the running kernel: cells, kinds of requests, stacks; when to read, when to
 * stop. */
#include "source/live.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/util.h"
#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "live/attach.h"
#include "live/counters.h"
#include "live/describe.h"
#include "live/governor.h"
#include "live/selftest.h"
#include "live/start.h"
#include "live/tallies.h"

struct live_source {
	struct source source;
	const struct view *view;
	struct live live;
	struct reader *reader;
	struct symbols *symbols; /* of rows by stack only, as are the stacks */
	struct stacks *stacks;
	struct report *reading;	    /* the last one, of a view that has no cells of its own */
	struct audit audit, paired; /* of the last reading, and of the one before it */
	struct pace pace;
	bool stop; /* the next report is the last */
	bool ended;
};

static int no_memory(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

static struct live_source *live_of(struct source *source)
{
	return (struct live_source *)source;
}

/* ---- opening and closing ---- */

static void live_close(struct source *source)
{
	struct live_source *s = live_of(source);

	stacks_free(s->stacks);
	symbols_close(s->symbols);
	reader_close(s->reader);
	live_stop(&s->live);
	free(s->reading);
	free(s);
}

static int open_symbols(struct live_source *s)
{
	if (!symbols_open(&s->symbols))
		s->stacks = stacks_new(s->symbols, live_stacks_most(&s->live.hooks));
	if (!s->stacks)
		return no_memory();
	if (symbols_state_text(symbols_state(s->symbols)))
		log_warn("%s", symbols_state_text(symbols_state(s->symbols)));
	return 0;
}

static int open_reader(struct live_source *s)
{
	int r;

	/* Requests that began before the start was attached end within this time. */
	if (s->view->cells)
		usleep(20000);
	r = reader_open(&s->reader, &s->live.hooks, &s->live.scope);
	if (r)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot map the counters: %s", strerror(-r));
	/* Rows are counted from the load on, and so are those that they are a part of. */
	if (!s->view->cells)
		reader_count_from_load(s->reader);
	reader_read(s->reader, s->reading, false);
	r = s->view->site ? open_symbols(s) : 0;
	return r ?: live_describe(&s->live, s->reading->zones);
}

static int live_next(struct source *source, int stop_fd, void *report,
		     const struct event **ret_event);

static void live_end(struct source *source)
{
	live_of(source)->stop = true;
}

static const struct run_info *live_info(const struct source *source)
{
	return &((const struct live_source *)source)->live.info;
}

int source_live(struct source **ret, const struct view *view, const struct scope *scope,
		const struct pace *pace)
{
	static const struct source_ops ops = {
		.next = live_next,
		.end = live_end,
		.info = live_info,
		.close = live_close,
	};
	struct live_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return no_memory();
	s->source.ops = &ops;
	s->view = view;
	s->pace = *pace;
	s->reading = calloc(1, sizeof(*s->reading));
	r = s->reading ? live_start(&s->live, scope) : no_memory();
	if (!r)
		r = open_reader(s);
	if (r) {
		live_close(&s->source);
		return r;
	}
	pace_start(&s->pace);
	*ret = &s->source;
	return 0;
}

/* ---- running ---- */

static int read_rows(struct live_source *s, void *report)
{
	s->view->begin(report);
	if (s->view->kind)
		return live_kinds(&s->live.hooks, s->view->kind, report);
	return live_sites(&s->live.hooks, s->stacks, clock_ns(CLOCK_MONOTONIC), s->view->site,
			  report);
}

static void read_audit(struct live_source *s, struct run_head *head)
{
	const struct audit *a = &s->reading->total.audit;
	struct run_audit now = {0};

	reader_read(s->reader, s->reading, s->ended);
	now.seen = a->seen;
	now.missed = a->missed + hooks_lint_misses(&s->live.hooks);
	now.uncounted = reader_uncounted(s->reader) + a->endless;
	now.skipped = a->skipped;
	now.unread = hooks_unread(&s->live.hooks);
	run_head_audit(head, &now);
}

static int fill(struct live_source *s, void *report)
{
	struct report *cells = s->view->cells ? s->view->cells(report) : s->reading;
	struct run_head *head = report;
	struct pace_stamp stamp;
	int r = 0;

	if (s->view->cells) {
		reader_read(s->reader, cells, s->ended);
	} else {
		r = read_rows(s, report);
		if (r < 0)
			return r;
		read_audit(s, head);
	}
	live_budget_read(s->live.budget, &head->budget);
	s->audit = cells->total.audit;
	head->budget.skipped = s->audit.skipped;
	stamp = pace_stamp(&s->pace);
	run_head_stamp(head, &s->live.info, &stamp, s->ended);
	head->min_free_kbytes = live_min_free_kbytes(&s->live);
	return s->view->fill ? s->view->fill(report) : 0;
}

static int live_next(struct source *source, int stop_fd, void *report,
		     const struct event **ret_event)
{
	struct live_source *s = live_of(source);
	int r;

	(void)ret_event;
	if (s->ended)
		return ITEM_END;
	r = s->stop ? 0 : pace_wait(&s->pace, stop_fd, &s->ended);
	if (r < 0)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot wait for the next report: %s",
			       strerror(-r));
	s->ended |= s->stop;
	/* By the reading before this one: at the end it has to be while all is attached. */
	r = selftest_again(&s->live.hooks, &s->audit, &s->paired);
	if (r)
		return r;
	if (s->ended)
		live_detach(&s->live);
	r = fill(s, report);
	return r < 0 ? r : ITEM_REPORT;
}
