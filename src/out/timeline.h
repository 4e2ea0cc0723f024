/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * timeline.h - what happened when, in bounded memory: a column for each interval, and when there
 * are too many, for two of them, four, and so on. Sums stay exact, highest and lowest stay what
 * they were; nothing is averaged. Pure.
 */
#ifndef LAB_OUT_TIMELINE_H
#define LAB_OUT_TIMELINE_H

#include <stdbool.h>

#include "model/figures.h"

#define TIMELINE_COLUMNS 1000
#define TIMELINE_ZONES 16 /* those behind them have no line of their own */

/* What is counted in an interval. */
enum timeline_count {
	TIMELINE_REQUESTS,
	TIMELINE_BELOW_LOW, /* served between min and low */
	TIMELINE_BELOW_MIN, /* served out of the reserve */
	TIMELINE_FAILED,
	TIMELINE_LOST,
	TIMELINE_COUNTS,
};

struct column {
	__u64 from_ns, to_ns;		  /* CLOCK_REALTIME */
	__u64 measured_ns;		  /* of that, what was watched */
	__u64 reports;			  /* intervals in it */
	__u64 sum[TIMELINE_COUNTS];	  /* in it */
	double most[TIMELINE_COUNTS];	  /* a second, of one interval */
	__s64 lowest[TIMELINE_ZONES];	  /* headroom, pages; ZONE_CLOSED: not known */
	__s64 lowest_sum[TIMELINE_ZONES]; /* of all reports: for the mean of the lowest */
	__u64 cost_ns;	      /* processor time that the tool took, where it was measured */
	struct hist *latency; /* owned; NULL: none */
};

struct timeline {
	struct column *column; /* owned; TIMELINE_COLUMNS of them */
	unsigned int columns;
	__u64 every;   /* intervals in a full one: a power of two */
	__u64 slot_ns; /* timeline_count(): how long each is */
};

/* A stretch of trouble: served below min, or lost. */
struct episode {
	unsigned int first, last; /* columns */
};

/* A column of these times with nothing in it. */
struct column column_of(__u64 from_ns, __u64 to_ns);

/*
 * Adds an interval that is behind those before it; takes c->latency. One that is much shorter than
 * its neighbour, as the last of a run is, is put into that. 0 or -ENOMEM, c->latency freed.
 */
int timeline_add(struct timeline *t, struct column *c);

/*
 * Counts one that happened at that time, in a timeline without intervals: its columns are as long
 * as they must be, from 0.1 s on, and there are none where nothing happened. Times ascend, but for
 * those of another file. 0 or -ENOMEM.
 */
int timeline_count(struct timeline *t, __u64 time_ns, const __u64 count[TIMELINE_COUNTS]);

/* Puts all in order of time: after the last one, as files may be named in any order. */
void timeline_sort(struct timeline *t);

/* The column that a time is in, or else the one nearest to it; NULL: there is none. */
struct column *timeline_at(const struct timeline *t, __u64 time_ns);

/* Adds what was counted elsewhere in the same time to the columns that it falls into. */
void timeline_join(struct timeline *t, const struct timeline *other, enum timeline_count count);

/* Rates of what was counted one by one. */
void timeline_rates(struct timeline *t, enum timeline_count count);

/* Sum of all columns. */
__u64 timeline_sum(const struct timeline *t, enum timeline_count count);

/* Up to `most` episodes; gaps of no more than five intervals are closed. Returns how many there
 * are, which may be more. */
unsigned int timeline_episodes(const struct timeline *t, struct episode *episode,
			       unsigned int most);

/* Frees the columns, and empties it. */
void timeline_free(struct timeline *t);

#endif
