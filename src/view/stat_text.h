/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stat_text.h - a report of the view stat for people. */
#ifndef LAB_VIEW_STAT_TEXT_H
#define LAB_VIEW_STAT_TEXT_H

#include <stdio.h>

struct show;

/* Prints a struct report; returns as out_write() does. */
int stat_text(FILE *f, const struct show *show, const void *report);

#endif
