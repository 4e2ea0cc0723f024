/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_latency.h - how long requests took, on the screen of top: in a row, as a histogram, over
 * time. */
#ifndef LAB_VIEW_TOP_LATENCY_H
#define LAB_VIEW_TOP_LATENCY_H

#include "view/top_state.h"

/* A column for each power of two from 64 ns to 64 ms; what is beyond is in the first and the last.
 */
void top_latency_line(struct grid *g, unsigned int row, const struct top_shown *t,
		      const struct top_state *s);

/* Rows of a histogram that shows each power of two which has requests, and those between. */
unsigned int top_histogram_rows(const struct top_shown *t, const struct top_state *s);
/* A header and so many rows, from one column up to another; with too few, neighbours come together.
 */
void top_histogram_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int from,
			unsigned int to, const struct top_shown *t, const struct top_state *s);

/* Latencies of the last reports, up to that column: a header and so many rows. */
unsigned int top_heat_rows(const struct top_shown *t, unsigned int columns);
void top_heat_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int to,
		   const struct top_shown *t);

#endif
