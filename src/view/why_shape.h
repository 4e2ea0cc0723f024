/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* why_shape.h - a report of the view why in the JSON stream, and what of it is shown. */
#ifndef LAB_VIEW_WHY_SHAPE_H
#define LAB_VIEW_WHY_SHAPE_H

#include <stdio.h>

#include "json/parse.h"
#include "json/shape.h"
#include "view/why_report.h"

struct show;

extern const struct shape why_shape; /* struct why_report */

/* Is this row to be shown (-x)? */
bool view_why_wants(const struct show *show, const struct why_site *s);

/* Prints a struct why_report; returns as out_write() does. */
int why_json(FILE *f, const struct show *show, const void *report);

/*
 * Fills *ret, which must be empty, from one line of a stream; why_report_free() gives back what it
 * holds, also after a failure. 0, -ENOMSG when the line is of another view (err->view), or -EINVAL
 * with err filled; not logged.
 */
int why_line_parse(const char *line, size_t len, struct why_report *ret, struct stream_error *err);

#endif
