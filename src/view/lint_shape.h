/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* lint_shape.h - a report of the view lint in the JSON stream. */
#ifndef LAB_VIEW_LINT_SHAPE_H
#define LAB_VIEW_LINT_SHAPE_H

#include <stdio.h>

#include "json/shape.h"

struct show;

extern const struct shape lint_shape; /* struct lint_report */

/* Prints a struct lint_report; returns as out_write() does. */
int lint_json(FILE *f, const struct show *show, const void *report);

#endif
