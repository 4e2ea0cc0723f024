// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_metrics.c - metrics of a fixed model, byte by byte, and their number on the worst machine.
 */
#include <errno.h>
#include <zlib.h>

#include "json/find.h"
#include "out/metrics.h"
#include "test.h"
#include "view/stat_shape.h"

static struct gathered g;
static char text[METRICS_BYTES], expected[METRICS_BYTES];

static void put_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

static struct event failure(const char *driver, const char *site, enum aftermath a)
{
	struct event e = {.verdict = VERDICT_EXHAUSTED, .aftermath = a, .printed = PRINTED_NOWARN};

	e.raw.head.kind = LAB_EVENT_FAILED;
	put_text(e.driver, sizeof(e.driver), driver);
	put_text(e.site, sizeof(e.site), site);
	return e;
}

static void fail_at(const char *driver, const char *site, enum aftermath a)
{
	const struct event e = failure(driver, site, a);

	CHECK_EQ(view_serve.event(&g, &e), 0);
}

static void set_zone(struct zone_row *z, __u32 node, const char *name, __u64 free)
{
	memset(z, 0, sizeof(*z));
	z->node = node;
	put_text(z->name, sizeof(z->name), name);
	z->free = z->lowest_free = free;
	z->managed = 1000000;
	z->min = 800;
	z->low = 1000;
	z->high = 1200;
	zone_fill_headroom(z);
}

static void set_info(struct run_info *info)
{
	put_text(info->version, sizeof(info->version), "0.1.0");
	put_text(info->kernel, sizeof(info->kernel), "6.12.0-test");
	put_text(info->hook[0].name, sizeof(info->hook[0].name), "done");
	put_text(info->hook[0].target, sizeof(info->hook[0].target), "mm_page_alloc");
	put_text(info->hook[0].attach, sizeof(info->hook[0].attach), "raw_tp");
	info->hooks = 1;
	info->class_mask = LAB_CLASS_MASK_WATCHED;
	info->has_latency = info->has_context = info->has_bulk = info->has_grown = true;
	info->has_exclusive = info->has_zones = true;
	info->pageblock_pages = 512;
}

static void set_counts(struct report *r)
{
	struct row *row = &r->total.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ];

	row->requests = 107;
	row->served[LAB_LEVEL_LOW] = 90;
	row->served[LAB_LEVEL_RESERVE] = 10;
	row->failed_final = 5;
	row->failed_opportunistic = 2;
	/* One at the bound, one above it, and one behind the last. */
	row->latency.bucket[lab_latency_bucket(16383)] = 1;
	row->latency.bucket[lab_latency_bucket(16384)] = 2;
	row->latency.bucket[LAB_LAT_BUCKETS - 1] = 4;
	row->latency.sum_ns = 40000049151ULL;
	r->total.failure[0][LAB_LEVEL_RESERVE] = 3;
	r->total.failure[4][LAB_LEVEL_NONE] = 1;
	r->total.failure[9][LAB_LEVEL_NONE] = 3;
	r->total.exclusive = (struct exclusive){11, 7, 4, 1, 3, 2};
	r->total.bulk = (struct bulk){20, 640, 600, 3};
	r->total.audit.seen = 107;
	r->total.audit.missed = 6;
	r->total.audit.entry_misses = 8;
	r->total.audit.done_misses = 9;
	r->zones = 3;
	set_zone(&r->zone[0], 0, "DMA32", 90000);
	set_zone(&r->zone[1], 0, "Normal", 100);
	set_zone(&r->zone[2], 0, "Movable", 5000);
	r->zone[1].reserved_highatomic = 1024;
}

static void small_model(void)
{
	memset(&g, 0, sizeof(g));
	set_info(&g.head.info);
	g.head.time_ns = 1800000000123456789ULL;
	g.head.total_ns = 90000000000ULL;
	g.head.total = (struct run_audit){.uncounted = 1, .throttled = 2, .dropped = 3};
	g.head.budget = (struct budget_report){.limit_ns = 10000000,
					       .programs_ns = 2500000,
					       .process_ns = 500000,
					       .programs_known = true,
					       .steps_down = 2,
					       .steps_up = 1,
					       .step = BUDGET_NO_STACKS};
	g.head.info.page_bytes = 4096;
	g.head.min_free_kbytes = 67584;
	set_counts(&g.cells);
	fail_at("e1000", "e1000_alloc_rx_buffers", AFTERMATH_LOST);
	fail_at("e1000", "e1000_alloc_rx_buffers", AFTERMATH_RETRIED);
	fail_at("", "a\"b\\c\nd\xff", AFTERMATH_PENDING);
	CHECK_EQ(view_serve.fill(&g), 0);
}

static size_t slurp(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(buf, 1, size - 1, f) : 0;

	if (f)
		fclose(f);
	buf[n] = '\0';
	return n;
}

/* LAB_RECORD=1 writes what is expected: look at what git says of it. */
static void compare(const char *path, size_t len)
{
	size_t want = slurp(path, expected, sizeof(expected)), at = 0;

	if (getenv("LAB_RECORD")) {
		FILE *f = fopen(path, "we");

		CHECK(f && fwrite(text, 1, len, f) == len);
		if (f)
			fclose(f);
		return;
	}
	while (at < len && at < want && text[at] == expected[at])
		at++;
	CHECK_MSG(at == len && len == want, "%s: differs at byte %zu: %.60s", path, at, text + at);
}

static const struct metrics_self self = {
	.known = true, .cpu_ns = 1500000000, .resident_bytes = 25165824};

static void bytes(void)
{
	unsigned int series;
	size_t len;

	small_model();
	CHECK(metrics_write(&g, &self, EXPO_TEXT, text, &len, &series));
	compare("data/metrics.txt", len);
	CHECK(metrics_write(&g, &self, EXPO_OPENMETRICS, text, &len, &series));
	compare("data/metrics.openmetrics", len);
}

static bool has(const char *what)
{
	return strstr(text, what);
}

/* What this kernel lacks has no series, and is said. */
static void missing(void)
{
	struct run_info *info = &g.head.info;
	unsigned int series;
	size_t len;

	small_model();
	info->has_latency = info->has_bulk = info->has_grown = info->has_exclusive = false;
	info->has_zones = false;
	g.head.min_free_kbytes = 0;
	g.head.budget.limit_ns = 0;
	CHECK(metrics_write(&g, NULL, EXPO_TEXT, text, &len, &series));
	text[len] = '\0';
	CHECK(!has("latency_seconds") && !has("labyrinth_bulk") && !has("exclusive_hits"));
	CHECK(!has("grown_blocks") && !has("zone_") && !has("silent_failures"));
	CHECK(!has("min_free_bytes") && !has("budget_") && !has("process_"));
	CHECK(has("labyrinth_feature_available{feature=\"latency\"} 0\n"));
	CHECK(has("labyrinth_feature_available{feature=\"context\"} 1\n"));
}

/* Where only the slow path is seen, nobody knows how many requests there were. */
static void slow_path(void)
{
	struct run_info *info = &g.head.info;
	unsigned int series;
	size_t len;

	small_model();
	CHECK(!run_is_slow_only(info));
	snprintf(info->hook[0].name, sizeof(info->hook[0].name), "%s", RUN_HOOK_FAILED);
	info->hooks = 1;
	CHECK(run_is_slow_only(info));
	CHECK(metrics_write(&g, NULL, EXPO_TEXT, text, &len, &series));
	text[len] = '\0';
	CHECK(!has("labyrinth_requests_total") &&
	      !has("served_total{class=\"atomic\",level=\"low\"}"));
	CHECK(has("labyrinth_failures_total") &&
	      has("labyrinth_served_total{class=\"atomic\",level=\"min\"}"));
}

/* All that has no site is there before anything happened. */
static void from_the_start(void)
{
	unsigned int first, later;
	size_t len;

	small_model();
	memset(&g.cells.total, 0, sizeof(g.cells.total));
	memset(&g.total, 0, sizeof(g.total));
	memset(g.verdict, 0, sizeof(g.verdict));
	memset(g.aftermath, 0, sizeof(g.aftermath));
	g.sites = 0;
	CHECK(metrics_write(&g, &self, EXPO_TEXT, text, &len, &first));
	CHECK(has("labyrinth_failure_outcomes_total{outcome=\"lost\"} 0\n"));
	CHECK(has("labyrinth_site_failures_total{driver=\"other\",site=\"other\"} 0\n"));
	small_model();
	CHECK(metrics_write(&g, &self, EXPO_TEXT, text, &len, &later));
	CHECK_EQ(later, first + 2 * g.sites);
}

/* Eight nodes with all their zones, every class, 600 sites, a budget. */
static void worst_model(void)
{
	char site[EVENT_SYMBOL], driver[EVENT_MODULE];

	small_model();
	g.head.info.class_mask = LAB_CLASS_MASK_ALL;
	g.head.info.hooks = 7; /* more than any mode attaches */
	for (unsigned int i = 0; i < g.head.info.hooks; i++) {
		memset(g.head.info.hook[i].target, 'x', 63);
		snprintf(g.head.info.hook[i].name, 24, "hook_%u", i);
	}
	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS - 1; x++)
			g.cells.total.row[c][x].requests = 1ULL << 60;
	g.cells.zones = 0;
	for (unsigned int node = 0; node < 8; node++) {
		if (node == 0) {
			set_zone(&g.cells.zone[g.cells.zones++], node, "DMA", ~0U);
			set_zone(&g.cells.zone[g.cells.zones++], node, "DMA32", ~0U);
		}
		set_zone(&g.cells.zone[g.cells.zones++], node, "Normal", 1ULL << 40);
		set_zone(&g.cells.zone[g.cells.zones++], node, "Movable", 1ULL << 40);
	}
	for (unsigned int i = 0; i < 600; i++) {
		snprintf(site, sizeof(site), "%063u", i);
		snprintf(driver, sizeof(driver), "%031u", i);
		fail_at(driver, site, AFTERMATH_LOST);
	}
	CHECK_EQ(view_serve.fill(&g), 0);
}

static void bounded(void)
{
	unsigned int series, lines = 0;
	size_t len;

	worst_model();
	for (unsigned int format = 0; format < EXPO_FORMATS; format++) {
		CHECK(metrics_write(&g, &self, format, text, &len, &series));
		CHECK_MSG(series <= METRICS_SERIES, "%u series", series);
		CHECK_MSG(len < METRICS_BYTES / 4 * 3, "%zu bytes", len);
	}
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		lines += line[0] != '#';
	CHECK_EQ(lines, series);
	CHECK_MSG(series > METRICS_SERIES - 40, "%u series: is this the worst machine?", series);
}

/* What docs/fleet.md states of the worst machine: at most so much, and not much less. */
static void stated(void)
{
	unsigned int series, said_series = 0, said_text = 0, said_packed = 0;
	static Bytef packed[METRICS_BYTES];
	static char page[65536];
	z_stream z = {0};
	const char *at;
	size_t len;

	worst_model();
	CHECK(metrics_write(&g, &self, EXPO_TEXT, text, &len, &series));
	CHECK_EQ(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)text;
	z.avail_in = (uInt)len;
	z.next_out = packed;
	z.avail_out = sizeof(packed);
	CHECK_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
	slurp("../../docs/fleet.md", page, sizeof(page));
	at = strstr(page, "| worst |");
	CHECK(at && sscanf(at, "| worst | %u | %u kB | %u kB", &said_series, &said_text,
			   &said_packed) == 3);
	CHECK_EQ(said_series, METRICS_SERIES);
	CHECK_MSG(len <= said_text * 1000 && len > said_text * 900, "%zu bytes, %u kB stated", len,
		  said_text);
	CHECK_MSG(z.total_out <= said_packed * 1000 && z.total_out > said_packed * 700,
		  "%lu bytes packed, %u kB stated", z.total_out, said_packed);
	deflateEnd(&z);
}

/* A twelfth zone is not shown, and that is said. */
static void zones_left_out(void)
{
	unsigned int series;
	size_t len;

	worst_model();
	set_zone(&g.cells.zone[g.cells.zones++], 8, "Normal", 1);
	CHECK(metrics_write(&g, &self, EXPO_TEXT, text, &len, &series));
	CHECK(has("labyrinth_zones_left_out 1\n"));
	CHECK(!has("numa_node=\"8\""));
	CHECK_MSG(series <= METRICS_SERIES, "%u series", series);
}

/* The first sites keep their series, however often others fail. */
static void sticky_sites(void)
{
	__u64 sum = 0;

	worst_model();
	CHECK_EQ(g.sites, GATHERED_SITES);
	for (unsigned int i = 0; i < 50; i++)
		fail_at("late", "late_alloc", AFTERMATH_LOST);
	CHECK(strcmp(g.site[0].driver, "e1000") == 0);
	CHECK_EQ(g.other.lost, 600 + 2 - GATHERED_SITES + 50);
	for (unsigned int i = 0; i < g.sites; i++)
		sum += g.site[i].failed;
	CHECK_EQ(sum + g.other.failed, g.verdict[VERDICT_EXHAUSTED]);
}

/* What a reading takes back for a moment is not taken back here. */
static void never_back(void)
{
	small_model();
	g.cells.total.audit.seen = 100;
	g.cells.total.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ].requests = 108;
	CHECK_EQ(view_serve.fill(&g), 0);
	CHECK_EQ(g.cells.total.audit.seen, 107);
	CHECK_EQ(g.cells.total.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ].requests, 108);
}

static void lowest(void)
{
	small_model();
	set_zone(&g.cells.zone[0], 0, "DMA32", 1000);
	CHECK_EQ(view_serve.fill(&g), 0);
	set_zone(&g.cells.zone[0], 0, "DMA32", 2000);
	for (unsigned int i = 0; i < GATHERED_WINDOW - 1; i++)
		CHECK_EQ(view_serve.fill(&g), 0);
	CHECK_EQ(gathered_lowest(&g, 0), 1000 - 300);
	CHECK_EQ(view_serve.fill(&g), 0);
	CHECK_EQ(gathered_lowest(&g, 0), 2000 - 300);
	/* another zone in its place has a past of its own */
	set_zone(&g.cells.zone[0], 1, "Normal", 3000);
	CHECK_EQ(view_serve.fill(&g), 0);
	CHECK_EQ(gathered_lowest(&g, 0), 3000 - 300);
}

/* Served and slow requests are no failures. */
static void failures_alone(void)
{
	struct event e = failure("a", "b", AFTERMATH_LOST);

	memset(&g, 0, sizeof(g));
	e.raw.head.kind = LAB_EVENT_SLOW;
	CHECK_EQ(view_serve.event(&g, &e), 0);
	CHECK_EQ(g.sites, 0);
	CHECK_EQ(g.aftermath[AFTERMATH_LOST], 0);
}

/* Every bound is the last ns of a power of two, and written as what it is. */
static void bounds(void)
{
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS - 1; i++)
		for (unsigned int b = 0; b < EXPO_BOUNDS; b++) {
			__u64 lower = i ? hist_upper_ns(i - 1) + 1 : 0;

			CHECK_MSG(
				!(lower <= expo_bound_ns(b) && hist_upper_ns(i) > expo_bound_ns(b)),
				"bound %u lies inside bucket %u", b, i);
		}
	CHECK_EQ(expo_bound_ns(0), 255);
	CHECK_EQ(expo_bound_ns(EXPO_BOUNDS - 1), 1073741823);
	small_model();
	for (unsigned int b = 0; b < EXPO_BOUNDS; b++) {
		char le[32];
		unsigned int series;
		size_t len;

		CHECK(metrics_write(&g, NULL, EXPO_TEXT, text, &len, &series));
		snprintf(le, sizeof(le), "le=\"%.10g\"", (double)expo_bound_ns(b) / 1e9);
		CHECK_MSG(has(le), "no %s", le);
	}
}

static void too_small(void)
{
	static const struct expo_family f = {"x", EXPO_GAUGE, NULL, "Help.", false};
	char small[64];
	struct expo x;

	expo_begin(&x, EXPO_TEXT, small, sizeof(small));
	expo_family(&x, &f);
	expo_sample(&x, NULL, 1);
	expo_sample(&x, NULL, 1);
	CHECK(!expo_end(&x));
	CHECK(x.len < sizeof(small));
}

/* The key is there, is a number, and its sentence and unit fit the family it is used for. */
static void keys(void)
{
	struct found f;

	CHECK(shape_find(&stat_shape, "total.audit.missed", &f));
	CHECK_EQ(f.at, offsetof(struct report, total.audit.missed));
	CHECK(shape_find(&stat_shape, "zones.free_pages", &f));
	CHECK_EQ(f.at, offsetof(struct zone_row, free));
	CHECK(shape_find(&stat_shape, "total.rows.failed_silent", &f));
	CHECK_EQ(f.at, offsetof(struct stat_row, row.failed_silent));
	CHECK(!shape_find(&stat_shape, "total.audit.nothing", &f));
	CHECK(!shape_find(&stat_shape, "total.audit.missed.more", &f));
	CHECK(!shape_find(&stat_shape, "tot", &f));
}

static const struct test_case cases[] = {
	{"bytes", bytes},
	{"missing", missing},
	{"slow_path", slow_path},
	{"from-the-start", from_the_start},
	{"bounded", bounded},
	{"stated", stated},
	{"zones-left-out", zones_left_out},
	{"sticky-sites", sticky_sites},
	{"never-back", never_back},
	{"lowest", lowest},
	{"failures-alone", failures_alone},
	{"bounds", bounds},
	{"too-small", too_small},
	{"keys", keys},
};

TEST_MAIN("metrics", cases)
