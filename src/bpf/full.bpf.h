/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * full.bpf.h - every request: what is made of its start, and of its end: outcome, counts, and what
 * of it is reported. fast.bpf.h is the same for nearly all requests, in fewer instructions.
 */
#ifndef LAB_BPF_FULL_BPF_H
#define LAB_BPF_FULL_BPF_H

#include "bpf/aftermath.bpf.h"
#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/events.bpf.h"
#include "bpf/request.bpf.h"
#include "bpf/reserve.bpf.h"
#include "bpf/slots.bpf.h"
#include "bpf/tallies.bpf.h"
#include "bpf/watermark.bpf.h"
#include "wire/counts.h"
#include "wire/event.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"

/* ---- starts ---- */

/* Refused before anything is tried, and so without a tracepoint: counted and reported at once.
 */
static __noinline int entry_oversize(void *ctx, struct lab_cpu *cpu, __u64 gfp_order, __u64 context,
				     __u64 state_where)
{
	__u32 gfp = gfp_order, state = state_where;
	struct note n = {
		.now = bpf_ktime_get_ns(),
		.kind = LAB_EVENT_FAILED,
		.flags = LAB_EVENT_OVERSIZE | event_state(state),
		.context = context,
		.level = LAB_LEVEL_UNKNOWN,
		.node = (__u32)(state_where >> 32) >> LAB_SLOT_NODE_SHIFT,
	};

	if (!cpu)
		return 0;
	count_oversize(cpu, context, gfp, state);
	if (knobs.kinds)
		kind_count(cpu, gfp_order,
			   (is_opportunistic(gfp) ? LAB_OUT_FAILED_OPPORTUNISTIC
						  : LAB_OUT_FAILED_FINAL) +
				   LAB_LEVEL_UNKNOWN,
			   0, LAB_KIND_ALONE);
	if (!knobs.events)
		return 0;
	stack_share(ctx, &n);
	event_emit(ctx, cpu, gfp_order, &n, false);
	aftermath_settle(ctx, gfp_order, &n);
	site_count(ctx, cpu, gfp_order, &n, knobs.sites ? sample_weight(cpu) : 0);
	aftermath_begin(gfp_order, &n);
	return 0;
}

/* where: preferred node and nodemask, as a slot has them in where; nodes: of that mask. */
static __noinline int entry_watched(void *ctx, __u32 gfp, __u32 order, __u32 where, __u64 nodes)
{
	struct request r = {.gfp = gfp, .order = order};

	if (is_filtered(gfp, order) || !request_init(&r, true))
		return 0;
	if (order > knobs.max_order)
		return entry_oversize(ctx, r.cpu, gfp | (__u64)order << 32, r.context,
				      task_state(&r, entry_noise) | (__u64)where << 32);
	if (knobs.events)
		aftermath_left(r.cpu, r.context);
	slot_open(&r, where, nodes);
	return 0;
}

/* ---- ends ---- */

/*
 * Outcome of a request that failed, or that may have been served below low. Its zone's level is
 * that at its last wake-up when that was its page's zone, else that at its end. wake: wake_zone, 0
 * for none. Not static: the verifier then looks at it once, not once for each way to come here.
 */
__noinline __u32 lab_outcome(__u64 page_address, __u64 gfp_order, __u32 context, __u64 wake,
			     __u32 level)
{
	struct page *page = (void *)page_address;
	__u32 gfp = gfp_order, order = gfp_order >> 32;

	if (!wake || (page && knobs.page_zone_shift && (__u64)page_zone(page) != wake))
		level = level_at_end(page, gfp, order);
	if (level >= LAB_LEVELS)
		level = LAB_LEVEL_UNKNOWN;
	if (page) {
		/* Whoever woke kswapd had found no zone above low. */
		if (wake && level == LAB_LEVEL_LOW)
			level = LAB_LEVEL_MIN;
		return LAB_OUT_SERVED + admission_level(level, gfp, context);
	}
	return (is_opportunistic(gfp) ? LAB_OUT_FAILED_OPPORTUNISTIC : LAB_OUT_FAILED_FINAL) +
	       level;
}

/*
 * A request that would have woken kswapd and did not never left the fast path: it was served above
 * low. flags: of its slot.
 */
static __always_inline bool is_fast(const struct request *r, struct page *page, __u32 flags)
{
	return page && knobs.has_wake && !(flags & LAB_SLOT_WOKEN) &&
	       r->gfp & LAB_GFP_KSWAPD_RECLAIM;
}

/* Of a failed request the level of its zone, of a served one that of its admission. */
static __always_inline __u32 outcome_level(__u32 outcome)
{
	return outcome %
	       LAB_LEVELS; /* served and both kinds of failed come in steps of LAB_LEVELS */
}

/* Notes for the ring buffer what is known of this end; paired: *n has what slot_find() left there.
 */
static __always_inline void note_end(const struct request *r, bool served, bool paired,
				     __u32 outcome, struct note *n)
{
	__u32 where = paired ? n->node : 0;

	if (!paired)
		n->start = 0;
	n->context = r->context;
	n->level = outcome_level(outcome);
	n->flags = (paired ? n->flags : 0) | (where & LAB_SLOT_NODEMASK) |
		   event_state(task_state(r, done_noise));
	n->served = served;
	n->node = paired ? where >> LAB_SLOT_NODE_SHIFT : (__u32)bpf_get_numa_node_id();
	n->nodes = request_nodes(r->gfp, r->context, where, paired ? n->nodes : 0);
	n->kind = event_kind(r->cpu, served, r->context, n->level, note_latency(n));
}

/*
 * Counts one end, of the request whose slot is noted in *n, or alone when there was none. tells:
 * more than the counts is wanted, and is noted in *n.
 */
static __always_inline void count_end(const struct request *r, struct lab_cell *cell,
				      struct page *page, struct note *n, const bool tells)
{
	__u64 gfp_order = r->gfp | (__u64)r->order << 32, wake_zone, start;
	__u32 outcome = LAB_OUT_SERVED + LAB_LEVEL_LOW, flags = 0;
	bool paired = slot_find(r, n, &wake_zone, tells);

	if (!paired) {
		start = n->now;
		count_one(cell->alone);
		if (is_apart(r->gfp))
			count_one(r->cpu->nolock);
		if (tells && gate_has(LAB_GATE_ALONE))
			count_one(r->cpu->blind);
		outcome = lab_outcome((__u64)page, gfp_order, r->context, 0, 0);
	} else {
		flags = n->flags;
		start = n->start;
		count_one(cell->told_apart);
		count_latency(cell, elapsed_ns(n->now, start));
		/* Else the verifier goes on with what each bucket says of it. */
		barrier_var(start);
		if (!is_fast(r, page, flags))
			outcome = lab_outcome((__u64)page, gfp_order, r->context,
					      flags & LAB_SLOT_WOKEN ? wake_zone : 0, n->level);
	}
	count_outcome(cell, r->order, outcome, task_state(r, done_noise));
	if (tells && knobs.kinds)
		kind_count(r->cpu, gfp_order, outcome, elapsed_ns(n->now, start),
			   (paired ? 0 : LAB_KIND_ALONE) |
				   (!page || flags & LAB_SLOT_WOKEN ? LAB_KIND_SLOW : 0));
	if (flags & LAB_SLOT_WOKEN || knobs.eligible_fast)
		count_exclusive(r, page, flags);
	if (tells && knobs.events)
		note_end(r, page, paired, outcome, n);
}

/*
 * Reports a request beside its counts. The note is copied so that the verifier forgets by
 * which of hundreds of ways it came to be: else it goes through what follows for each of them.
 */
static __noinline int done_report(void *ctx, struct lab_cpu *cpu, __u64 gfp_order,
				  struct note *known)
{
	struct note n = {};

	if (!cpu)
		return 0;
	bpf_probe_read_kernel(&n, sizeof(n), known);
	if (n.kind < LAB_EVENT_KINDS) {
		stack_share(ctx, &n);
		event_emit(ctx, cpu, gfp_order, &n, true);
	}
	site_note(ctx, cpu, gfp_order, &n);
	if (!n.served)
		aftermath_begin(gfp_order, &n);
	return 0;
}

/*
 * Two kinds of instances, chosen by the loader: not even the loads of the knobs that say whether
 * there is more to do, or less, are left in the one for counts alone. by_symbol: preempt_count().
 */
static __always_inline int done_watched(struct bpf_raw_tracepoint_args *ctx, const bool by_symbol,
					const bool tells)
{
	struct page *page = (struct page *)ctx->args[0];
	struct request r = {.gfp = ctx->args[2], .order = ctx->args[1]};
	struct note n;
	struct lab_cell *cell;

	if (tells && page && gate_has(LAB_GATE_SERVED))
		return count_skipped(r.gfp, r.order);
	if (tells)
		n = (struct note){};
	n.now = bpf_ktime_get_ns();
	if (is_filtered(r.gfp, r.order) || !request_init(&r, by_symbol))
		return 0;
	cell = cell_of(r.cpu, lab_class_of(r.gfp), r.context);
	if (!cell)
		return 0;
	count_end(&r, cell, page, &n, tells);
	slots_sweep(&r);
	if (!tells)
		return 0;
	if (knobs.events)
		aftermath_settle(ctx, r.gfp | (__u64)r.order << 32, &n);
	if (knobs.sites || (knobs.events && n.kind < LAB_EVENT_KINDS))
		done_report(ctx, r.cpu, r.gfp | (__u64)r.order << 32, &n);
	return 0;
}

static __noinline int done_symbol(struct bpf_raw_tracepoint_args *ctx)
{
	return done_watched(ctx, true, true);
}

static __noinline int done_nosym(struct bpf_raw_tracepoint_args *ctx)
{
	return done_watched(ctx, false, true);
}

#endif
