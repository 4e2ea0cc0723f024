/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* view.h - how reports are shown. A view reads the model and prints to the stream it is given. */
#ifndef LAB_VIEW_H
#define LAB_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "model.h"

struct options;

/*
 * Each returns 0, -EPIPE when the reader of f has gone (not logged: the caller ends quietly), or a
 * negative exit code (logged). report() writes its report through to f before it returns. Views
 * keep no state between calls.
 */
struct view_ops {
	const char *name;
	int (*begin)(FILE *f, const struct options *opt);
	int (*report)(FILE *f, const struct options *opt, const struct report *r);
	int (*end)(FILE *f, const struct options *opt);
};

extern const struct view_ops view_text;
extern const struct view_ops view_json;

/*
 * The whole report as one line, no row left out whatever the options of the run are: a recording.
 * Returns as view_ops does.
 */
int view_json_record(FILE *f, const struct report *r);

/*
 * Writes one finished report to f and flushes it; returns as view_ops does. Whole, so that the
 * error of a write that failed is still known.
 */
int view_write(FILE *f, const char *text, size_t len);

/*
 * The same in two steps, for events that come by the thousand: f keeps what it has room for, and no
 * part of a text is written without the rest that fits into that room.
 */
int view_put(FILE *f, const char *text, size_t len);
int view_flush(FILE *f);

/* Is this row of these figures asked for (--class on a replay, -x)? */
bool view_wants_row(const struct options *opt, unsigned int class, const struct row *row);

/* Pageblocks held in the exclusive reserve of all zones; -1 when not known. */
long long view_held_blocks(const struct report *r);

#endif
