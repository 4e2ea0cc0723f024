/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * recording.h - what a page of HTML says: all streams of one host, read once and summed up in
 * bounded memory. A view like others for the replay, but its report is printed by report_page.h.
 * Pure.
 */
#ifndef LAB_OUT_RECORDING_H
#define LAB_OUT_RECORDING_H

#include "model/event_summary.h"
#include "out/lacks.h"
#include "out/timeline.h"
#include "view/flags_report.h"
#include "view/view.h"
#include "view/why_report.h"

/* A zone, in the order in which zones were first seen. */
struct recorded_zone {
	struct zone_row now;   /* as it was last */
	__u64 lowest_free;     /* of all intervals */
	__s64 lowest_headroom; /* likewise; ZONE_CLOSED: it has none */
	__u64 lowest_ns;       /* when: the end of that interval */
	__u64 intervals;       /* in which it stood at or below its floor */
};

/* What the tool took, of the reports that tell it. */
struct recorded_cost {
	__u64 reports;
	__u64 sum_ns, most_ns; /* processor time a second */
	struct budget_report last;
	__u32 deepest; /* enum budget_step */
};

struct recording {
	struct run_head head;  /* of the line that was read last */
	struct run_info info;  /* of the run that began last */
	bool begun;	       /* info is known */
	__u64 min_free_kbytes; /* vm.min_free_kbytes, as it was last; 0: not known */

	/* ---- stat: requests ---- */
	struct report stat;	   /* of the line that was read last */
	struct figures total, run; /* of all runs, and of the one that is read */
	unsigned int stats, runs;
	__u64 total_ns, run_ns;
	__u64 sequence;
	struct run_info stat_info;
	struct timeline time;
	struct recorded_zone zone[TIMELINE_ZONES];
	unsigned int zones, zones_seen;
	struct recorded_cost cost;

	/* ---- events, and what they come to ---- */
	struct why_report told; /* put together of events */
	struct event_summary sum;
	unsigned int summaries;
	__u64 events;
	struct timeline lost_time; /* failed and lost, of events, or of reports of why */
	__u64 first_lost_ns, last_lost_ns;
	struct lacks lacks;
	struct run_info event_info;

	/* ---- why and flags: the report that was read last ---- */
	struct why_report why;
	struct flags_report flags;
	unsigned int whys, flagses;

	unsigned int damaged; /* files that were not read to their end: the caller counts them */
};

/* Its report is a struct recording. */
extern const struct view view_recording;

/* All is read: sums up. 0 or FAIL() once logged. */
int recording_finish(struct recording *r);

/* Sites by what was counted, or else by the events; NULL: no stream tells. */
const struct why_report *recording_sites(const struct recording *r);
/* Sums over all sites. */
struct why_figures recording_failures(const struct recording *r);

/* Sum of all rows of the run. */
struct row recording_rows(const struct figures *f);
__u64 row_failed(const struct row *row);
__u64 row_below_min(const struct row *row);

#endif
