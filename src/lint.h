/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lint.h - requests that do not fit their context, put together by who made them: driver, site,
 * mistake and gfp mask. Pure: no I/O, no clock.
 */
#ifndef LAB_LINT_H
#define LAB_LINT_H

#include "tables_view.h"

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
	struct tables_head head;
	struct lint_finding *finding;
	size_t findings, room;
};

/* The row that is put together with this one, made when there is none; NULL: no memory. */
struct lint_finding *lint_find(struct lint_report *r, const struct lint_finding *like);

/* As in struct tables_view. */
void lint_begin(void *report);
int lint_take(void *report, const struct site_row *row);
void lint_drop(void *report);
void lint_read(struct reader *rd, const json_t *root, void *report); /* lint_read.c */

/* lint_fields.c, all of struct lint_finding: what it is of, and what else is known of it. */
extern const struct field lint_identity_fields[];
extern const struct field lint_known_fields[];

/*
 * Pointers to the rows with requests (in the interval, or since start) that opt asks for: by
 * mistake, then most requests first; opt NULL: all. Returns how many; NULL in *ret: no memory. The
 * caller frees *ret.
 */
size_t lint_sorted(const struct lint_report *r, const struct options *opt, bool interval,
		   const struct lint_finding ***ret);

/* One that may sleep where that is forbidden: it can stop the machine. */
bool lint_is_bug(unsigned int mistake);
/* What is wrong, and what to change: a sentence each. */
const char *lint_what(unsigned int mistake);
const char *lint_change(unsigned int mistake);

#endif
