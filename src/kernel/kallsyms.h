/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* kallsyms.h - the lines of /proc/kallsyms and /proc/modules; symbols.h makes a table of them. */
#ifndef LAB_KERNEL_KALLSYMS_H
#define LAB_KERNEL_KALLSYMS_H

#include "model/event.h"
#include "base/util.h"

struct kallsyms_entry {
	__u64 address;		   /* 0: hidden */
	char name[EVENT_SYMBOL];   /* truncated when longer */
	char module[EVENT_MODULE]; /* "" for the kernel itself, "[bpf]", "[ftrace]", "[kprobes]" */
};

struct kallsyms_module {
	char name[EVENT_MODULE];
	__u64 base, size; /* base 0: hidden */
	bool loading;	  /* its initial code is still there */
};

/* Of which symbols: the kernel's own take longest, and never change. */
enum kallsyms_part { KALLSYMS_ALL, KALLSYMS_MODULES };

/*
 * Calls add() for each code symbol, in the order of the file; skips what is not a line of kallsyms.
 * Stops when add() returns other than 0. 0, what add() returned, or -errno (-ENODATA: no line).
 * *fd: -1, or the file from the reading before: once rights are given up it cannot be opened again,
 * and what it shows is decided when it is opened.
 */
int kallsyms_read(const char *path, int *fd, enum kallsyms_part part,
		  int (*add)(void *arg, const struct kallsyms_entry *entry), void *arg);

/* The same for /proc/modules. */
int kallsyms_modules_read(const char *path, int *fd,
			  int (*add)(void *arg, const struct kallsyms_module *module), void *arg);

/* A number that identifies the list of loaded modules; 0 without a list. */
__u64 kallsyms_modules(const char *path, int *fd);

/* FNV-1a, a step. */
static inline __u64 kallsyms_hash(__u64 hash, unsigned char c)
{
	return (hash ^ c) * 0x100000001b3ULL;
}

#endif
