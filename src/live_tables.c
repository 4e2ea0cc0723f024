// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* live_tables.c - see tables.h. */
#include "tables.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "exits.h"
#include "live.h"
#include "live_budget.h"
#include "stacks.h"
#include "symbols.h"
#include "pace.h"
#include "util.h"

struct tables {
	struct live live;
	struct reader *reader;	 /* for what was seen and missed */
	struct symbols *symbols; /* lint only, as are the stacks */
	struct stacks *stacks;
	struct report *report; /* the last reading */
	bool detached;
};

static int open_symbols(struct tables *t)
{
	if (!symbols_open(&t->symbols))
		t->stacks = stacks_new(t->symbols, live_stacks_most(&t->live.hooks));
	if (!t->stacks)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	if (symbols_state_text(symbols_state(t->symbols)))
		log_warn("%s", symbols_state_text(symbols_state(t->symbols)));
	return 0;
}

static int open_parts(struct tables *t, const struct options *opt)
{
	int r = reader_open(&t->reader, &t->live.hooks, opt);

	if (r)
		return log_err(-LAB_EXIT_RUNTIME, "cannot map the counters: %s", strerror(-r));
	reader_count_from_load(t->reader);
	reader_read(t->reader, t->report, false);
	if (opt->view == VIEW_LINT) {
		r = open_symbols(t);
		if (r)
			return r;
	}
	return live_describe(&t->live, t->report->zones > 0);
}

int tables_open(struct tables **ret, const struct options *opt)
{
	struct tables *t = calloc(1, sizeof(*t));
	struct report *report = calloc(1, sizeof(*report));
	int r;

	if (!t || !report) {
		free(t);
		free(report);
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	}
	t->report = report;
	r = live_start(&t->live, opt);
	if (!r)
		r = open_parts(t, opt);
	if (r) {
		tables_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

const struct run_info *tables_info(const struct tables *t)
{
	return &t->live.info;
}

int tables_sites(struct tables *t, site_row_fn *fn, void *arg)
{
	return live_sites(&t->live.hooks, t->stacks, clock_ns(CLOCK_MONOTONIC), fn, arg);
}

int tables_kinds(struct tables *t, kind_row_fn *fn, void *arg)
{
	return live_kinds(&t->live.hooks, fn, arg);
}

void tables_audit(struct tables *t, struct tables_audit *ret)
{
	reader_read(t->reader, t->report, t->detached);
	ret->seen = t->report->total.audit.seen;
	ret->missed = t->report->total.audit.missed;
	ret->uncounted = reader_uncounted(t->reader) + t->report->total.audit.endless;
	ret->skipped = t->report->total.audit.skipped;
}

void tables_budget(struct tables *t, struct budget_report *ret)
{
	live_budget_read(t->live.budget, ret);
	ret->skipped = t->report->total.audit.skipped;
}

void tables_detach(struct tables *t)
{
	live_detach(&t->live);
	t->detached = true;
}

void tables_close(struct tables *t)
{
	if (!t)
		return;
	stacks_free(t->stacks);
	symbols_close(t->symbols);
	reader_close(t->reader);
	live_stop(&t->live);
	free(t->report);
	free(t);
}
