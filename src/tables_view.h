/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * tables_view.h - what the views flags and lint have in common: a report an interval of counts that
 * the kernel side keeps in a table, and one since start at the end.
 *
 *	tables.h | recording -> source -> struct flags_report, lint_report -> text | json -> out
 */
#ifndef LAB_TABLES_VIEW_H
#define LAB_TABLES_VIEW_H

#include <stdio.h>

#include "json_read.h"
#include "json_write.h"
#include "tables.h"

struct options;

/* The beginning of every report. */
struct tables_head {
	struct run_info info;
	__u64 time_ns;	   /* CLOCK_REALTIME at the reading */
	__u64 interval_ns; /* length of interval, CLOCK_MONOTONIC */
	__u64 total_ns;	   /* since start */
	__u64 sequence;	   /* 1, 2, ... */
	bool final;	   /* the last one of the run */
	struct tables_audit interval, total;
	struct budget_report budget;
};

/*
 * One of the views. A report is an object of `size` bytes, zero before its first use, that begins
 * with a struct tables_head; the same one is filled again and again.
 */
struct tables_view {
	const char *name;
	size_t size;
	/* A reading begins: no row came since the one before. Then each row of one of the two
	 * kinds: the other is NULL. */
	void (*begin)(void *report);
	kind_row_fn *kind;
	site_row_fn *site;
	/* Fills the report from one line of a stream, of which the head is read. */
	void (*parse)(struct reader *rd, const json_t *root, void *report);
	/* Print as view_ops do. json: also the recording, with opt NULL: no row is left out. */
	int (*text)(FILE *f, const struct options *opt, const void *report);
	int (*json)(FILE *f, const struct options *opt, const void *report);
	/* Frees what the report has, not the report. */
	void (*drop)(void *report);
};

extern const struct tables_view tables_view_flags;
extern const struct tables_view tables_view_lint;

struct tables_source;

/* Where the reports of a view come from; as source_ops. */
struct tables_source_ops {
	int (*open)(const struct options *opt, const struct tables_view *view,
		    struct tables_source **ret);
	int (*next)(struct tables_source *s, int stop_fd, void *report);
	void (*close)(struct tables_source *s);
};

extern const struct tables_source_ops tables_source_live;
extern const struct tables_source_ops tables_source_replay;

/*
 * Opens the source and the recording that opt asks for, and shows every report until the source
 * ends, or the reader of standard output has gone (quietly: 0). stop_fd becomes readable on Ctrl-C.
 * 0 or a negative exit code (logged). tables_run.c.
 */
int tables_run(const struct options *opt, const struct tables_view *view,
	       const struct tables_source_ops *ops, int stop_fd);

/* ---- parts of a report ---- */

/* The counts of now: interval becomes what they are more than those of before. */
void tables_audit_take(struct tables_head *head, const struct tables_audit *now);
/* Nothing missed, nothing passed over, and room for all. */
bool tables_audit_complete(const struct tables_audit *a);

/*
 * tables_stream.c. One line: 0, -ENOMSG when it is of another view (err->view), or -EINVAL with err
 * filled; not logged.
 */
int tables_parse(const struct tables_view *view, const char *line, size_t len, void *report,
		 struct stream_error *err);
/* A line with type, schema, time, head and run. */
json_t *tables_head_json(struct writer *w, const struct tables_view *view,
			 const struct tables_head *head);
/* How many requests were seen is known of kinds only. */
json_t *tables_audit_json(struct writer *w, const struct tables_view *view,
			  const struct tables_audit *a);
void tables_audit_read(struct reader *rd, const struct tables_view *view, const json_t *object,
		       struct tables_audit *a);

/* view_tables_text.c: an empty line, time, what is missing; what is shown is since start. */
void tables_head_text(FILE *f, const struct options *opt, const struct tables_head *head);
/* "audit: seen 4711, missed 0, uncounted 0: complete", of what is shown; seen: is it known? */
void tables_audit_text(FILE *f, const struct tables_head *head, bool seen);
/* --class on a replay takes rows away: what the audit is of. */
void tables_filter_text(FILE *f, const struct options *opt, const struct tables_head *head);
/* Prints with fn into memory, and writes it through at once: returns as view_ops do. */
int tables_page(FILE *f, const struct options *opt, const void *report,
		void (*fn)(FILE *f, const struct options *opt, const void *report));

#endif
