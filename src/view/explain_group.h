/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* explain_group.h - reports by who asked and why it failed. */
#ifndef LAB_VIEW_EXPLAIN_GROUP_H
#define LAB_VIEW_EXPLAIN_GROUP_H

#include <stdio.h>

#include "model/alloc_report.h"

struct explain_groups;

/* NULL: no memory. */
struct explain_groups *explain_groups_new(void);
void explain_groups_free(struct explain_groups *g);

/* Those beyond 4096 kinds are counted as one without a site. 0 or -ENOMEM. */
int explain_groups_add(struct explain_groups *g, const struct alloc_report *r);

/* The most frequent first. Return as out_put() does. */
int explain_groups_text(FILE *f, struct explain_groups *g);
int explain_groups_json(FILE *f, struct explain_groups *g);

#endif
