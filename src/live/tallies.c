// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tallies.c - see tallies.h. */
#include "live/tallies.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/exits.h"
#include "live/attach.h"
#include "base/pace.h"
#include "live/skel.h"
#include "kernel/stacks.h"
#include "base/util.h"

unsigned int live_stacks_most(const struct hooks *h)
{
	const struct bpf_map *map = h->skel->maps.stacks;

	return bpf_map__autocreate(map) ? bpf_map__max_entries(map) : 0;
}

/* What is not there, nothing is said of; ENOENT is no failure. */
static bool look_up(struct hooks *h, const struct bpf_map *map, const void *key, void *ret)
{
	if (!bpf_map_lookup_elem(bpf_map__fd(map), key, ret))
		return true;
	if (errno != ENOENT)
		hooks_count_unread(h, "a row of the programs' tables", errno);
	return false;
}

unsigned int live_stack(struct hooks *h, __u64 key, __u64 stack[LAB_EVENT_FRAMES])
{
	unsigned int frames = 0;

	memset(stack, 0, LAB_EVENT_FRAMES * sizeof(*stack));
	if (!look_up(h, h->skel->maps.stacks, &key, stack))
		return 0;
	while (frames < LAB_EVENT_FRAMES && stack[frames])
		frames++;
	return frames;
}

/* Who asked for one page and meant it has nothing to go on with, but in the midst of a bulk
 * request. */
static bool may_go_on(__u32 gfp, __u32 order)
{
	return gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC) || order;
}

bool live_is_unseen(const struct hooks *h, __u32 gfp, __u32 order)
{
	return h->mode == ATTACH_SLOWPATH && may_go_on(gfp, order);
}

/* A row that the kernel cannot give any more is none: nothing is ever deleted there. */
static bool read_site(struct hooks *h, const struct lab_site_key *key, struct stacks *stacks,
		      struct site_row *row)
{
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int frames;

	memset(row, 0, sizeof(*row));
	row->key = *key;
	row->unseen = live_is_unseen(h, key->gfp, key->order);
	if (!look_up(h, h->skel->maps.sites, key, &row->count))
		return false;
	frames = key->stack == LAB_NO_STACK ? 0 : live_stack(h, key->stack, stack);
	if (frames)
		stacks_name_row(stacks, stack, frames, row);
	return true;
}

/*
 * The next key behind *key (first: from the start). 1: *key is it, 0: no more, FAIL().
 * The bound is the table's size: what comes in meanwhile may hide a row, but not lead in a circle.
 */
static int next_key(const struct bpf_map *map, void *key, bool first)
{
	if (!bpf_map_get_next_key(bpf_map__fd(map), first ? NULL : key, key))
		return 1;
	if (errno == ENOENT)
		return 0;
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot read %s: %s", bpf_map__name(map),
		       strerror(errno));
}

int live_sites(struct hooks *h, struct stacks *stacks, __u64 now_ns, site_row_fn *fn, void *arg)
{
	struct bpf_map *map = h->skel->maps.sites;
	struct lab_site_key key = {0};
	struct site_row row;
	int r = 0;

	h->skel->bss->stack_seed = stacks_begin_rows(stacks, now_ns);
	for (__u32 i = 0; !r && i < bpf_map__max_entries(map); i++) {
		int more = next_key(map, &key, i == 0);

		if (more <= 0)
			return more;
		if (read_site(h, &key, stacks, &row))
			r = fn(arg, &row);
	}
	return r;
}

/* ---- pairs ---- */

static void name_row(struct hooks *h, struct stacks *stacks, struct site_row *row)
{
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int frames =
		row->key.stack == LAB_NO_STACK ? 0 : live_stack(h, row->key.stack, stack);

	if (frames)
		stacks_name_row(stacks, stack, frames, row);
}

static struct lab_site_key row_key(__u64 stack, __u32 gfp, __u16 order, __u8 context)
{
	return (struct lab_site_key){
		.stack = stack,
		.gfp = gfp & ~LAB_GFP_UNSTABLE,
		.order = order,
		.context = context,
	};
}

/* A copy, as its owner may write it meanwhile; false: there is none, or its time is over. */
static bool read_pending(const struct lab_pending *from, __u64 now_ns, struct lab_pending *ret)
{
	memcpy(ret, from, sizeof(*ret));
	__sync_synchronize();
	return ret->owner && lab_pending_check(ret) == ret->check &&
	       now_ns <= ret->time_ns + lab_follow_ns((__u32)ret->what);
}

struct pairs_walk {
	struct hooks *hooks;
	struct stacks *stacks;
	site_pair_fn *fn;
	void *arg;
	__u64 now_ns;
	bool last;
	struct site_pair pair;
};

static int give_pending(struct pairs_walk *w, const struct lab_pending *from, __u8 context)
{
	struct lab_pending p;

	if (!read_pending(from, w->now_ns, &p) ||
	    (w->last && !may_go_on((__u32)p.what, p.what >> 32 & 0xff)))
		return 0;
	memset(&w->pair, 0, sizeof(w->pair));
	w->pair.how = SITE_PAIR_PENDING;
	w->pair.count = 1;
	w->pair.then_gfp = (__u32)p.what;
	w->pair.then.key = row_key(p.stack, (__u32)p.what, p.what >> 32 & 0xff, context);
	w->pair.then.unseen =
		live_is_unseen(w->hooks, w->pair.then.key.gfp, w->pair.then.key.order);
	name_row(w->hooks, w->stacks, &w->pair.then);
	return w->fn(w->arg, &w->pair);
}

static int give_pendings(struct pairs_walk *w, const struct reader *reader)
{
	const struct lab_pending *p;
	unsigned int context;
	int r = 0;

	for (unsigned int i = 0; !r && (p = reader_pending(reader, i, &context)); i++)
		r = give_pending(w, p, (__u8)context);
	return r;
}

static int give_pair(struct pairs_walk *w, const struct lab_pair_key *key, __u64 count)
{
	memset(&w->pair, 0, sizeof(w->pair));
	w->pair.how = key->how;
	w->pair.count = count;
	w->pair.then_gfp = key->then_gfp;
	w->pair.now_gfp = key->now_gfp;
	w->pair.then_bulk = key->then_bulk;
	w->pair.then.key = row_key(key->then, key->then_gfp, key->then_order, key->context);
	w->pair.now.key = row_key(key->now, key->now_gfp, key->now_order, key->context);
	w->pair.then.unseen =
		live_is_unseen(w->hooks, w->pair.then.key.gfp, w->pair.then.key.order);
	name_row(w->hooks, w->stacks, &w->pair.then);
	name_row(w->hooks, w->stacks, &w->pair.now);
	return w->fn(w->arg, &w->pair);
}

static int give_pairs(struct pairs_walk *w)
{
	const struct bpf_map *map = w->hooks->skel->maps.pairs;
	struct lab_pair_key key = {0};
	int r = 0;

	for (__u32 i = 0; !r && i < bpf_map__max_entries(map); i++) {
		int more = next_key(map, &key, i == 0);
		__u64 count;

		if (more <= 0)
			return more;
		if (!bpf_map_lookup_elem(bpf_map__fd(map), &key, &count))
			r = give_pair(w, &key, count);
	}
	return r;
}

int live_pairs(struct hooks *h, const struct reader *reader, struct stacks *stacks, bool last,
	       site_pair_fn *fn, void *arg)
{
	struct pairs_walk w = {
		.hooks = h,
		.stacks = stacks,
		.fn = fn,
		.arg = arg,
		.now_ns = clock_ns(CLOCK_MONOTONIC),
		.last = last,
	};

	return give_pendings(&w, reader) ?: give_pairs(&w);
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
		if (look_up(h, map, &row.gfp, &row.count))
			r = fn(arg, &row);
	}
	return r;
}
