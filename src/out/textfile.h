/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* textfile.h - metrics in a file that node_exporter's collector "textfile" reads. */
#ifndef LAB_OUT_TEXTFILE_H
#define LAB_OUT_TEXTFILE_H

#include <stddef.h>

/*
 * Replaces path, whose name ends in ".prom", by this text: by a file beside it that is then
 * renamed, so that a reader sees the old one or the new one, whole. Readable by all. 0 or -errno;
 * *ret_call is what failed.
 */
int textfile_write(const char *path, const char *text, size_t len, const char **ret_call);

#endif
