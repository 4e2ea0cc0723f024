/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * prefix.h - what stands before the kernel's own text in a line of a log: time stamps of dmesg, of
 * syslog and the journal, levels, caller ids, and what vendors' kernels add. Pure.
 */
#ifndef LAB_KLOG_PREFIX_H
#define LAB_KLOG_PREFIX_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct prefix {
	size_t len;    /* of it; 0: there is none */
	__s64 time_us; /* since boot; -1: none */
	__s64 wall_s;  /* second of the day; -1: none */
	__u64 caller;  /* tells cpus and tasks apart; 0: none */
	char date[48]; /* "Mar 14 08:22:09"; "" */
};

/* Length of "[ 1234.567890]" and its variants at s; 0 when there is none. */
size_t prefix_stamp(const char *s, __s64 *ret_us);

/* The prefix at the start of a line. */
struct prefix prefix_parse(const char *line);

/* Does text before a stamp belong to it: a date, a level, "host kernel:"? */
bool prefix_is_lead(const char *s, size_t len);

#endif
