/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* completion.h - what a shell completes. */
#ifndef LAB_CLI_COMPLETION_H
#define LAB_CLI_COMPLETION_H

#include <stdio.h>

struct option_table;

/* Prints the function that bash calls to complete a command line: of each view its own options. */
void completion_bash(FILE *f, const struct option_table *options);

#endif
