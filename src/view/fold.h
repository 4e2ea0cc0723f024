/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* fold.h - a finished page, made to fit: what is longer than a line goes on in the next. */
#ifndef LAB_VIEW_FOLD_H
#define LAB_VIEW_FOLD_H

#include <stdio.h>

#include "view/show.h"

/*
 * Puts a page into f, as out_put() does. A line that is longer than the page breaks at a space, and
 * goes on four columns further in than it began.
 */
int fold_put(FILE *f, const struct show *show, const char *page, size_t len);

#endif
