// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_typed.c - what is typed: times, as they are, and words that were meant to be others. */
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/time_zone.h"
#include "cli/nearest.h"
#include "cli/when.h"
#include "test.h"

#define S 1000000000ULL
#define FIRST 1795231596ULL /* 2026-11-21 03:26:36 UTC */

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

static __u64 seconds(const char *typed, const struct time_zone *recorded)
{
	struct when when;

	if (when_parse(typed, &when))
		return 0;
	CHECK(when.given);
	return when_ns(&when, recorded, FIRST * S) / S;
}

static void times(void)
{
	static const struct {
		const char *zone, *typed;
		__u64 seconds;
	} rows[] = {
		{"UTC", "2026-11-21 03:26:36", FIRST},
		{"UTC", "2026-11-21T03:26", FIRST - 36},
		{"UTC", "2026-11-21", FIRST - 36 - 26 * 60 - 3 * 3600},
		{"UTC", "03:26:37", FIRST + 1},
		{"UTC", "03:26", FIRST - 36},
		{"UTC", "23:26:36", FIRST - 4 * 3600}, /* the evening before is nearer */
		{"UTC", "15:26:35", FIRST + 12 * 3600 - 1},
		{"JST-9", "12:26:36", FIRST},
		{"JST-9", "2026-11-21 12:26:36", FIRST},
		{"JST-9", "03:26:36Z", FIRST},
		{"JST-9", "2026-11-21T03:26:36Z", FIRST},
		{"EST5", "22:26:36", FIRST}, /* there it is the day before */
		{"EST5", "2026-11-20 22:26:36", FIRST},
		{"EST5", "03:26:36Z", FIRST},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct time_zone recorded, unknown = {.name = ""};
		__u64 by_own, by_recorded;

		zone(rows[i].zone);
		by_own = seconds(rows[i].typed, &unknown);
		time_zone_here(&recorded, FIRST * S);
		zone("NPT-5:45");
		by_recorded = seconds(rows[i].typed, &recorded);
		CHECK_MSG(by_own == rows[i].seconds && by_recorded == rows[i].seconds,
			  "%s in %s: %llu and %llu, not %llu", rows[i].typed, rows[i].zone,
			  (unsigned long long)by_own, (unsigned long long)by_recorded,
			  (unsigned long long)rows[i].seconds);
	}
}

/* A recording says where its clock was, or anything at all. */
static void zones(void)
{
	static const struct {
		struct time_zone zone;
		const char *shown;
	} rows[] = {
		{{"EST", -18000}, "2026-11-20 22:26:36 EST"},
		{{"+1245", 45900}, "2026-11-21 16:11:36 +1245"},
		{{"UTC", 0}, "2026-11-21 03:26:36 UTC"},
		{{"", 18000}, "2026-11-21 12:26:36 JST"},
		{{"far", INT64_MAX}, "2026-11-21 12:26:36 JST"},
		{{"far", INT64_MIN}, "2026-11-21 12:26:36 JST"},
	};

	zone("JST-9");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char shown[64] = "";
		struct tm tm;

		CHECK(time_zone_clock(&rows[i].zone, FIRST * S, &tm));
		strftime(shown, sizeof(shown), "%Y-%m-%d %H:%M:%S %Z", &tm);
		CHECK_MSG(strcmp(shown, rows[i].shown) == 0, "%s, not %s", shown, rows[i].shown);
		CHECK_EQ(time_zone_seconds(&rows[i].zone, &tm), FIRST);
	}
}

static void bad_times(void)
{
	static const char *const typed[] = {"",		 "now",	      "3",	    "25:00",
					    "03:26:36z", "03:26:36 ", "2026-13-01", "Z"};
	struct when when;

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		CHECK_MSG(when_parse(typed[i], &when) < 0, "\"%s\" is a time", typed[i]);
}

static const char *name(unsigned int i)
{
	static const char *const names[] = {"why", "events", "replay", "record", "stat"};

	return i < sizeof(names) / sizeof(names[0]) ? names[i] : NULL;
}

static void check_nearest(const char *typed, const char *meant)
{
	const char *found = nearest(typed, name);

	CHECK_MSG(found == meant || (found && meant && strcmp(found, meant) == 0), "%s: %s, not %s",
		  typed, found ?: "none", meant ?: "none");
}

static void words(void)
{
	check_nearest("whi", "why");
	check_nearest("evetns", "events");
	check_nearest("event", "events");
	check_nearest("repaly", "replay");
	check_nearest("repaly=x", "replay");
	check_nearest("recrod", "record");
	check_nearest("stats", "stat");
	check_nearest("status", "stat");
	check_nearest("frob", NULL);
	check_nearest("", NULL);
	check_nearest("a word that is longer than any name of an option could be", NULL);
}

static const struct test_case cases[] = {
	{"times", times},
	{"zones", zones},
	{"bad_times", bad_times},
	{"words", words},
};

TEST_MAIN("typed", cases)
