/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lint_report.h - requests that do not fit their context, put together by who made them: driver,
 * site, mistake and gfp mask. Pure: no I/O, no clock.
 */
#ifndef LAB_VIEW_LINT_REPORT_H
#define LAB_VIEW_LINT_REPORT_H

#include "view/tables_shape.h"
#include "view/tables_text.h"

struct lint_finding {
	__u32 mistake; /* enum lab_mistake */
	__u32 gfp;     /* without LAB_GFP_UNSTABLE */
	char site[EVENT_SYMBOL], driver[EVENT_MODULE], via[EVENT_TEXT]; /* as in struct event */
	__u64 interval, total;						/* requests */
	__u64 before;	   /* total of the reading before */
	__u32 contexts;	   /* bit = enum lab_context */
	__u64 orders;	   /* bit = order, up to LAB_ORDERS - 1 */
	__u64 stack_times; /* of total, those that came by the stack below: the most frequent */
	struct event_frame frame[LAB_EVENT_FRAMES];
	unsigned int frames; /* 0: the stack is not known */
};

struct lint_report {
	struct run_head head;
	struct lint_finding *finding;
	size_t findings, room;
};

/* The row that is put together with this one, made when there is none; NULL: no memory. */
struct lint_finding *lint_find(struct lint_report *r, const struct lint_finding *like);

/* As in struct view. */
void lint_begin(void *report);
int lint_take(void *report, const struct site_row *row);
void lint_drop(void *report);

/*
 * Pointers to the rows with requests (in the interval, or since start) to show: by
 * mistake, then most requests first. Returns how many; NULL in *ret: no memory. The
 * caller frees *ret.
 */
size_t lint_sorted(const struct lint_report *r, const struct show *show, bool interval,
		   const struct lint_finding ***ret);

/* One that may sleep where that is forbidden: it can stop the machine. */
bool lint_is_bug(unsigned int mistake);
/* What is wrong, and what to change: a sentence each. */
const char *lint_what(unsigned int mistake);
const char *lint_change(unsigned int mistake);

#endif
