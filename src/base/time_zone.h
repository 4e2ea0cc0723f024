/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* time_zone.h - how far a clock on the wall is from UTC, and what its time is called. */
#ifndef LAB_BASE_TIME_ZONE_H
#define LAB_BASE_TIME_ZONE_H

#include <linux/types.h>
#include <stdbool.h>
#include <time.h>

struct time_zone {
	char name[16];	/* "CET", "-03"; "": not known */
	__s64 offset_s; /* east of UTC is positive */
};

/* That of this process at that time, in ns since 1970. The first call may read a file. */
void time_zone_here(struct time_zone *ret, __u64 time_ns);

/*
 * What a clock in that zone shows, or in that of this process where it is not known; tm_zone is the
 * zone's name, and lives as long as *zone. False: the year is beyond what struct tm holds.
 */
bool time_zone_clock(const struct time_zone *zone, __u64 time_ns, struct tm *ret);

/* Back: seconds since 1970. Days and months beyond their range count on. */
time_t time_zone_seconds(const struct time_zone *zone, const struct tm *tm);

#endif
