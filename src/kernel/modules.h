/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * modules.h - the modules that are and were loaded, where and when. One that is gone stays in the
 * list as long as something of it is named by it: an address belongs to the module that had it
 * when it was seen, never to a later one.
 */
#ifndef LAB_KERNEL_MODULES_H
#define LAB_KERNEL_MODULES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "kernel/symbol_table.h"
#include "model/event.h"

#define MODULE_LIVE (~0ULL) /* gone_ns of a module that is loaded */

struct module {
	char name[EVENT_MODULE];
	/* Of its code, by /proc/modules; both 0: not known, and its symbols alone say where it is.
	 * base + size may lie beyond the code: from 6.4 on size counts all of its parts. */
	__u64 base, size;
	/* CLOCK_MONOTONIC: loaded after the one, seen at the other, gone before the last one. */
	__u64 after_ns, seen_ns, gone_ns;
	bool loading; /* its initial code is there too, outside of base and size */
	bool read;    /* its symbols are */
	bool used;    /* a stack is named by it */
	__u32 listed; /* the last reading of the list that had it */
	struct symbol_table symbols;
};

struct modules {
	const char *path;
	int fd; /* kept open; -1: not yet */
	struct module **module;
	size_t count, capacity;
	__u64 read_ns;	/* the last reading of the list; 0: none */
	__u32 readings; /* so many */
	__u32 unloads;	/* of modules that a stack was named by */
	__u64 hash;	/* of the list */
};

/*
 * Reads the list. true: modules came, went, or left their initial code behind. Without a readable
 * list, or memory, it stays as it was.
 */
bool modules_read(struct modules *m, __u64 now_ns);
void modules_free(struct modules *m);

/* The loaded module of that name; NULL: none. */
struct module *modules_loaded(const struct modules *m, const char *name);
/* Adds one that kallsyms has and the list had not. NULL: no memory. */
struct module *modules_add(struct modules *m, const char *name, __u64 now_ns);

/* A module at an address: where it starts there, and as what. */
struct module_place {
	struct module *module;	     /* NULL: none, or of two it is not known which */
	const struct symbol *symbol; /* NULL: not known */
	__u64 start;		     /* of the symbol, else of the module */
};

/*
 * Whose an address was at some time in [from_ns, to_ns]. Where one module may have left it to
 * another within that time, it is nobody's.
 */
struct module_place modules_find(const struct modules *m, __u64 address, __u64 from_ns,
				 __u64 to_ns);

#endif
