/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stream_budget.h - the key budget of the JSON stream: an object, or null where there is none. */
#ifndef LAB_STREAM_BUDGET_H
#define LAB_STREAM_BUDGET_H

#include "json_read.h"
#include "json_write.h"

void wr_put_budget(struct writer *w, json_t *root, const struct budget_report *b);
/* *b is zero before. Older recordings do not have the key: no budget. */
void rd_get_budget(struct reader *rd, const json_t *root, struct budget_report *b);

#endif
