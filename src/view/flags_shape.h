/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* flags_shape.h - a report of the view flags in the JSON stream. */
#ifndef LAB_VIEW_FLAGS_SHAPE_H
#define LAB_VIEW_FLAGS_SHAPE_H

#include <stdio.h>

#include "json/shape.h"

struct show;

extern const struct shape flags_shape; /* struct flags_report */

/* Prints a struct flags_report; returns as out_write() does. */
int flags_json(FILE *f, const struct show *show, const void *report);

#endif
