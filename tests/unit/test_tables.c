// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_tables.c - reports of tables from a source to its outputs: the recording, readers that go.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "exits.h"
#include "flags.h"
#include "options.h"
#include "stderr.h"
#include "tables_view.h"
#include "test.h"

/* A source of reports, each with ten requests of one kind more. */
struct tables_source {
	unsigned int given;
	bool closed;
};

static unsigned int reports;
static int last; /* what next() says in the end */
static struct tables_source source;

static int fake_open(const struct options *opt, const struct tables_view *view,
		     struct tables_source **ret)
{
	(void)opt;
	(void)view;
	source = (struct tables_source){0};
	*ret = &source;
	return 0;
}

static int fake_next(struct tables_source *s, int stop_fd, void *report)
{
	struct kind_row row = {.gfp = LAB_GFP_KSWAPD_RECLAIM};
	struct tables_audit audit;
	struct tables_head *head = report;

	(void)stop_fd;
	if (s->given == reports)
		return last;
	s->given++;
	row.count.served[LAB_LEVEL_LOW] = s->given * 10ULL;
	audit = (struct tables_audit){.seen = s->given * 10ULL};
	flags_begin(report);
	tables_audit_take(head, &audit);
	head->info.cpu = -1;
	head->sequence = s->given;
	head->final = s->given == reports;
	return flags_take(report, &row) ?: 1;
}

static void fake_close(struct tables_source *s)
{
	s->closed = true;
}

static const struct tables_source_ops fake = {
	.open = fake_open,
	.next = fake_next,
	.close = fake_close,
};

static char said[1024];

/* Runs with standard output in that descriptor. */
static int run(const struct options *opt, int out)
{
	int saved, r;

	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	if (saved < 0 || dup2(out, STDOUT_FILENO) < 0)
		abort();
	stderr_catch();
	r = tables_run(opt, &tables_view_flags, &fake, -1);
	stderr_release(said, sizeof(said));
	fflush(stdout);
	if (dup2(saved, STDOUT_FILENO) < 0)
		abort();
	close(saved);
	return r;
}

static unsigned int lines_in(FILE *f)
{
	unsigned int n = 0;
	int c;

	rewind(f);
	while ((c = fgetc(f)) != EOF)
		n += c == '\n';
	return n;
}

/* -x and --json are for the output: the recording has every row. */
static void records(void)
{
	char path[] = "/tmp/labyrinth-test-XXXXXX";
	const struct options opt = {.record_path = path, .json = true, .failures_only = true};
	const struct options replay = {.replay_path = path};
	struct flags_report report = {0};
	struct tables_source *s = NULL;
	FILE *out = tmpfile();
	int fd = mkstemp(path);

	if (!out || fd < 0)
		abort();
	reports = 3;
	last = 0;
	CHECK_EQ(run(&opt, fileno(out)), 0);
	CHECK(source.closed);
	CHECK_EQ(lines_in(out), 3);
	CHECK_EQ(tables_source_replay.open(&replay, &tables_view_flags, &s), 0);
	for (unsigned int i = 1; i <= 3; i++) {
		CHECK_EQ(tables_source_replay.next(s, -1, &report), 1);
		CHECK_EQ(report.kinds, 1);
		CHECK_EQ(report.head.total.seen, i * 10);
		CHECK_EQ(report.head.interval.seen, 10);
		CHECK_EQ(flags_requests(&report.kind[0].interval), 10);
	}
	CHECK_EQ(tables_source_replay.next(s, -1, &report), 0);
	tables_source_replay.close(s);
	flags_drop(&report);
	fclose(out);
	close(fd);
	unlink(path);
}

/* Whoever read standard output has seen enough, and the recording goes that far. */
static void reader_gone(void)
{
	const struct options opt = {0};
	int fds[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe(fds))
		abort();
	close(fds[0]);
	reports = 3;
	last = 0;
	CHECK_EQ(run(&opt, fds[1]), 0);
	CHECK_EQ(source.given, 1);
	CHECK(source.closed);
	close(fds[1]);
}

static void failures(void)
{
	const struct options opt = {0}, nowhere = {.record_path = "/tmp/no/such/file"},
			     full = {.record_path = "/dev/full"};
	FILE *out = tmpfile();

	if (!out)
		abort();
	reports = 1;
	last = -LAB_EXIT_RUNTIME;
	CHECK_EQ(run(&opt, fileno(out)), -LAB_EXIT_RUNTIME);
	CHECK(source.closed);
	last = 0;
	CHECK_EQ(run(&nowhere, fileno(out)), -LAB_EXIT_RUNTIME);
	CHECK_MSG(strstr(said, "cannot write /tmp/no/such/file"), "said %s", said);
	CHECK_EQ(run(&full, fileno(out)), -LAB_EXIT_RUNTIME);
	CHECK_MSG(strstr(said, "No space left"), "said %s", said);
	fclose(out);
}

static const struct test_case cases[] = {
	{"records", records},
	{"reader_gone", reader_gone},
	{"failures", failures},
};

TEST_MAIN("tables", cases)
