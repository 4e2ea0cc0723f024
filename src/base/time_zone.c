// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* time_zone.c - see time_zone.h. */
#include "base/time_zone.h"

#include <stdio.h>

#define NS_PER_S 1000000000ULL
#define DAY_S (24 * 3600)

/* A recording may say anything. */
static bool is_known(const struct time_zone *zone)
{
	return zone->name[0] && zone->offset_s >= -DAY_S && zone->offset_s <= DAY_S;
}

void time_zone_here(struct time_zone *ret, __u64 time_ns)
{
	time_t seconds = (time_t)(time_ns / NS_PER_S);
	struct tm tm;

	*ret = (struct time_zone){.name = ""};
	if (!localtime_r(&seconds, &tm))
		return;
	snprintf(ret->name, sizeof(ret->name), "%s", tm.tm_zone ?: "");
	ret->offset_s = tm.tm_gmtoff;
}

bool time_zone_clock(const struct time_zone *zone, __u64 time_ns, struct tm *ret)
{
	time_t seconds = (time_t)(time_ns / NS_PER_S);

	if (!is_known(zone))
		return localtime_r(&seconds, ret);
	seconds += (time_t)zone->offset_s;
	if (!gmtime_r(&seconds, ret))
		return false;
	ret->tm_gmtoff = (long)zone->offset_s;
	ret->tm_zone = zone->name;
	return true;
}

time_t time_zone_seconds(const struct time_zone *zone, const struct tm *tm)
{
	struct tm copy = *tm;

	if (is_known(zone))
		return timegm(&copy) - (time_t)zone->offset_s;
	copy.tm_isdst = -1;
	return mktime(&copy);
}
