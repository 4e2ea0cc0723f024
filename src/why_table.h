/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* why_table.h - sites as they are put together, for why.c and why_list.c only. */
#ifndef LAB_WHY_TABLE_H
#define LAB_WHY_TABLE_H

#include "why.h"
#include "why_reserve.h"

#define BUCKETS 1024
/* More sites than the kernel side has rows for: what comes then is in no site of its own. */
#define TALLIES 8192

enum half_of { INTERVAL, TOTAL, HALVES };

/* What the events tell of a site. */
struct half {
	struct why_figures told;
	__u64 verdict_lost[VERDICTS];
	struct advice_told advice;
	struct why_case *example[VERDICTS];
};

/* What the kernel side counted. */
struct counted {
	__u64 sampled, failed, failed_final, below_min, slow, latency_max_ns;
};

struct tally {
	struct tally *next; /* of its bucket */
	char site[EVENT_SYMBOL], driver[EVENT_MODULE];
	struct counted now, then;
	struct why_case *row; /* stands for the site when no failure was told */
	__u64 row_rank;
	__u64 run_lost, last_lost_ns;
	struct half half[HALVES];
};

struct why {
	struct tally *bucket[BUCKETS];
	struct tally *tally[TALLIES];
	unsigned int tallies;
	struct tally over; /* of all that found no room */
	bool counted;
	struct reserve_runs runs;
};

/* Forgets what was told. */
void why_half_clear(struct half *h);

#endif
