/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* kallsyms.h - the lines of /proc/kallsyms and /proc/modules; symbols.h makes a table of them. */
#ifndef LAB_KALLSYMS_H
#define LAB_KALLSYMS_H

#include "event.h"
#include "util.h"

struct kallsyms_entry {
	__u64 address;		   /* 0: hidden */
	char name[EVENT_SYMBOL];   /* cut where it is longer */
	char module[EVENT_MODULE]; /* "" for the kernel itself, "[bpf]", "[ftrace]", "[kprobes]" */
};

/*
 * Hands over each symbol of code in the order of the file; what is no line of kallsyms is passed
 * over. Ends when add returns other than 0. 0, what add returned, or -errno.
 */
int kallsyms_read(const char *path, int (*add)(void *arg, const struct kallsyms_entry *entry),
		  void *arg);

/* A number that tells one list of loaded modules from another; 0 without a list. */
__u64 kallsyms_modules(const char *path);

/* FNV-1a, a step. */
static inline __u64 kallsyms_hash(__u64 hash, unsigned char c)
{
	return (hash ^ c) * 0x100000001b3ULL;
}

#endif
