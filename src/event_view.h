/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* event_view.h - how events are shown, one by one. A view prints to the stream it is given. */
#ifndef LAB_EVENT_VIEW_H
#define LAB_EVENT_VIEW_H

#include <stdio.h>

#include "event.h"

struct options;

/*
 * Each returns 0, -EPIPE when the reader of f has gone (not logged: the caller ends quietly), or a
 * negative exit code (logged). begin() and end() write all they have through to f before they
 * return; event() may leave it there for view_flush(). Views keep no state between calls.
 */
struct event_view_ops {
	const char *name;
	int (*begin)(FILE *f, const struct options *opt, const struct run_info *info);
	int (*event)(FILE *f, const struct options *opt, const struct run_info *info,
		     const struct event *e);
	int (*end)(FILE *f, const struct options *opt, const struct run_info *info,
		   const struct event_summary *s);
};

extern const struct event_view_ops event_view_text;
extern const struct event_view_ops event_view_json; /* also the recording */

/* Is an event of this class asked for (--class on a replay)? */
bool event_wanted(const struct options *opt, const struct event *e);

#endif
