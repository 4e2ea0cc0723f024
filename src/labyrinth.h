/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * labyrinth.h - the wire: what the kernel side writes and the user side reads.
 *
 * Fixed-width members only, no holes: -Wpadded is an error here. Everything counts since the
 * programs were attached and only grows, so that any two readings can be subtracted.
 * Includes nothing; both sides provide __u8 ... __u64.
 */
#ifndef LABYRINTH_H
#define LABYRINTH_H

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

/* gfp bits: the same value on every kernel from 5.10 on (include/linux/gfp_types.h). */
#define LAB_GFP_DMA 0x1U
#define LAB_GFP_HIGHMEM 0x2U
#define LAB_GFP_DMA32 0x4U
#define LAB_GFP_MOVABLE 0x8U
#define LAB_GFP_HIGH 0x20U
#define LAB_GFP_IO 0x40U
#define LAB_GFP_FS 0x80U
#define LAB_GFP_ATOMIC 0x200U /* a bit of its own up to 6.2, without a meaning since */
#define LAB_GFP_DIRECT_RECLAIM 0x400U
#define LAB_GFP_KSWAPD_RECLAIM 0x800U
#define LAB_GFP_NOWARN 0x2000U
#define LAB_GFP_NOFAIL 0x8000U
#define LAB_GFP_NORETRY 0x10000U
#define LAB_GFP_MEMALLOC 0x20000U
#define LAB_GFP_NOMEMALLOC 0x80000U
#define LAB_GFP_HARDWALL 0x100000U
#define LAB_GFP_THISNODE 0x200000U
#define LAB_GFP_ACCOUNT 0x400000U

/*
 * Bits that the allocator itself changes between its entry and mm_page_alloc: HARDWALL is added
 * when cpusets are in use (prepare_alloc_pages), IO, FS and MOVABLE go by current_gfp_context(). A
 * slot is compared without them.
 */
#define LAB_GFP_UNSTABLE (LAB_GFP_HARDWALL | LAB_GFP_IO | LAB_GFP_FS | LAB_GFP_MOVABLE)

enum lab_class {
	LAB_CLASS_ATOMIC,   /* HIGH, not DIRECT_RECLAIM */
	LAB_CLASS_NOWAIT,   /* KSWAPD_RECLAIM, not DIRECT_RECLAIM, not HIGH */
	LAB_CLASS_NOLOCK,   /* neither reclaim bit, not HIGH */
	LAB_CLASS_HIGH,	    /* HIGH and DIRECT_RECLAIM */
	LAB_CLASS_BLOCKING, /* the rest */
	LAB_CLASSES,
};

/* The first three classes may not sleep: they are watched unless told otherwise. */
#define LAB_CLASSES_WATCHED 3
#define LAB_CLASS_MASK_WATCHED ((1U << LAB_CLASSES_WATCHED) - 1)
#define LAB_CLASS_MASK_ALL ((1U << LAB_CLASSES) - 1)

/* Context levels in nesting order: one in-flight slot each. UNKNOWN when no preempt count is found.
 */
enum lab_context {
	LAB_CTX_TASK,
	LAB_CTX_SOFTIRQ,
	LAB_CTX_HARDIRQ,
	LAB_CTX_NMI,
	LAB_CTX_UNKNOWN,
	LAB_CONTEXTS,
};

#define LAB_LEVELS_NESTED 4

/*
 * A watermark level. For a served request: what the kernel had to waive. For a zone: where its free
 * pages stood (LOW above low, MIN between, RESERVE below min but above the floor of that request's
 * rights, NONE at or below that floor).
 */
enum lab_level {
	LAB_LEVEL_LOW,
	LAB_LEVEL_MIN,
	LAB_LEVEL_RESERVE,
	LAB_LEVEL_NONE,
	LAB_LEVEL_UNKNOWN,
	LAB_LEVELS,
};

/*
 * What became of one request; every request adds one to exactly one of these.
 * LEFT: its start was seen and its end was not. QUIET: it had not woken kswapd, so it was either
 * served above low (the kernel skipped our end program: see recursion misses) or it failed before
 * the tracepoint. WOKEN: the outcome is not known. NOINFO: the request may not wake kswapd, so
 * QUIET says nothing.
 */
enum lab_outcome {
	LAB_OUT_SERVED,					    /* + enum lab_level */
	LAB_OUT_FAILED_FINAL = LAB_OUT_SERVED + LAB_LEVELS, /* + enum lab_level of the zone */
	LAB_OUT_FAILED_OPPORTUNISTIC = LAB_OUT_FAILED_FINAL + LAB_LEVELS, /* + enum lab_level */
	LAB_OUT_LEFT_QUIET_FINAL = LAB_OUT_FAILED_OPPORTUNISTIC + LAB_LEVELS,
	LAB_OUT_LEFT_QUIET_OPPORTUNISTIC,
	LAB_OUT_LEFT_WOKEN,
	LAB_OUT_OVERSIZE_FINAL, /* order beyond the maximum: NULL without a tracepoint */
	LAB_OUT_OVERSIZE_OPPORTUNISTIC,
	LAB_OUTCOMES,
};

/* Orders 0 .. LAB_ORDERS - 2 have a row each, the last one is "that or more". */
#define LAB_ORDERS 12

/*
 * Latency histogram, log-linear: values below 2^LAB_LAT_SUB_BITS have a bucket each, every power of
 * two above is split in 2^LAB_LAT_SUB_BITS equal parts, so a bucket is at most 1/16 of its values
 * wide. The last bucket takes all from 2^LAB_LAT_MAX_BITS ns (17 s) on.
 */
#define LAB_LAT_SUB_BITS 4
#define LAB_LAT_SUB (1U << LAB_LAT_SUB_BITS)
#define LAB_LAT_MAX_BITS 34
#define LAB_LAT_BUCKETS ((LAB_LAT_MAX_BITS - LAB_LAT_SUB_BITS) * LAB_LAT_SUB + LAB_LAT_SUB + 1)

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
	__u64 latency_max_ns; /* since the reader last took it out */
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
 * word: what it must have in common with its start (lab_slot_key()), and above that what befell the
 * request. gfp 0: closed.
 */
struct lab_slot {
	union {
		__u64 key;
		struct {
			__u32 gfp; /* with LAB_GFP_UNSTABLE, so that no open slot has 0 here */
			__u8 order;
			__u8 flags; /* LAB_SLOT_WOKEN, LAB_SLOT_HIT */
			__u8 unused;
			/* 1: found by a lower level, so the interrupt that opened it has ended. */
			__u8 over;
		};
	};
	__u64 task;	  /* task_struct address: tells a migrated request in task context */
	__u64 start_ns;	  /* CLOCK_MONOTONIC */
	__u64 wake_zone;  /* struct zone address of the first wakeup_kswapd; valid when WOKEN */
	__u64 nodes;	  /* that its nodemask lets it use; valid with LAB_SLOT_NODEMASK */
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

/* A context whose request failed just before, and how many of its requests are still told. */
struct lab_follow {
	__u64 task;
	__u64 left;
};

#define LAB_FOLLOW_REQUESTS 4

/* Up to this many (node, zone) pairs are followed; index = node * zones per node + zone. */
#define LAB_ZONES 128

/*
 * What the programs leave out, set while they run: bits of `gate`, which is read only when
 * lab_knobs.budget is set.
 */
#define LAB_GATE_STACKS 1U /* an event has no stack but the one its counts by site are under */
#define LAB_GATE_SAMPLE 2U /* one request in LAB_COARSER times as many is counted by site */
#define LAB_GATE_STARTS 4U /* no slot is opened */
#define LAB_GATE_ALONE 8U  /* starts are or just were off: an end without one is nobody's miss */
#define LAB_GATE_SERVED                                                                            \
	16U /* served requests are passed over; the end of a failed one looks for no slot */

#define LAB_COARSER 16 /* a power of two */

/* One row per cpu: in-flight slots, what is counted without a class, and the cells. */
struct lab_cpu {
	struct lab_slot slot[LAB_LEVELS_NESTED];
	/* What lies above the highest level: marked like those, so that there is no test for it. */
	struct lab_slot beyond[LAB_LEVELS_NESTED - 1];
	__u64 preempt_count_addr; /* where the count is known only as an address: 0 until used */
	__u64 displaced; /* open task slots taken over by another task: their ends come alone */
	__u64 strays;	 /* ends in task context that found no start anywhere */
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
	__u64 event_window_ns;	  /* when the current window of the throttle began */
	__u64 event_window_count; /* events in it */
	__u64 throttled;	  /* events held back by the throttle */
	__u64 dropped;		  /* events lost: the ring was full */
	__u64 skipped;		  /* requests passed over: LAB_GATE_SERVED */
	__u64 blind;		  /* ends counted alone while LAB_GATE_ALONE was set */
	__u64 site_tick;	  /* requests watched, for the sampling of sites */
	__u64 site_uncounted;	  /* requests worth counting by site: no room in the table */
	__u64 kind_uncounted;	  /* the same by kind */
	__u64 zone_low[2]
		      [LAB_ZONES]; /* fewest free pages seen + 1, by epoch parity; 0: none seen */
	/*
	 * [class * LAB_CONTEXTS + context]. A map made for the watched classes only ends after
	 * theirs: lab_cpu_size().
	 */
	struct lab_cell cell[LAB_CLASSES * LAB_CONTEXTS];
};

/* Bytes of a row with cells for so many classes. */
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
	/* What cal_entry saw, for cal_done, which comes right after it. */
	__u64 inner_count;
	__u32 inner_rcu, inner_seen;
};

/* ---- events: one record a noteworthy request, through the ring buffer ---- */

#define LAB_EVENT_FRAMES 32 /* kernel stack, innermost first */
#define LAB_EVENT_ZONES 8   /* zones of the request's zonelist, in the order they are tried */
#define LAB_EVENT_ORDERS 11

enum lab_event_kind {
	LAB_EVENT_FAILED,
	LAB_EVENT_SLOW,
	LAB_EVENT_NEAR_MISS, /* served, but below a mark */
	LAB_EVENT_FOLLOW,    /* served, by a context whose request failed just before: for the
				aftermath */
	LAB_EVENT_KINDS,
};

/* Flags of an event, beside those of its slot (LAB_SLOT_...). */
#define LAB_EVENT_BH_OFF 0x100U
#define LAB_EVENT_PREEMPT_OFF 0x200U
#define LAB_EVENT_HAS_START 0x400U /* latency_ns is valid */
/* The order is beyond the maximum: refused before anything was tried. */
#define LAB_EVENT_OVERSIZE 0x1000U
/* A bulk request got fewer pages than it asked for. */
#define LAB_EVENT_BULK 0x2000U
/* stack[0] is its key in the table of stacks, and there are no frames. */
#define LAB_EVENT_STACK_ID 0x4000U

/* A zone of the request's zonelist when it failed, pages. */
struct lab_event_zone {
	__u64 free, min, low, boost; /* marks without the boost */
	__u64 lowmem_reserve;	     /* against this request */
	__u64 managed;
	__u64 free_cma, free_highatomic;
	__u64 unusable_highatomic; /* what the kernel's own test subtracts: whole blocks before 6.12
				    */
	__u32 node, zone;
	__u32 blocks[LAB_EVENT_ORDERS]; /* free blocks of each order, all types */
	/* Bit o: there is a free block of order o of an ordinary type, of CMA, of the exclusive
	 * reserve. */
	__u32 ordinary, cma, highatomic;
};

/* What every event has; FOLLOW has nothing more. */
struct lab_event_head {
	__u64 time_ns;	  /* CLOCK_MONOTONIC, at the end of the request */
	__u64 latency_ns; /* valid with HAS_START */
	__u64 task;	  /* task_struct address of current */
	__u32 kind, cpu;
	__u32 gfp, order;
	__u32 context; /* enum lab_context */
	__u32 flags;   /* LAB_EVENT_..., LAB_SLOT_... */
	__u32 level;   /* enum lab_level: of a served request its admission, else its zone's */
	__u32 pid;     /* of current, which owns the request only in task context */
	char comm[16];
	__u32 node;   /* preferred */
	__u32 frames; /* valid entries of stack */
	__u64 stack[LAB_EVENT_FRAMES];
};

struct lab_event {
	struct lab_event_head head;
	__u32 zones; /* valid entries of zone; closed ones too: the verdict tells them apart */
	__u32 highest_zone;
	__u32 bulk_asked, bulk_got; /* pages; valid with BULK */
	__u64 nodes; /* that its nodemask or cpuset lets it use, bit = node; 0: any, or not known */
	struct lab_event_zone zone[LAB_EVENT_ZONES];
};

/* ---- counts by stack and by kind of request: only for the views that ask for them ---- */

#define LAB_NO_STACK 0 /* no room among the stacks */

/*
 * Frames of a stack by which requests are counted, innermost first, 0 behind the last. It ends
 * where an interrupt, a softirq or a system call came in (lab_knobs.cut): what was interrupted has
 * no part in the request, and would make of each place of the kernel another stack.
 */
struct lab_stack {
	__u64 frame[LAB_EVENT_FRAMES];
};

/* What a request does wrong, for the view lint. */
enum lab_mistake {
	LAB_MISTAKE_NONE,
	/* May sleep, where sleeping is forbidden. */
	LAB_MISTAKE_SLEEP_IN_NMI,
	LAB_MISTAKE_SLEEP_IN_HARDIRQ,
	LAB_MISTAKE_SLEEP_IN_SOFTIRQ,
	LAB_MISTAKE_SLEEP_IRQS_OFF,
	LAB_MISTAKE_SLEEP_BH_OFF,
	LAB_MISTAKE_SLEEP_PREEMPT_OFF,
	LAB_MISTAKE_SLEEP_RCU_READER,
	/* May not sleep, where it could have: eats the reserve that interrupts need. */
	LAB_MISTAKE_NEEDLESSLY_ATOMIC,
	LAB_MISTAKES,
};

struct lab_site_key {
	__u64 stack;  /* key in the table of stacks, or LAB_NO_STACK */
	__u32 gfp;    /* without LAB_GFP_UNSTABLE */
	__u16 order;  /* as asked for */
	__u8 context; /* enum lab_context */
	__u8 mistake; /* enum lab_mistake */
};

/* What one stack did, with one gfp mask, order and context. All but `sampled` are exact. */
struct lab_site {
	__u64 sampled; /* requests of the sample, LAB_COARSER each while it is coarser; of a
			  mistake all of them */
	__u64 failed_final,
		failed_opportunistic; /* of silent ones only those of too high an order */
	__u64 bulk_short;	      /* bulk requests that got fewer pages than asked */
	__u64 below_min;	      /* served at LAB_LEVEL_RESERVE or _NONE */
	__u64 slow;		      /* took lab_knobs.site_slower_ns or longer */
	__u64 bh_off, preempt_off;    /* of those above, in task context */
	__u64 latency_max_ns; /* of those above; a slower one that was not sampled was not slow */
};

/* One kind of request; fast: it never missed the low mark, so it never left the fast path. */
struct lab_kind {
	__u64 served[LAB_LEVELS];
	__u64 failed_final, failed_opportunistic;
	__u64 alone;  /* of those, without a latency */
	__u64 orders; /* bit = order, LAB_ORDERS - 1 for the rest: those seen */
	__u64 fast_sum_ns, slow_sum_ns;
	__u64 fast_max_ns, slow_max_ns;
	__u64 fast[LAB_LAT_BUCKETS], slow[LAB_LAT_BUCKETS];
};

#pragma GCC diagnostic pop

/* Floor of the binary logarithm of a byte; 0 for 0. */
static const __u8 lab_log2[256] = {
	[2 ... 3] = 1,	 [4 ... 7] = 2,	   [8 ... 15] = 3,    [16 ... 31] = 4,
	[32 ... 63] = 5, [64 ... 127] = 6, [128 ... 255] = 7,
};

/* Bucket of a latency. Both sides use this one: by table, as eBPF has no count of leading zeros. */
static inline __attribute__((always_inline)) __u32 lab_latency_bucket(__u64 ns)
{
	__u64 v = ns >> LAB_LAT_SUB_BITS;
	__u32 msb;

	if (ns < LAB_LAT_SUB)
		return (__u32)ns;
	if (v < 1U << 8)
		msb = lab_log2[v & 0xff];
	else if (v < 1U << 16)
		msb = 8 + lab_log2[(v >> 8) & 0xff];
	else if (v < 1U << 24)
		msb = 16 + lab_log2[(v >> 16) & 0xff];
	else if (ns >> LAB_LAT_MAX_BITS)
		return LAB_LAT_BUCKETS - 1;
	else
		msb = 24 + lab_log2[(v >> 24) & 0xff];
	return (msb + 1) * LAB_LAT_SUB + (__u32)((ns >> msb) & (LAB_LAT_SUB - 1));
}

/*
 * The same by one table, which the loader fills: an entry for 1 << LAB_LEAN_SHIFT ns, from
 * LAB_LEAN_LEAST_NS on. Below that a bucket has less.
 */
#define LAB_LEAN_SHIFT 2
#define LAB_LEAN_LEAST_NS 64
#define LAB_LEAN_BUCKETS 4096

/* Class of a request, from its gfp mask alone: the same test on every kernel. */
static inline __u32 lab_class_of(__u32 gfp)
{
	if (gfp & LAB_GFP_DIRECT_RECLAIM)
		return gfp & LAB_GFP_HIGH ? LAB_CLASS_HIGH : LAB_CLASS_BLOCKING;
	if (gfp & LAB_GFP_HIGH)
		return LAB_CLASS_ATOMIC;
	return gfp & LAB_GFP_KSWAPD_RECLAIM ? LAB_CLASS_NOWAIT : LAB_CLASS_NOLOCK;
}

#endif
