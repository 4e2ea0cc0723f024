/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * gathered.h - what serve gathers: the counts of all requests, and what the failures had in common.
 * A view like others for those who gather, but its report is not printed: metrics.h makes text of
 * it. Pure.
 */
#ifndef LAB_OUT_GATHERED_H
#define LAB_OUT_GATHERED_H

#include "model/event.h"
#include "view/view.h"

/* Sites that get a series of their own: the first ones that fail. */
#define GATHERED_SITES 20
/* Zones that are exported: those that may serve a GFP_ATOMIC request. */
#define GATHERED_ZONES 10
/* Reports that "lowest" looks back on: a minute of them. */
#define GATHERED_WINDOW 60

/* A site keeps its place until the end: a series that moves would look like a restart. */
struct gathered_site {
	char site[EVENT_SYMBOL], driver[EVENT_MODULE]; /* "": not known */
	__u64 failed, lost;
};

/* The lowest headroom of a zone in each of the last reports, in a ring. */
struct gathered_low {
	__u32 node, zone;
	__s64 lowest[GATHERED_WINDOW];
	unsigned int reports; /* since the zone was first seen */
};

struct gathered {
	struct run_head head;
	struct report cells;  /* of now; no member of its total ever goes back */
	struct figures total; /* the same total, kept for that */
	struct gathered_low low[LAB_ZONES];
	/* Failures that were followed to their end, since start. */
	__u64 verdict[VERDICTS], aftermath[AFTERMATHS], printed[PRINTEDS];
	struct gathered_site site[GATHERED_SITES];
	unsigned int sites;
	struct gathered_site other; /* of all that come after those */
};

/* The lowest headroom of that zone (an index of cells.zone) of the last minute, pages. */
__s64 gathered_lowest(const struct gathered *g, unsigned int zone);

extern const struct view view_serve;

#endif
