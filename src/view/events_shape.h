/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* events_shape.h - the lines of the view events, written and read. */
#ifndef LAB_VIEW_EVENTS_SHAPE_H
#define LAB_VIEW_EVENTS_SHAPE_H

#include <stdio.h>

#include "json/parse.h"
#include "json/shape.h"
#include "model/event_summary.h"

struct show;

/* An event, and the run it is of. */
struct event_said {
	const struct run_info *info;
	const struct event *event;
};

struct event_summed {
	const struct run_info *info;
	const struct event_summary *summary;
};

/* Its three kinds of lines. */
extern const struct shape event_start_shape;   /* struct run_info */
extern const struct shape event_shape;	       /* struct event_said */
extern const struct shape event_summary_shape; /* struct event_summed */

/* In an interrupt the current task is a bystander. */
bool event_task_is_owner(const struct event *e);

/* How a run begins, each event, and what they come to, a struct event_summary. Each prints as
 * out_write() does; an event may stay in f for out_flush(). */
int events_json_start(FILE *f, const struct show *show, const struct run_info *info);
int events_json_event(FILE *f, const struct show *show, const struct run_info *info,
		      const struct event *e);
int events_json(FILE *f, const struct show *show, const void *report);

enum event_line_type { EVENT_LINE_OTHER, EVENT_LINE_START, EVENT_LINE_EVENT, EVENT_LINE_SUMMARY };

/* What a line holds: start and summary apart, an event with its host and kernel in info. */
struct event_line {
	enum event_line_type type;
	const char *view; /* of OTHER: the view that wrote the line */
	struct run_info info;
	struct event event;
	struct event_summary summary;
};

/*
 * Fills *ret from one line of a stream. 0 (also for one of another view, which is
 * EVENT_LINE_OTHER), or -EINVAL with err filled; not logged.
 */
int event_line_parse(const char *line, size_t len, struct event_line *ret,
		     struct stream_error *err);

#endif
