/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * flags_report.h - kinds of requests, a gfp mask each: what was counted, what the mask grants, how
 * likely a failure is. Pure: no I/O, no clock.
 */
#ifndef LAB_VIEW_FLAGS_REPORT_H
#define LAB_VIEW_FLAGS_REPORT_H

#include "view/tables_shape.h"
#include "view/tables_text.h"

/* How far below min a mask may go (__zone_watermark_ok). */
enum flags_rights {
	FLAGS_RIGHTS_NONE,	   /* not below it */
	FLAGS_RIGHTS_HALF,	   /* HIGH: to 1/2 of min */
	FLAGS_RIGHTS_THREE_EIGHTH, /* HIGH, and may not sleep: to 3/8 of min */
	FLAGS_RIGHTS_ALL,	   /* MEMALLOC: to the last page */
	FLAGS_RIGHTS_NR,
};

/* What was counted of one kind, in an interval or since start. */
struct flags_count {
	__u64 served[LAB_LEVELS];
	__u64 failed_final, failed_opportunistic;
	__u64 alone;	  /* of those, without a latency */
	__u64 orders;	  /* bit = order; since start in both */
	struct hist fast; /* never missed the low mark */
	struct hist slow;
};

struct flags_kind {
	__u32 gfp; /* without LAB_GFP_UNSTABLE */
	struct flags_count interval, total;
};

struct flags_report {
	struct run_head head;
	struct flags_kind *kind;
	size_t kinds, room;
};

/* The row of a mask, made when there is none; NULL: no memory. */
struct flags_kind *flags_find(struct flags_report *r, __u32 gfp);

/* As in struct view. */
void flags_begin(void *report);
int flags_take(void *report, const struct kind_row *row);
void flags_drop(void *report);

/*
 * Pointers to the rows with requests (in the interval, or since start) to show, most of
 * them first. Returns how many; NULL in *ret: no memory. The caller frees *ret.
 */
size_t flags_sorted(const struct flags_report *r, const struct show *show, bool interval,
		    const struct flags_kind ***ret);

__u64 flags_requests(const struct flags_count *c);
__u64 flags_failed(const struct flags_count *c);

/* By the mask alone. */
bool flags_may_sleep(__u32 gfp);
enum flags_rights flags_rights_of(__u32 gfp);
/* "none", "half", ...; NULL behind the last. */
const char *flags_rights_name(unsigned int rights);

/* Where a probability lies, both ends within 0 ... 1. */
struct proportion {
	bool known; /* false: nothing was tried */
	double estimate, low, high;
};

/* k of n failed: the 95 % score interval (Wilson), which holds for few tries and few failures too.
 */
struct proportion proportion_of(__u64 k, __u64 n);

#endif
