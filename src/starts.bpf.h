/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* starts.bpf.h - what is made of the start of a watched request. */
#ifndef LAB_STARTS_BPF_H
#define LAB_STARTS_BPF_H

#include "tallies.bpf.h"

/* Refused before anything is tried, and so without a tracepoint: counted and told at once. */
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
	stack_share(ctx, &n);
	if (knobs.events)
		event_emit(ctx, cpu, gfp_order, &n, false);
	if (knobs.sites)
		site_count(ctx, cpu, gfp_order, &n, sample_weight(cpu));
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
	slot_open(&r, where, nodes);
	return 0;
}

#endif
