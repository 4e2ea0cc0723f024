/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* klog.h - kernel logs to reports of page allocation failures: files of any size, in bounded
 * memory. */
#ifndef LAB_KLOG_KLOG_H
#define LAB_KLOG_KLOG_H

#include "klog/assemble.h"

struct klog;

/* NULL: no memory. fn: see assemble.h. */
struct klog *klog_new(report_fn fn, void *arg);
void klog_free(struct klog *k);

/* Called now and then with what is done of a file, and its size or 0. */
void klog_on_progress(struct klog *k, void (*fn)(void *arg, __u64 done, __u64 size), void *arg);

/* Reads a log that is open, and closes it; gzip and zstd are undone. 0, what fn gave, or -errno. */
int klog_read(struct klog *k, int fd, const char *name);

/* The same of bytes in memory. */
int klog_read_bytes(struct klog *k, const char *name, const char *bytes, size_t len);

struct klog_counts klog_counts(const struct klog *k);

#endif
