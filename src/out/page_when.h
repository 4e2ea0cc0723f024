/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_when.h - requests, failures, lost and headroom on one time axis. */
#ifndef LAB_OUT_PAGE_WHEN_H
#define LAB_OUT_PAGE_WHEN_H

#include "out/html.h"
#include "out/recording.h"

/* Fewer intervals are no line. */
#define PAGE_WHEN_LEAST 10

bool page_when_has(const struct recording *r);
void page_when(struct html *h, const struct recording *r);

/* ---- for who draws on the same axis ---- */

#define PAGE_EPISODES 26 /* as there are letters */

/* A ground where there was trouble. */
void page_when_bands(struct html *h, const struct timeline *t);
/* A bar for each column, `most` of that count. */
void page_when_bars(struct html *h, const struct timeline *t, enum timeline_count count,
		    const char *class, double top);
/* The headroom of a zone over time, whose axis reaches from least (or 0) to twice its highest mark;
 * it has labels of the time when it is the last of its figure. */
void page_when_headroom(struct html *h, const struct timeline *t, const struct recorded_zone *z,
			unsigned int zone, __u64 page_bytes, bool last);

#endif
