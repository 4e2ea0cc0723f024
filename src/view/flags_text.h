/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* flags_text.h - kinds of requests, for people. */
#ifndef LAB_VIEW_FLAGS_TEXT_H
#define LAB_VIEW_FLAGS_TEXT_H

#include <stdio.h>

struct show;

/* Prints a struct flags_report; returns as out_write() does. */
int flags_text(FILE *f, const struct show *show, const void *report);

#endif
