// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fuzz_kallsyms.c - any bytes as /proc/kallsyms and /proc/modules, which then become others: four
 * parts, with a zero between them. Addresses of both are looked up, before and after.
 */
#include "input.h"

#include "kernel/kallsyms.h"
#include "kernel/symbols.h"

#define SECOND 1000000000ULL
#define MOST 64 /* addresses that are looked up */

static struct input kallsyms, modules;

struct addresses {
	__u64 address[MOST];
	unsigned int n;
};

static int collect(void *arg, const struct kallsyms_entry *entry)
{
	struct addresses *a = arg;

	if (memchr(entry->name, 0, sizeof(entry->name)) == NULL ||
	    memchr(entry->module, 0, sizeof(entry->module)) == NULL)
		abort();
	if (a->n < MOST)
		a->address[a->n++] = entry->address;
	return 0;
}

static void look_up(struct symbols *s, const struct addresses *a)
{
	struct event_frame frame;

	for (unsigned int i = 0; i < a->n; i++)
		for (int off = -1; off < 2; off++) {
			__u64 address = a->address[i] + (__u64)off;

			if (!symbols_find(s, address, i * SECOND, (i + 1) * SECOND, &frame) &&
			    frame.symbol[0])
				abort();
			if (frame.address != address)
				abort();
		}
}

/* The next two parts as the two files. */
static void put(struct addresses *a, const uint8_t **data, size_t *size)
{
	size_t part_size;
	const uint8_t *part = input_part(data, size, &part_size);
	int fd = -1;

	input_put(&kallsyms, part, part_size);
	part = input_part(data, size, &part_size);
	input_put(&modules, part, part_size);
	kallsyms_read(kallsyms.path, &fd, KALLSYMS_ALL, collect, a);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct addresses a = {.n = 0};
	struct symbols *s;

	put(&a, &data, &size);
	if (symbols_open_file(kallsyms.path, modules.path, &s))
		abort();
	look_up(s, &a);
	symbols_refresh(s, 100 * SECOND);
	put(&a, &data, &size);
	symbols_refresh(s, 200 * SECOND);
	look_up(s, &a);
	symbols_state(s);
	symbols_unloads(s);
	symbols_close(s);
	return 0;
}
