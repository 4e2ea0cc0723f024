/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * assemble.h - records of a kernel log to reports. Cpus print at the same time: their lines are
 * told apart by the ids of CONFIG_PRINTK_CALLER where the log has them, else as well as names
 * allow.
 */
#ifndef LAB_KLOG_ASSEMBLE_H
#define LAB_KLOG_ASSEMBLE_H

#include "klog/transport.h"
#include "model/alloc_report.h"

struct assembler;

/* fn is given each report, in the order of the headers; it may change it, and returns 0 or -errno.
 */
typedef int (*report_fn)(void *arg, struct alloc_report *r);

/* NULL: no memory. */
struct assembler *assembler_new(report_fn fn, void *arg);
void assembler_free(struct assembler *a);

/* Where the records that follow come from. */
void assembler_file(struct assembler *a, const char *name);

int assembler_record(struct assembler *a, const struct record *rec);

/* No more lines belong to the reports that were begun. */
int assembler_flush(struct assembler *a);

/* Adds what no report was printed for, at the end of all logs. */
struct klog_counts assembler_counts(const struct assembler *a);

#endif
