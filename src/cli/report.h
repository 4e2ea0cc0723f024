/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* report.h - labyrinth report: recordings as one page of HTML. */
#ifndef LAB_CLI_REPORT_H
#define LAB_CLI_REPORT_H

/* argv[0] is "report". Needs no privilege and nothing of the running kernel. 0 or FAIL(exit code).
 */
int report_main(int argc, char **argv);

#endif
