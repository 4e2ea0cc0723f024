/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* copies.h - the same report once more: journal and kern.log both have it. Pure. */
#ifndef LAB_KLOG_COPIES_H
#define LAB_KLOG_COPIES_H

#include "model/alloc_report.h"

/* Of bounded size: with very many reports in between, a copy is no longer seen as one. */
struct copies;

/* NULL: no memory. */
struct copies *copies_new(void);
void copies_free(struct copies *c);

/* Was that report there before? Remembers it. */
bool copies_seen(struct copies *c, const struct alloc_report *r);

#endif
