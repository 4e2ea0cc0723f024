/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* random_report.h - a report full of random figures that a stream can carry. */
#ifndef LAB_TEST_RANDOM_REPORT_H
#define LAB_TEST_RANDOM_REPORT_H

#include "json/common.h"
#include "random_shape.h"
#include "view/stat_shape.h"

/* The view stat in one of its two forms. */
typedef int stat_form(FILE *f, const struct show *show, const void *report);

static inline void random_info(struct run_info *info, __u64 *seed)
{
	random_shape(&run_shape, info, seed);
}

/* A row without requests since start is not in a stream: nor may the interval have it. */
static inline void random_rows(struct report *r, unsigned int buckets, __u64 *seed)
{
	for (unsigned int i = 0; i < LAB_CLASSES * LAB_CONTEXTS; i++) {
		unsigned int c = i / LAB_CONTEXTS, x = i % LAB_CONTEXTS;
		struct row *row = &r->interval.row[c][x], *total = &r->total.row[c][x];

		if (total->requests == 0)
			memset(row, 0, sizeof(*row));
		if (total->requests == 0)
			memset(total, 0, sizeof(*total));
		for (unsigned int k = 0; k < buckets && total->requests; k++)
			total->latency.bucket[test_random(seed) % LAB_LAT_BUCKETS] =
				random_count(seed) >> 10;
	}
}

/* zones: at most; buckets: draws beside the few. *r is overwritten whole, padding included. */
static inline void random_report(struct report *r, unsigned int zones, unsigned int buckets,
				 __u64 *seed)
{
	memset(r, 0, sizeof(*r));
	random_shape(&stat_shape, r, seed);
	random_rows(r, buckets, seed);
	r->zones %= zones + 1;
	memset(r->zone + r->zones, 0, (LAB_ZONES - r->zones) * sizeof(r->zone[0]));
}

#endif
