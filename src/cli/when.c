// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* when.c - see when.h. */
#include "cli/when.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/time_zone.h"
#include "base/util.h"

#define NS_PER_S 1000000000ULL
#define DAY (24 * 3600LL)

int when_parse(const char *s, struct when *ret)
{
	static const char *const formats[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
		"%Y-%m-%d",	     "%H:%M:%S",	  "%H:%M",
	};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct tm tm = {0};
		const char *end = strptime(s, formats[i], &tm);
		bool utc = end && end[0] == 'Z' && end != s;

		if (!end || end[utc])
			continue;
		*ret = (struct when){
			.given = true,
			.utc = utc,
			.dated = formats[i][1] == 'Y',
			.year = tm.tm_year,
			.month = tm.tm_mon,
			.day = tm.tm_mday,
			.second = tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec,
		};
		return 0;
	}
	return -EINVAL;
}

static time_t seconds_of(const struct when *when, const struct time_zone *zone,
			 const struct tm *day)
{
	struct tm tm = {
		.tm_year = day->tm_year,
		.tm_mon = day->tm_mon,
		.tm_mday = day->tm_mday,
		.tm_hour = when->second / 3600,
		.tm_min = when->second / 60 % 60,
		.tm_sec = when->second % 60,
	};

	return time_zone_seconds(zone, &tm);
}

__u64 when_ns(const struct when *when, const struct time_zone *zone, __u64 near_ns)
{
	static const struct time_zone utc = {.name = "UTC"};
	struct tm day = {.tm_year = when->year, .tm_mon = when->month, .tm_mday = when->day};
	time_t near = (time_t)(near_ns / NS_PER_S), s;

	if (when->utc)
		zone = &utc;
	if (!when->dated)
		time_zone_clock(zone, near_ns, &day);
	s = seconds_of(when, zone, &day);
	if (!when->dated && s > near + DAY / 2)
		day.tm_mday--;
	else if (!when->dated && s < near - DAY / 2)
		day.tm_mday++;
	else
		return s > 0 ? (__u64)s * NS_PER_S : 0;
	s = seconds_of(when, zone, &day);
	return s > 0 ? (__u64)s * NS_PER_S : 0;
}
