/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * tally.h - counts by stack and by kind of request, for the views that use them. No holes: -Wpadded
 * is an error here.
 */
#ifndef LAB_WIRE_TALLY_H
#define LAB_WIRE_TALLY_H

#include "wire/event.h"
#include "wire/latency.h"
#include "wire/request.h"
#include "wire/types.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

#define LAB_NO_STACK 0 /* no room among the stacks */

/*
 * Frames of a stack by which requests are counted, innermost first, 0 after the last. It ends where
 * an interrupt, a softirq or a system call was entered (lab_knobs.cut): the interrupted code has no
 * part in the request, and each place in it would make another stack.
 */
struct lab_stack {
	__u64 frame[LAB_EVENT_FRAMES];
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
	__u64 bulk_some;	      /* of those, that got some */
	__u64 stripped;	 /* of the failed ones, tries that lost the right to reclaim for it */
	__u64 unknown;	 /* failures of which it is not known what their callers did next */
	__u64 below_min; /* served at LAB_LEVEL_RESERVE or _NONE */
	__u64 slow;	 /* took lab_knobs.site_slower_ns or longer */
	__u64 bh_off, preempt_off; /* of those above, in task context */
	__u64 latency_max_ns; /* of those above; a slower one that was not sampled was not slow */
};

/* How the next request of a caller ended. */
enum lab_next {
	LAB_NEXT_SERVED,
	LAB_NEXT_FAILED,
	LAB_NEXT_BULK, /* a bulk request got fewer pages than asked */
	LAB_NEXT_LEFT, /* above low: its end was not seen, nor its stack */
};

/*
 * A failed request and what its caller asked for next, where that may be the same allocation by
 * numbers alone: counted by each such pair.
 */
struct lab_pair_key {
	__u64 then, now;	 /* stacks; now is LAB_NO_STACK for LEFT alone */
	__u32 then_gfp, now_gfp; /* with LAB_GFP_IO and FS */
	__u8 then_order, now_order;
	__u8 then_bulk;
	__u8 context; /* enum lab_context */
	__u32 how;    /* enum lab_next */
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

#endif
