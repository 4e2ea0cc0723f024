/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* terminal.h - what standard output is shown on. */
#ifndef LAB_CLI_TERMINAL_H
#define LAB_CLI_TERMINAL_H

#include <stdbool.h>

#include "cli/options.h"

/*
 * Columns of a page on standard output: those of the terminal now, so that a resize is heeded; else
 * $COLUMNS; else 0, for the same page wherever it goes. Neither is heeded where it is absurd.
 */
unsigned int terminal_columns(void);

/* Its lines now; else $LINES; else 0. */
unsigned int terminal_lines(void);

/* Is its character set, by LC_ALL, LC_CTYPE or LANG, not known to be UTF-8? */
bool terminal_ascii(void);

/* Is standard output to be coloured? NO_COLOR and TERM=dumb are heeded unless it is asked for. */
bool terminal_colours(enum colours when);

#endif
