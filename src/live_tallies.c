// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* live_tallies.c - the programs' hash tables, row by row: counts by stack and by kind of request.
 */
#include "live.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "exits.h"
#include "labyrinth.skel.h"
#include "stacks.h"
#include "util.h"

unsigned int live_stacks_most(const struct hooks *h)
{
	const struct bpf_map *map = h->skel->maps.stacks;

	return bpf_map__autocreate(map) ? bpf_map__max_entries(map) : 0;
}

unsigned int live_stack(struct hooks *h, __u64 key, __u64 stack[LAB_EVENT_FRAMES])
{
	unsigned int frames = 0;

	memset(stack, 0, LAB_EVENT_FRAMES * sizeof(*stack));
	if (bpf_map_lookup_elem(bpf_map__fd(h->skel->maps.stacks), &key, stack))
		return 0;
	while (frames < LAB_EVENT_FRAMES && stack[frames])
		frames++;
	return frames;
}

/* A row that the kernel cannot give any more is none: nothing is ever deleted there. */
static bool read_site(struct hooks *h, const struct lab_site_key *key, struct stacks *stacks,
		      struct site_row *row)
{
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int frames;

	memset(row, 0, sizeof(*row));
	row->key = *key;
	if (bpf_map_lookup_elem(bpf_map__fd(h->skel->maps.sites), key, &row->count))
		return false;
	frames = key->stack == LAB_NO_STACK ? 0 : live_stack(h, key->stack, stack);
	if (frames)
		stacks_name_row(stacks, stack, frames, row);
	return true;
}

/*
 * The next key behind *key (first: from the start). 1: *key is it, 0: no more, negative exit code.
 * The bound is the table's size: what comes in meanwhile may hide a row, but not lead in a circle.
 */
static int next_key(const struct bpf_map *map, void *key, bool first)
{
	if (!bpf_map_get_next_key(bpf_map__fd(map), first ? NULL : key, key))
		return 1;
	if (errno == ENOENT)
		return 0;
	return log_err(-LAB_EXIT_RUNTIME, "cannot read %s: %s", bpf_map__name(map),
		       strerror(errno));
}

int live_sites(struct hooks *h, struct stacks *stacks, __u64 now_ns, site_row_fn *fn, void *arg)
{
	struct bpf_map *map = h->skel->maps.sites;
	struct lab_site_key key = {0};
	struct site_row row;
	int r = 0;

	stacks_refresh(stacks, now_ns);
	for (__u32 i = 0; !r && i < bpf_map__max_entries(map); i++) {
		int more = next_key(map, &key, i == 0);

		if (more <= 0)
			return more;
		if (read_site(h, &key, stacks, &row))
			r = fn(arg, &row);
	}
	return r;
}

int live_kinds(struct hooks *h, kind_row_fn *fn, void *arg)
{
	struct bpf_map *map = h->skel->maps.kinds;
	struct kind_row row = {0};
	int r = 0;

	for (__u32 i = 0; !r && i < bpf_map__max_entries(map); i++) {
		int more = next_key(map, &row.gfp, i == 0);

		if (more <= 0)
			return more;
		if (!bpf_map_lookup_elem(bpf_map__fd(map), &row.gfp, &row.count))
			r = fn(arg, &row);
	}
	return r;
}
