/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * top_shown.h - what the screen of top shows: the last report, what was before it, and where
 * counting begins. Kept apart from the report, so that it stands still while the run goes on.
 */
#ifndef LAB_VIEW_TOP_SHOWN_H
#define LAB_VIEW_TOP_SHOWN_H

#include "view/grid.h"
#include "view/top_report.h"

/* As many reports as the widest screen has columns. */
#define TOP_HISTORY GRID_COLUMNS
#define TOP_SITES 128
/* Latencies below 2^n ns: one for each n, the last one for all above. */
#define TOP_POWERS (LAB_LAT_MAX_BITS + 2)

/* A zone in the last reports: its lowest headroom, pages; ZONE_CLOSED: not known. */
struct top_low {
	__u32 node, zone;
	__s64 lowest[TOP_HISTORY];
};

struct top_site {
	struct why_site now;	 /* since start */
	struct why_figures zero; /* at the zero point */
	bool there;		 /* the last report had it */
	__u64 lost_before;	 /* at the report before */
	__u32 lost[TOP_HISTORY]; /* in each of the last reports */
};

enum top_span { SPAN_INTERVAL, SPAN_TOTAL, SPAN_ZERO, SPANS };

struct top_shown {
	struct run_head head;
	struct audit interval_audit, total_audit; /* of the last report, shown or not */
	struct report cells;
	bool has_cells, has_sites, has_events;
	bool counted;		 /* requests by site are known */
	__u32 sample_every;	 /* of them */
	bool knows_lost;	 /* of the interval */
	struct why_figures lost; /* of all sites, in the interval */
	struct why_site worst;	 /* the one that lost most in it; its site is "": none */

	__u64 reports; /* in the history */
	__u64 upto;    /* of them, those that are shown */
	__u64 zero_ns; /* CLOCK_REALTIME of the zero point; 0: none was set */
	struct figures zero, since_zero;
	struct top_low low[LAB_ZONES];
	__u32 heat[TOP_POWERS][TOP_HISTORY];

	struct top_site site[TOP_SITES]; /* each keeps its place */
	unsigned int sites;
	unsigned int order[TOP_SITES], ordered; /* as the report has them */
	__u64 other_sites;
	struct why_figures other;
	struct top_events events;
};

/* Takes a report. paused: into the history and the audit alone. */
void top_shown_take(struct top_shown *t, const struct top_report *r, bool paused);

/* From now on SPAN_ZERO counts. */
void top_shown_zero(struct top_shown *t);

const struct figures *top_figures(const struct top_shown *t, enum top_span span);
/* Of a site since start, or since the zero point. */
struct why_figures top_site_figures(const struct top_site *s, enum top_span span);

/* Where in the history the report is that is so many before the last one shown; -1: there is none.
 */
int top_slot(const struct top_shown *t, unsigned int before);

/* Latencies of a histogram by powers of two. */
void top_powers(const struct hist *h, __u64 power[TOP_POWERS]);
/* Latencies of all requests of these figures. */
void top_latencies(const struct figures *f, struct hist *ret);

#endif
