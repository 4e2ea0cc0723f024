/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* event_source.h - where events come from: the live kernel, or a recorded stream. */
#ifndef LAB_EVENT_SOURCE_H
#define LAB_EVENT_SOURCE_H

#include <stdio.h>

#include "event.h"
#include "site_row.h"

struct options;
struct event_source;

struct event_source_ops {
	const char *name;
	/*
	 * Makes the source ready; logs on failure. Returns 0 and *ret_source, or a negative exit
	 * code.
	 */
	int (*open)(const struct options *opt, struct event_source **ret_source);
	/*
	 * Waits for the next event that is complete (its aftermath known, or no longer to be known)
	 * and tells where it is. Live: until one comes, the duration is over or stop_fd becomes
	 * readable; what is still waiting then is handed out first. Replay: never waits. 1: an
	 * event, 2: the time given by until() has come, 0: no more, negative exit code: failed,
	 * already logged. An event is there until the next call, or close().
	 */
	int (*next)(struct event_source *s, int stop_fd, const struct event **ret_event);
	/* Lets next() return 2 at that time (CLOCK_MONOTONIC) and not wait longer; 0: never. NULL:
	 * the source never waits. */
	void (*until)(struct event_source *s, __u64 time_ns);
	/* Will next() return another event at once? NULL: not known. */
	bool (*ready)(const struct event_source *s);
	/*
	 * What does not change during the run. Valid from open() on, until the next call of next()
	 * (a replay knows no better than the lines read so far).
	 */
	const struct run_info *(*info)(const struct event_source *s);
	/* The run so far; called once, after the last next(). */
	void (*summary)(struct event_source *s, struct event_summary *ret_summary);
	/*
	 * The counts by site that the kernel side keeps, row by row: for the view why, whose
	 * options must have opened the source. 0 or a negative exit code. NULL: the source has
	 * none.
	 */
	int (*sites)(struct event_source *s, site_row_fn *fn, void *arg, struct site_losses *ret);
	/* What the tool itself took by now. NULL: the source has no budget. */
	void (*budget)(struct event_source *s, struct budget_report *ret);
	/* Detaches and frees. NULL is fine. */
	void (*close)(struct event_source *s);
};

extern const struct event_source_ops event_source_live;
extern const struct event_source_ops event_source_replay;

/*
 * Opens a source and the recording that opt asks for, and shows what comes, until the source ends,
 * opt->count events were shown, or the reader of standard output has gone (quietly: 0); then the
 * summary. stop_fd becomes readable on Ctrl-C. Returns 0 or a negative exit code (logged).
 * events_run.c.
 */
int events_run(const struct options *opt, const struct event_source_ops *ops, int stop_fd);

/* The same with an open source; record: NULL, or where the JSON stream goes too. */
int events_show(const struct options *opt, const struct event_source_ops *ops,
		struct event_source *source, int stop_fd, FILE *record);

#endif
