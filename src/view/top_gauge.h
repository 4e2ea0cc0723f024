/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * top_gauge.h - pictures in a row of cells: where a zone stands, where it stood, how long requests
 * took.
 *
 *	[██F▒▒M··l·h·]	0 on the left, twice the highest mark on the right. Solid: never less was
 *			free in the interval; pale: free now, and taken in between. f m l h: the
 *			floor of GFP_ATOMIC, min, low, high; a capital: free is above that mark.
 */
#ifndef LAB_VIEW_TOP_GAUGE_H
#define LAB_VIEW_TOP_GAUGE_H

#include "view/grid.h"
#include "view/top_shown.h"

/* Without its brackets. */
void top_gauge(struct pen *p, const struct zone_row *z, unsigned int width);

/* Twice the highest mark: what the gauge ends at, pages. */
__u64 top_gauge_scale(const struct zone_row *z);

/*
 * The lowest headroom of a zone (an index of cells.zone) in the last reports, the newest on the
 * right, in eighths of the gauge: a rule where there is more, "!" at or below the floor.
 */
void top_lows(struct pen *p, const struct top_shown *t, unsigned int zone, unsigned int width);

/* Of `most` from 1 to height, by the logarithm, so that one is seen beside thousands; 0 for 0. */
unsigned int top_log_height(__u64 n, __u64 most, unsigned int height);

/* A column for each of these counts, in eighths by the logarithm. */
void top_columns(struct pen *p, const __u64 *count, unsigned int counts, __u64 most);

#endif
