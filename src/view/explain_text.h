/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* explain_text.h - what a report in a kernel log says, and what it does not, in words. */
#ifndef LAB_VIEW_EXPLAIN_TEXT_H
#define LAB_VIEW_EXPLAIN_TEXT_H

#include <stdio.h>

#include "model/alloc_report.h"

/*
 * In words, 80 columns wide. number: of the report, from 1. short_as: when not 0, the number of one
 * of the same site, mask and verdict that was explained before: one line then. Return as out_put()
 * does.
 */
int explain_text(FILE *f, const struct alloc_report *r, __u64 number, __u64 short_as);
int explain_text_summary(FILE *f, const struct klog_counts *c);

#endif
