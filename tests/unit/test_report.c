// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_report.c - what a page of HTML is made of: columns of time, how short requests were, text.
 */
#include "out/chart.h"
#include "out/html.h"
#include "out/lacks.h"
#include "out/page_heat.h"
#include "out/timeline.h"
#include "view/why.h"
#include "test.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define SECOND 1000000000ULL
#define START (1700000000ULL * SECOND)

static struct timeline line;

/* ---- timeline ---- */

/* The i-th second, with that many requests and lost, and that headroom. */
static void add(unsigned int i, __u64 requests, __u64 lost, __s64 lowest)
{
	struct column c = column_of(START + i * SECOND, START + (i + 1) * SECOND);

	c.sum[TIMELINE_REQUESTS] = requests;
	c.sum[TIMELINE_LOST] = lost;
	c.lowest[0] = lowest;
	c.latency = calloc(1, sizeof(*c.latency));
	c.latency->bucket[i % LAB_LAT_BUCKETS] = requests;
	c.latency->max_ns = i;
	CHECK_EQ(timeline_add(&line, &c), 0);
}

/* 5000 seconds are 625 columns of 8: nothing is lost, the highest and the lowest stay. */
static void test_bins(void)
{
	__u64 measured = 0, in_hist = 0;
	double most = 0;
	__s64 lowest = 0;

	for (unsigned int i = 0; i < 5000; i++)
		add(i, i == 4321 ? 70000 : 10, i == 1234, i == 2999 ? -77 : 500);
	CHECK_EQ(line.every, 8);
	CHECK_EQ(line.columns, 625);
	CHECK_EQ(timeline_sum(&line, TIMELINE_REQUESTS), 10 * 4999 + 70000);
	CHECK_EQ(timeline_sum(&line, TIMELINE_LOST), 1);
	for (unsigned int i = 0; i < line.columns; i++) {
		const struct column *c = &line.column[i];

		CHECK_EQ(c->from_ns, START + 8ULL * i * SECOND);
		CHECK_EQ(c->to_ns, START + 8ULL * (i + 1) * SECOND);
		measured += c->measured_ns;
		in_hist += hist_count(c->latency);
		most = c->most[TIMELINE_REQUESTS] > most ? c->most[TIMELINE_REQUESTS] : most;
		lowest = c->lowest[0] < lowest ? c->lowest[0] : lowest;
		CHECK_EQ(c->lowest[1], ZONE_CLOSED);
	}
	CHECK_EQ(measured, 5000 * SECOND);
	CHECK_EQ(in_hist, 10 * 4999 + 70000);
	CHECK_EQ(most, 70000); /* a second, though the column has eight */
	CHECK_EQ(lowest, -77);
	timeline_free(&line);
}

/* What is left of a run at its end has no rate of its own. */
static void test_rest(void)
{
	struct column c = column_of(START + 2 * SECOND, START + 2 * SECOND + SECOND / 1000);

	add(0, 10, 0, 5);
	add(1, 10, 0, 5);
	c.sum[TIMELINE_REQUESTS] = 3;
	CHECK_EQ(timeline_add(&line, &c), 0);
	CHECK_EQ(line.columns, 2);
	CHECK_EQ(line.column[1].sum[TIMELINE_REQUESTS], 13);
	CHECK_EQ(line.column[1].most[TIMELINE_REQUESTS], 10);
	timeline_free(&line);
}

/* Trouble in the seconds 3, 9 (five between: one), 16 (six between: another) and 40. */
static void test_episodes(void)
{
	static const unsigned int at[] = {3, 9, 16, 40};
	struct episode e[2];

	for (unsigned int i = 0; i < 50; i++) {
		__u64 lost = 0;

		for (size_t k = 0; k < 4; k++)
			lost += at[k] == i;
		add(i, 10, lost, 5);
	}
	CHECK_EQ(timeline_episodes(&line, e, 2), 3);
	CHECK_EQ(e[0].first, 3);
	CHECK_EQ(e[0].last, 9);
	CHECK_EQ(e[1].first, 16);
	CHECK_EQ(e[1].last, 16);
	timeline_free(&line);
}

/* One by one, over a day: the columns grow, each event stays within one of its time. */
static void test_slots(void)
{
	const __u64 one[TIMELINE_COUNTS] = {[TIMELINE_LOST] = 1};

	for (__u64 i = 0; i < 86400; i += 7)
		CHECK_EQ(timeline_count(&line, START + i * SECOND, one), 0);
	CHECK_EQ(timeline_sum(&line, TIMELINE_LOST), 12343);
	CHECK(line.columns <= TIMELINE_COLUMNS && line.columns > TIMELINE_COLUMNS / 4);
	for (unsigned int i = 0; i < line.columns; i++) {
		const struct column *c = &line.column[i];

		CHECK_EQ(c->to_ns - c->from_ns, line.slot_ns);
		CHECK_EQ(c->from_ns % line.slot_ns, 0);
		if (i)
			CHECK(c->from_ns >= c[-1].to_ns);
	}
	timeline_free(&line);
}

/* What events tell falls into the second in which it happened, or else into the nearest. */
static void test_join(void)
{
	const __u64 one[TIMELINE_COUNTS] = {[TIMELINE_LOST] = 1};
	struct timeline lost = {0};

	for (unsigned int i = 0; i < 20; i++)
		add(i, 10, 0, 5);
	for (unsigned int i = 0; i < 3; i++)
		CHECK_EQ(timeline_count(&lost, START + 7 * SECOND + i * SECOND / 4, one), 0);
	CHECK_EQ(timeline_count(&lost, START + 90 * SECOND, one), 0);
	timeline_join(&line, &lost, TIMELINE_LOST);
	CHECK_EQ(line.column[7].sum[TIMELINE_LOST], 3);
	CHECK_EQ(line.column[7].most[TIMELINE_LOST], 3);
	CHECK_EQ(line.column[19].sum[TIMELINE_LOST], 1);
	CHECK_EQ(timeline_sum(&line, TIMELINE_LOST), 4);
	timeline_free(&lost);
	timeline_free(&line);
}

/* ---- the curve ---- */

/* A lost one: the zone stands `lack` pages below the floor, which is 600 of a min of 1600. */
static struct event *lost_event(__u64 time_ns, __u64 lack)
{
	static struct event e;

	memset(&e, 0, sizeof(e));
	e.time_ns = time_ns;
	e.raw.head.gfp = ATOMIC;
	e.raw.zones = 1;
	e.raw.highest_zone = 2;
	e.raw.zone[0] = (struct lab_event_zone){
		.zone = 2, .min = 1600, .managed = 1000000, .free = 600 - lack};
	snprintf(e.zone_name[0], sizeof(e.zone_name[0]), "Normal");
	e.verdict = VERDICT_EXHAUSTED;
	e.aftermath = AFTERMATH_LOST;
	return &e;
}

static struct lacks lacks;

/*
 * Worked out by hand, of vm.min_free_kbytes 67584 and a min of 1600 pages. A request passes from
 * one page above the floor on. Alone and 34 below: 35 pages, 56 of min (8/5), 69950 kB, which is
 * 70656 in steps of 1024. Three in a run, 9 below each: 10, 11 and 12 pages, 16, 18 and 20 of min:
 * 68260, 68345 and 68429 kB, all three 68608.
 */
static void test_curve(void)
{
	struct lacks_point point[8];
	struct event *e;

	memset(&lacks, 0, sizeof(lacks));
	lacks_add(&lacks, lost_event(START, 34));
	for (unsigned int i = 0; i < 3; i++)
		lacks_add(&lacks, lost_event(START + SECOND + i * 1000000, 9));
	e = lost_event(START + 2 * SECOND, 9);
	e->raw.head.gfp = LAB_GFP_KSWAPD_RECLAIM;
	lacks_add(&lacks, e);
	e = lost_event(START + 3 * SECOND, 9);
	e->verdict = VERDICT_FRAGMENTED;
	lacks_add(&lacks, e);
	e = lost_event(START + 4 * SECOND, 9);
	e->aftermath = AFTERMATH_RECOVERED;
	lacks_add(&lacks, e);
	CHECK_EQ(lacks.lost, 6);
	CHECK_EQ(lacks.drawn, 4);
	CHECK_EQ(lacks.other_class, 1);
	CHECK_EQ(lacks.verdict[VERDICT_FRAGMENTED], 1);
	CHECK_EQ(lacks_curve(&lacks, 67584, 4096, point, 8), 3);
	CHECK_EQ(point[0].min_free_kbytes, 67584);
	CHECK_EQ(point[0].covered, 0);
	CHECK_EQ(point[1].min_free_kbytes, 68608);
	CHECK_EQ(point[1].covered, 3);
	CHECK_EQ(point[2].min_free_kbytes, 70656);
	CHECK_EQ(point[2].covered, 4);
	/* Where it was not read it is the zone's min, 6400 kB. */
	CHECK_EQ(lacks_curve(&lacks, 0, 4096, point, 8), 2);
	CHECK_EQ(point[0].min_free_kbytes, 6400);
	/* Nothing is advised beyond a twentieth of memory. */
	CHECK_EQ(lacks_curve(&lacks, 400000, 4096, point, 8), 0);
}

/* The value that is advised covers the worst run whole, and the curve never falls. */
static void test_curve_and_advice(void)
{
	static struct lacks_point point[LACKS + 1];
	struct advice_machine m = {.min_free_kbytes = 67584, .page_bytes = 4096};
	__u64 seed = 12345, now, advised;
	unsigned int n;

	memset(&lacks, 0, sizeof(lacks));
	for (__u64 i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		lacks_add(&lacks,
			  lost_event(START + i * 40000000 + (i / 30) * SECOND, (seed >> 33) % 600));
	}
	reserve_runs_zones(&lacks.runs, &m.min_pages, &m.managed_pages);
	advised = advice_min_free_kbytes(&lacks.runs.worst[1], &m, &now);
	n = lacks_curve(&lacks, 67584, 4096, point, LACKS + 1);
	CHECK(n > 10);
	for (unsigned int i = 1; i < n; i++) {
		CHECK(point[i].min_free_kbytes > point[i - 1].min_free_kbytes);
		CHECK(point[i].covered > point[i - 1].covered);
	}
	CHECK_EQ(point[n - 1].covered, lacks.drawn);
	CHECK_EQ(lacks.drawn, 20000);
	CHECK(point[n - 1].min_free_kbytes <= advised);
}

/* More kinds of shortage than there is room for: nothing is lost, nothing is covered too early. */
static void test_many_lacks(void)
{
	static struct lacks_point point[LACKS + 1];
	unsigned int n, requests = 0;
	struct event *e;

	memset(&lacks, 0, sizeof(lacks));
	for (__u64 i = 0; i < 3 * LACKS; i++) {
		e = lost_event(START + i * SECOND, 0);
		e->raw.zone[0].min = 100000 + i;
		e->raw.zone[0].managed = 1ULL << 40;
		e->raw.zone[0].free = 10;
		lacks_add(&lacks, e);
		requests++;
	}
	CHECK(lacks.n <= LACKS);
	n = lacks_curve(&lacks, 400000, 4096, point, LACKS + 1);
	CHECK_EQ(point[n - 1].covered, requests);
}

/* ---- text ---- */

static char *text;
static size_t size;

static struct html begin(void)
{
	return (struct html){.f = open_memstream(&text, &size)};
}

static void check_text(struct html *h, const char *expected)
{
	fclose(h->f);
	CHECK_MSG(strcmp(text, expected) == 0, "it is %s, not %s", text, expected);
	free(text);
}

static void test_escape(void)
{
	struct html h = begin();

	html_put(&h, "<td>%s %c %.*s|%u %llu %.1f%%</td>", "\"><script>'&\033", '<', 2, "<<<", 7U,
		 18446744073709551615ULL, 2.25);
	check_text(&h, "<td>&quot;&gt;&lt;script&gt;&#39;&amp;\uFFFD &lt; &lt;&lt;|7 "
		       "18446744073709551615 2.2%</td>");
}

static void check_cell(struct cell c, const char *expected)
{
	CHECK_MSG(strcmp(c.text, expected) == 0, "it is %s, not %s", c.text, expected);
}

static void test_cells(void)
{
	check_cell(cell_ns(true, 640), "640\u00a0ns");
	check_cell(cell_ns(true, 45100), "45.1\u00a0µs");
	check_cell(cell_ns(true, 17200000000ULL), "17.2\u00a0s");
	check_cell(cell_ns(false, 1), "–");
	check_cell(cell_pages(-158, 4096), "\u2212632\u00a0KiB");
	check_cell(cell_pages(1323, 4096), "5.2\u00a0MiB");
	check_cell(cell_pages(1, 0), "–");
	check_cell(cell_signed(INT64_MIN + 1), "\u22129223372036854775807");
	check_cell(cell_percent(0.999999), ">99.9\u00a0%");
	check_cell(cell_percent(1e-9), "<0.0001\u00a0%");
	check_cell(cell_duration(200 * SECOND), "3\u00a0min 20\u00a0s");
	check_cell(cell_duration(SECOND / 1000), "1.00\u00a0ms");
}

/* ---- axes ---- */

static void test_scale(void)
{
	static const double most[] = {0.02, 1, 3, 34, 999, 1027, 5691, 1e15};

	for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
		struct chart_scale s = chart_scale(most[i]);

		CHECK_MSG(s.steps >= 1 && s.steps <= 3, "%g has %u steps", most[i], s.steps);
		CHECK_MSG(s.top >= most[i] * 0.999 && s.top < most[i] * 2.6, "%g ends at %g",
			  most[i], s.top);
	}
	CHECK_EQ(chart_scale(5691).top, 6000);
	CHECK_EQ(chart_scale(0).top, 1);
}

static void test_heat_steps(void)
{
	__u64 least[HEAT_STEPS];

	heat_steps(900, least);
	CHECK_EQ(least[0], 1);
	CHECK_EQ(least[1], 2);
	CHECK_EQ(least[2], 5);
	CHECK_EQ(least[5], 625);
	heat_steps(1000000000000ULL, least);
	for (unsigned int i = 1; i < HEAT_STEPS; i++)
		CHECK(least[i] > least[i - 1]);
	CHECK(least[5] <= 1000000000000ULL && least[5] > 100000000000ULL);
}

static const struct test_case cases[] = {
	{"bins", test_bins},
	{"rest", test_rest},
	{"episodes", test_episodes},
	{"slots", test_slots},
	{"join", test_join},
	{"curve", test_curve},
	{"curve_and_advice", test_curve_and_advice},
	{"many_lacks", test_many_lacks},
	{"escape", test_escape},
	{"cells", test_cells},
	{"scale", test_scale},
	{"heat_steps", test_heat_steps},
};

TEST_MAIN("report", cases)
