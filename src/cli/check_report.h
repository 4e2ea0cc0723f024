/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* check_report.h - what a maintainer needs to know of a kernel that is new to labyrinth. */
#ifndef LAB_CLI_CHECK_REPORT_H
#define LAB_CLI_CHECK_REPORT_H

#include <stdio.h>

struct features;

/*
 * Begins a report as Markdown: release and distribution, pages, the configuration that matters, and
 * what this kernel calls the functions that labyrinth attaches to. Names neither host nor user. Of
 * features whose types are still there, or whose probe was refused.
 */
void check_report_begin(FILE *f, const struct features *k);
void check_report_end(FILE *f);

#endif
