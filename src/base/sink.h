/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * sink.h - lines into a file, as they are or packed by zstd. What a full disk does not take is left
 * out by whole lines and counted, and tried again with the next line: the file always ends with a
 * whole line, and can be read to its end. Takes no memory after sink_new().
 */
#ifndef LAB_BASE_SINK_H
#define LAB_BASE_SINK_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct sink;

/* NULL: no memory. */
struct sink *sink_new(bool packed);
/* Leaves the descriptor open. */
void sink_free(struct sink *s);

/* From now on into this one, which is empty. is_file: what was written of a line can be taken back.
 * -1: all lines are lost. */
void sink_to(struct sink *s, int fd, bool is_file);

/* Any piece of the stream. 0, or -EPIPE: the reader of a FIFO has gone. */
int sink_put(struct sink *s, const char *text, size_t size);

/* The last line of this file was put. 0 or -errno. */
int sink_end(struct sink *s);

/* Is a line whole, and all that was put in the file, or lost? */
bool sink_between_lines(const struct sink *s);

struct sink_counts {
	__u64 lines, lost; /* whole lines since sink_new(), and those of them in no file */
	__u64 bytes;	   /* of this file, up to the end of the last line in it */
	int error;	   /* -errno of the first that was lost */
};

struct sink_counts sink_counts(const struct sink *s);

#endif
