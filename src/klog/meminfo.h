/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* meminfo.h - the memory state in a report: zones, marks, reserves, free blocks. Pure. */
#ifndef LAB_KLOG_MEMINFO_H
#define LAB_KLOG_MEMINFO_H

#include "model/alloc_report.h"

/*
 * Reads tokens, not lines, as lines may be joined or broken anywhere. text is what stands behind
 * "Mem-Info:"; it is changed. Numbers that are cut are left out.
 */
void meminfo_parse(struct alloc_report *r, char *text);

#endif
