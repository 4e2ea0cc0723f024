/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * why_report.h - what a report of the view why says: the failures by site. Pure.
 *
 * What was counted is exact, and may be more than what was told one by one.
 */
#ifndef LAB_VIEW_WHY_REPORT_H
#define LAB_VIEW_WHY_REPORT_H

#include "model/event.h"
#include "view/why_case.h"

#define WHY_SITES 512 /* rows of a report: those behind them are summed up as other */
#define WHY_ADVICE 2
#define WHY_ADVICE_TEXT 400

/* Failures closer than that are one run of them. */
#define WHY_RUN_GAP_NS 100000000ULL

/*
 * Numbers of a site. failed = lost + recovered + retried + pending + not_followed; in an interval
 * less by what was pending before. verdict and printed are of those that were told. __u64
 * throughout: they are added as an array.
 */
struct why_figures {
	__u64 requests_sampled; /* one in so many: struct why_report */
	__u64 failed, failed_final;
	__u64 lost, recovered, retried, pending;
	__u64 not_followed; /* what came of them is not known */
	__u64 below_min;    /* served out of the reserve */
	__u64 slow;
	__u64 verdict[VERDICTS];
	__u64 printed[PRINTEDS];
	__u64 latency_max_ns; /* of those counted; 0: not known. The last one: it is not added. */
};

struct why_site {
	char site[EVENT_SYMBOL], driver[EVENT_MODULE]; /* "": not known */
	struct why_figures count;
	bool has_example;
	struct why_case example;
	char advice[WHY_ADVICE][WHY_ADVICE_TEXT]; /* "": none */
};

/* By lost, then final failures, then below_min. */
struct why_list {
	struct why_site *site; /* owned */
	unsigned int sites;
	__u64 other_sites; /* behind them */
	struct why_figures other;
};

struct why_report {
	struct run_head head;
	bool counted;	    /* by site, in the kernel; else all is by the events alone */
	bool ended;	    /* all of the audit since start is known, not uncounted alone */
	__u32 sample_every; /* 0: requests are not known */
	__u64 untold;	    /* failures that a recording of events has in its sum alone: in other */
	struct why_list interval, total;
	struct why *why; /* what the run is put together in; NULL: nothing yet. why.h */
};

/* Gives back what the report owns, and empties it. */
void why_report_free(struct why_report *r);

/* dst += src; the latency is the larger one. */
void why_figures_add(struct why_figures *dst, const struct why_figures *src);
/* All of a list. */
struct why_figures why_list_sum(const struct why_list *l);
/* Requests as the sample has it, at least those that are known of. */
__u64 why_requests(const struct why_figures *f, __u32 sample_every);
/* Failures that were told one by one. */
__u64 why_told(const struct why_figures *f);
/* More than those told as lost may be. */
bool why_at_least(const struct why_report *r, const struct why_figures *sum);

#endif
