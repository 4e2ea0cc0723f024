/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* header.h - the lines of a report that have a form of their own: header, CPU line, limiter. Pure.
 */
#ifndef LAB_KLOG_HEADER_H
#define LAB_KLOG_HEADER_H

#include "model/alloc_report.h"

/* A header, as far as it is there. */
struct header {
	const char *begin, *end; /* of "page allocation failure: order:0" in the text */
	const char *comm;	 /* begin of the task's name; comm == begin: it is elsewhere */
	unsigned int order;
};

/* The next header in text; false when there is none. An order must follow the words. */
bool header_find(const char *text, struct header *ret);

/*
 * "mode:0xa20(GFP_ATOMIC), nodemask=..." at the start of text, blanks and commas before it: fills
 * the mask and the node sets. NULL when it is not there, else what follows the mask.
 */
const char *header_mode(const char *text, struct alloc_report *r);

/* "nodemask=0-1,cpuset=/,mems_allowed=0-3" anywhere in text. */
void header_nodes(const char *text, struct alloc_report *r);

/* "CPU: 2 PID: 31 Comm: x Not tainted 6.1.87 #6", "Pid: 0, comm: x Not tainted 2.6.38.8". */
struct cpu_line {
	__s64 cpu, pid;
	char comm[64];
	char release[RELEASE_TEXT]; /* "": it is in the next line */
	char package[48];
};

bool header_cpu_line(const char *text, struct cpu_line *ret);

/* The release word at the start of text, and what stands behind it. */
void header_release(const char *text, struct cpu_line *ret);

/* "warn_alloc: 37 callbacks suppressed": the number; 0 when it is another limiter's or none. */
__u64 header_suppressed(const char *text);

#endif
