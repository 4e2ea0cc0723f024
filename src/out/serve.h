/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* serve.h - labyrinth serve: one loop from a source to those who scrape. */
#ifndef LAB_OUT_SERVE_H
#define LAB_OUT_SERVE_H

#include "source/source.h"

struct serve_options {
	int listen_fd;	      /* taken over; -1: no HTTP */
	const char *textfile; /* NULL: none */
};

struct serve;

/*
 * Gets all ready that takes memory, before a source is opened: what that holds is locked. opt stays
 * the caller's. 0 or FAIL() once logged; serve_close() in either case.
 */
int serve_open(struct serve **ret, const struct serve_options *opt);
/*
 * Serves what comes from an open source of view_serve until stop_fd is readable; then writes the
 * file once more. 0 or FAIL() once logged.
 */
int serve_run(struct serve *s, struct source *source, int stop_fd);
void serve_close(struct serve *s);

#endif
