/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * tables_text.h - the text that the views flags and lint share: a report an interval of
 * counts that the kernel side keeps in a table, and one since start at the end.
 */
#ifndef LAB_VIEW_TABLES_TEXT_H
#define LAB_VIEW_TABLES_TEXT_H

#include <stdio.h>

#include "view/view.h"

/* An empty line, time, what is missing; what is shown is since start. */
void tables_head_text(FILE *f, const struct show *show, const struct run_head *head);
/* "audit: seen 4711, missed 0, uncounted 0: complete", of what is shown; seen: is it known? */
void tables_audit_text(FILE *f, const struct show *show, const struct run_head *head, bool seen);
/* --class on a replay takes rows away: what the audit is of. */
void tables_filter_text(FILE *f, const struct show *show, const struct run_head *head);
/* Prints with fn into memory, and writes it through at once: returns as out_write() does. */
int tables_page(FILE *f, const struct show *show, const void *report,
		void (*fn)(FILE *f, const struct show *show, const void *report));

#endif
