/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * ondemand.bpf.h - programs that run for the loader alone: the zones' figures when it asks for
 * them, and once at start what the hooks themselves add to preempt_count.
 */
#ifndef LAB_ONDEMAND_BPF_H
#define LAB_ONDEMAND_BPF_H

#include "slots.bpf.h"

/* ---- the zones ---- */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, LAB_ZONES);
	__type(key, __u32);
	__type(value, struct lab_zone);
} zones SEC(".maps");

static __always_inline void snapshot_zone(struct lab_zone *out, struct zone *zone, __u32 nid,
					  __u32 zid)
{
	const char *name = BPF_CORE_READ(zone, name);
	__u32 normal = bpf_core_enum_value(enum zone_type, ZONE_NORMAL);
	__s64 managed = BPF_CORE_READ(zone, managed_pages.counter);

	out->node = nid;
	out->zone = zid;
	out->managed = managed;
	out->free = zone_free_pages(zone);
	out->free_cma = zone_free_cma(zone);
	out->min = BPF_CORE_READ(zone, _watermark[WMARK_MIN]);
	out->low = BPF_CORE_READ(zone, _watermark[WMARK_LOW]);
	out->high = BPF_CORE_READ(zone, _watermark[WMARK_HIGH]);
	out->boost = BPF_CORE_READ(zone, watermark_boost);
	out->reserved_highatomic = BPF_CORE_READ(zone, nr_reserved_highatomic);
	out->free_highatomic = zone_free_highatomic(zone);
	out->lowmem_reserve = zone_lowmem_reserve(zone, normal);
	bpf_probe_read_kernel_str(out->name, sizeof(out->name), name);
	out->present = managed > 0;
}

SEC("raw_tp")
int lab_snapshot(void *ctx __attribute__((unused)))
{
	__u32 i;

	for (i = 0; i < LAB_ZONES; i++) {
		__u32 per_node = knobs.zones_per_node ?: 1;
		struct zone *zone = node_zone(i / per_node, i % per_node);
		__u32 key = i;
		struct lab_zone *out;

		if (!zone)
			break;
		out = bpf_map_lookup_elem(&zones, &key);
		if (out)
			snapshot_zone(out, zone, i / per_node, i % per_node);
	}
	return 0;
}

/* ---- the calibration ---- */

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

/*
 * On the entry of cal_done. To hang on a function of the kernel takes ftrace a walk through all of
 * them, and to leave it a wait for all tasks; on a program it takes neither, and the kernel goes to
 * a program and back by the same code.
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

#endif
