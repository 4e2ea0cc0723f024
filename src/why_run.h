/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* why_run.h - the view why: from a source, or a recording, to its reports. */
#ifndef LAB_WHY_RUN_H
#define LAB_WHY_RUN_H

#include "event_source.h"

struct options;

/*
 * Opens the source and the recording that opt asks for, and reports every interval, and since start
 * at the end: when the source ends, after opt->count reports, or when the reader of standard output
 * has gone (quietly: 0). stop_fd becomes readable on Ctrl-C. 0 or a negative exit code (logged).
 */
int why_run(const struct options *opt, const struct event_source_ops *ops, int stop_fd);

/* The same with an open source; record: NULL, or where the JSON stream goes too. */
int why_show(const struct options *opt, const struct event_source_ops *ops,
	     struct event_source *source, int stop_fd, FILE *record);

/*
 * Shows what was recorded: each report of this view as it is, and one of all events, if there are
 * any. Returns as why_run(). why_replay.c.
 */
int why_replay(const struct options *opt);

#endif
