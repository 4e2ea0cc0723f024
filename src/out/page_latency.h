/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_latency.h - how long requests took: over time, how many, by percentile. */
#ifndef LAB_OUT_PAGE_LATENCY_H
#define LAB_OUT_PAGE_LATENCY_H

#include "out/html.h"
#include "out/recording.h"

bool page_latency_has(const struct recording *r);
void page_latency(struct html *h, const struct recording *r);

/* ---- for who compares ---- */

/* One line of the percentiles, and of their table. */
struct page_latencies {
	char name[64];
	const struct hist *latency;
};

#define PAGE_LATENCY_LINES 3 /* that a chart has, as many as there are dashes */

/* A chart of the first lines, and a table of all. */
void page_percentile_chart(struct html *h, const struct page_latencies *l, unsigned int n);
void page_percentile_table(struct html *h, const struct page_latencies *l, unsigned int n);

#endif
