// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tables_source_live.c - reports of flags and lint from the running kernel: when to read, when to
 * stop.
 */
#include <string.h>

#include "exits.h"
#include "options.h"
#include "pace.h"
#include "tables_view.h"
#include "util.h"

struct tables_source {
	const struct tables_view *view;
	struct tables *tables;
	struct pace pace;
	bool ended;
};

static void live_close(struct tables_source *s)
{
	if (!s)
		return;
	tables_close(s->tables);
	free(s);
}

static int live_open(const struct options *opt, const struct tables_view *view,
		     struct tables_source **ret)
{
	struct tables_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	s->view = view;
	r = tables_open(&s->tables, opt);
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
	*ret = s;
	return 0;
}

static int read_rows(struct tables_source *s, void *report)
{
	s->view->begin(report);
	if (s->view->kind)
		return tables_kinds(s->tables, s->view->kind, report);
	return tables_sites(s->tables, s->view->site, report);
}

static void fill_head(struct tables_source *s, struct tables_head *head)
{
	struct tables_audit audit = {0};
	struct pace_stamp stamp;

	tables_audit(s->tables, &audit);
	tables_audit_take(head, &audit);
	tables_budget(s->tables, &head->budget);
	stamp = pace_stamp(&s->pace);
	head->info = *tables_info(s->tables);
	head->time_ns = stamp.time_ns;
	head->interval_ns = stamp.interval_ns;
	head->total_ns = stamp.total_ns;
	head->sequence = stamp.sequence;
	head->final = s->ended;
}

static int live_next(struct tables_source *s, int stop_fd, void *report)
{
	int r;

	if (s->ended)
		return 0;
	r = pace_wait(&s->pace, stop_fd, &s->ended);
	if (r < 0)
		return log_err(-LAB_EXIT_RUNTIME, "waiting: %s", strerror(-r));
	if (s->ended)
		tables_detach(s->tables);
	r = read_rows(s, report);
	if (r < 0)
		return r;
	fill_head(s, report);
	return 1;
}

const struct tables_source_ops tables_source_live = {
	.open = live_open,
	.next = live_next,
	.close = live_close,
};
