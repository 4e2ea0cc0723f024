/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * top_report.h - the report of the view top: what stat has and what why has, and the events
 * between two of them.
 */
#ifndef LAB_VIEW_TOP_REPORT_H
#define LAB_VIEW_TOP_REPORT_H

#include "model/figures.h"
#include "view/top_event.h"
#include "view/why_report.h"

struct top_screen;

struct top_report {
	struct run_head head;
	struct report cells, read; /* read: of a line, until it is known to be one */
	struct why_report why;
	struct top_events events;  /* since the report before */
	bool has_cells;		   /* not of a recording of events alone */
	bool has_sites;		   /* failures by site are known */
	bool recorded;		   /* it is read from a recording */
	bool recorded_sites;	   /* which has them, so that they are not put together here */
	bool fresh_sites;	   /* since the report before */
	bool has_events;	   /* some came, since start */
	bool told;		   /* the events are those of a report that was given */
	struct top_screen *screen; /* made for the first report */
};

#endif
