/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * budget.h - when to leave out what, so that the tool's own run time stays below its limit. Pure:
 * no I/O, no clock; what a window is, and how long, is the caller's.
 *
 * Down at once, one step a window that took too much; what that step spared shows in the next. Up
 * after a number of windows in a row that took less than half of the limit: a step up costs more
 * than it leaves free otherwise. When that brings it down again soon, the load still goes on, and
 * the next try waits for twice as many; when it does not, the next step up waits for few again.
 */
#ifndef LAB_BUDGET_H
#define LAB_BUDGET_H

#include "model.h"

#define BUDGET_QUIET_LEAST 5 /* windows before a step up */
#define BUDGET_QUIET_MOST 60 /* the same after many tries in vain */
#define BUDGET_BOUNCE 10     /* down again within so many windows: in vain */

struct budget {
	__u64 limit_ns;	       /* processor time a second */
	unsigned int steps;    /* bit = enum budget_step that changes anything in this run */
	enum budget_step step; /* where it stands */
	unsigned int need;     /* quiet windows before a step up */
	unsigned int quiet;    /* in a row so far */
	unsigned int since_up; /* windows since the last step up */
	__u64 steps_down, steps_up;
	bool over; /* the last step is not enough */
};

/* Everything at first. steps: those between that and failures only which spare anything here. */
void budget_init(struct budget *b, __u64 limit_ns, unsigned int steps);

/* The step to go to after a window that took used_ns a second; often the one it stands at. */
enum budget_step budget_next(struct budget *b, __u64 used_ns);

/* It was gone to, or (of a step up) could not be: it is tried again after as many quiet windows. */
void budget_taken(struct budget *b, enum budget_step to);
void budget_refused(struct budget *b);

/*
 * Processor time of a process, which comes in lumps (a report each so many seconds, the symbols
 * once): its mean over the last BUDGET_MEAN_NS. Zero it before the first, and to forget.
 */
#define BUDGET_MEAN_NS 16000000000ULL
#define BUDGET_MEAN_SAMPLES 32

struct budget_mean {
	struct {
		__u64 time_ns, used_ns;
	} sample[BUDGET_MEAN_SAMPLES];
	unsigned int samples, next;
};

/* used_ns: all since any fixed point, at time_ns. What it comes to a second. */
__u64 budget_mean_add(struct budget_mean *m, __u64 time_ns, __u64 used_ns);

#endif
