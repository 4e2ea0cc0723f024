/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lacks.h - how short the lost requests were, and so how many of them a larger vm.min_free_kbytes
 * would have covered: those that draw on the reserve of urgent requests, by the rule of the advice
 * (view/why_runs.h). In bounded memory. Pure.
 */
#ifndef LAB_OUT_LACKS_H
#define LAB_OUT_LACKS_H

#include "view/why_runs.h"

#define LACKS 4096

/* Requests that would have been served, had min of their zone been larger by so much. */
struct lack {
	__u64 min, more; /* pages */
	__u64 count;
};

struct lacks {
	struct reserve_runs runs;
	struct lack lack[LACKS]; /* the least growth first */
	unsigned int n;
	__u64 lost;		 /* all that were told */
	__u64 drawn;		 /* of those, in lack */
	__u64 other_class;	 /* exhausted, and not of those that may take from the reserve */
	__u64 opportunistic;	 /* exhausted, and not meant as the last try */
	__u64 verdict[VERDICTS]; /* of all that were lost */
};

/* A failed request. */
void lacks_add(struct lacks *l, const struct event *e);

/* A point of the curve: so many are covered from that value on. */
struct lacks_point {
	__u64 min_free_kbytes;
	__u64 covered;
};

/*
 * The points, least value first, the first one that of now with 0. At most max, LACKS + 1 are
 * enough. Values are rounded up as the advice rounds; what would need more than the advice ever
 * gives is in none. min_free_kbytes: as read, 0: not known, then it is about the sum of the marks.
 * 0: nothing can be told.
 */
unsigned int lacks_curve(const struct lacks *l, __u64 min_free_kbytes, __u64 page_bytes,
			 struct lacks_point *point, unsigned int max);

#endif
