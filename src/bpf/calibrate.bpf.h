/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * calibrate.bpf.h - programs that run once at start: what the hooks themselves add to preempt_count
 * and to the depth of RCU readers, by requests of our own.
 */
#ifndef LAB_BPF_CALIBRATE_BPF_H
#define LAB_BPF_CALIBRATE_BPF_H

#include "bpf/compat.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"

struct lab_calibration calibration = {};

/* By name, not by pid: the loader may live in a pid namespace. */
static __always_inline bool is_own(void)
{
	__u64 comm[2] = {};

	return !bpf_get_current_comm(comm, sizeof(comm)) && comm[0] == knobs.own_comm[0] &&
	       comm[1] == knobs.own_comm[1];
}

/*
 * A blocking request of our own thread is made in preemptible task context, or the kernel would
 * have complained: whatever preempt_count says there, the hook itself added.
 */
static __always_inline bool see(__u64 *seen_count, __u32 *seen_rcu, __u32 *seen, bool known,
				const bool by_symbol)
{
	__u64 cache = 0, count;

	if (!known)
		return false;
	count = preempt_count(bpf_get_smp_processor_id(), &cache, by_symbol);
	if (count == LAB_NO_COUNT)
		return false;
	*seen_count = count;
	*seen_rcu = rcu_nesting();
	*seen = 1;
	return true;
}

/* By what cal_entry saw beyond what the tracepoint added, which shows in the preempt byte. */
static __always_inline void calibrate_entry(void)
{
	__u64 count = calibration.done_count;

	calibration.entry_count = (count & ~0xffULL) + calibration.inner_count - count;
	calibration.entry_rcu = calibration.inner_rcu - calibration.done_rcu;
	calibration.entry_seen = 1;
}

static __always_inline void calibrate_done(__u32 gfp, const bool by_symbol)
{
	bool own = is_own();

	if (see(&calibration.done_count, &calibration.done_rcu, &calibration.done_seen,
		own && (gfp & LAB_GFP_DIRECT_RECLAIM), by_symbol) &&
	    calibration.inner_seen)
		calibrate_entry();
	/* Where it is an interrupt's, what that left there is not our thread's. */
	if (own)
		calibration.inner_seen = 0;
}

SEC("raw_tp")
int cal_done(struct bpf_raw_tracepoint_args *ctx)
{
	calibrate_done(ctx->args[2], true);
	return 0;
}

SEC("raw_tp")
int cal_done_nosym(struct bpf_raw_tracepoint_args *ctx)
{
	calibrate_done(ctx->args[2], false);
	return 0;
}

/*
 * On the entry of cal_done, which has to be loaded before: so the first section of the object is
 * that of raw tracepoints. Attaching to a kernel function makes ftrace walk through all of them,
 * and detaching waits for all tasks; on a program neither is needed, and the kernel enters a
 * program and leaves it by the same code.
 */
SEC("fentry")
int cal_entry(void *ctx __attribute__((unused)))
{
	see(&calibration.inner_count, &calibration.inner_rcu, &calibration.inner_seen, is_own(),
	    true);
	return 0;
}

SEC("kprobe")
int cal_entry_kp(struct pt_regs *ctx)
{
	see(&calibration.entry_count, &calibration.entry_rcu, &calibration.entry_seen,
	    (PT_REGS_PARM1_CORE(ctx) & LAB_GFP_DIRECT_RECLAIM) && is_own(), true);
	return 0;
}

#endif
