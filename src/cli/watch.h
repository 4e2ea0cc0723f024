/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* watch.h - the one loop: from a source to standard output and a recording, for any view. */
#ifndef LAB_CLI_WATCH_H
#define LAB_CLI_WATCH_H

#include <stdio.h>

struct flight;
struct options;
struct source;
struct view;

/*
 * Shows all that comes from an open source: until it ends, opt->count is reached, or the reader of
 * standard output has gone (quietly: 0; the recording gets its end). stop_fd becomes readable when
 * a signal asks for the end. record: NULL, or where the JSON stream goes too. flight: NULL, or what
 * holds the last seconds of it. 0 or FAIL() once
 * logged.
 */
int watch_show(const struct options *opt, const struct view *view, struct source *source,
	       int stop_fd, FILE *record, struct flight *flight);

#endif
