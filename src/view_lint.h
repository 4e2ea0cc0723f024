/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* view_lint.h - the two forms of the view lint; return as view_ops do. */
#ifndef LAB_VIEW_LINT_H
#define LAB_VIEW_LINT_H

#include <stdio.h>

struct options;

int lint_text(FILE *f, const struct options *opt, const void *report); /* view_lint_text.c */
int lint_json(FILE *f, const struct options *opt, const void *report); /* view_lint_json.c */

#endif
