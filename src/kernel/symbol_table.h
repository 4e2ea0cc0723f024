/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* symbol_table.h - names sorted by address: one pool of names and one array. */
#ifndef LAB_KERNEL_SYMBOL_TABLE_H
#define LAB_KERNEL_SYMBOL_TABLE_H

#include <linux/types.h>
#include <stddef.h>

struct symbol {
	__u64 address;
	__u32 name; /* offset into the pool, in the order of the file */
};

/* Zero it before the first use. */
struct symbol_table {
	struct symbol *symbol;
	size_t count, capacity;
	char *pool;
	size_t pool_size, pool_capacity;
};

/* 0, -E2BIG or -ENOMEM, and the table is as before. */
int symbol_table_add(struct symbol_table *t, __u64 address, const char *name);
/* Once all are added: sorts, and returns memory beyond room for `spare` more. */
void symbol_table_finish(struct symbol_table *t, size_t spare);
/* Forgets all, and keeps the memory for the next reading. */
void symbol_table_clear(struct symbol_table *t);
void symbol_table_free(struct symbol_table *t);

/* The last symbol at or below an address, the first of several at one address; NULL: none. */
const struct symbol *symbol_table_below(const struct symbol_table *t, __u64 address);
/* The next symbol at another address; NULL: none. */
const struct symbol *symbol_table_next(const struct symbol_table *t, const struct symbol *sym);

/* A hash of all of it, to see whether a reading changed anything. */
__u64 symbol_table_content(const struct symbol_table *t);

#endif
