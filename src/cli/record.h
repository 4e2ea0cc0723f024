/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * record.h - the file that a run is recorded in. It is written as PATH.part, private (0600), and
 * takes the place of PATH when it is whole: a run that does not start, or is killed, leaves what
 * was there. One that is cut into files has several of them (clerk.h). What is no file (a FIFO, a
 * terminal, /dev/fd/N of a shell) is written to as it is.
 */
#ifndef LAB_CLI_RECORD_H
#define LAB_CLI_RECORD_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/clerk.h"

struct record;

#define RECORD_HEAD 4096

struct record_options {
	const char *path; /* NULL: no recording; packed when it ends in .zst */
	/* Cut into files, each of at least that many bytes or as old as that; 0: not by that. */
	__u64 rotate_bytes, rotate_ns;
	unsigned int keep; /* the newest so many of those stay; 0: all */
	bool headed;	   /* the first line is to begin each of them */
};

bool record_is_cut(const struct record_options *opt);

/*
 * opt must live as long as *ret, which is NULL without a path. clerk: whose first family of files
 * the recording is, for one that is cut; no matter for others. 0 or FAIL() once logged.
 */
int record_open(struct record **ret, const struct record_options *opt, struct clerk *clerk);

/*
 * Where lines go; NULL when rec is. What a full disk does not take is left out by whole lines and
 * counted, and tried again with the next line; a write to it fails only when the reader of a FIFO
 * has gone (out.h).
 */
FILE *record_stream(const struct record *rec);

/* It is whole: gives it its name. 0, also when rec is NULL, or FAIL() once logged, and it keeps
 * that of PATH.part. */
int record_finish(struct record *rec);

/* Frees; what was not finished and holds nothing is removed. */
void record_close(struct record *rec);

#endif
