/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * interval.h - does a difference between two recordings exceed noise? By batch means: requests come
 * in bursts, so that seconds are not independent, and a test of seconds would find differences
 * everywhere. Each recording is cut into blocks that are long against a burst, each block gives one
 * value, and the two sets of values are compared by Welch's t interval. Pure.
 */
#ifndef LAB_OUT_INTERVAL_H
#define LAB_OUT_INTERVAL_H

#include <stdbool.h>

/* Sums of a recording's blocks: of a value, or of a ratio of two. */
struct block {
	double value, weight; /* the figure of a block is value / weight */
};

/* What is said of one figure. */
struct estimate {
	double figure;	 /* of the whole recording */
	double variance; /* of that figure, by the blocks */
	unsigned int blocks;
};

struct difference {
	bool known; /* there are blocks enough */
	double before, after, change;
	double low, high; /* 95 % interval of change */
	bool exceeds;	  /* it does not contain 0 */
};

/*
 * The ratio of sums, sum(value) / sum(weight), and its variance: blocks are residuals value -
 * figure x weight (the ratio estimator, to first order). With equal weights it is the mean, and the
 * variance that of a mean. figure < 0 or not: any.
 */
struct estimate interval_ratio(const struct block *block, unsigned int blocks);

/* The same of a figure that is no ratio of sums, as a percentile: `figure` of all, and one of each
 * block. */
struct estimate interval_of_blocks(double figure, const double *value, unsigned int blocks);

/* after - before, with its 95 % interval. */
struct difference interval_difference(const struct estimate *before, const struct estimate *after);

/* The value that Student's t with so many degrees of freedom (1 and more, also in between) exceeds
 * in 2.5 of 100 cases. */
double interval_t(double degrees);

#endif
