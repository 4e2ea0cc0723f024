/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * why_runs.h - how much the reserve of urgent requests was too small, machine-wide: runs of lost
 * requests that no mark below min could serve. Pure.
 */
#ifndef LAB_VIEW_WHY_RUNS_H
#define LAB_VIEW_WHY_RUNS_H

#include "view/advice.h"

struct reserve_zone {
	__u32 node, zone;
	__u64 min, managed;
};

/* Zeroed before the first event. */
struct reserve_runs {
	struct reserve_zone zone[LAB_ZONES]; /* those that failed requests looked at */
	unsigned int zones;
	struct advice_run run; /* the one that may go on */
	__u64 first_ns, last_ns, first_pages;
	struct advice_run worst[2]; /* of the interval, and since start */
};

/*
 * A failed request. What it takes to cover this one alone: what it lacked, and the pages of those
 * before it in its run; requests 0: a larger reserve does not.
 */
struct advice_run reserve_runs_add(struct reserve_runs *r, const struct event *e);
/* The next interval begins. */
void reserve_runs_next(struct reserve_runs *r);
/* Sums over the zones that are known. */
void reserve_runs_zones(const struct reserve_runs *r, __u64 *ret_min, __u64 *ret_managed);

#endif
