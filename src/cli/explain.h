/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* explain.h - labyrinth explain: read kernel logs, explain every page allocation failure in them.
 */
#ifndef LAB_CLI_EXPLAIN_H
#define LAB_CLI_EXPLAIN_H

/* argv[0] is "explain". Needs no privilege and nothing of the running kernel. 0 or FAIL(exit code).
 */
int explain_main(int argc, char **argv);

#endif
