/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* help.h - the help, of all or of one view. */
#ifndef LAB_CLI_HELP_H
#define LAB_CLI_HELP_H

#include <stdio.h>

struct option_table;

/* view: a name as it is typed, also check; NULL: of all. Examples come first. */
void help_print(FILE *f, const struct option_table *options, const char *view);

#endif
