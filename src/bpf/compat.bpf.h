/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * compat.bpf.h - everything that differs between kernels, kernel side. Each entry names what
 * changed and when. What cannot be seen from here (symbols, BTF of functions) is a knob that
 * features.c sets.
 */
#ifndef LAB_BPF_COMPAT_BPF_H
#define LAB_BPF_COMPAT_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"

#ifndef NULL
#define NULL ((void *)0)
#endif

/* ---- knobs: constants for the verifier, which drops the dead arms ---- */

const volatile struct lab_knobs knobs = {};

/* ---- preempt_count ---- */

/*
 * x86: the per-cpu variable that holds it. __preempt_count, which is in BTF from 6.1 on Debian,
 * absent in 5.10, and which 7.3 made 64 bits wide: the low half still holds all the counts. From
 * 6.2 to 6.14 pcpu_hot (commit 64701838bf05 "x86/percpu: Move preempt_count next to current_task").
 *
 * The loader puts in which one (load.c). As an extern of C, libbpf would read the kernel's BTF
 * for it once more.
 */
static __always_inline const void *count_variable(const __u64 mark)
{
	__u64 address;

	asm("%0 = %1 ll" : "=r"(address) : "i"(mark));
	return (const void *)address;
}

/* This cpu's run queue by way of the current task; 0 while that task is being moved. */
static __always_inline __u64 this_runqueue(__u32 cpu)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct rq *rq = BPF_CORE_READ(task, se.cfs_rq, rq);

	return rq && BPF_CORE_READ(rq, cpu) == cpu ? (__u64)rq : 0;
}

/* Where __preempt_count of this cpu lies, by symbol or by its distance from the run queue; 0: no
 * answer. */
static __always_inline __u64 preempt_count_address(__u32 cpu)
{
	__u64 base = 0;

	if (knobs.preempt_count_how == LAB_PC_RUNQUEUE)
		base = this_runqueue(cpu);
	else if (knobs.preempt_count_how == LAB_PC_ADDRESS)
		bpf_probe_read_kernel(&base, sizeof(base),
				      (const void *)(knobs.per_cpu_offset + (__u64)cpu * 8));
	return base ? base + knobs.preempt_count_offset : 0;
}

#define LAB_NO_COUNT (1ULL << 32)

/*
 * preempt_count of this cpu, or LAB_NO_COUNT when it cannot be told. *cache keeps its address,
 * found once a cpu. Without by_symbol the program does not even refer to kernel variables: a kernel
 * without CONFIG_KALLSYMS cannot resolve them and would not load it.
 */
static __always_inline __u64 preempt_count(__u32 cpu, __u64 *cache, const bool by_symbol)
{
	__u32 count = 0;

	if (by_symbol && knobs.preempt_count_how == LAB_PC_VAR)
		return *(const __u32 *)bpf_this_cpu_ptr(
			count_variable(LAB_COUNT_VARIABLE + LAB_PC_VAR));
	if (by_symbol && knobs.preempt_count_how == LAB_PC_HOT) {
		const struct pcpu_hot *hot =
			bpf_this_cpu_ptr(count_variable(LAB_COUNT_VARIABLE + LAB_PC_HOT));

		return (__u32)hot->preempt_count;
	}
	if (knobs.preempt_count_how == LAB_PC_THREAD_INFO) {
		struct task_struct___arm64 *task = (void *)bpf_get_current_task();

		return (__u32)BPF_CORE_READ(task, thread_info.preempt_count);
	}
	if (knobs.preempt_count_how == LAB_PC_NONE)
		return LAB_NO_COUNT;
	if (!*cache)
		*cache = preempt_count_address(cpu);
	if (!*cache || bpf_probe_read_kernel(&count, sizeof(count), (const void *)*cache))
		return LAB_NO_COUNT;
	return count;
}

#define LAB_PREEMPT_MASK 0xffU
#define LAB_SERVING_SOFTIRQ 0x100U /* odd multiples: serving; 0x200 and up: disabled */
#define LAB_BH_OFF_MASK 0xfe00U
#define LAB_SOFTIRQ_MASK 0xff00U

/*
 * Softirq bits, in preempt_count's own places. PREEMPT_RT keeps them in the task (5.11, commit
 * 8b1c04acad08 "softirq: Make softirq control and processing RT aware"); the member exists only
 * there.
 */
static __always_inline bool kernel_is_rt(void)
{
	return bpf_core_field_exists(((struct task_struct___rt *)0)->softirq_disable_cnt);
}

/* preempt_count with the softirq bits in their old place on every kernel. */
static __always_inline __u64 with_softirq_bits(__u64 count)
{
	struct task_struct___rt *task;

	if (!kernel_is_rt())
		return count;
	task = (void *)bpf_get_current_task();
	return (count & ~LAB_SOFTIRQ_MASK) |
	       (BPF_CORE_READ(task, softirq_disable_cnt) & LAB_SOFTIRQ_MASK);
}

/* Were interrupts off where the probed function was called? Only where knobs.flags_known. */
static __always_inline bool flags_irqs_off(struct pt_regs *ctx)
{
#ifdef __TARGET_ARCH_x86
	return !(ctx->flags & 0x200); /* X86_EFLAGS_IF */
#else
	(void)ctx;
	return false;
#endif
}

#define LAB_PF_MEMALLOC 0x800U /* include/linux/sched.h, all versions */

/* Is this task in direct reclaim or compaction, or else trusted with all memory? */
static __always_inline bool task_is_memalloc(__u64 task)
{
	return BPF_CORE_READ((struct task_struct *)task, flags) & LAB_PF_MEMALLOC;
}

/* How many RCU read-side sections deep the current task is; 0 where that is not counted. */
static __always_inline __u32 rcu_nesting(void)
{
	struct task_struct___rcu *task = (void *)bpf_get_current_task();

	if (!bpf_core_field_exists(task->rcu_read_lock_nesting))
		return 0;
	return BPF_CORE_READ(task, rcu_read_lock_nesting);
}

/* The first 64 nodes that the cpuset of the current task lets it use; 0: not known. */
static __always_inline __u64 cpuset_nodes(void)
{
	struct task_struct___cpuset *task = (void *)bpf_get_current_task();

	if (!bpf_core_field_exists(task->mems_allowed))
		return 0;
	return BPF_CORE_READ(task, mems_allowed.bits[0]);
}

/* ---- pages and zones ---- */

/* struct pglist_data of each node, found once: they never move. */
#define LAB_NODES 64
__u64 node_pgdats[LAB_NODES] = {};

/* Without symbols: the current task's memory cgroup has a list vector a node, which points there.
 */
static __always_inline __u64 memcg_pgdat(__u32 nid)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct mem_cgroup_per_node *info = NULL;
	struct cgroup_subsys_state *css;
	__u64 memcg;

	if (!bpf_core_type_exists(struct mem_cgroup) ||
	    !bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return 0;
	css = BPF_CORE_READ(task, cgroups,
			    subsys[bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id)]);
	if (!css)
		return 0;
	memcg = (__u64)css - bpf_core_field_offset(struct mem_cgroup, css);
	bpf_probe_read_kernel(&info, sizeof(info),
			      (void *)memcg + bpf_core_field_offset(struct mem_cgroup, nodeinfo) +
				      (__u64)nid * sizeof(info));
	return info ? (__u64)BPF_CORE_READ(info, lruvec.pgdat) : 0;
}

/* NUMA kernels have an array of pointers, others the only node itself. */
static __always_inline __u64 find_pgdat(__u32 nid)
{
	__u64 pgdat = 0;

	if (knobs.contig_page_data)
		return knobs.contig_page_data;
	if (!knobs.node_data)
		return memcg_pgdat(nid);
	bpf_probe_read_kernel(&pgdat, sizeof(pgdat),
			      (const void *)(knobs.node_data + (__u64)nid * 8));
	return pgdat;
}

static __always_inline struct pglist_data *node_pgdat(__u32 nid)
{
	__u64 *pgdat, i = nid;

	if (nid >= LAB_NODES)
		return NULL;
	/* The verifier must see the bound where the index is used. */
	barrier_var(i);
	pgdat = &node_pgdats[i & (LAB_NODES - 1)];
	if (!*pgdat)
		*pgdat = find_pgdat(nid);
	return (void *)*pgdat;
}

static __always_inline struct zone *pgdat_zone(struct pglist_data *pgdat, __u32 zid)
{
	return (void *)pgdat + bpf_core_field_offset(struct pglist_data, node_zones) +
	       (__u64)zid * bpf_core_type_size(struct zone);
}

static __always_inline struct zone *node_zone(__u32 nid, __u32 zid)
{
	struct pglist_data *pgdat;

	if (nid >= knobs.nodes || zid >= knobs.zones_per_node)
		return NULL;
	pgdat = node_pgdat(nid);
	return pgdat ? pgdat_zone(pgdat, zid) : NULL;
}

static __always_inline __u64 page_flags(struct page *page)
{
	struct page___v6_18 *page_new = (void *)page;

	if (bpf_core_field_exists(page_new->flags.f))
		return BPF_CORE_READ(page_new, flags.f);
	return BPF_CORE_READ(page, flags);
}

/* The zone of a page, by the place the kernel keeps for it in page->flags
 * (linux/page-flags-layout.h). */
static __always_inline struct zone *page_zone(struct page *page)
{
	__u64 flags;

	if (!knobs.page_zone_shift)
		return NULL;
	flags = page_flags(page);
	return node_zone((flags >> knobs.page_node_shift) & knobs.page_node_mask,
			 (flags >> knobs.page_zone_shift) & knobs.page_zone_mask);
}

/* Index of a zone in lab_zone[] and zone_low[]; LAB_ZONES when it is beyond the table. */
static __always_inline __u32 zone_index(struct zone *zone)
{
	struct pglist_data *pgdat = BPF_CORE_READ(zone, zone_pgdat);
	__u64 size = bpf_core_type_size(struct zone);
	__u32 nid = 0, zid, index;

	if (!pgdat || !size)
		return LAB_ZONES;
	zid = ((__u64)zone - (__u64)pgdat_zone(pgdat, 0)) / size;
	if (bpf_core_field_exists(zone->node))
		nid = BPF_CORE_READ(zone, node);
	index = nid * knobs.zones_per_node + zid;
	return zid < knobs.zones_per_node && index < LAB_ZONES ? index : LAB_ZONES;
}

/* A count that was caught below zero is none. Without a branch: each doubles the verifier's work.
 */
static __always_inline __u64 not_negative(__s64 value)
{
	barrier_var(value);
	return value & ~(value >> 63);
}

static __always_inline __u64 zone_stat(struct zone *zone, __u32 item)
{
	__s64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value),
			      (void *)zone + bpf_core_field_offset(struct zone, vm_stat) +
				      (__u64)item * sizeof(value));
	return not_negative(value);
}

static __always_inline __u64 zone_free_pages(struct zone *zone)
{
	return zone_stat(zone, bpf_core_enum_value(enum zone_stat_item, NR_FREE_PAGES));
}

static __always_inline __u64 zone_free_cma(struct zone *zone)
{
	if (!bpf_core_enum_value_exists(enum zone_stat_item, NR_FREE_CMA_PAGES))
		return 0;
	return zone_stat(zone, bpf_core_enum_value(enum zone_stat_item, NR_FREE_CMA_PAGES));
}

static __always_inline __u64 zone_lowmem_reserve(struct zone *zone, __u32 highest_zid)
{
	__s64 value = 0;

	if (highest_zid >= knobs.zones_per_node)
		return 0;
	bpf_probe_read_kernel(&value, sizeof(value),
			      (void *)zone + bpf_core_field_offset(struct zone, lowmem_reserve) +
				      (__u64)highest_zid * sizeof(value));
	return not_negative(value);
}

/* Free pages of the exclusive reserve, which the kernel counts from 6.12 on; 0 before. */
static __always_inline __u64 zone_free_highatomic(struct zone *zone)
{
	struct zone___v6_12 *zone_new = (void *)zone;

	if (!bpf_core_field_exists(zone_new->nr_free_highatomic))
		return 0;
	return BPF_CORE_READ(zone_new, nr_free_highatomic);
}

/* What the kernel's own test takes for it: that count, before it whole blocks. */
static __always_inline __u64 zone_unusable_highatomic(struct zone *zone)
{
	struct zone___v6_12 *zone_new = (void *)zone;

	if (bpf_core_field_exists(zone_new->nr_free_highatomic))
		return zone_free_highatomic(zone);
	return BPF_CORE_READ(zone, nr_reserved_highatomic);
}

/* gfp_zone() without the table: the highest zone a request may use. */
static __always_inline __u32 gfp_highest_zid(__u32 gfp)
{
	const __u32 both = LAB_GFP_HIGHMEM | LAB_GFP_MOVABLE;

	if ((gfp & LAB_GFP_DMA) && bpf_core_enum_value_exists(enum zone_type, ZONE_DMA))
		return bpf_core_enum_value(enum zone_type, ZONE_DMA);
	if ((gfp & LAB_GFP_DMA32) && bpf_core_enum_value_exists(enum zone_type, ZONE_DMA32))
		return bpf_core_enum_value(enum zone_type, ZONE_DMA32);
	/* Both: HIGHMEM is a zone of its own on 32 bits only. */
	if ((gfp & both) == both && bpf_core_enum_value_exists(enum zone_type, ZONE_MOVABLE))
		return bpf_core_enum_value(enum zone_type, ZONE_MOVABLE);
	return bpf_core_enum_value(enum zone_type, ZONE_NORMAL);
}

/* Pages of a folio that is being mapped: the count moved twice. */
static __always_inline __u64 folio_pages(struct page *page)
{
	struct folio___v6_15 *folio_new = (void *)page;
	struct folio___v6_1 *folio = (void *)page;
	__u64 pages = 1;

	if (!((page_flags(page) >> bpf_core_enum_value(enum pageflags, PG_head)) & 1))
		return 1;
	if (bpf_core_field_exists(folio_new->_nr_pages))
		pages = BPF_CORE_READ(folio_new, _nr_pages);
	else if (bpf_core_field_exists(folio->_folio_nr_pages))
		pages = BPF_CORE_READ(folio, _folio_nr_pages);
	return pages ?: 1;
}

#endif
