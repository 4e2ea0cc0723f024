// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * symbol_table.c - see symbol_table.h. 200 000 symbols take 16 bytes each and their names 26 on
 * average: 8.4 MB, and at most a quarter more while they are read.
 */
#include "kernel/symbol_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/kallsyms.h"

/* Symbols beyond these limits are skipped; a kernel with all its modules has a fourth of them. */
#define SYMBOLS_MAX (1U << 20)
#define POOL_MAX (32U << 20)

#define SPARE_NAME 26

/*
 * Makes room for `more` elements behind `used`, growing by a quarter, because doubling would cost
 * what is saved. NULL: out of memory, and the array is unchanged.
 */
static void *make_room(void *array, size_t size, size_t used, size_t more, size_t *capacity)
{
	size_t want = used + used / 4 + more + 64;
	void *p;

	if (used + more <= *capacity)
		return array;
	p = realloc(array, want * size);
	if (p)
		*capacity = want;
	return p;
}

int symbol_table_add(struct symbol_table *t, __u64 address, const char *name)
{
	size_t size = strlen(name) + 1;
	struct symbol *array;
	char *pool;

	if (t->count >= SYMBOLS_MAX || t->pool_size + size > POOL_MAX)
		return -E2BIG;
	array = make_room(t->symbol, sizeof(*array), t->count, 1, &t->capacity);
	if (!array)
		return -ENOMEM;
	t->symbol = array;
	pool = make_room(t->pool, 1, t->pool_size, size, &t->pool_capacity);
	if (!pool)
		return -ENOMEM;
	t->pool = pool;
	memcpy(pool + t->pool_size, name, size);
	t->symbol[t->count++] = (struct symbol){address, (__u32)t->pool_size};
	t->pool_size += size;
	return 0;
}

/* For names of one address the first in the file comes first. */
static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

void symbol_table_finish(struct symbol_table *t, size_t spare)
{
	size_t pool = t->pool_size + spare * SPARE_NAME, count = t->count + spare;
	void *p;

	if (t->count > 1)
		qsort(t->symbol, t->count, sizeof(*t->symbol), compare);
	p = pool && pool < t->pool_capacity ? realloc(t->pool, pool) : NULL;
	if (p) {
		t->pool = p;
		t->pool_capacity = pool;
	}
	p = count && count < t->capacity ? realloc(t->symbol, count * sizeof(*t->symbol)) : NULL;
	if (p) {
		t->symbol = p;
		t->capacity = count;
	}
}

void symbol_table_clear(struct symbol_table *t)
{
	t->count = t->pool_size = 0;
}

void symbol_table_free(struct symbol_table *t)
{
	free(t->symbol);
	free(t->pool);
	memset(t, 0, sizeof(*t));
}

const struct symbol *symbol_table_below(const struct symbol_table *t, __u64 address)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (t->symbol[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return NULL;
	for (low--; low > 0 && t->symbol[low - 1].address == t->symbol[low].address;)
		low--;
	return &t->symbol[low];
}

const struct symbol *symbol_table_next(const struct symbol_table *t, const struct symbol *sym)
{
	const struct symbol *end = t->symbol + t->count, *next = sym;

	while (next < end && next->address == sym->address)
		next++;
	return next < end ? next : NULL;
}

__u64 symbol_table_content(const struct symbol_table *t)
{
	__u64 hash = t->count;

	for (size_t i = 0; i < t->count; i++)
		hash = (hash ^ t->symbol[i].address) * 0x9e3779b97f4a7c15ULL;
	for (size_t i = 0; i < t->pool_size; i++)
		hash = kallsyms_hash(hash, (unsigned char)t->pool[i]);
	return hash;
}
