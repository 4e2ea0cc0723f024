/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * model.h - what labyrinth knows, as plain figures. Pure: no I/O, no clock, no libbpf.
 *
 * A source (live or replay) fills a struct report; a view prints one. Both directions of the JSON
 * stream carry everything a view reads, so that a replayed stream prints what the live run printed.
 */
#ifndef LAB_MODEL_H
#define LAB_MODEL_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "labyrinth.h"

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
	__u64 migrated; /* paired across cpus, part of closed */
	__u64 silent;	/* failed before the tracepoint; seen = closed + alone + left + silent */
	__u64 endless;	/* no end was seen: left, and silent but for those of too high an order */
	__u64 missed;	/* requests that left no trace, from the kernel's own counters */
	__u64 unpaired; /* counted without a latency although one was asked for: alone + left */
	__u64 dropped;	/* events lost, ring full */
	__u64 skipped;	/* served, and passed over by the budget: counted here alone */
	__u64 entry_misses,
		done_misses; /* recursion misses of the two programs, as the kernel counts them */
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

/* One zone now, pages. */
struct zone_row {
	__u32 node, zone;
	char name[LAB_ZONE_NAME];
	__u64 free, min, low, high, boost, managed;
	__u64 reserved_highatomic, free_highatomic, free_cma, lowmem_reserve;
	__u64 floor;	   /* a GFP_ATOMIC order-0 request fails at or below this many free pages */
	__s64 headroom;	   /* free - floor */
	__u64 lowest_free; /* in the interval */
	__s64 lowest_headroom;
};

/* What the budget leaves out, in this order; each step leaves out what those before it do. */
enum budget_step {
	BUDGET_EVERYTHING, /* nothing */
	BUDGET_NO_STACKS,
	BUDGET_COARSE_SITES,
	BUDGET_FAILURES_ONLY,
	BUDGET_STEPS,
};

/* The tool's own run time, against what it may take. Times are ns of processor time a second. */
struct budget_report {
	__u64 limit_ns;	   /* 0: there is no budget, and nothing below means anything */
	__u64 programs_ns; /* of the BPF programs, on all cpus, as last measured */
	__u64 process_ns;  /* of labyrinth itself */
	__u64 steps_down, steps_up;
	__u64 skipped;	     /* requests passed over since start */
	__u32 step;	     /* enum budget_step */
	__u32 sites_sampled; /* why: one request in so many now; else 0 */
	bool programs_known; /* programs_ns could be measured */
	bool over;	     /* nothing more can be left out, and it still takes too much */
};

#define REPORT_HOOKS 16
#define REPORT_MISSING 24
#define REPORT_STR 128

struct hook_use {
	char name[24];	 /* entry, done, wake, bulk, ... */
	char target[64]; /* kernel function or tracepoint */
	char attach[16]; /* fentry, fexit, kprobe, raw_tp */
};

/* What does not change during a run. */
struct run_info {
	char host[REPORT_STR];
	char kernel[REPORT_STR]; /* uname -r */
	char version[32];	 /* labyrinth's own */
	struct hook_use hook[REPORT_HOOKS];
	unsigned int hooks;
	char missing[REPORT_MISSING][REPORT_STR]; /* one sentence a degraded feature */
	unsigned int missings;
	__u32 class_mask; /* bit = enum lab_class; classes that were counted */
	__u32 order_mask; /* bit = order; all ones: no filter */
	__s32 cpu;	  /* -1: all */
	bool has_latency; /* starts were seen */
	bool has_context; /* preempt_count was found */
	bool has_preempt_off;
	bool has_bulk, has_grown, has_exclusive, has_zones, has_anon_exclusive;
	__u32 pageblock_pages;
};

struct report {
	struct run_info info;
	__u64 time_ns;	   /* CLOCK_REALTIME at the reading */
	__u64 interval_ns; /* length of interval, CLOCK_MONOTONIC */
	__u64 total_ns;	   /* since start */
	__u64 sequence;	   /* 1, 2, ... */
	bool final;	   /* the last one of the run */
	struct figures interval, total;
	struct zone_row zone[LAB_ZONES];
	unsigned int zones;
	struct budget_report budget;
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

/* Nothing missed, nothing unpaired, nothing dropped, nothing passed over, no outcome unknown. */
bool audit_complete(const struct audit *a);

/*
 * Pages at or below which an order-0 GFP_ATOMIC request of this zone fails: 3/8 of min in the
 * kernel's own integer steps (mm/page_alloc.c, __zone_watermark_ok), the lowmem reserve, free CMA
 * pages.
 */
__u64 zone_floor_pages(const struct zone_row *z);

/* Names as used in every output; NULL when out of range. */
const char *class_name(unsigned int class);
const char *context_name(unsigned int context);
const char *level_name(unsigned int level);
const char *budget_step_name(unsigned int step);

#endif
