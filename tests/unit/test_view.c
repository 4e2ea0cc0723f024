// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_view.c - how numbers are written, what is shown of what, and writes that fail. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "exits.h"
#include "options.h"
#include "random_report.h"
#include "stderr.h"
#include "test.h"
#include "view.h"
#include "view_text.h"

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

static char *text_of(const struct options *opt, const struct view_ops *view)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		abort();
	CHECK_EQ(view->begin(f, opt), 0);
	CHECK_EQ(view->report(f, opt, &report), 0);
	CHECK_EQ(view->end(f, opt), 0);
	fclose(f);
	return text;
}

static void two_rows(void)
{
	struct row *row;

	memset(&report, 0, sizeof(report));
	report.sequence = 2;
	report.info.class_mask = LAB_CLASS_MASK_WATCHED;
	row = &report.total.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK];
	row->requests = row->served[LAB_LEVEL_LOW] = 5;
	row = &report.total.row[LAB_CLASS_NOWAIT][LAB_CTX_NMI];
	row->requests = row->failed_final = 7;
	/* the failures are older than the interval */
	report.interval.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK] =
		report.total.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK];
}

static void check_shown(const struct options *opt, const struct view_ops *view, bool atomic,
			bool nowait)
{
	bool json = view == &view_json;
	char *text = text_of(opt, view);

	CHECK_MSG(!!strstr(text, json ? "{\"class\":\"atomic\"" : "\natomic") == atomic, "%s",
		  text);
	CHECK_MSG(!!strstr(text, json ? "{\"class\":\"nowait\"" : "\nnowait") == nowait, "%s",
		  text);
	free(text);
}

static void filters(void)
{
	struct options opt = {0};

	two_rows();
	check_shown(&opt, &view_text, true, false);
	check_shown(&opt, &view_json, true, true); /* both lists have the rows of total */
	opt.failures_only = true;
	check_shown(&opt, &view_text, false, false);
	check_shown(&opt, &view_json, false, true);
	report.final = true;
	check_shown(&opt, &view_text, false, true);
	opt = (struct options){.class_given = true, .class_mask = 1U << LAB_CLASS_ATOMIC};
	check_shown(&opt, &view_text, true, false);
	check_shown(&opt, &view_json, true, false);
}

static void missing_lines(void)
{
	const struct options opt = {0};
	char *text;

	memset(&report, 0, sizeof(report));
	strcpy(report.info.missing[0], "a\x1b"
				       "b");
	report.info.missings = 1;
	for (report.sequence = 1; report.sequence < 4; report.sequence++) {
		report.final = report.sequence == 3;
		text = text_of(&opt, &view_text);
		CHECK_MSG(!!strstr(text, "missing: a?b\n") == (report.sequence != 2),
			  "report %llu: %s", (unsigned long long)report.sequence, text);
		CHECK(!!strstr(text, "final: since start") == report.final);
		free(text);
	}
}

static void held_blocks(void)
{
	memset(&report, 0, sizeof(report));
	CHECK_EQ(view_held_blocks(&report), -1);
	report.info.has_zones = true;
	CHECK_EQ(view_held_blocks(&report), -1);
	report.info.pageblock_pages = 512;
	CHECK_EQ(view_held_blocks(&report), 0);
	report.zones = 2;
	report.zone[0].reserved_highatomic = 512;
	report.zone[1].reserved_highatomic = 1024;
	CHECK_EQ(view_held_blocks(&report), 3);
}

/* Lines of a report with sane counts stay within the width. */
static void width(void)
{
	const struct options opt = {
		.timestamp = true,
		.class_given = true,
		.class_mask = LAB_CLASS_MASK_ALL & ~1U,
	};
	__u64 seed = 5;
	char *text;

	memset(&report, 0, sizeof(report));
	report.info.has_latency = report.info.has_zones = report.info.has_bulk = true;
	report.info.has_exclusive = report.info.has_grown = report.info.has_anon_exclusive = true;
	report.info.pageblock_pages = 512;
	report.info.class_mask = LAB_CLASS_MASK_ALL;
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
	text = text_of(&opt, &view_text);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		CHECK_MSG(strlen(line) <= 100, "%zu columns: %s", strlen(line), line);
	free(text);
}

static int report_to(FILE *f, const struct view_ops *view, char *said, size_t size)
{
	const struct options opt = {0};
	int r;

	stderr_catch();
	r = view->report(f, &opt, &report);
	stderr_release(said, size);
	return r;
}

static void broken_outputs(void)
{
	static const struct view_ops *const views[] = {&view_text, &view_json};
	char said[1024];
	__u64 seed = 9;
	int fds[2];
	FILE *f;

	signal(SIGPIPE, SIG_IGN);
	random_report(&report, 100, 100, &seed);
	for (size_t i = 0; i < 2; i++) {
		f = fopen("/dev/full", "w");
		CHECK_EQ(report_to(f, views[i], said, sizeof(said)), -LAB_EXIT_RUNTIME);
		CHECK_MSG(strcmp(said, "labyrinth: cannot write the output: "
				       "No space left on device\n") == 0,
			  "%s said %s", views[i]->name, said);
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
	{"broken_outputs", broken_outputs},
};

TEST_MAIN("view", cases)
