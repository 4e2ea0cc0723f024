/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * pace.h - when the reports of a run are due: on a grid from its start, so that a late report does
 * not shift those after it, and one more at the end.
 */
#ifndef LAB_BASE_PACE_H
#define LAB_BASE_PACE_H

#include <linux/types.h>
#include <stdbool.h>
#include <time.h>

struct pace {
	__u64 interval_ns;	 /* 0: no report but the final one */
	__u64 duration_ns;	 /* 0: no limit */
	__u64 count;		 /* reports before the final one; 0: no limit */
	__u64 start_ns, last_ns; /* CLOCK_MONOTONIC: of the run, and of the previous report */
	__u64 reports;		 /* so far */
};

/* When a report was made. */
struct pace_stamp {
	__u64 time_ns;	   /* CLOCK_REALTIME */
	__u64 interval_ns; /* since the previous report, CLOCK_MONOTONIC */
	__u64 total_ns;	   /* since start */
	__u64 sequence;	   /* 1, 2, ... */
};

__u64 clock_ns(clockid_t clock);

/* The run begins now; the caller has set the first three members. */
void pace_start(struct pace *p);

/* When the next report is due (CLOCK_MONOTONIC; all ones: never); *ret_end: the run ends there. */
__u64 pace_due(const struct pace *p, bool *ret_end);

/*
 * Waits until the next report is due, or until stop_fd is readable; returns at once when count
 * reports were made. *ret_final: the report due now is the last one. 0 or -errno.
 */
int pace_wait(const struct pace *p, int stop_fd, bool *ret_final);

/* A report was just made. */
struct pace_stamp pace_stamp(struct pace *p);

#endif
