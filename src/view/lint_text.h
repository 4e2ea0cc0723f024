/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* lint_text.h - requests that do not fit their context, for people. */
#ifndef LAB_VIEW_LINT_TEXT_H
#define LAB_VIEW_LINT_TEXT_H

#include <stdio.h>

struct show;

/* Prints a struct lint_report; returns as out_write() does. */
int lint_text(FILE *f, const struct show *show, const void *report);

#endif
