/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * advice.h - what to change at a site, out of what was seen there. Pure.
 *
 * Each sentence carries the figure that it follows from; where there is none, there is no advice.
 */
#ifndef LAB_VIEW_ADVICE_H
#define LAB_VIEW_ADVICE_H

#include "view/why_report.h"

/* Of the failures of a site that were told, beside its figures. */
struct advice_told {
	__u64 verdict_lost;	    /* of the leading verdict */
	__u64 mask_lost;	    /* the same, with the gfp mask of the example alone */
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
	bool at_least; /* failures were not followed: a run may have been longer, and another try
			  of a caller gone unseen */
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

/* Pages by which min of its zone would have to be larger for the run; 0: none can be told. */
__u64 advice_growth(const struct advice_run *run);

/*
 * vm.min_free_kbytes at which a zone's min is larger by `more` pages, rounded up; 0: none would be
 * sane, or none can be told. *ret_now: that of now, about, where it was not read.
 */
__u64 advice_target(const struct advice_machine *m, __u64 min, __u64 more, __u64 *ret_now);

/* vm.min_free_kbytes that would have covered the run; 0: none can be told, or none would be sane.
 */
__u64 advice_min_free_kbytes(const struct advice_run *run, const struct advice_machine *m,
			     __u64 *ret_now);

/* ---- what names tell of a site ---- */

/* A driver that fills its receive ring by a helper that asks for new pages. */
bool site_recycles(const char *site, const char *driver, const char *via);
/* That helper. */
const char *site_receive_helper(const char *via);
/*
 * Is it part of what frees memory: writeback, swap, a block driver, a filesystem, reclaim itself?
 * Reclaim that waits for memory there may wait for itself.
 */
bool site_frees_memory(const char *driver, const struct event_frame *frame, unsigned int frames);
/* Writing out needs it: to wait for memory there may be for ever. */
bool site_does_io(const char *driver, const char *via);

#endif
