/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * slowpath.bpf.h - requests by what only the slow path calls: a request that is served on the fast
 * path passes none of these programs.
 *
 * A request that missed the low mark and may not sleep wakes kswapd before each of its attempts
 * (mm/page_alloc.c, __alloc_pages_slowpath(): at its beginning, and at retry). One that is refused
 * has made two such rounds, and then calls warn_alloc(), whatever its mask says of warnings. So the
 * last two rounds before a failure are that failure's, and every other round is a near miss: a
 * request that was served below the low mark. Which of the two a round is shows with what its
 * context does next: until then it waits here.
 *
 * What is not known: which zone served it, so its level is that of the first one that passes the
 * kernel's test; and who was served on a second attempt, which makes two near misses.
 */
#ifndef LAB_BPF_SLOWPATH_BPF_H
#define LAB_BPF_SLOWPATH_BPF_H

#include "bpf/aftermath.bpf.h"
#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/events.bpf.h"
#include "bpf/full.bpf.h"
#include "bpf/request.bpf.h"
#include "bpf/tallies.bpf.h"
#include "bpf/watermark.bpf.h"
#include "wire/counts.h"
#include "wire/event.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"

/* Rounds that a failure can have. */
#define LAB_ROUNDS 2

/* One walk over the nodes, to wake the kswapd of each. */
struct round {
	__u64 time_ns;
	__u64 stack;   /* LAB_NO_STACK: not taken */
	__u32 level;   /* it is served at, if it is */
	__u32 refused; /* no zone passes the kernel's test */
};

/* Those of one context level that wait. */
struct rounds {
	__u64 key;   /* lab_slot_key(); 0: none waits */
	__u64 task;  /* that made them, where a level has more than one */
	__u64 nodes; /* woken in the last round: bit = node */
	__u32 node;  /* the first of them: the preferred one */
	__u32 waiting;
	struct round round[LAB_ROUNDS]; /* the last one first */
};

/* Index: cpu * LAB_LEVELS_NESTED + context level. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LAB_LEVELS_NESTED); /* set by the loader: of all possible cpus */
	__type(key, __u32);
	__type(value, struct rounds);
} rounds SEC(".maps");

static __always_inline struct rounds *rounds_at(__u32 cpu_id, __u32 context)
{
	__u32 key = cpu_id * LAB_LEVELS_NESTED + context;

	return context < LAB_LEVELS_NESTED ? bpf_map_lookup_elem(&rounds, &key) : NULL;
}

static __always_inline bool rounds_are_own(const struct rounds *w, __u64 gfp_order, __u32 context)
{
	return w->waiting && w->key == lab_slot_key(gfp_order, gfp_order >> 32) &&
	       (!is_of_task(context) || w->task == bpf_get_current_task());
}

/*
 * Functions that are not static have numbers alone, as in aftermath.bpf.h: the verifier then looks
 * at them once, not once for each way to come there.
 */

/* ---- what a round was ---- */

/*
 * A round without a failure: served, at this level. LAB_LEVELS: no zone passed, so it was served
 * against the odds, or the kernel skipped the program that sees failures: its outcome is not known.
 */
__noinline int lab_round_over(__u64 what, __u32 context, __u32 level, __u64 stack)
{
	__u32 gfp = what, order = what_order(what);
	struct lab_cpu *cpu = this_cpu();
	struct note n = {.context = context, .level = level, .served = true, .stack = stack};
	struct lab_cell *cell = cpu ? cell_at(cpu, lab_cell_index(gfp, context)) : NULL;

	if (!cell)
		return 0;
	if (level >= LAB_LEVELS) {
		count_outcome(cell, order, LAB_OUT_LEFT_WOKEN, 0);
		return 0;
	}
	count_outcome(cell, order, LAB_OUT_SERVED + level, 0);
	count_one(cell->alone);
	if (knobs.sites && is_below_min(&n))
		site_count_stack(cpu, what & 0xffffffffffULL, &n, 0);
	return 0;
}

/* Those that are over. */
#define LAB_ROUND_LAST 1U
#define LAB_ROUND_BEFORE 2U
/* This context goes on: its failure may wait for what it did next. */
#define LAB_ROUND_SETTLES 4U

static __always_inline void round_over(struct rounds *w, const __u32 i, __u32 context, bool settles)
{
	struct lab_slot slot = {.key = w->key};
	__u64 what = lab_slot_gfp(&slot) | (__u64)slot.order << 32;
	__u64 stack = w->round[i].stack, time = w->round[i].time_ns;

	lab_round_over(what, context, w->round[i].refused ? LAB_LEVELS : w->round[i].level, stack);
	if (settles && stack != LAB_NO_STACK &&
	    (!is_of_task(context) || w->task == bpf_get_current_task()))
		lab_settle(time, what, stack, LAB_NEXT_SERVED | context << LAB_HOW_CONTEXT_SHIFT);
}

/* Of those that wait at this level of that cpu. */
__noinline int lab_rounds_over(__u32 cpu_id, __u32 context, __u32 which)
{
	struct rounds *w = rounds_at(cpu_id, context);

	if (!w)
		return 0;
	if (which & LAB_ROUND_BEFORE && w->waiting > 1)
		round_over(w, 1, context, which & LAB_ROUND_SETTLES);
	if (which & LAB_ROUND_LAST && w->waiting)
		round_over(w, 0, context, which & LAB_ROUND_SETTLES);
	return 0;
}

/* ---- a round ---- */

#define LAB_LEVEL_MASK 0xffU
#define LAB_NODE_REFUSES 0x100U

/* zone_level() as the zone is now; LAB_LEVELS: it has no memory. */
__noinline int lab_zone_level(__u64 zone_address, __u64 gfp_order, __u32 highest_zid)
{
	struct zone *zone = (void *)zone_address;

	if (BPF_CORE_READ(zone, managed_pages.counter) <= 0)
		return LAB_LEVELS;
	return zone_level(zone, zone_free_pages(zone), gfp_order, gfp_order >> 32, highest_zid);
}

/*
 * The level that this request is served at on the zone's node, by the first zone that passes, from
 * this one down; with LAB_NODE_REFUSES none does, and it is what its rights allow.
 */
__noinline int lab_node_level(__u64 first, __u64 gfp_order, __u32 highest_zid, __u32 context)
{
	__u64 size = bpf_core_type_size(struct zone), lowest, at = first;
	__u32 gfp = gfp_order, i;

	lowest = (__u64)BPF_CORE_READ((struct zone *)first, zone_pgdat) +
		 bpf_core_field_offset(struct pglist_data, node_zones);
	for (i = 0; i < LAB_MAX_NR_ZONES && at >= lowest; i++, at -= size) {
		__u32 level = lab_zone_level(at, gfp_order, highest_zid);

		/* Whoever woke kswapd had found no zone above low. */
		if (level <= LAB_LEVEL_MIN)
			return LAB_LEVEL_MIN;
		if (level == LAB_LEVEL_RESERVE && may_use_reserve(gfp))
			return LAB_LEVEL_RESERVE;
	}
	if (may_ignore_marks(gfp, context))
		return LAB_LEVEL_NONE;
	return admission_level(LAB_LEVEL_NONE, gfp, context) | LAB_NODE_REFUSES;
}

/* A new round: what waits and is of no use to a failure of this request is over. */
static __always_inline void round_push(struct rounds *w, __u64 gfp_order, __u32 context, bool own)
{
	__u32 which = own ? LAB_ROUND_BEFORE : LAB_ROUND_BEFORE | LAB_ROUND_LAST;

	lab_rounds_over(bpf_get_smp_processor_id(), context, which | LAB_ROUND_SETTLES);
	w->round[1] = w->round[0];
	w->waiting = own ? LAB_ROUNDS : 1;
	w->task = bpf_get_current_task();
	w->key = lab_slot_key(gfp_order, gfp_order >> 32);
}

/* Is the stack of a round wanted: for its count, or for a failure that it may go on with? */
static __always_inline bool wants_stack(__u64 gfp_order, __u32 context, __u32 level, __u64 now)
{
	if (level & LAB_NODE_REFUSES)
		return false;
	if (knobs.sites && level >= LAB_LEVEL_RESERVE)
		return true;
	return knobs.events && failed_lately(now) && lab_goes_on(context, now, gfp_order);
}

/* Not 0: its stack is wanted. */
__noinline int lab_round(__u64 zone_address, __u64 gfp_order, __u32 highest_zid, __u32 context)
{
	struct rounds *w = rounds_at(bpf_get_smp_processor_id(), context);
	struct zone *zone = (void *)zone_address;
	__u64 node = 0, now = bpf_ktime_get_ns();
	__u32 level;
	bool own;

	if (!w)
		return 0;
	if (bpf_core_field_exists(zone->node))
		node = BPF_CORE_READ(zone, node) & 63;
	own = rounds_are_own(w, gfp_order, context);
	if (own && !(w->nodes & 1ULL << node)) {
		/* The same round goes on: the first node that passes is the one. */
		w->nodes |= 1ULL << node;
		if (!w->round[0].refused)
			return 0;
	} else {
		round_push(w, gfp_order, context, own);
		w->nodes = 1ULL << node;
		w->node = node;
	}
	level = lab_node_level(zone_address, gfp_order, highest_zid, context);
	w->round[0].time_ns = now;
	w->round[0].level = level & LAB_LEVEL_MASK;
	w->round[0].refused = level & LAB_NODE_REFUSES;
	w->round[0].stack = LAB_NO_STACK;
	return wants_stack(gfp_order, context, level, now);
}

static __noinline int slow_round(void *ctx, __u64 zone, __u64 gfp_order, __u32 highest_zid,
				 __u64 context)
{
	struct rounds *w;

	if (!lab_round(zone, gfp_order, highest_zid, context) || !knobs.events)
		return 0;
	w = rounds_at(bpf_get_smp_processor_id(), context);
	if (w)
		w->round[0].stack = stack_take(ctx);
	return 0;
}

/* Who may sleep goes round until it is served: its rounds say nothing of how many they are. */
static __always_inline int handle_slow_wake(void *ctx, struct zone *zone, __u32 gfp, __u32 order,
					    __u32 highest_zid)
{
	struct request r = {.gfp = gfp, .order = order};

	if (!gfp || is_spared(gfp) || is_filtered(gfp, order) || !request_init(&r, true))
		return 0;
	note_low(r.cpu, zone, zone_free_pages(zone));
	if (gfp & LAB_GFP_DIRECT_RECLAIM || r.context >= LAB_LEVELS_NESTED)
		return 0;
	if (gate_has(LAB_GATE_SERVED))
		return count_skipped(gfp, order);
	return slow_round(ctx, (__u64)zone, gfp | (__u64)order << 32, highest_zid, r.context);
}

/* ---- a failure ---- */

/*
 * The rounds of a failure are no near misses; those of others that wait are. Its preferred node, or
 * -1 where it made none.
 */
__noinline int lab_rounds_take(__u64 gfp_order, __u32 context)
{
	__u32 cpu_id = bpf_get_smp_processor_id();
	struct rounds *w = rounds_at(cpu_id, context);
	bool own;

	if (!w || !w->waiting)
		return -1;
	own = rounds_are_own(w, gfp_order, context);
	if (!own)
		lab_rounds_over(cpu_id, context,
				LAB_ROUND_BEFORE | LAB_ROUND_LAST | LAB_ROUND_SETTLES);
	w->waiting = 0;
	return own ? w->node : -1;
}

static __noinline int slow_report(void *ctx, struct lab_cpu *cpu, __u64 gfp_order,
				  struct note *known)
{
	struct note n = {};

	if (!cpu)
		return 0;
	/* A copy, as in done_report(). */
	bpf_probe_read_kernel(&n, sizeof(n), known);
	if (knobs.sites || !gate_has(LAB_GATE_STACKS))
		n.stack = stack_take(ctx);
	if (failed_lately(n.now) && lab_goes_on(n.context, n.now, gfp_order) &&
	    lab_settle(n.now, gfp_order, n.stack,
		       LAB_NEXT_FAILED | n.context << LAB_HOW_CONTEXT_SHIFT))
		n.flags |= LAB_EVENT_GOES_ON;
	event_emit(ctx, cpu, gfp_order, &n, true);
	site_count_stack(cpu, gfp_order, &n, 0);
	aftermath_begin(gfp_order, &n);
	return 0;
}

static __noinline int slow_failed(void *ctx, __u64 gfp_order, __u64 nodemask)
{
	__u32 state, outcome, where = nodemask ? LAB_SLOT_NODEMASK : 0;
	struct request r = {.gfp = gfp_order, .order = gfp_order >> 32};
	struct note n = {.now = bpf_ktime_get_ns(), .kind = LAB_EVENT_FAILED};
	struct lab_cell *cell;
	__s32 node;

	if (is_filtered(r.gfp, r.order) || !request_init(&r, true))
		return 0;
	cell = cell_at(r.cpu, lab_cell_index(r.gfp, r.context));
	if (!cell)
		return 0;
	n.context = r.context;
	node = lab_rounds_take(gfp_order, r.context);
	n.node = node < 0 ? (__u32)bpf_get_numa_node_id() : (__u32)node;
	outcome = lab_outcome(0, gfp_order, r.context, 0, 0);
	n.level = outcome_level(outcome);
	state = task_state(&r, entry_noise);
	count_outcome(cell, r.order, outcome, state);
	count_one(cell->alone);
	if (!knobs.events)
		return 0;
	n.flags = where | event_state(state);
	n.nodes = request_nodes(r.gfp, r.context, where, nodemask_nodes(nodemask));
	return slow_report(ctx, r.cpu, gfp_order, &n);
}

/* "page all[ocation failure: order:%u]": what others say by warn_alloc() is of no page request. */
#define LAB_WARN_OF_PAGES 0x6c6c612065676170ULL

static __always_inline int handle_slow_warn(void *ctx, __u32 gfp, __u64 nodemask, __u64 fmt,
					    __u32 order)
{
	__u64 begins = 0;

	if (is_spared(gfp) || bpf_probe_read_kernel(&begins, sizeof(begins), (const void *)fmt) ||
	    begins != LAB_WARN_OF_PAGES)
		return 0;
	return slow_failed(ctx, gfp | (__u64)(order & 0xff) << 32, nodemask);
}

/* ---- the end ---- */

/* Whose rounds lab_slow_rest looks at. */
volatile __u32 rest_cpu = 0;

/* What waits when nothing is attached any more was served. */
static __always_inline int handle_slow_rest(void)
{
	__u32 context, cpu_id = rest_cpu;

	for (context = 0; context < LAB_LEVELS_NESTED; context++) {
		struct rounds *w = rounds_at(cpu_id, context);

		lab_rounds_over(cpu_id, context, LAB_ROUND_BEFORE | LAB_ROUND_LAST);
		if (w)
			w->waiting = 0;
	}
	return 0;
}

#endif
