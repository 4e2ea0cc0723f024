/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* check.h - what this kernel offers, before anything is trusted to it. */
#ifndef LAB_CLI_CHECK_H
#define LAB_CLI_CHECK_H

#include <stdio.h>

struct options;

/*
 * Probes the kernel, really attaches and detaches each hook, and prints what came of it to f, as
 * text or (-j) as one JSON object. 0 when at least one attach mode works, else a negative exit
 * code.
 */
int check_run(FILE *f, const struct options *opt);

#endif
