/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * run.h - how every report begins, whatever its view: of which run it is, when it was made, what
 * was not seen, and what the tool itself took. Pure: no I/O, no clock.
 */
#ifndef LAB_MODEL_RUN_H
#define LAB_MODEL_RUN_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/time_zone.h"

struct pace_stamp;

#define REPORT_HOOKS 16
#define REPORT_MISSING 24
#define REPORT_STR 128

struct hook_use {
	char name[24];	 /* entry, done, wake, bulk, ... */
	char target[64]; /* kernel function or tracepoint */
	char attach[16]; /* fentry, fexit, kprobe, raw_tp */
};

/* What does not change during a run; the time zone may. */
struct run_info {
	char host[REPORT_STR];
	char kernel[REPORT_STR];	/* uname -r */
	char version[32];		/* labyrinth's own */
	struct time_zone time_zone;	/* of that machine at the time of the report */
	__u64 memory_bytes, page_bytes; /* as the run began; 0: not known */
	__u32 cpus_online;		/* likewise */
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

/* The hook that shows failures where nothing shows all requests. */
#define RUN_HOOK_FAILED "failed"

/*
 * Attach mode slowpath: requests are those that failed, and near misses, which were served below
 * the low mark. All others were not seen.
 */
bool run_is_slow_only(const struct run_info *info);

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

const char *budget_step_name(unsigned int step);

/*
 * What the counts of a report are worth. Each view shows what has a meaning for it: of the cells,
 * struct audit says more.
 */
struct run_audit {
	__u64 seen;	 /* requests counted; lint: 0, not known */
	__u64 missed;	 /* requests that left no trace, at most */
	__u64 uncounted; /* of those seen: no room in the table, or no end */
	__u64 skipped;	 /* not looked at: passed over by the budget */
	__u64 throttled; /* events held back in the kernel: a storm */
	__u64 dropped;	 /* events lost: the ring was full */
	__u64 unread;	 /* of what the kernel counts or keeps, readings that failed */
};

/* The beginning of every report. */
struct run_head {
	struct run_info info;
	__u64 time_ns;	       /* CLOCK_REALTIME at the reading */
	__u64 interval_ns;     /* length of interval, CLOCK_MONOTONIC; 0: not known */
	__u64 total_ns;	       /* since start; 0: not known */
	__u64 sequence;	       /* 1, 2, ... */
	bool final;	       /* the last one of the run */
	__u64 min_free_kbytes; /* vm.min_free_kbytes at that time; 0: not known */
	struct run_audit interval, total;
	struct budget_report budget;
};

/* Of a page; of a recording that does not tell it, by the size of a block of them where that is
 * usual; 0: not known. */
__u64 run_page_bytes(const struct run_info *info);

/* A report is made just now, by a run that goes on unless it is final. */
void run_head_stamp(struct run_head *head, const struct run_info *info,
		    const struct pace_stamp *stamp, bool final);

/* The counts of now: interval becomes what they are more than those of before. */
void run_head_audit(struct run_head *head, const struct run_audit *now);

/* Nothing missed, nothing passed over, and room for all: of counts by stack or by kind. */
bool run_audit_complete(const struct run_audit *a);
/* The same of views that follow each failure: nothing missed, held back, dropped, skipped or
 * unread, no end unseen, and not_followed is 0. */
bool run_head_complete(const struct run_head *head, __u64 not_followed);

#endif
