// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_tables.c - reports of tables from a source to its outputs: the recording, readers that go.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/exits.h"
#include "source/replay.h"
#include "view/flags_report.h"
#include "cli/options.h"
#include "cli/record.h"
#include "view/views.h"
#include "fake_source.h"
#include "view/tables_shape.h"
#include "view/tables_text.h"
#include "test.h"

static char said[1024];

/* Ten requests of one kind more each. */
static int fill(const struct fake_source *s, void *report)
{
	struct kind_row row = {.gfp = LAB_GFP_KSWAPD_RECLAIM};
	struct run_audit audit = {.seen = s->filled * 10ULL};

	row.count.served[LAB_LEVEL_LOW] = s->filled * 10ULL;
	view_flags.begin(report);
	run_head_audit(report, &audit);
	return view_flags.kind(report, &row);
}

/* Runs with standard output in that descriptor. */
static int run(const struct options *opt, struct fake_source *source, int out, FILE *record)
{
	return fake_watch(opt, &view_flags, source, out, record, said, sizeof(said));
}

/* -x and --json are for the output: the recording has every row. */
static void records(void)
{
	char path[] = "/tmp/labyrinth-test-XXXXXX";
	const struct options opt = {.view = &view_flags, .json = true, .failures_only = true};
	struct fake_source source = {.reports = 3, .fill = fill};
	struct flags_report report = {0};
	struct source *s = NULL;
	FILE *out = tmpfile(), *record;
	int fd = mkstemp(path);

	record = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out || !record)
		abort();
	CHECK_EQ(run(&opt, &source, fileno(out), record), 0);
	CHECK_EQ(lines_in(out), 3);
	fclose(record);
	CHECK_EQ(source_replay(&s, &view_flags, path, false), 0);
	for (unsigned int i = 1; i <= 3; i++) {
		CHECK_EQ(s->ops->next(s, -1, &report, NULL), ITEM_REPORT);
		CHECK_EQ(report.kinds, 1);
		CHECK_EQ(report.head.total.seen, i * 10);
		CHECK_EQ(report.head.interval.seen, 10);
		CHECK_EQ(flags_requests(&report.kind[0].interval), 10);
	}
	CHECK_EQ(s->ops->next(s, -1, &report, NULL), ITEM_END);
	s->ops->close(s);
	flags_drop(&report);
	fclose(out);
	unlink(path);
}

/* Whoever read standard output has seen enough: quiet, and a recording gets its end. */
static void reader_gone(void)
{
	const struct options opt = {.view = &view_flags};
	struct fake_source source = {.reports = 3, .fill = fill}, taped = source;
	FILE *record = tmpfile();
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	if (!record || pipe(fds))
		abort();
	close(fds[0]);
	CHECK_EQ(run(&opt, &source, fds[1], NULL), 0);
	CHECK_EQ(source.filled, 1);
	CHECK_MSG(!said[0], "a closed pipe is not quiet: %s", said);
	CHECK_EQ(run(&opt, &taped, fds[1], record), 0);
	CHECK(taped.ended);
	CHECK_EQ(lines_in(record), 2);
	close(fds[1]);
	fclose(record);
}

static void failures(void)
{
	const struct options opt = {.view = &view_flags};
	struct fake_source source = {.reports = 1, .fill = fill, .last = FAIL(LAB_EXIT_RUNTIME)};
	FILE *out = tmpfile(), *full = fopen("/dev/full", "w");
	const struct record_options nowhere = {.path = "/tmp/no/such/file"};
	struct record *record;

	if (!out || !full)
		abort();
	CHECK_EQ(run(&opt, &source, fileno(out), NULL), FAIL(LAB_EXIT_RUNTIME));
	stderr_catch();
	CHECK_EQ(record_open(&record, &nowhere, NULL), FAIL(LAB_EXIT_RUNTIME));
	stderr_release(said, sizeof(said));
	CHECK_MSG(strstr(said, "cannot write /tmp/no/such/file"), "said %s", said);
	source.filled = 0;
	CHECK_EQ(run(&opt, &source, fileno(out), full), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "No space left"), "said %s", said);
	fclose(full);
	fclose(out);
}

static const struct test_case cases[] = {
	{"records", records},
	{"reader_gone", reader_gone},
	{"failures", failures},
};

TEST_MAIN("tables", cases)
