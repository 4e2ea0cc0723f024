/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * advice.h - what to change at a site, out of what was seen there. Pure.
 *
 * Each sentence carries the figure that it follows from; where there is none, there is no advice.
 */
#ifndef LAB_ADVICE_H
#define LAB_ADVICE_H

#include "why.h"

/* Of the failures of a site that were told, beside its figures. */
struct advice_told {
	__u64 verdict_lost;	    /* of the leading verdict */
	__u64 with_warning;	    /* without __GFP_NOWARN */
	__u64 open_task;	    /* in task context, bottom halves and preemption on */
	__u64 bulk_asked, bulk_got; /* pages, of bulk requests */
	__u64 longest_run;	    /* lost ones, one close after the other */
};

/*
 * The run of lost requests that asked most of the reserve of urgent requests, whole machine: those
 * that were final and failed by exhaustion.
 */
struct advice_run {
	__u64 requests;	     /* 0: none */
	__u64 pages;	     /* that they asked for */
	__u64 need;	     /* by which the reserve was too small for them */
	__u64 length_ns;     /* from the first to the last */
	__u64 min, short_of; /* of the zone: its mark, and the most that one of them lacked */
	__u32 share;	     /* eighths of min that are theirs: 5, or 8 where no mark applies */
	char zone[LAB_ZONE_NAME];
};

struct advice_machine {
	__u64 min_free_kbytes;		/* as read; 0: not known */
	__u64 min_pages, managed_pages; /* of the zones that were seen */
	__u64 page_bytes;
	bool at_least; /* failures were not followed: a run may have been longer */
	bool has_context, has_preempt_off;
};

struct advice_input {
	const struct why_site *site;
	const struct advice_told *told;
	const struct advice_run *run;
	const struct advice_machine *machine;
};

/* Up to WHY_ADVICE sentences; those not needed are "". */
void advise(const struct advice_input *in, char advice[WHY_ADVICE][WHY_ADVICE_TEXT]);

/* vm.min_free_kbytes that would have covered the run; 0: none can be told, or none would be sane.
 */
__u64 advice_min_free_kbytes(const struct advice_run *run, const struct advice_machine *m,
			     __u64 *ret_now);

#endif
