/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* why_text.h - a report of the view why for people. */
#ifndef LAB_VIEW_WHY_TEXT_H
#define LAB_VIEW_WHY_TEXT_H

#include <stdio.h>

struct show;

/* Prints a struct why_report; returns as out_write() does. */
int why_text(FILE *f, const struct show *show, const void *report);

#endif
