// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tables_run.c - the views flags and lint: from a source to standard output, report by report. */
#include <errno.h>
#include <string.h>

#include "exits.h"
#include "options.h"
#include "tables_view.h"
#include "util.h"

/* A reader of standard output that has gone has seen enough; one of a recording has not. */
static int record_report(const struct options *opt, const struct tables_view *view, FILE *record,
			 const void *report)
{
	int r = record ? view->json(record, NULL, report) : 0;

	if (r == -EPIPE)
		return log_err(-LAB_EXIT_RUNTIME, "cannot write %s: its reader has gone",
			       opt->record_path);
	return r;
}

static int show_reports(const struct options *opt, const struct tables_view *view,
			const struct tables_source_ops *ops, struct tables_source *source,
			int stop_fd, FILE *record, void *report)
{
	int r;

	while ((r = ops->next(source, stop_fd, report)) > 0) {
		r = record_report(opt, view, record, report);
		if (!r)
			r = (opt->json ? view->json : view->text)(stdout, opt, report);
		if (r)
			break;
	}
	return r == -EPIPE ? 0 : r;
}

static int show(const struct options *opt, const struct tables_view *view,
		const struct tables_source_ops *ops, struct tables_source *source, int stop_fd,
		FILE *record)
{
	_cleanup_(freep) void *report = calloc(1, view->size);
	int r;

	if (!report)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	r = show_reports(opt, view, ops, source, stop_fd, record, report);
	view->drop(report);
	return r;
}

int tables_run(const struct options *opt, const struct tables_view *view,
	       const struct tables_source_ops *ops, int stop_fd)
{
	_cleanup_(fclosep) FILE *record = NULL;
	struct tables_source *source;
	int r = open_record(opt->record_path, &record);

	if (r)
		return r;
	r = ops->open(opt, view, &source);
	if (r)
		return r;
	/* Also the sign for scripts that everything is attached. */
	if (!opt->replay_path)
		log_notice("Watching page requests. Hit Ctrl-C to end.");
	r = show(opt, view, ops, source, stop_fd, record);
	ops->close(source);
	return r;
}
