/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * tallies.bpf.h - counts by stack and by kind of request, in hash tables, for sites, kinds and
 * mistakes. The one place that hashes; a run that wants none of these does not even create the
 * tables.
 *
 * The tables do not grow. What finds no room is counted as such.
 */
#ifndef LAB_BPF_TALLIES_BPF_H
#define LAB_BPF_TALLIES_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/request.bpf.h"
#include "wire/counts.h"
#include "wire/event.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/latency.h"
#include "wire/request.h"
#include "wire/tally.h"

#define LAB_STACKS 4096
#define LAB_SITES 4096
#define LAB_KINDS 128

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LAB_STACKS);
	__type(key, __u64); /* its hash */
	__type(value, struct lab_stack);
} stacks SEC(".maps");

/* Room for a stack that is being taken: too large for a program's own. */
struct stack_room {
	__u64 taken;
	struct lab_stack stack;
};

/* One for each that may have interrupted the others on this cpu. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, LAB_LEVELS_NESTED);
	__type(key, __u32);
	__type(value, struct stack_room);
} stack_rooms SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LAB_SITES);
	__type(key, struct lab_site_key);
	__type(value, struct lab_site);
} sites SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LAB_KINDS);
	__type(key, __u32);
	__type(value, struct lab_kind);
} kinds SEC(".maps");

/* What a new kind begins with: too large for a program's stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lab_kind);
} kind_zero SEC(".maps");

/*
 * Set by the user side when a module is gone that a stack was named by: the same addresses make
 * other rows from then on.
 */
volatile __u32 stack_seed = 0;

/* ---- by stack ---- */

/* How much of a mere try, as model/aftermath.c has it. */
static __always_inline __u32 try_rank(__u32 gfp)
{
	return (gfp & LAB_GFP_NORETRY ? 1 : 0) + (gfp & LAB_GFP_NOMEMALLOC ? 2 : 0);
}

/* A try that lost the right to reclaim just for itself: its caller may go on asleep. */
static __always_inline bool is_stripped(__u32 gfp)
{
	return try_rank(gfp) && gfp & (LAB_GFP_IO | LAB_GFP_FS) && !(gfp & LAB_GFP_DIRECT_RECLAIM);
}

/* Of a new key the first request makes the row; two that meet find the same one. */
static __always_inline struct lab_site *site_row(const struct lab_site_key *key)
{
	struct lab_site *site = bpf_map_lookup_elem(&sites, key), zero = {};

	if (site)
		return site;
	bpf_map_update_elem(&sites, key, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(&sites, key);
}

/* Who interrupts gives back what it took before the interrupted one goes on. */
static __always_inline struct stack_room *room_take(void)
{
	__u32 key;

	for (key = 0; key < LAB_LEVELS_NESTED; key++) {
		__u32 k = key;
		struct stack_room *room = bpf_map_lookup_elem(&stack_rooms, &k);

		if (!room || room->taken)
			continue;
		room->taken = 1;
		barrier();
		return room;
	}
	return NULL;
}

/* All bits if the address is in there, else none. Without a branch, which would be one a frame. */
static __always_inline __u64 in_text(__u64 address, const volatile struct lab_text *text)
{
	__u64 offset = address - text->start;

	return -((~offset & (offset - text->size)) >> 63);
}

/*
 * Ends the stack where lab_knobs.cut has it, and returns its hash. Behind its last frame it is zero
 * already (bpf_get_stack() of kernel/bpf/stackmap.c). 64 bits: collision odds for 4096 stacks are
 * about 5e-13.
 */
static __noinline __u64 stack_cut(struct lab_stack *s)
{
	__u64 hash = stack_seed, is_cut = 0, i;

	if (!s)
		return LAB_NO_STACK;
	for (i = 0; i < LAB_EVENT_FRAMES; i++) {
		__u64 frame = s->frame[i];

		if (!frame)
			break;
		if (is_cut) {
			s->frame[i] = 0;
			continue;
		}
		hash = (hash ^ frame) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 32;
		is_cut = in_text(frame, &knobs.cut[0]) | in_text(frame, &knobs.cut[1]) |
			 in_text(frame, &knobs.cut[2]);
	}
	return hash;
}

/* Its key in the table, where it is now; LAB_NO_STACK: no room. */
static __always_inline __u64 stack_put(void *ctx, struct lab_stack *s)
{
	__u64 hash;

	if (bpf_get_stack(ctx, s, sizeof(*s), 0) <= 0)
		return LAB_NO_STACK;
	hash = stack_cut(s);
	if (bpf_map_lookup_elem(&stacks, &hash))
		return hash;
	bpf_map_update_elem(&stacks, &hash, s, BPF_NOEXIST);
	return bpf_map_lookup_elem(&stacks, &hash) ? hash : LAB_NO_STACK;
}

/* The stack of this program's caller, as its key in the table; LAB_NO_STACK: no room. */
static __noinline __u64 stack_take(void *ctx)
{
	struct stack_room *room = room_take();
	__u64 key;

	if (!room)
		return LAB_NO_STACK;
	key = stack_put(ctx, &room->stack);
	barrier();
	room->taken = 0;
	return key;
}

/*
 * The stack of a request that is reported: of a failure, which is counted by it, and else where the
 * budget leaves an event no other. Where the budget has none for either, it is in a row without.
 */
static __always_inline void stack_share(void *ctx, struct note *n)
{
	if (n->stack != LAB_NO_STACK || (n->served && !knobs.sites))
		return;
	if (gate_has(LAB_GATE_STACKS) ? knobs.sites : !n->served)
		n->stack = stack_take(ctx);
}

/* The row of this stack; NULL, and counted, when there is no room. */
static __always_inline struct lab_site *site_of(__u64 stack, struct lab_cpu *cpu, __u32 gfp,
						__u32 order, __u32 context, __u32 mistake)
{
	struct lab_site_key key = {
		.stack = stack,
		.gfp = gfp & ~LAB_GFP_UNSTABLE,
		.order = order,
		.context = context,
		.mistake = mistake,
	};
	struct lab_site *site;

	site = site_row(&key);
	if (!site)
		count_one(cpu->site_uncounted);
	return site;
}

static __always_inline __u64 note_latency(const struct note *n)
{
	return n->start ? elapsed_ns(n->now, n->start) : 0;
}

/* Served, but below min. */
static __always_inline bool is_below_min(const struct note *n)
{
	return n->served && (n->level == LAB_LEVEL_RESERVE || n->level == LAB_LEVEL_NONE);
}

static __always_inline bool is_slow(const struct note *n)
{
	return knobs.site_slower_ns && note_latency(n) >= knobs.site_slower_ns;
}

/* How many of the sample a request is: none, one, or as many as a coarser one leaves out for it. */
static __always_inline __u32 sample_weight(struct lab_cpu *cpu)
{
	__u32 weight = gate_has(LAB_GATE_SAMPLE) ? LAB_COARSER : 1;

	return cpu->site_tick++ & (knobs.site_sample * weight - 1) ? 0 : weight;
}

/* Under its stack, n->stack. */
static __noinline int site_count_stack(struct lab_cpu *cpu, __u64 gfp_order, struct note *n,
				       __u32 weight)
{
	__u32 gfp = gfp_order, order = gfp_order >> 32;
	struct lab_site *site;
	__u64 ns;

	if (!n || !cpu)
		return 0;
	site = site_of(n->stack, cpu, gfp, order, n->context, LAB_MISTAKE_NONE);
	if (!site)
		return 0;
	ns = note_latency(n);
	if (weight)
		count_add(site->sampled, weight);
	if (n->flags & LAB_EVENT_BULK && n->bulk_got)
		count_one(site->bulk_some);
	if (!n->served && is_stripped(gfp))
		count_one(site->stripped);
	if (n->flags & LAB_EVENT_BULK)
		count_one(site->bulk_short);
	else if (!n->served && is_opportunistic(gfp))
		count_one(site->failed_opportunistic);
	else if (!n->served)
		count_one(site->failed_final);
	if (is_below_min(n))
		count_one(site->below_min);
	if (is_slow(n))
		count_one(site->slow);
	if (n->flags & LAB_EVENT_BH_OFF)
		count_one(site->bh_off);
	if (n->flags & LAB_EVENT_PREEMPT_OFF)
		count_one(site->preempt_off);
	if (ns > site->latency_max_ns)
		site->latency_max_ns = ns;
	return 0;
}

/* The stack is taken here, not below: 5.10 allows 512 bytes for all frames of one call. */
static __always_inline void site_count(void *ctx, struct lab_cpu *cpu, __u64 gfp_order,
				       struct note *n, __u32 weight)
{
	if (n->stack == LAB_NO_STACK && knobs.sites)
		n->stack = stack_take(ctx);
	site_count_stack(cpu, gfp_order, n, weight);
}

/* Every request in the sample, and every one out of it that is worth it. */
static __always_inline void site_note(void *ctx, struct lab_cpu *cpu, __u64 gfp_order,
				      struct note *n)
{
	__u32 weight = knobs.sites ? sample_weight(cpu) : 0;

	if (!knobs.sites && n->served)
		return;
	if (weight || !n->served || is_below_min(n) || is_slow(n))
		site_count(ctx, cpu, gfp_order, n, weight);
}

/* ---- by kind ---- */

static __always_inline struct lab_kind *kind_row(__u32 gfp)
{
	struct lab_kind *kind = bpf_map_lookup_elem(&kinds, &gfp), *zero;
	__u32 first = 0;

	if (kind)
		return kind;
	zero = bpf_map_lookup_elem(&kind_zero, &first);
	if (zero)
		bpf_map_update_elem(&kinds, &gfp, zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(&kinds, &gfp);
}

static __always_inline void kind_latency(__u64 *hist, __u64 *sum, __u64 *max, __u64 ns)
{
	__u64 bucket = lab_latency_bucket(ns);

	barrier_var(bucket); /* the verifier must see the test and the use in one register */
	if (bucket >= LAB_LAT_BUCKETS)
		return;
	count_one(hist[bucket]);
	count_add(*sum, ns);
	if (ns > *max)
		*max = ns;
}

#define LAB_KIND_SLOW 1U
#define LAB_KIND_ALONE 2U

static __noinline int kind_count(struct lab_cpu *cpu, __u64 gfp_order, __u32 outcome, __u64 ns,
				 __u32 how)
{
	__u32 gfp = (__u32)gfp_order & ~LAB_GFP_UNSTABLE;
	struct lab_kind *kind = kind_row(gfp);
	__u64 level = outcome;

	if (!kind) {
		if (cpu)
			count_one(cpu->kind_uncounted);
		return 0;
	}
	barrier_var(level);
	if (level < LAB_LEVELS)
		count_one(kind->served[level]);
	else if (outcome < LAB_OUT_FAILED_OPPORTUNISTIC)
		count_one(kind->failed_final);
	else
		count_one(kind->failed_opportunistic);
	kind->orders |= 1ULL << order_row(gfp_order >> 32);
	if (how & LAB_KIND_ALONE)
		count_one(kind->alone);
	else if (how & LAB_KIND_SLOW)
		kind_latency(kind->slow, &kind->slow_sum_ns, &kind->slow_max_ns, ns);
	else
		kind_latency(kind->fast, &kind->fast_sum_ns, &kind->fast_max_ns, ns);
	return 0;
}

#endif
