/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* explain_shape.h - what kernel logs say, as lines of JSON. */
#ifndef LAB_VIEW_EXPLAIN_SHAPE_H
#define LAB_VIEW_EXPLAIN_SHAPE_H

#include <stdio.h>

#include "json/parse.h"
#include "model/alloc_report.h"
#include "model/event_summary.h"

/* Reports of one site, order, mask, kernel and verdict. */
struct explain_group {
	char site[EVENT_SYMBOL], driver[EVENT_MODULE];
	char gfp[GFP_NAMES_TEXT], release[RELEASE_TEXT];
	unsigned int order;
	enum report_context context;
	enum report_verdict verdict;
	__u64 reports;
	bool has_margin;
	__s64 worst;		  /* margin */
	char first[48], last[48]; /* date or time stamp */
};

/* One line each; they return as out_put() does, or -ENOMEM. */
int explain_json(FILE *f, const struct alloc_report *r);
int explain_json_group(FILE *f, const struct explain_group *g);
int explain_json_summary(FILE *f, const struct klog_counts *c);

/* Is a line of this type one of these? */
bool explain_wrote(const char *type);

/* What a line comes to, in the terms of a run: a failure, or how many there were. */
struct explained {
	struct run_info *info; /* its kernel is filled */
	struct event *event;
	struct event_summary *summary;
	bool is_summary; /* summary is filled, else event */
};

/*
 * Reads such a line back. A report is a failure at a time that is not known, of a caller that
 * nobody followed. *ret points to structs that are zero. 0, or -EINVAL with err filled; not logged.
 */
int explain_line_parse(const char *line, size_t len, struct explained *ret,
		       struct stream_error *err);

/* The JSON Schema of these lines; returns as out_put() does. */
int explain_schema(FILE *f);

#endif
