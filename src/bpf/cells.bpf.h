/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * cells.bpf.h - counting. A cell belongs to one cpu, class and context; an interrupt may land
 * anywhere, so every addition is atomic (fast.bpf.h says where it need not be).
 */
#ifndef LAB_BPF_CELLS_BPF_H
#define LAB_BPF_CELLS_BPF_H

#include "bpf/compat.bpf.h"
#include "bpf/request.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/latency.h"
#include "wire/request.h"

#define count_one(counter) __sync_fetch_and_add(&(counter), 1)
#define count_add(counter, n) __sync_fetch_and_add(&(counter), (n))

static __always_inline struct lab_cell *cell_of(struct lab_cpu *cpu, __u32 class, __u32 context)
{
	__u64 i = class * LAB_CONTEXTS + context;

	/* The verifier must see the test and the use in one register. */
	barrier_var(i);
	return i < knobs.cell_classes * LAB_CONTEXTS ? &cpu->cell[i] : NULL;
}

/*
 * The index of a cell, for the rare paths. A global function: the verifier only knows that it
 * returns some number, and does not walk what follows once per class.
 */
__noinline __u32 lab_cell_index(__u32 gfp, __u32 context)
{
	return lab_class_of(gfp) * LAB_CONTEXTS + context;
}

static __always_inline struct lab_cell *cell_at(struct lab_cpu *cpu, __u64 i)
{
	if (i >= knobs.cell_classes * LAB_CONTEXTS)
		return NULL;
	barrier_var(i); /* as above */
	return &cpu->cell[i];
}

static __always_inline void count_outcome(struct lab_cell *cell, __u32 order, __u32 outcome,
					  __u32 state)
{
	__u64 i = order_row(order) * LAB_OUTCOMES + outcome;

	barrier_var(i); /* as above */
	if (i >= LAB_ORDERS * LAB_OUTCOMES)
		return;
	cell->used = 1;
	count_one(cell->outcome[0][i]);
	if (state & LAB_IN_BH_OFF)
		count_one(cell->bh_off);
	if (state & LAB_IN_PREEMPT_OFF)
		count_one(cell->preempt_off);
}

static __always_inline void count_latency(struct lab_cell *cell, __u64 ns)
{
	__u64 bucket = lab_latency_bucket(ns);

	barrier_var(bucket); /* as above */

	if (bucket >= LAB_LAT_BUCKETS)
		return;
	count_one(cell->latency[bucket]);
	count_add(cell->latency_sum_ns, ns);
	if (ns > cell->latency_max_ns)
		cell->latency_max_ns = ns;
}

/* A request that is skipped for the budget. */
static __noinline int count_skipped(__u32 gfp, __u32 order)
{
	__u32 cpu_id = bpf_get_smp_processor_id();
	struct lab_cpu *cpu = bpf_map_lookup_elem(&cpus, &cpu_id);

	if (cpu && !is_filtered(gfp, order))
		count_one(cpu->skipped);
	return 0;
}

/* Counts a start without an end where its request belongs. */
static __noinline int count_left(struct lab_cpu *cpu, __u32 level, __u64 key)
{
	struct lab_slot slot = {.key = key};
	__u32 gfp = lab_slot_gfp(&slot), outcome;
	struct lab_cell *cell;

	if (!cpu || level >= LAB_LEVELS_NESTED)
		return 0;
	if (slot.flags & LAB_SLOT_WOKEN)
		outcome = LAB_OUT_LEFT_WOKEN;
	else
		outcome = is_opportunistic(gfp) ? LAB_OUT_LEFT_QUIET_OPPORTUNISTIC
						: LAB_OUT_LEFT_QUIET_FINAL;
	cell = cell_at(cpu, lab_cell_index(gfp, level));
	if (cell)
		count_outcome(cell, slot.order, outcome, 0);
	return 0;
}

/* Fails in the first lines of the entry function, without a tracepoint: counted at once. */
static __noinline int count_oversize(struct lab_cpu *cpu, __u32 context, __u32 gfp, __u32 state)
{
	struct lab_cell *cell = cpu ? cell_at(cpu, lab_cell_index(gfp, context)) : NULL;

	if (cell)
		count_outcome(cell, LAB_ORDERS - 1,
			      is_opportunistic(gfp) ? LAB_OUT_OVERSIZE_OPPORTUNISTIC
						    : LAB_OUT_OVERSIZE_FINAL,
			      state);
	return 0;
}

#endif
