/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * source.h - where what a view shows comes from: the running kernel or a recording. A source fills
 * the report of the view that it was opened for.
 */
#ifndef LAB_SOURCE_SOURCE_H
#define LAB_SOURCE_SOURCE_H

#include "model/event.h"
#include "view/view.h"

/* What next() gives. */
enum item { ITEM_END, ITEM_EVENT, ITEM_REPORT };

struct source;

struct source_ops {
	/*
	 * Waits for the next item: an enum item, or FAIL() once logged. Live: until one comes, the
	 * run's time is over or stop_fd becomes readable; what is still waiting then is handed out
	 * first. An event is complete (what came of its caller is known, or no longer to be known),
	 * and there until the next call or close(). Replay: never waits.
	 */
	int (*next)(struct source *s, int stop_fd, void *report, const struct event **ret_event);
	/*
	 * Reads what stands before the first item, which info() tells: 0 or FAIL() once logged.
	 * NULL: nothing does. No byte of input is read before it, or before next().
	 */
	int (*begin)(struct source *s);
	/* Will next() give another item at once? NULL: not known. */
	bool (*ready)(const struct source *s);
	/* No more events are wanted: next() gives the last report, if there is one, and the end. */
	void (*end)(struct source *s);
	/*
	 * What does not change during the run. Valid from begin() on, until the next call of next()
	 * (a replay knows no better than the lines read so far).
	 */
	const struct run_info *(*info)(const struct source *s);
	/* Back to the first item: 0, or -errno, and the source goes on as it was. NULL: it cannot.
	 */
	int (*rewind)(struct source *s);
	/* Detaches and frees. */
	void (*close)(struct source *s);
};

/* What is attended to while next() waits: ready() is called whenever fd is readable. */
struct source_also {
	int fd;
	void (*ready)(void *arg);
	void *arg;
};

/* The beginning of every source. */
struct source {
	const struct source_ops *ops;
	/* NULL: nothing else. Set after open, for a source of events of the running kernel. */
	const struct source_also *also;
};

#endif
