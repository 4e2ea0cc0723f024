/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * vmlinux.h - the kernel types that labyrinth reads, and nothing else.
 *
 * Written by hand: only the members that are read, in any order, because every access is relocated
 * by CO-RE against the running kernel. Where a member changed its type or name there is one flavour
 * a version (the part of the name after ___ is ignored by the relocation). Kept so small that a
 * build needs no kernel BTF at hand.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;

enum { false = 0, true = 1 };

/* uapi/linux/bpf.h */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
};

enum {
	BPF_F_MMAPABLE = 1U << 10,
};

struct bpf_raw_tracepoint_args {
	__u64 args[0];
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* asm/ptrace.h, only for the kprobe fallback. */
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
	unsigned long ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
};
struct pt_regs {
	struct user_pt_regs user_regs;
};
#elif defined(__TARGET_ARCH_riscv)   /* not proven */
struct user_regs_struct {
	unsigned long pc, ra, sp, gp, tp, t0, t1, t2, s0, s1;
	unsigned long a0, a1, a2, a3, a4, a5, a6, a7;
};
struct pt_regs {
	unsigned long epc;
};
#elif defined(__TARGET_ARCH_powerpc) /* not proven */
struct pt_regs {
	unsigned long gpr[32], nip, msr, orig_gpr3, ctr, link;
};
#else
#error "the registers of this architecture are not described: its kernel cannot be watched"
#endif

typedef struct {
	long counter;
} atomic_long_t;

/* linux/mmzone.h. The values are placeholders: each is relocated by name. */
enum zone_watermarks {
	WMARK_MIN,
	WMARK_LOW,
	WMARK_HIGH,
};

enum zone_stat_item {
	NR_FREE_PAGES,
	NR_FREE_CMA_PAGES = 10,
};

enum zone_type {
	ZONE_DMA,
	ZONE_DMA32,
	ZONE_NORMAL,
	ZONE_MOVABLE,
};

enum migratetype {
	MIGRATE_PCPTYPES = 3, /* the ordinary ones come before */
	MIGRATE_HIGHATOMIC = 3,
};

struct list_head {
	struct list_head *next;
};

struct free_area {
	struct list_head free_list[4];
	unsigned long nr_free;
};

struct pglist_data;

struct zone {
	unsigned long _watermark[4];
	unsigned long watermark_boost;
	unsigned long nr_reserved_highatomic;
	long lowmem_reserve[5];
	int node; /* CONFIG_NUMA only */
	struct pglist_data *zone_pgdat;
	atomic_long_t managed_pages;
	const char *name;
	struct free_area free_area[11];
	atomic_long_t vm_stat[12];
};

/* 6.12: counts the free pages of the exclusive reserve, not its whole blocks. */
struct zone___v6_12 {
	unsigned long nr_free_highatomic;
};

struct zoneref {
	struct zone *zone;
	int zone_idx;
};

struct zonelist {
	struct zoneref _zonerefs[8];
};

struct pglist_data {
	struct zone node_zones[5];
	struct zonelist node_zonelists[2];
};

struct page {
	unsigned long flags;
	unsigned long index; /* up to 6.6 also the free list a page came from */
};

/* 6.18: flags became a struct (memdesc_flags_t). */
struct page___v6_18 {
	struct {
		unsigned long f;
	} flags;
};

/* 6.1 */
struct folio___v6_1 {
	unsigned int _folio_nr_pages;
};

/* 6.15 renamed it. */
struct folio___v6_15 {
	unsigned int _nr_pages;
};

enum pageflags {
	PG_head = 16,
};

struct thread_info___arm64 {
	int preempt_count;
};

/* kernel/sched/sched.h: from a task to its run queue, a per-cpu variable. */
struct rq {
	unsigned int cpu;
};

struct cfs_rq {
	struct rq *rq;
};

struct sched_entity {
	struct cfs_rq *cfs_rq;
};

/* From a task's memory cgroup to a node. */
enum cgroup_subsys_id {
	memory_cgrp_id,
};

struct cgroup_subsys_state {
	struct cgroup_subsys_state *parent;
};

struct css_set {
	struct cgroup_subsys_state *subsys[16];
};

struct lruvec {
	struct pglist_data *pgdat;
};

struct mem_cgroup_per_node {
	struct lruvec lruvec;
};

struct mem_cgroup {
	struct cgroup_subsys_state css;
	struct mem_cgroup_per_node *nodeinfo[1];
};

struct task_struct {
	unsigned int flags;
	struct sched_entity se;
	struct css_set *cgroups;
};

/* CONFIG_PREEMPT_RT only: bottom-half state of a task (not in preempt_count there). */
struct task_struct___rt {
	int softirq_disable_cnt;
};

/* CONFIG_PREEMPT_RCU only: readers count themselves in the task. */
struct task_struct___rcu {
	int rcu_read_lock_nesting;
};

/* CONFIG_CPUSETS only */
typedef struct {
	unsigned long bits[1];
} nodemask_t;

struct task_struct___cpuset {
	nodemask_t mems_allowed;
};

struct task_struct___arm64 {
	struct thread_info___arm64 thread_info;
};

/* x86, 6.2 to 6.14: preempt_count lived here. */
struct pcpu_hot {
	int preempt_count;
};

#pragma clang attribute pop

#endif
