// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_view.c - how numbers are written, what is shown of what, and writes that fail. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/exits.h"
#include "random_report.h"
#include "stderr.h"
#include "test.h"
#include "view/fold.h"
#include "view/page.h"
#include "view/show.h"
#include "view/stat_shape.h"
#include "view/fold.h"
#include "view/stat_text.h"

static struct report report;

static void times(void)
{
	static const struct {
		__u64 ns;
		const char *text;
	} table[] = {
		{0, "0ns"},
		{1, "1ns"},
		{999, "999ns"},
		{1000, "1.00us"},
		{1004, "1.00us"},
		{1005, "1.00us"},
		{1006, "1.01us"},
		{9994, "9.99us"},
		{9995, "10.0us"},
		{9996, "10.0us"},
		{99949, "99.9us"},
		{99950, "100us"},
		{999499, "999us"},
		{999500, "1.00ms"},
		{999499999, "999ms"},
		{999500000, "1.00s"},
		{17179869184, "17.2s"},
		{1000000000000, "1000s"},
	};
	char cell[TEXT_CELL];

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CHECK_MSG(strcmp(text_ns(cell, true, table[i].ns), table[i].text) == 0,
			  "%llu ns is written %s", (unsigned long long)table[i].ns, cell);
	CHECK(strcmp(text_ns(cell, false, 1), "-") == 0);
	CHECK(strcmp(text_count(cell, false, 1), "-") == 0);
	CHECK(strcmp(text_count(cell, true, ~0ULL), "18446744073709551615") == 0);
}

static char *text_of(const struct show *opt, stat_form *view)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		abort();
	CHECK_EQ(view(f, opt, &report), 0);
	fclose(f);
	return text;
}

static void two_rows(void)
{
	struct row *row;

	memset(&report, 0, sizeof(report));
	report.head.sequence = 2;
	report.head.info.class_mask = LAB_CLASS_MASK_WATCHED;
	row = &report.total.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK];
	row->requests = row->served[LAB_LEVEL_LOW] = 5;
	row = &report.total.row[LAB_CLASS_NOWAIT][LAB_CTX_NMI];
	row->requests = row->failed_final = 7;
	/* the failures are older than the interval */
	report.interval.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK] =
		report.total.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK];
}

static void check_shown(const struct show *opt, stat_form *view, bool atomic, bool nowait)
{
	bool json = view == stat_json;
	char *text = text_of(opt, view);

	CHECK_MSG(!!strstr(text, json ? "{\"class\":\"atomic\"" : "\natomic") == atomic, "%s",
		  text);
	CHECK_MSG(!!strstr(text, json ? "{\"class\":\"nowait\"" : "\nnowait") == nowait, "%s",
		  text);
	free(text);
}

static void filters(void)
{
	struct show opt = {0};

	two_rows();
	check_shown(&opt, stat_text, true, false);
	check_shown(&opt, stat_json, true, true); /* both lists have the rows of total */
	opt.failures_only = true;
	check_shown(&opt, stat_text, false, false);
	check_shown(&opt, stat_json, false, true);
	report.head.final = true;
	check_shown(&opt, stat_text, false, true);
	opt = (struct show){.only_classes = 1U << LAB_CLASS_ATOMIC};
	check_shown(&opt, stat_text, true, false);
	check_shown(&opt, stat_json, true, false);
}

static void missing_lines(void)
{
	const struct show opt = {0};
	char *text;

	memset(&report, 0, sizeof(report));
	strcpy(report.head.info.missing[0], "a\x1b"
					    "b");
	report.head.info.missings = 1;
	for (report.head.sequence = 1; report.head.sequence < 4; report.head.sequence++) {
		report.head.final = report.head.sequence == 3;
		text = text_of(&opt, stat_text);
		CHECK_MSG(!!strstr(text, "missing: a?b\n") == (report.head.sequence != 2),
			  "report %llu: %s", (unsigned long long)report.head.sequence, text);
		CHECK(!!strstr(text, "final: since start") == report.head.final);
		free(text);
	}
}

static void held_blocks(void)
{
	memset(&report, 0, sizeof(report));
	CHECK_EQ(stat_held_blocks(&report), -1);
	report.head.info.has_zones = true;
	CHECK_EQ(stat_held_blocks(&report), -1);
	report.head.info.pageblock_pages = 512;
	CHECK_EQ(stat_held_blocks(&report), 0);
	report.zones = 2;
	report.zone[0].reserved_highatomic = 512;
	report.zone[1].reserved_highatomic = 1024;
	CHECK_EQ(stat_held_blocks(&report), 3);
}

/* No line of a report is longer than the page; with sane counts none is folded for that. */
static void width_of(unsigned int columns)
{
	const struct show opt = {
		.timestamp = true,
		.only_classes = LAB_CLASS_MASK_ALL & ~1U,
		.columns = columns,
	};
	size_t most = columns ?: SHOW_COLUMNS;
	__u64 seed = 5;
	char *text;

	memset(&report, 0, sizeof(report));
	report.head.info.has_latency = report.head.info.has_zones = report.head.info.has_bulk =
		true;
	report.head.info.has_exclusive = report.head.info.has_grown =
		report.head.info.has_anon_exclusive = true;
	report.head.info.pageblock_pages = 512;
	report.head.info.class_mask = LAB_CLASS_MASK_ALL;
	for (unsigned int i = 0; i < LAB_CLASSES * LAB_CONTEXTS; i++) {
		struct row *row = &report.interval.row[i / LAB_CONTEXTS][i % LAB_CONTEXTS];

		row->requests = row->served[LAB_LEVEL_LOW] = 9999999999;
		row->failed_final = row->failed_opportunistic = 9999999;
		row->latency.bucket[i * 19] = test_random(&seed) >> 32;
		row->latency.max_ns = test_random(&seed) >> 30;
	}
	report.zones = LAB_ZONES;
	for (unsigned int i = 0; i < LAB_ZONES; i++) {
		strcpy(report.zone[i].name, "Movable");
		report.zone[i].node = i;
		report.zone[i].free = report.zone[i].managed = 1ULL << 36;
		report.zone[i].headroom = report.zone[i].lowest_headroom = -(1LL << 32);
	}
	text = text_of(&opt, stat_text);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		CHECK_MSG(strlen(line) <= most, "%zu columns: %s", strlen(line), line);
	free(text);
}

static void width(void)
{
	width_of(0);
	width_of(80);
	width_of(100);
	width_of(60);
	width_of(24);
}

/* Longer numbers take the room of the columns behind them, as far as it goes. */
static void overflow(void)
{
	const struct show opt = {0};
	struct row *row = &report.interval.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ];
	char *text;

	memset(&report, 0, sizeof(report));
	report.head.info.has_latency = true;
	row->requests = 123456789012;
	row->failed_final = 1;
	row->served[LAB_LEVEL_LOW] = 123456788990;
	row->served[LAB_LEVEL_RESERVE] = 21;
	text = text_of(&opt, stat_text);
	CHECK_MSG(strstr(text,
			 "\nclass    context  requests  final   opp    p50    p99    max    min "
			 "reserve none\n") != NULL,
		  "%s", text);
	CHECK_MSG(strstr(text,
			 "\natomic   softirq 123456789012   1     0      -      -      -      0 "
			 "     21    0\n") != NULL,
		  "%s", text);
	free(text);
}

/* Where nothing is known of a column, or of a line, it is not there. */
static void unknown(void)
{
	const struct show opt = {0};
	static const char *const absent[] = {"exclusive:", "p99", "reserve", "headroom", "bulk:"};
	struct row *row = &report.interval.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK];
	char *text;

	memset(&report, 0, sizeof(report));
	row->requests = row->served[LAB_LEVEL_UNKNOWN] = 7;
	text = text_of(&opt, stat_text);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		CHECK_MSG(!strstr(text, absent[i]), "%s: %s", absent[i], text);
	CHECK(strstr(text, "served, level unknown 7") != NULL);
	free(text);
	report.head.info.has_grown = true;
	text = text_of(&opt, stat_text);
	CHECK_MSG(strstr(text, "\nexclusive: blocks grown 0, shrunk 0\n") != NULL, "%s", text);
	free(text);
}

static void folds(void)
{
	static const char page[] = "  one two three four\nshort\n  \033[1mfive\033[0m six sevens\n"
				   "averyveryverylongword x\n";
	const struct show opt = {.columns = 16};
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	CHECK_EQ(fold_put(f, &opt, page, strlen(page)), 0);
	fclose(f);
	CHECK_MSG(strcmp(text, "  one two three\n      four\nshort\n"
			       "  \033[1mfive\033[0m six\n      sevens\n"
			       "averyveryverylongword\n    x\n") == 0,
		  "%s", text);
	free(text);
}

static int report_to(FILE *f, stat_form *view, char *said, size_t size)
{
	const struct show opt = {0};
	int r;

	stderr_catch();
	r = view(f, &opt, &report);
	stderr_release(said, size);
	return r;
}

static void broken_outputs(void)
{
	static stat_form *const views[] = {stat_text, stat_json};
	char said[1024];
	__u64 seed = 9;
	int fds[2];
	FILE *f;

	signal(SIGPIPE, SIG_IGN);
	random_report(&report, 100, 100, &seed);
	for (size_t i = 0; i < 2; i++) {
		f = fopen("/dev/full", "w");
		CHECK_EQ(report_to(f, views[i], said, sizeof(said)), FAIL(LAB_EXIT_RUNTIME));
		CHECK_MSG(strcmp(said, "labyrinth: cannot write the output: "
				       "No space left on device\n") == 0,
			  "%s said %s", i ? "json" : "text", said);
		fclose(f);
		if (pipe(fds) < 0)
			abort();
		close(fds[0]);
		f = fdopen(fds[1], "w");
		CHECK_EQ(report_to(f, views[i], said, sizeof(said)), -EPIPE);
		CHECK_MSG(said[0] == '\0', "a closed pipe is not quiet: %s", said);
		fclose(f);
	}
}

static const struct test_case cases[] = {
	{"times", times},
	{"filters", filters},
	{"missing_lines", missing_lines},
	{"held_blocks", held_blocks},
	{"width", width},
	{"overflow", overflow},
	{"unknown", unknown},
	{"folds", folds},
	{"broken_outputs", broken_outputs},
};

TEST_MAIN("view", cases)
