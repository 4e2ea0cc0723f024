/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* lines.h - the lines of a recorded stream: a file, a pipe or standard input ("-"); gzip and zstd
 * are undone. */
#ifndef LAB_BASE_LINES_H
#define LAB_BASE_LINES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct log_file;

struct lines {
	int fd;		       /* until file has it */
	struct log_file *file; /* NULL: nothing was read yet */
	const char *name;      /* for messages */
	bool stopped;	       /* a signal asked for the end before the stream came to its own */
	char *line;	       /* the one read last, without its last newline; no NUL behind it */
	size_t len, room;
	char *read; /* of the file, as much as came at once */
	size_t read_at, read_len;
	__u64 number;	  /* of that line, or of the first of that object, from 1 */
	__u64 read_lines; /* so many were read */
};

/* 0 or FAIL() once logged. path must live as long as *l. */
int lines_open(struct lines *l, const char *path);
/* The next line that is not blank, or all lines of an object that begins with a line of "{": 1, 0
 * at the end of the stream or of the run (stop.h), FAIL() once logged. */
int lines_next(struct lines *l);
/* Back to the first line: 0, or -errno, and nothing is changed (-ESPIPE: a pipe). */
int lines_rewind(struct lines *l);
void lines_close(struct lines *l);
/* Bytes of the file that were read so far, and its size; 0: not known (a pipe). */
void lines_progress(const struct lines *l, __u64 *ret_done, __u64 *ret_size);

#endif
