// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_accept.c - what clients say they take, and addresses to listen at. */
#include "out/accept.h"
#include "out/listen.h"
#include "test.h"

#define PROMETHEUS_2                                                                               \
	"application/openmetrics-text; version=1.0.0,application/openmetrics-text; "               \
	"version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
#define PROMETHEUS_3                                                                               \
	"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"                   \
	"application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;"               \
	"escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,/*;q=0.1"

static void formats(void)
{
	static const struct {
		const char *accept;
		enum expo_format format;
	} table[] = {
		{NULL, EXPO_TEXT},
		{"", EXPO_TEXT},
		{"*/*", EXPO_TEXT},
		{PROMETHEUS_2, EXPO_OPENMETRICS},
		{PROMETHEUS_3, EXPO_OPENMETRICS},
		{"application/openmetrics-text", EXPO_OPENMETRICS},
		{"APPLICATION/OpenMetrics-Text;Version=1.0.0", EXPO_OPENMETRICS},
		{"application/openmetrics-text;version=2.0.0", EXPO_TEXT},
		{"application/openmetrics-text;q=0", EXPO_TEXT},
		{"application/openmetrics-text;q=0.2,text/plain;q=0.3", EXPO_TEXT},
		{"application/openmetrics-text;q=0.3,text/plain;q=0.3", EXPO_OPENMETRICS},
		{"text/plain , application/openmetrics-text ; q=0.999", EXPO_TEXT},
		{"text/html, xapplication/openmetrics-text", EXPO_TEXT},
		{"application/openmetrics-textual", EXPO_TEXT},
		{"application/openmetrics-text;q=nonsense", EXPO_TEXT},
		{"application/openmetrics-text;q=1.5,text/plain", EXPO_OPENMETRICS},
		{"application/openmetrics-text;q", EXPO_OPENMETRICS},
		{",;=,;;q=,", EXPO_TEXT},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CHECK_MSG(accept_format(table[i].accept) == table[i].format, "%s",
			  table[i].accept ? table[i].accept : "none");
}

static void gzip(void)
{
	CHECK(!accept_gzip(NULL));
	CHECK(!accept_gzip(""));
	CHECK(!accept_gzip("identity"));
	CHECK(accept_gzip("gzip"));
	CHECK(accept_gzip("deflate, GZIP;q=0.1"));
	CHECK(accept_gzip("*"));
	CHECK(!accept_gzip("gzip;q=0"));
	CHECK(!accept_gzip("*, gzip;q=0"));
	CHECK(!accept_gzip("gzip;q=0.000, *"));
	CHECK(!accept_gzip("xgzip"));
}

static void addresses(void)
{
	static const char *const good[] = {"127.0.0.1:10435", "[::1]:10435", ":1", "0.0.0.0:65535",
					   LISTEN_DEFAULT};
	static const char *const bad[] = {"",	       "127.0.0.1",  "localhost:9", "::1:9",
					  ":0",	       ":65536",     "1.2.3.4:",    "[::1]",
					  "1.2.3.4:x", "1.2.3.4:9 ", "300.1.1.1:9", "[::1:9"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK_MSG(listen_is_address(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_MSG(!listen_is_address(bad[i]), "%s", bad[i]);
}

static const struct test_case cases[] = {
	{"formats", formats},
	{"gzip", gzip},
	{"addresses", addresses},
};

TEST_MAIN("accept", cases)
