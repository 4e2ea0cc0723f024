/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* why_view.h - how reports of the view why are shown. */
#ifndef LAB_WHY_VIEW_H
#define LAB_WHY_VIEW_H

#include <stdio.h>

#include "why.h"

struct options;

/*
 * Prints the report and writes it through to f. 0, -EPIPE when the reader of f has gone (not
 * logged), or a negative exit code (logged). Keeps no state between calls.
 */
typedef int why_view_fn(FILE *f, const struct options *opt, const struct why_report *r);

why_view_fn view_why_text;
why_view_fn view_why_json;

/* The whole report, whatever the options of the run are: a recording. Returns as the others. */
int view_why_record(FILE *f, const struct why_report *r);

/* Is this row asked for (-x)? */
bool view_why_wants(const struct options *opt, const struct why_site *s);

#endif
