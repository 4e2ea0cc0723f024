/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * view.h - what a view is to the command line, to those who gather for it and to those who print
 * it: one struct. views.h has the list of all of them.
 */
#ifndef LAB_VIEW_VIEW_H
#define LAB_VIEW_VIEW_H

#include <stdio.h>

#include "json/parse.h"
#include "json/shape.h"
#include "model/event_summary.h"
#include "model/kind_row.h"
#include "model/scope.h"
#include "model/site_row.h"
#include "view/show.h"

struct report;

/* Options of the command line, as sets: a view takes none that it does not name. */
#define OPTION_INTERVAL (1ULL << 0) /* and INTERVAL as an argument */
#define OPTION_DURATION (1ULL << 1)
#define OPTION_JSON (1ULL << 2)
#define OPTION_CPU (1ULL << 3)
#define OPTION_CLASS (1ULL << 4)
#define OPTION_ORDER (1ULL << 5)
#define OPTION_FAILURES (1ULL << 6)
#define OPTION_ALL_CLASSES (1ULL << 7)
#define OPTION_ANON (1ULL << 8)
#define OPTION_RESERVE (1ULL << 9)
#define OPTION_SLOWER (1ULL << 10)
#define OPTION_BELOW (1ULL << 11)
#define OPTION_STACK (1ULL << 12)
#define OPTION_SAMPLE (1ULL << 13)
#define OPTION_BUDGET (1ULL << 14)
#define OPTION_ATTACH (1ULL << 15)
#define OPTION_NO_LATENCY (1ULL << 16)
#define OPTION_BTF (1ULL << 17)
#define OPTION_REPLAY (1ULL << 18)
#define OPTION_RECORD (1ULL << 19)
#define OPTION_TIMESTAMP (1ULL << 20)
#define OPTION_SERVE (1ULL << 21) /* --listen, --textfile */
#define OPTION_TOTAL (1ULL << 22)
#define OPTION_FROM (1ULL << 23) /* and --to */
#define OPTION_COLOR (1ULL << 24)
#define OPTION_ROWS (1ULL << 25)
#define OPTION_FOLDED (1ULL << 26)
#define OPTION_FLIGHT (1ULL << 27) /* --on-lost, --keep, --lost-file */
#define OPTION_REPORT (1ULL << 28)
#define OPTION_SPLIT (1ULL << 29)

/* What every view can take: how long, what is counted and at what cost, recorded and replayed. */
#define OPTIONS_OF_A_RUN                                                                           \
	(OPTION_DURATION | OPTION_JSON | OPTION_CLASS | OPTION_ORDER | OPTION_BUDGET |             \
	 OPTION_ATTACH | OPTION_BTF | OPTION_REPLAY | OPTION_RECORD | OPTION_TIMESTAMP |           \
	 OPTION_TOTAL | OPTION_FROM | OPTION_COLOR | OPTION_SPLIT)

#define VIEW_LINES 3 /* kinds of lines that a view writes, at most */

/*
 * A view. Its report is an object of `size` bytes, zero before its first use, that begins with a
 * struct run_head; the same one is filled again and again. What is NULL the view does not want.
 * What returns int gives 0 or FAIL() once logged; what prints returns as out_write() does.
 */
struct view {
	const char *name;
	const char *help;     /* '\n' starts a new line of the column */
	const char *watching; /* said once all is attached */
	/* When a recording holds nothing for it: "no report", and what prints one: "--json". */
	const char *nothing, *recorded_by;
	size_t size;
	bool no_classes;		      /* its recorded reports know no class */
	bool screen;			      /* a report is a screen: a terminal gets it as one */
	const struct shape *line[VIEW_LINES]; /* what it writes; NULL behind the last */

	/* ---- the command line ---- */
	__u64 options;	   /* OPTION_*: those that it takes */
	bool takes_logs;   /* what labyrinth explain prints, too, when it is replayed */
	bool slow_path;	   /* it has a meaning where only the slow path is seen */
	__u32 scope;	   /* SCOPE_*: what is gathered for it */
	__u32 class_mask;  /* bit = enum lab_class: what is counted unless classes are given */
	__u64 interval_ns; /* between reports unless given; 0: it has no intervals */
	__u64 slower_ns;   /* what is slow unless given; 0: nothing */

	/* ---- gathering ---- */
	struct report *(*cells)(void *report); /* where the counts of cells and zones are read to */
	void (*begin)(void *report);	       /* a reading of rows begins: none came yet */
	kind_row_fn *kind;
	site_row_fn *site;
	site_pair_fn *pair; /* after all rows */
	int (*event)(void *report, const struct event *e);
	void (*sampled)(void *report, __u32 every); /* of requests by stack, one in so many */
	/* How the run, or all runs of a recording, ended: behind the last event. */
	void (*summary)(void *report, const struct event_summary *s);
	int (*fill)(void *report); /* all is there, and the head is filled */

	/* ---- showing ---- */
	int (*text)(FILE *f, const struct show *show, const void *report);
	int (*json)(FILE *f, const struct show *show, const void *report); /* also the recording */
	/* Of a view that shows events one by one, before its report: how the run begins, and each.
	 */
	int (*text_start)(FILE *f, const struct show *show, const struct run_info *info);
	int (*json_start)(FILE *f, const struct show *show, const struct run_info *info);
	int (*text_event)(FILE *f, const struct show *show, const struct run_info *info,
			  const struct event *e);
	int (*json_event)(FILE *f, const struct show *show, const struct run_info *info,
			  const struct event *e);

	/*
	 * Fills the report from one line of a stream. 0, -ENOMSG when the line is of another view
	 * (err->view), or -EINVAL with err filled; not logged. NULL: all its lines are events.
	 */
	int (*parse)(const char *line, size_t len, void *report, struct stream_error *err);
	/* Frees what the report has, not the report. */
	void (*drop)(void *report);
};

/* Does it take events, to show them or to count them? */
static inline bool view_takes_events(const struct view *view)
{
	return view->event || view->text_event;
}

#endif
