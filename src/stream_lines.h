/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stream_lines.h - the lines of a recorded stream: a file, a pipe or standard input ("-"). */
#ifndef LAB_STREAM_LINES_H
#define LAB_STREAM_LINES_H

#include <linux/types.h>
#include <stdio.h>

struct lines {
	FILE *file;
	const char *name; /* for messages */
	char *line;	  /* the one read last, without its newline; no NUL behind it */
	size_t len, room;
	__u64 number; /* of that line, from 1 */
};

/* 0 or a negative exit code (logged). path must live as long as *l. */
int lines_open(struct lines *l, const char *path);
/* The next line that is not blank: 1, 0 at the end of the stream, negative exit code (logged). */
int lines_next(struct lines *l);
void lines_close(struct lines *l);

#endif
