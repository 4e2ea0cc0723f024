/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_run.h - the loop of a full screen: from a source to a terminal and a recording, and from its
 * keys back. */
#ifndef LAB_OUT_TOP_RUN_H
#define LAB_OUT_TOP_RUN_H

#include <stdio.h>

#include "source/source.h"
#include "view/show.h"

struct flight;
struct screen;
struct top_run;

struct top_options {
	const char *replay_path; /* NULL: live */
	FILE *record;		 /* NULL: none. Gets the lines of JSON */
	struct flight *flight;	 /* NULL: none */
	const struct show *show;
};

/* All memory that it takes, before a source is opened and holds what there is. 0 or FAIL() once
 * logged. The screen is open, and the caller's; *opt lives as long as the run. */
int top_run_new(struct top_run **ret, const struct top_options *opt, struct screen *screen);

/*
 * Shows what comes from an open source of view_top, until a key or a signal (stop_fd readable) asks
 * for the end, or a live source ends. 0 or FAIL() once logged.
 */
int top_run_show(struct top_run *r, struct source *source, int stop_fd);

/* NULL is fine. */
void top_run_free(struct top_run *r);

#endif
