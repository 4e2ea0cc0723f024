/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stat_shape.h - a report of the view stat in the JSON stream, and what of it is shown. */
#ifndef LAB_VIEW_STAT_SHAPE_H
#define LAB_VIEW_STAT_SHAPE_H

#include <stdio.h>

#include "json/parse.h"
#include "json/shape.h"
#include "model/figures.h"

struct show;

extern const struct shape stat_shape; /* struct report */

/* An entry of the list "rows". */
struct stat_row {
	__u32 cls, context;
	struct row row;
};

/* Is this row of these figures to be shown? */
bool stat_wants_row(const struct show *show, unsigned int cls, const struct row *row);

/* Pageblocks held in the exclusive reserve of all zones; -1 when not known. */
long long stat_held_blocks(const struct report *r);

/* Prints a struct report; returns as out_write() does. */
int stat_json(FILE *f, const struct show *show, const void *report);

/*
 * Fills *ret from one line of a stream. 0, -ENOMSG when the line is of another view (err->view), or
 * -EINVAL with err filled; not logged, since only the caller knows the name of the file and the
 * number of the line.
 */
int stream_parse(const char *line, size_t len, struct report *ret, struct stream_error *err);

#endif
