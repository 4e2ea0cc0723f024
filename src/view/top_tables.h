/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_tables.h - the tables of zones and of requests on the screen of top, as wide as it is. */
#ifndef LAB_VIEW_TOP_TABLES_H
#define LAB_VIEW_TOP_TABLES_H

#include "view/top_state.h"

/* Zones that may serve a GFP_ATOMIC request. */
unsigned int top_zones(const struct top_shown *t);
/* A header and so many rows of them; where not all fit, those with the least headroom, and in the
 * last row how many are left out. */
void top_zones_draw(struct grid *g, unsigned int row, unsigned int rows, const struct top_shown *t);

/* Rows of class and context that the filter wants and that have requests since start. */
unsigned int top_rows(const struct top_shown *t, const struct top_state *s);
/* A header and so many rows; where not all fit, those without a failure are summed up. */
void top_rows_draw(struct grid *g, unsigned int row, unsigned int rows, const struct top_shown *t,
		   const struct top_state *s);

/* The exclusive reserve and bulk requests, in one row: is there anything to say? */
bool top_reserve_speaks(const struct top_shown *t, const struct top_state *s);
void top_reserve_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		      const struct top_state *s);

/* Failures in one row, by order and by the level of the zone. */
void top_failures_line(struct grid *g, unsigned int row, const struct top_shown *t,
		       const struct top_state *s);
/* The same as a table from that column on: a header, and a row for each order. */
unsigned int top_failures_rows(const struct top_shown *t, const struct top_state *s);
void top_failures_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int column,
		       const struct top_shown *t, const struct top_state *s);

#endif
