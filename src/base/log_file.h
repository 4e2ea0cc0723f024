/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* log_file.h - the bytes of a file, a pipe or standard input; gzip and zstd are undone. */
#ifndef LAB_BASE_LOG_FILE_H
#define LAB_BASE_LOG_FILE_H

#include <linux/types.h>
#include <stddef.h>
#include <sys/types.h>

struct log_file;

/* Owns fd from now on, in any case. 0 or -errno. */
int log_file_open(int fd, struct log_file **ret);
void log_file_close(struct log_file *f);

/* Up to size bytes: their number, 0 at the end, -errno; -EBADMSG where compressed data are damaged
 * or cut. */
ssize_t log_file_read(struct log_file *f, char *buf, size_t size);

/* Back to the start of a file: 0, or -errno (-ESPIPE: it is a pipe). */
int log_file_rewind(struct log_file *f);

/* Bytes taken from the file so far, and its size; 0 where that is not known (a pipe). */
__u64 log_file_done(const struct log_file *f);
__u64 log_file_size(const struct log_file *f);

#endif
