/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * budget.h - what to leave out, and when, so that the tool's own run time stays below its limit.
 * Pure: no I/O, no clock; the caller defines what a window is and how long.
 *
 * One step down after each window above the limit; what that step saves shows in the next window.
 * One step up after a number of windows in a row below half of the limit, because a step up costs
 * more than it leaves free otherwise. When a step down follows soon, the load persists, and the
 * next attempt waits for twice as many windows; otherwise it waits for few again.
 */
#ifndef LAB_MODEL_BUDGET_H
#define LAB_MODEL_BUDGET_H

#include "model/figures.h"

#define BUDGET_QUIET_LEAST 5 /* windows before a step up */
#define BUDGET_QUIET_MOST 60 /* the same after many failed attempts */
#define BUDGET_BOUNCE 10     /* a step down within this many windows: the attempt failed */

struct budget {
	__u64 limit_ns;	       /* processor time a second */
	unsigned int steps;    /* bit = enum budget_step that saves anything in this run */
	enum budget_step step; /* the present step */
	unsigned int need;     /* quiet windows before a step up */
	unsigned int quiet;    /* in a row so far */
	unsigned int since_up; /* windows since the last step up */
	__u64 steps_down, steps_up;
	bool over; /* the last step is not enough */
};

/*
 * Starts with everything. steps: the steps between everything and failures only that save anything
 * here.
 */
void budget_init(struct budget *b, __u64 limit_ns, unsigned int steps);

/* The step to take after a window that used used_ns a second; often the present one. */
enum budget_step budget_next(struct budget *b, __u64 used_ns);

/*
 * The step was taken, or (a step up) could not be: it is tried again after as many quiet windows.
 */
void budget_taken(struct budget *b, enum budget_step to);
void budget_refused(struct budget *b);

/*
 * Processor time of a process, which comes in lumps (a report every few seconds, reading the
 * symbols once): its mean over the last BUDGET_MEAN_NS. Zero it before the first sample, and to
 * reset.
 */
#define BUDGET_MEAN_NS 16000000000ULL
#define BUDGET_MEAN_SAMPLES 32

struct budget_mean {
	struct {
		__u64 time_ns, used_ns;
	} sample[BUDGET_MEAN_SAMPLES];
	unsigned int samples, next;
};

/* used_ns: the sum since any fixed point, at time_ns. Returns the mean a second. */
__u64 budget_mean_add(struct budget_mean *m, __u64 time_ns, __u64 used_ns);

#endif
