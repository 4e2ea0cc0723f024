/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_sites.h - who asks for memory, on the screen of top: the table, its advice, and the events.
 */
#ifndef LAB_VIEW_TOP_SITES_H
#define LAB_VIEW_TOP_SITES_H

#include "view/top_state.h"

/* Rows of the table: sites, and those that are summed up. */
unsigned int top_sites_rows(const struct top_shown *t, const struct top_state *s);
/* A header and so many rows, the chosen one among them. */
void top_sites_draw(struct grid *g, unsigned int row, unsigned int rows, const struct top_shown *t,
		    const struct top_state *s);

/* What would help the chosen site, or the first: rows that it takes, and has. */
unsigned int top_advice_rows(const struct grid *g, unsigned int advice, const struct top_shown *t,
			     const struct top_state *s);
void top_advice_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int advice,
		     const struct top_shown *t, const struct top_state *s);

/* Events of the interval that the filter wants: lines of them, equal ones as one. */
unsigned int top_events_rows(const struct top_shown *t, const struct top_state *s);
/* A header and so many lines, from that column on. */
void top_events_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int from,
		     const struct top_shown *t, const struct top_state *s);

/* "~1290", "-" where they are not counted. */
const char *top_requests_text(char *buf, size_t size, const struct top_shown *t,
			      const struct why_figures *f);

#endif
