/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* knobs.h - what the loader sets before the programs are loaded: read-only, constants there.
 */
#ifndef LAB_WIRE_KNOBS_H
#define LAB_WIRE_KNOBS_H

#include "wire/types.h"

enum lab_preempt_count_how {
	LAB_PC_NONE,	    /* not found: context unknown */
	LAB_PC_VAR,	    /* x86 per-cpu __preempt_count, in BTF */
	LAB_PC_HOT,	    /* x86 pcpu_hot.preempt_count, in BTF */
	LAB_PC_ADDRESS,	    /* x86 per-cpu, found by symbol */
	LAB_PC_RUNQUEUE,    /* x86 per-cpu, by its distance from this cpu's run queue */
	LAB_PC_THREAD_INFO, /* arm64 and others: in the task */
};

/*
 * Placeholders in a program until it is loaded: the address of the variable that the first two are
 * in, plus one of them, which says which of the two it is.
 */
#define LAB_COUNT_VARIABLE 0x6c61625f636e7476ULL

/* A range of kernel code, as addresses; size 0: none. */
struct lab_text {
	__u64 start, size;
};

/* Entries of interrupts, exceptions and system calls; softirqs; interrupts, as sections. */
#define LAB_CUTS 3

struct lab_knobs {
	/* Addresses of symbols, 0 when not known. */
	__u64 node_data, contig_page_data; /* NUMA; else */
	__u64 per_cpu_offset;		   /* with LAB_PC_ADDRESS */
	/* LAB_PC_ADDRESS: per-cpu address; LAB_PC_RUNQUEUE: distance from runqueues, may wrap. */
	__u64 preempt_count_offset;
	__u32 preempt_count_how;
	__u32 irq_mask, nmi_mask; /* of preempt_count: hardirq and NMI, NMI alone; 7.3 moved both */
	__u32 preempt_known;	  /* preempt_disable() counts on this kernel */
	__u32 filtered;		  /* class_mask or order_mask exclude something */
	__u32 class_mask;	  /* bit = enum lab_class: those to count */
	__u32 cell_classes;	  /* classes that have cells: LAB_CLASSES_WATCHED or LAB_CLASSES */
	__u32 order_mask;	  /* bit = order, LAB_ORDERS - 1 for the rest */
	__u32 max_order;	  /* the allocator refuses larger ones, without a tracepoint */
	__u32 has_entry;	  /* starts are seen: slots are opened */
	__u32 has_wake;		  /* wakeup_kswapd is seen */
	__u32 parks; /* requests that may sleep have starts: kept while their slot is needed */
	/* Rules below min: struct verdict_rules. */
	__u32 harder_by_bit, harder_alone_dips, reserve_by_any_right;
	__u32 eligible_fast; /* 7.3: order > 0 HIGH requests may use the reserve in the fast path */
	/* How nolock requests begin (6.15). nolock_flag: among the fifth argument of the entry
	 * function, which then adds LAB_GFP_NOLOCK (7.3); nolock_apart: by a function of their own.
	 */
	__u32 nolock_flag, nolock_apart;
	__u32 cpus; /* possible */
	__u32 nodes, zones_per_node;
	__u32 page_zone_shift, page_zone_mask; /* of page->flags; shift 0: not known */
	__u32 page_node_shift, page_node_mask;
	__u32 locked_by_index; /* mm_page_alloc_zone_locked: list type in page->index (up to 5.15)
				*/
	__u32 bulk_args;       /* arity of the bulk function */
	__u32 move_has_old; /* move_freepages_block(zone, page, old, new); else (zone, page, type,
			       ...) */
	__u32 anon_args; /* arity of the new-anon-rmap function: from 4 on the last one is flags */
	__u32 cma_type;	 /* MIGRATE_CMA; 0: this kernel has none */
	__u32 events;	 /* failures go to the ring buffer */
	__u32 placed;	 /* starts need more than their slot: where, or the gate */
	__u32 budget;	 /* the gate is read: the programs may have to leave something out */
	__u32 event_below;     /* near misses: served at this level or deeper; LAB_LEVELS: none */
	__u64 event_slower_ns; /* slow ones: at least this long; 0: none */
	__u32 sites;	       /* requests are counted by stack */
	__u32 site_sample;     /* one in this many of all requests, a power of two */
	__u64 site_slower_ns;  /* and each that took this long; 0: none */
	__u32 kinds;	       /* requests are counted by gfp mask */
	__u32 rcu_nesting;     /* task_struct.rcu_read_lock_nesting says who is an RCU reader */
	__u32 flags_known;     /* lint: its hook sees whether interrupts are off (x86 kprobe) */
	struct lab_text cut[LAB_CUTS]; /* where a stack ends by which requests are counted */
	__u64 own_comm[2]; /* calibration: the name of our thread meanwhile, zero padded */
};

#endif
