/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* explain_why.h - why a request in a kernel log failed, in one sentence. */
#ifndef LAB_VIEW_EXPLAIN_WHY_H
#define LAB_VIEW_EXPLAIN_WHY_H

#include <stddef.h>

#include "model/alloc_report.h"

/* One sentence: the numbers that decided it. Cut where buf ends. */
void explain_why(const struct alloc_report *r, char *buf, size_t size);

#endif
