/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * figures.h - what labyrinth knows, as plain figures. Pure: no I/O, no clock, no libbpf.
 *
 * A source (live or replay) fills a struct report; a view prints one. Both directions of the JSON
 * stream carry everything a view reads, so that a replayed stream prints what the live run printed.
 */
#ifndef LAB_MODEL_FIGURES_H
#define LAB_MODEL_FIGURES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/run.h"
#include "wire/counts.h"
#include "wire/event.h"
#include "wire/gfp.h"
#include "wire/latency.h"
#include "wire/request.h"

/* Latencies of paired requests, ns. The count is the sum of the buckets. */
struct hist {
	__u64 bucket[LAB_LAT_BUCKETS];
	__u64 sum_ns;
	__u64 max_ns; /* exact */
};

/* Requests of one order. */
struct order_row {
	__u64 requests;
	__u64 failed_final;
	__u64 failed_opportunistic;
};

/* One class x context. requests = served_* + failed_* + no_outcome. */
struct row {
	__u64 requests;
	__u64 failed_final;
	__u64 failed_opportunistic;
	__u64 failed_silent; /* of the two above: failed before the tracepoint (oversize, injected,
				bail-out) */
	__u64 served[LAB_LEVELS]; /* served_low, _min, _reserve, _none, _unknown (level not known)
				   */
	__u64 no_outcome; /* start seen, end skipped by the kernel, slow path: may have failed */
	__u64 alone;	  /* counted without a latency */
	__u64 bh_off, preempt_off;
	struct order_row order[LAB_ORDERS];
	struct hist latency;
};

struct exclusive {
	__u64 eligible, hit, miss, leak;
	__u64 grown_blocks, shrunk_blocks;
};

struct bulk {
	__u64 calls, asked_pages, got_pages, short_calls;
};

/* What the tool itself saw and did not see. */
struct audit {
	__u64 seen;	/* requests counted, all rows */
	__u64 closed;	/* paired: start and end */
	__u64 alone;	/* end only */
	__u64 left;	/* start only: the kernel skipped our end program */
	__u64 nolock;	/* end only, of a request whose entry is another function: nobody's gap */
	__u64 migrated; /* paired across cpus, part of closed */
	__u64 silent;	/* failed before the tracepoint; seen = closed + alone + nolock + left +
			   silent */
	__u64 endless;	/* no end was seen: left, and silent but for those of too high an order */
	__u64 missed;	/* requests that left no trace, from the kernel's own counters */
	__u64 unpaired; /* counted without a latency although one was asked for: alone + left */
	__u64 dropped;	/* events lost, ring full */
	__u64 skipped;	/* served, and passed over by the budget: counted here alone */
	__u64 unread;	/* of what the kernel counts or keeps, readings that failed */
	__u64 entry_misses,
		done_misses; /* recursion misses of the two programs, as the kernel counts them */
	/* Of the others. Each may have hidden that a request left the fast path: told to be served
	 * above low, it may have been served deeper. Or a bulk call, or use of the reserve. */
	__u64 wake_misses, other_misses;
};

/* Everything that is subtracted to get an interval. */
struct figures {
	struct row row[LAB_CLASSES][LAB_CONTEXTS];
	__u64 failure[LAB_ORDERS]
		     [LAB_LEVELS]; /* by order and by zone level at the time; silent: UNKNOWN */
	struct exclusive exclusive;
	struct bulk bulk;
	__u64 anon_exclusive_pages;
	struct audit audit;
};

/* Of a zone that can serve no order-0 GFP_ATOMIC request: it has no floor, and no headroom. */
#define ZONE_CLOSED INT64_MIN

/* One zone now, pages. */
struct zone_row {
	__u32 node, zone;
	char name[LAB_ZONE_NAME];
	__u64 free, min, low, high, boost, managed;
	__u64 reserved_highatomic, free_highatomic, free_cma, lowmem_reserve;
	/* A GFP_ATOMIC order-0 request fails at or below this many free pages; or ZONE_CLOSED. */
	__s64 floor;
	__s64 headroom;	       /* free - floor, or ZONE_CLOSED */
	__u64 lowest_free;     /* in the interval */
	__s64 lowest_headroom; /* or ZONE_CLOSED */
};

struct report {
	struct run_head head;
	struct figures interval, total;
	struct zone_row zone[LAB_ZONES];
	unsigned int zones;
};

/* Inclusive upper bound of a latency bucket, ns; INT64_MAX for the last. */
__u64 hist_upper_ns(unsigned int bucket);

/* Number of latencies in h. */
__u64 hist_count(const struct hist *h);

/*
 * The latency that per_mille/1000 of the requests did not exceed: upper bound of the bucket it
 * falls in, but never more than the exact maximum. 0 when empty. At most 1/16 too high, never too
 * low.
 */
__u64 hist_quantile_ns(const struct hist *h, unsigned int per_mille);

/* dst += src, bucket by bucket; the maximum is the larger one. */
void hist_add(struct hist *dst, const struct hist *src);

/*
 * out = now - then. Maxima cannot be subtracted: out keeps those that the caller put there.
 */
void figures_sub(struct figures *out, const struct figures *now, const struct figures *then);

/* dst += src, of another run: a maximum is the larger one. */
void figures_add(struct figures *dst, const struct figures *src);

/* Nothing missed, nothing unpaired, nothing dropped, nothing passed over, no outcome unknown, no
 * program skipped that something is known by. */
bool audit_complete(const struct audit *a);

/*
 * Pages at or below which an order-0 GFP_ATOMIC request of this zone fails: 3/8 of min in the
 * kernel's own integer steps (mm/page_alloc.c, __zone_watermark_ok), the lowmem reserve, free CMA
 * pages.
 */
__u64 zone_floor_pages(const struct zone_row *z);

/*
 * Can no order-0 GFP_ATOMIC request be served here, however much is free? A zone for movable or
 * high memory is above the highest one that such a request may use (gfp_zone()), and a zone that
 * keeps back for other zones' sake as much as it has never passes (setup_per_zone_lowmem_reserve():
 * zone DMA of x86 from some 3.75 GB on).
 */
bool zone_is_closed(const struct zone_row *z);

/* floor, headroom and lowest_headroom, from the other members. */
void zone_fill_headroom(struct zone_row *z);

/* Names as used in every output; NULL when out of range. */
const char *class_name(unsigned int class);
const char *context_name(unsigned int context);
const char *level_name(unsigned int level);

#endif
