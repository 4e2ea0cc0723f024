/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fast.bpf.h - what slots.bpf.h and full.bpf.h do, in as few instructions as it takes, for nearly
 * every request: of class atomic or nowait and of order 0, begun and ended on this cpu, served, and
 * never off the fast path. Everything else falls back to the full path, from the start, with
 * nothing counted yet.
 *
 * For counts alone, of the watched classes, without filters, and where preempt_count is a variable
 * with all bits in it: hook_wanted() chooses. docs/overhead.md has the cost of each part.
 *
 * The additions here are plain ones, and exact. A cell is written for one cpu, class and context,
 * and what fast_latency() adds to is written by the end program alone. That program never runs
 * twice at once on a cpu: the kernel skips it there, whoever interrupts or preempts it, and counts
 * what it skipped (6.0 and later; bpf_prog.active). Before 6.0 preemption was off in it, and an
 * interrupt has another context, so another cell. It does not migrate while it runs.
 *
 * What must survive a call is volatile, which keeps it on the stack. A callee-saved register would
 * be saved and restored by every run, those for unwatched requests included.
 */
#ifndef LAB_BPF_FAST_BPF_H
#define LAB_BPF_FAST_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/full.bpf.h"
#include "bpf/request.bpf.h"
#include "bpf/slots.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/latency.h"
#include "wire/request.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define at(type, base, offset) ((type *)((void *)(base) + (offset)))

/* lab_latency_bucket() as a table. */
const volatile __u8 fast_bucket[LAB_FAST_BUCKETS] = {};

/* preempt_count as either program sees it in a task where nothing is off; ~0: not known. */
volatile __u32 entry_plain = ~0U, done_plain = ~0U;

/* Set in interrupts; in 7.3 also where they are disabled: a reason to look closer. */
#define LAB_ABOVE_SOFTIRQ 0x7fff0000U

/* Which variable it is by what the kernel has, not by a knob: it costs one instruction less. */
static __always_inline __u64 fast_count(void)
{
	const void *variable = bpf_this_cpu_ptr(count_variable(LAB_COUNT_VARIABLE));
	__u64 count;

	if (bpf_core_type_exists(struct pcpu_hot)) {
		count = (__u32)((const struct pcpu_hot *)variable)->preempt_count;
		barrier_var(count); /* or the compiler would add where it lies in two steps */
	} else {
		count = *(const __u32 *)variable;
	}
	return count;
}

/* Where the slot of this context level lies behind that of the lowest. */
static __always_inline __u64 fast_offset(__u64 count)
{
	__u64 offset =
		(count & LAB_SERVING_SOFTIRQ) / (LAB_SERVING_SOFTIRQ / sizeof(struct lab_slot));

	if (count & LAB_ABOVE_SOFTIRQ)
		offset = context_of(count) * sizeof(struct lab_slot);
	return offset;
}

static __always_inline struct lab_cpu *fast_cpu(void)
{
	__u32 cpu_id = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &cpu_id);
}

/* Fewer arguments than five, and the verifier does not let it be read. */
static __always_inline __u32 entry_gfp_fentry(__u64 *ctx)
{
	return knobs.nolock_flag ? entry_gfp(ctx[0], ctx[4]) : ctx[0];
}

static __noinline int entry_full(__u64 *ctx)
{
	return entry_watched(ctx, entry_gfp_fentry(ctx), ctx[1], 0, 0);
}

/* Out of line, like everything the usual request does not need. */
static __noinline int fast_replace(struct lab_cpu *cpu, __u64 offset)
{
	__u32 level = offset / sizeof(struct lab_slot);

	if (cpu && level < LAB_LEVELS_NESTED)
		slot_replace(cpu, level, &cpu->slot[level], bpf_get_current_task());
	return 0;
}

static __always_inline int entry_fast(__u64 *ctx)
{
	struct lab_slot *slot, *volatile kept_slot;
	struct lab_cpu *cpu, *volatile kept_cpu;
	volatile __u64 kept_offset;
	__u64 count, now, offset = 0;
	volatile __u32 key;

	if ((ctx[0] & (LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM)) != LAB_GFP_KSWAPD_RECLAIM)
		return ctx[0] & LAB_GFP_DIRECT_RECLAIM ? 0 : entry_full(ctx);
	if ((__u32)ctx[1])
		return entry_full(ctx);
	key = (__u32)ctx[0] | LAB_GFP_UNSTABLE; /* lab_slot_key() of order 0 */
	cpu = fast_cpu();
	if (!cpu)
		return 0;
	kept_cpu = cpu;
	count = fast_count();
	if (unlikely(count != entry_plain))
		offset = fast_offset(count);
	slot = at(struct lab_slot, kept_cpu->slot, offset);
	kept_slot = slot;
	if (unlikely(slot->gfp)) {
		kept_offset = offset;
		fast_replace(kept_cpu, kept_offset);
	}
	kept_slot->task = bpf_get_current_task();
	now = bpf_ktime_get_ns();
	slot = kept_slot;
	slot->start_ns = now;
	barrier();
	slot->key = key; /* open from here on */
	return 0;
}

/* What was off in task context, when anything was. odd: preempt_count, or 0. */
static __always_inline void fast_state(struct lab_cell *cell, __u64 odd)
{
	if (likely(!odd))
		return;
	if (odd & LAB_BH_OFF_MASK)
		count_one(cell->bh_off);
	if (knobs.preempt_known && (odd & LAB_PREEMPT_MASK) > done_noise)
		count_one(cell->preempt_off);
}

static __always_inline __u64 fast_bucket_of(__u64 ns)
{
	__u64 beyond = ns - LAB_FAST_LEAST_NS, bucket;

	if (likely(beyond < LAB_FAST_BUCKETS << LAB_FAST_SHIFT))
		return fast_bucket[beyond >> LAB_FAST_SHIFT];
	bucket = lab_latency_bucket(ns);
	barrier_var(bucket);
	return bucket < LAB_LAT_BUCKETS ? bucket : LAB_LAT_BUCKETS - 1;
}

static __always_inline void fast_latency(struct lab_cell *cell, __u64 ns)
{
	if (ns > cell->latency_max_ns) {
		if ((__s64)ns < 0) /* see elapsed_ns(); here it costs nothing */
			ns = 0;
		else
			cell->latency_max_ns = ns;
	}
	cell->latency_sum_ns += ns;
	cell->latency[fast_bucket_of(ns)]++;
}

/* As slots_sweep(), without a test: what lies beyond the highest level is nobody's. */
static __always_inline void fast_sweep(struct lab_slot *slot)
{
	slot[1].over = 1;
	slot[2].over = 1;
	slot[3].over = 1;
}

/* ATOMIC or NOWAIT, by a bit that the one has and the other has not. */
static __always_inline struct lab_cell *fast_cell(struct lab_cpu *cpu, __u64 key, __u64 offset)
{
	const __u64 contexts = LAB_CLASS_NOWAIT * LAB_CONTEXTS * sizeof(struct lab_cell);
	__u64 high = key & LAB_GFP_HIGH;

	barrier_var(high); /* or the compiler would choose by a branch */
	cpu = at(struct lab_cpu, cpu,
		 offset * (sizeof(struct lab_cell) / sizeof(struct lab_slot)) +
			 (high ^ LAB_GFP_HIGH) * (contexts / LAB_GFP_HIGH));
	/* It would put off what is quickly done, too, and need more registers. */
	barrier_var(cpu);
	return cpu->cell;
}

static __noinline int done_full(struct bpf_raw_tracepoint_args *ctx)
{
	return done_watched(ctx, true, false);
}

static __always_inline int done_fast(struct bpf_raw_tracepoint_args *ctx)
{
	struct bpf_raw_tracepoint_args *volatile kept_ctx;
	struct lab_cpu *cpu, *volatile kept_cpu;
	__u64 count, start, offset = 0, odd = 0;
	volatile __u64 now, task;
	struct lab_cell *cell;
	struct lab_slot *slot;
	volatile __u32 key;

	if ((ctx->args[2] & (LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM)) !=
	    LAB_GFP_KSWAPD_RECLAIM)
		return ctx->args[2] & LAB_GFP_DIRECT_RECLAIM ? 0 : done_full(ctx);
	if (!ctx->args[0] || ctx->args[1])
		return done_full(ctx);
	kept_ctx = ctx;
	key = (__u32)ctx->args[2] | LAB_GFP_UNSTABLE;
	now = bpf_ktime_get_ns();
	task = bpf_get_current_task();
	cpu = fast_cpu();
	if (!cpu)
		return 0;
	kept_cpu = cpu;
	count = fast_count();
	if (unlikely(count != done_plain)) {
		offset = fast_offset(count);
		odd = offset ? 0 : count;
	}
	slot = at(struct lab_slot, kept_cpu->slot, offset);
	/* First: where the kernel lets this program be preempted, another task may open the slot.
	 */
	start = slot->start_ns;
	barrier();
	if (unlikely(slot->key != key || slot->task != task))
		return done_full(kept_ctx);
	slot->key = 0;
	cell = fast_cell(kept_cpu, key, offset);
	fast_state(cell, odd);
	fast_latency(cell, now - start);
	fast_sweep(slot);
	return 0;
}

#endif
