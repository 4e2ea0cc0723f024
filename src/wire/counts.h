/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * counts.h - what each cpu counts: cells, slots of requests in flight, zones.
 *
 * Fixed-width members only, no holes: -Wpadded is an error here. Everything counts since the
 * programs were attached and only grows, so that any two readings can be subtracted.
 */
#ifndef LAB_WIRE_COUNTS_H
#define LAB_WIRE_COUNTS_H

#include "wire/gfp.h"
#include "wire/latency.h"
#include "wire/request.h"
#include "wire/types.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/* One cell per cpu, class and context: written with atomic adds by that cpu, read through a
 * mapping.
 */
struct lab_cell {
	__u64 used; /* 1 once anything was counted: the reader skips the rest of an unused cell */
	__u64 outcome[LAB_ORDERS][LAB_OUTCOMES];
	__u64 alone;	   /* of those, ends without a start: counted, no latency */
	__u64 bh_off;	   /* task context with bottom halves disabled */
	__u64 preempt_off; /* task context with preemption disabled */
	__u64 latency_sum_ns;
	__u64 latency_max_ns; /* since the reader last took it away */
	__u64 latency[LAB_LAT_BUCKETS];
	/*
	 * Of those in latency[], requests whose outcome is counted above. The rest, nearly all,
	 * were served above low in order 0: one count is enough for them. Last, and the first to be
	 * written: see accounting_cell_is_whole().
	 */
	__u64 told_apart;
};

#define LAB_SLOT_WOKEN 1U      /* wakeup_kswapd was called: the slow path was entered */
#define LAB_SLOT_HIT 2U	       /* a page came off a MIGRATE_HIGHATOMIC list */
#define LAB_SLOT_NODEMASK 4U   /* the request is bound to some nodes: in where */
#define LAB_SLOT_NODE_SHIFT 16 /* the preferred node, above all flags: in where */

/*
 * One in-flight request of one context level on one cpu. key is all that an end compares, in one
 * word: what it must have in common with its start (lab_slot_key()), and above that what happened
 * to the request. gfp 0: closed.
 */
struct lab_slot {
	union {
		__u64 key;
		struct {
			__u32 gfp; /* with LAB_GFP_UNSTABLE, so that no open slot has 0 here */
			__u8 order;
			__u8 flags; /* LAB_SLOT_WOKEN, LAB_SLOT_HIT */
			__u8 unused;
			/* 1: found by a lower level, so its interrupt has returned. */
			__u8 over;
		};
	};
	__u64 task;	  /* task_struct address: identifies a migrated request in task context */
	__u64 start_ns;	  /* CLOCK_MONOTONIC */
	__u64 wake_zone;  /* struct zone address of the first wakeup_kswapd; valid when WOKEN */
	__u64 nodes;	  /* nodes that its nodemask allows; valid with LAB_SLOT_NODEMASK */
	__u32 wake_level; /* enum lab_level of wake_zone at that moment */
	__u32 where;	  /* for events: LAB_SLOT_NODEMASK, and the node */
	__u64 spare[2];	  /* 64 bytes: a slot is found by a shift */
};

#define LAB_SLOT_KEY_MASK                                                                          \
	0xff0000ffffffffffULL /* less flags; over stays: such a slot is no match */

static inline __u64 lab_slot_key(__u32 gfp, __u32 order)
{
	return (gfp | LAB_GFP_UNSTABLE) | (__u64)(order & 0xff) << 32;
}

static inline __u32 lab_slot_gfp(const struct lab_slot *slot)
{
	return slot->gfp & ~LAB_GFP_UNSTABLE;
}

static inline __u32 lab_slot_order(const struct lab_slot *slot)
{
	return slot->order;
}

/* A context whose request just failed, and how many of its next requests are still reported. */
struct lab_follow {
	__u64 task;
	__u64 left;
};

#define LAB_FOLLOW_REQUESTS 4

/*
 * A request that failed, until its caller's next one: of a task in a table by its hash, of an
 * interrupt level in its cpu's row. Only its owner writes it, unless two tasks share a place.
 */
struct lab_pending {
	__u64 owner; /* task_struct address | context, or context + 1; 0: none */
	__u64 time_ns;
	__u64 stack; /* its key */
	__u64 what;  /* gfp mask, order << 32, LAB_PENDING_... */
	__u64 check; /* xor of those: else it is torn */
	__u64 spare[3];
};

#define LAB_PENDING_BULK (1ULL << 48)
#define LAB_PENDING_TOLD (1ULL << 49) /* its event went to the ring */
#define LAB_PENDING_TASKS 1024	      /* a power of two */
#define LAB_PENDING_SHIFT 54	      /* of a 64-bit hash: as many bits are left */

/*
 * A caller that asked for nothing more within this time went without. One whose request says that
 * it is a mere try (NORETRY, NOMEMALLOC) is waited for longer: it does go on, but the console may
 * take the report of the failure first, or a hypervisor stop the cpu.
 */
#define LAB_FOLLOW_NS 100000000ULL
#define LAB_FOLLOW_TRY_NS 1000000000ULL

/* How long the caller of a failed request with this mask is followed. */
static inline __u64 lab_follow_ns(__u32 gfp)
{
	return gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC) ? LAB_FOLLOW_TRY_NS : LAB_FOLLOW_NS;
}

static inline __u64 lab_pending_check(const struct lab_pending *p)
{
	return p->owner ^ p->time_ns ^ p->stack ^ p->what;
}

/* Up to this many (node, zone) pairs are followed; index = node * zones per node + zone. */
#define LAB_ZONES 128

/*
 * What the programs leave out, set while they run: bits of `gate`, which is read only when
 * lab_knobs.budget is set.
 */
#define LAB_GATE_STACKS 1U /* an event has only the stack that its counts by site are under */
#define LAB_GATE_SAMPLE 2U /* the sample by site is LAB_COARSER times smaller */
#define LAB_GATE_STARTS 4U /* no slot is opened */
#define LAB_GATE_ALONE 8U  /* starts are or were just off: no skip is to blame for an end alone */
#define LAB_GATE_SERVED                                                                            \
	16U /* served requests are skipped; the end of a failed one looks for no slot */

#define LAB_GATE_ASIDE 32 /* no caller is followed: its next request may be skipped */

#define LAB_COARSER 16 /* a power of two */

/* One row per cpu: in-flight slots, what is counted without a class, and the cells. */
struct lab_cpu {
	struct lab_slot slot[LAB_LEVELS_NESTED];
	/* The place above the highest level: marked like the levels, so that no test is needed. */
	struct lab_slot beyond[LAB_LEVELS_NESTED - 1];
	__u64 preempt_count_addr; /* where preempt_count is known only by address: 0 until used */
	__u64 displaced; /* open task slots taken over by another task: their ends come alone */
	__u64 strays;	 /* ends in task context that found no start anywhere */
	__u64 parked;	 /* starts kept aside while their requests sleep or ask for pages */
	__u64 returned;	 /* of those, paired or given up since */
	__u64 nolock;	 /* ends alone, of those with an entry function of their own */
	__u64 migrated;	 /* ends whose start was found on another cpu: paired */
	__u64 eligible;	 /* requests that may use the exclusive reserve */
	__u64 hit;	 /* eligible, the page came out of the reserve */
	__u64 miss;	 /* eligible, served elsewhere */
	__u64 leak;	 /* reserve blocks taken by requests that were not eligible */
	__u64 grown;	 /* pageblocks turned MIGRATE_HIGHATOMIC */
	__u64 shrunk;	 /* pageblocks turned back */
	__u64 bulk_calls;
	__u64 bulk_asked;     /* pages */
	__u64 bulk_got;	      /* pages */
	__u64 bulk_short;     /* calls that got fewer than asked */
	__u64 anon_exclusive; /* pages newly mapped with PG_anon_exclusive */
	struct lab_follow follow[LAB_LEVELS_NESTED];
	struct lab_pending pending[LAB_LEVELS_NESTED];
	__u64 event_window_ns;	  /* when the current window of the throttle began */
	__u64 event_window_count; /* events in it */
	__u64 throttled;	  /* events held back by the throttle */
	__u64 dropped;		  /* events lost: the ring was full */
	__u64 skipped;		  /* requests skipped: LAB_GATE_SERVED */
	__u64 blind;		  /* ends counted alone while LAB_GATE_ALONE was set */
	__u64 site_tick;	  /* requests watched, for the sampling of sites */
	__u64 site_uncounted; /* requests to be counted by site that found no room in the table */
	__u64 kind_uncounted; /* the same by kind */
	__u64 unsettled;      /* failures whose caller was lost sight of, and that have no row */
	__u64 zone_low[2]
		      [LAB_ZONES]; /* fewest free pages seen + 1, by epoch parity; 0: none seen */
	/*
	 * [class * LAB_CONTEXTS + context]. A map for the watched classes only ends after theirs:
	 * lab_cpu_size().
	 */
	struct lab_cell cell[LAB_CLASSES * LAB_CONTEXTS];
};

/* Bytes of a row with cells for this many classes. */
static inline __u32 lab_cpu_size(__u32 classes)
{
	return (__u32)(sizeof(struct lab_cpu) -
		       (LAB_CLASSES - classes) * LAB_CONTEXTS * sizeof(struct lab_cell));
}

#define LAB_MAX_NR_ZONES 8
#define LAB_ZONE_NAME 16

/* One zone as the kernel holds it, pages. Filled by the snapshot program, on the reader's demand.
 */
struct lab_zone {
	__u64 present; /* 1: the zone has managed pages and the rest is valid */
	__u64 free;    /* vm_stat[NR_FREE_PAGES]: the number the allocator itself tests */
	__u64 free_cma;
	__u64 min, low, high; /* _watermark[], without the boost */
	__u64 boost;
	__u64 managed;
	__u64 reserved_highatomic; /* whole pageblocks, in pages */
	__u64 free_highatomic;	   /* 6.12 and later, else 0 */
	__u64 lowmem_reserve;	   /* against a request that may use up to ZONE_NORMAL */
	char name[LAB_ZONE_NAME];
	__u32 node;
	__u32 zone;
};

/* Written by the calibration programs, which see blocking requests of our own thread. */
struct lab_calibration {
	__u64 entry_count; /* preempt_count seen by an entry program in preemptible task context */
	__u64 done_count;  /* the same for the end program */
	__u32 entry_seen, done_seen;
	__u32 entry_rcu, done_rcu; /* depth of RCU readers there */
	/* What cal_entry saw, for cal_done, which runs right after it. */
	__u64 inner_count;
	__u32 inner_rcu, inner_seen;
};

#pragma GCC diagnostic pop

#endif
