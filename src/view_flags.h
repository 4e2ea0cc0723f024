/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* view_flags.h - the two forms of the view flags; return as view_ops do. */
#ifndef LAB_VIEW_FLAGS_H
#define LAB_VIEW_FLAGS_H

#include <stdio.h>

struct options;

int flags_text(FILE *f, const struct options *opt, const void *report); /* view_flags_text.c */
int flags_json(FILE *f, const struct options *opt, const void *report); /* view_flags_json.c */

#endif
