/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* source.h - where reports come from: the live kernel, or a recorded stream. */
#ifndef LAB_SOURCE_H
#define LAB_SOURCE_H

#include "model.h"

struct options;
struct source;

struct source_ops {
	const char *name;
	/*
	 * Makes the source ready; logs on failure. Returns 0 and *ret_source, or a negative exit
	 * code
	 * (-EXIT_...: see exits.h).
	 */
	int (*open)(const struct options *opt, struct source **ret_source);
	/*
	 * Waits for the next report (live: an interval, or until stop_fd becomes readable; replay:
	 * never waits) and fills it. 1: a report, 0: no more, negative exit code: failed, already
	 * logged.
	 */
	int (*next)(struct source *s, int stop_fd, struct report *ret_report);
	/* Detaches and frees. NULL is fine. */
	void (*close)(struct source *s);
};

extern const struct source_ops source_live;
extern const struct source_ops source_replay;

#endif
