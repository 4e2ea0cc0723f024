/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* when.h - a time as it is typed. */
#ifndef LAB_CLI_WHEN_H
#define LAB_CLI_WHEN_H

#include <linux/types.h>
#include <stdbool.h>

struct time_zone;

struct when {
	bool given, utc, dated;
	int year, month, day; /* as in struct tm; dated only */
	int second;	      /* of the day */
};

/*
 * "2026-11-21 03:26:35", "2026-11-21T03:26", "2026-11-21", "03:26:35" or "03:26", in the time zone
 * of when_ns(), or with a Z behind it in UTC. 0 or -EINVAL.
 */
int when_parse(const char *s, struct when *ret);

/*
 * As CLOCK_REALTIME, where the clock on the wall is in that zone. Without a date it is that time of
 * the day nearest to the time near_ns, of what the recording begins with.
 */
__u64 when_ns(const struct when *when, const struct time_zone *zone, __u64 near_ns);

#endif
