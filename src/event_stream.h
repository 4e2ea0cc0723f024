/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * event_stream.h - the lines of the view events in the JSON stream: event_start, then an event
 * each, then event_summary. The same tables write and read them.
 *
 *	struct event -> view_event_json.c -> one line -> event_read.c -> struct event
 *	                        event_fields.c: key, kind, place
 */
#ifndef LAB_EVENT_STREAM_H
#define LAB_EVENT_STREAM_H

#include "event.h"
#include "stream.h"

extern const struct field event_kind_fields[];	  /* struct event */
extern const struct field event_gfp_fields[];	  /* struct event */
extern const struct field event_request_fields[]; /* struct event */
extern const struct field event_owner_fields[];	  /* struct event; of task context only */
extern const struct field event_site_fields[];	  /* struct event */
extern const struct field event_path_fields[];	  /* struct event */
extern const struct field event_bulk_fields[];	  /* struct event; null unless bulk */
extern const struct field event_failed_fields[];  /* struct event; of FAILED only */
extern const struct field event_told_fields[];	  /* struct event */
extern const struct field event_zone_fields[];	  /* struct lab_event_zone */
extern const struct field event_symbol_fields[];  /* struct event_frame */
extern const struct field event_final_fields[];	  /* struct event_summary */
extern const struct field event_count_fields[];	  /* struct event_summary */
extern const struct field event_audit_fields[];	  /* struct event_summary; when final */

/* Names of what is counted in a summary; NULL behind the last. */
const char *event_verdict_name(unsigned int v);
const char *event_printed_name(unsigned int v);

/* In an interrupt the current task is a bystander. */
bool event_task_is_owner(const struct event *e);

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
