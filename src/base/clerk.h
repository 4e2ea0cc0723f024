/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * clerk.h - a process beside the run that opens, names and removes its files, and starts a program,
 * which the run itself may not once all is attached. It is forked before rights are given up, and
 * told everything then: which files, how many to keep, which program. What asks it later can only
 * ask for the next step of that, so that a run that was taken over gains nothing by it. It ends
 * with the run.
 */
#ifndef LAB_BASE_CLERK_H
#define LAB_BASE_CLERK_H

#include <limits.h>
#include <stdbool.h>

enum { CLERK_RECORDING, CLERK_LOST, CLERK_FILES };

/* A family of files: PATH.part while it is written, then PATH with the UTC time of its beginning in
 * its name: run.json.zst is run-20261121T032635Z.json.zst. */
struct clerk_file {
	const char *path;  /* NULL: none */
	unsigned int keep; /* the newest so many of them stay, whoever wrote them; 0: all */
};

struct clerk_job {
	struct clerk_file file[CLERK_FILES];
	const char *program; /* NULL: none; with a '/' in it */
	bool quiet;	     /* its output would spoil a screen */
};

struct clerk;

/* Before there are threads. 0, or FAIL() once logged. */
int clerk_start(struct clerk **ret, const struct clerk_job *job);

/* A new PATH.part: a descriptor, or -errno. */
int clerk_open(struct clerk *c, unsigned int file);
/* PATH.part gets its name, and old ones are removed. 0 or -errno. ret_name: where; NULL: no matter.
 */
int clerk_finish(struct clerk *c, unsigned int file, char ret_name[PATH_MAX]);
/* Runs PROGRAM NAME SUMMARY, NAME the file of this family that was finished last. 0; -EBUSY: it
 * still runs for the one before; -errno. */
int clerk_run(struct clerk *c, unsigned int file, const char *summary);

/* Waits for the program, if not for long, and ends the process. How often it ended badly. */
unsigned int clerk_end(struct clerk *c);

#endif
