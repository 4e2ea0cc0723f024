/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* parse.h - from the command line to options. One table parses it and prints the help. */
#ifndef LAB_CLI_PARSE_H
#define LAB_CLI_PARSE_H

#include <stdio.h>

#include "cli/options.h"

/*
 * Fills *opt from argv. Returns 0: go on; 1: --help or --version was printed, exit 0;
 * FAIL(LAB_EXIT_USAGE) after one clear line on stderr. Pointers in *opt point into argv.
 */
int options_parse(struct options *opt, int argc, char **argv);

/* Prints the help text (generated from the table) to f. */
void options_help(FILE *f);

#endif
