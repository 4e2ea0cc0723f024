// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_events_run.c - from a source to its outputs: how many, the recording, readers that go. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "event_source.h"
#include "exits.h"
#include "options.h"
#include "stderr.h"
#include "test.h"

/* A source of events of alternating classes. */
struct event_source {
	unsigned int left;
	unsigned int given;
	unsigned int together; /* so many come at once; 0: one */
	int last;	       /* what next() says in the end */
};

static int fake_next(struct event_source *s, int stop_fd, const struct event **ret)
{
	static struct event e;

	(void)stop_fd;
	if (s->given == s->left)
		return s->last;
	*ret = &e;
	e.raw.head.gfp = LAB_GFP_KSWAPD_RECLAIM | (s->given++ % 2 ? LAB_GFP_HIGH : 0);
	return 1;
}

static bool fake_ready(const struct event_source *s)
{
	return s->together && s->given % s->together;
}

static const struct run_info *fake_info(const struct event_source *s)
{
	static const struct run_info info = {.version = "1", .cpu = -1};

	(void)s;
	return &info;
}

static void fake_summary(struct event_source *s, struct event_summary *ret)
{
	ret->failed = s->given;
	ret->final = true;
}

static const struct event_source_ops fake = {
	.name = "fake",
	.next = fake_next,
	.ready = fake_ready,
	.info = fake_info,
	.summary = fake_summary,
};

static char said[1024];

/* Runs with standard output and the recording in files of those descriptors; -1: none. */
static int run(const struct options *opt, struct event_source *source, int out, FILE *record)
{
	int saved, r;

	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	if (saved < 0 || dup2(out, STDOUT_FILENO) < 0)
		abort();
	stderr_catch();
	r = events_show(opt, &fake, source, -1, record);
	stderr_release(said, sizeof(said));
	fflush(stdout);
	clearerr(stdout);
	if (dup2(saved, STDOUT_FILENO) < 0)
		abort();
	close(saved);
	return r;
}

static unsigned int lines_in(FILE *f)
{
	unsigned int n = 0;

	rewind(f);
	for (int c; (c = getc(f)) != EOF;)
		n += c == '\n';
	return n;
}

static void check_lines(const struct options *opt, unsigned int shown, unsigned int recorded)
{
	struct event_source source = {.left = 6};
	FILE *out = tmpfile(), *record = tmpfile();

	if (!out || !record)
		abort();
	CHECK_EQ(run(opt, &source, fileno(out), record), 0);
	CHECK_MSG(!said[0], "says %s", said);
	CHECK_EQ(lines_in(out), shown);
	CHECK_EQ(lines_in(record), recorded);
	fclose(out);
	fclose(record);
}

/* Start and summary are lines of their own; what is not shown is not recorded. */
static void counts(void)
{
	struct options opt = {.view = VIEW_EVENTS, .json = true};

	check_lines(&opt, 8, 8);
	opt.count = 4;
	check_lines(&opt, 6, 6);
	opt.class_given = true;
	opt.class_mask = 1U << LAB_CLASS_ATOMIC;
	opt.count = 2;
	check_lines(&opt, 4, 4);
	opt.count = 0;
	check_lines(&opt, 5, 5);
}

static void source_fails(void)
{
	const struct options opt = {.view = VIEW_EVENTS, .json = true};
	struct event_source source = {.left = 2, .last = -LAB_EXIT_RUNTIME};
	FILE *out = tmpfile();

	if (!out)
		abort();
	CHECK_EQ(run(&opt, &source, fileno(out), NULL), -LAB_EXIT_RUNTIME);
	CHECK_EQ(lines_in(out), 3);
	fclose(out);
}

/* The reader of what is shown has seen enough: quiet, and the recording is made whole. */
static void reader_gone(void)
{
	const struct options opt = {.view = VIEW_EVENTS};
	struct event_source source = {.left = 6};
	FILE *record = tmpfile();
	int fds[2];

	if (!record || pipe(fds) < 0)
		abort();
	close(fds[0]);
	CHECK_EQ(run(&opt, &source, fds[1], record), 0);
	CHECK_MSG(!said[0], "a closed pipe is not quiet: %s", said);
	CHECK_EQ(source.given, 1);
	CHECK_EQ(lines_in(record), 3);
	close(fds[1]);
	fclose(record);
}

static void record_fails(void)
{
	const struct options opt = {.view = VIEW_EVENTS, .record_path = "there"};
	struct event_source source = {.left = 6};
	FILE *out = tmpfile(), *record = fopen("/dev/full", "w");
	int fds[2];

	if (!out || !record || pipe(fds) < 0)
		abort();
	CHECK_EQ(run(&opt, &source, fileno(out), record), -LAB_EXIT_RUNTIME);
	CHECK_MSG(strstr(said, "No space left"), "says %s", said);
	fclose(record);
	close(fds[0]);
	record = fdopen(fds[1], "w");
	CHECK_EQ(run(&opt, &source, fileno(out), record), -LAB_EXIT_RUNTIME);
	CHECK_MSG(strstr(said, "cannot write there: its reader has gone"), "says %s", said);
	fclose(record);
	fclose(out);
}

/* Writes, each of which must end with a line: as packets of a pipe. */
static unsigned int writes_of(const struct options *opt, unsigned int left, unsigned int together)
{
	struct event_source source = {.left = left, .together = together};
	static char buffer[4096];
	unsigned int n = 0;
	char packet[4096];
	ssize_t size;
	int fds[2];

	fflush(stdout);
	if (setvbuf(stdout, buffer, _IOFBF, sizeof(buffer)) || pipe2(fds, O_DIRECT | O_NONBLOCK))
		abort();
	CHECK_EQ(run(opt, &source, fds[1], NULL), 0);
	for (; (size = read(fds[0], packet, sizeof(packet))) > 0; n++)
		CHECK_MSG(packet[size - 1] == '\n', "write %u ends within a line", n);
	close(fds[0]);
	close(fds[1]);
	return n;
}

static void written_together(void)
{
	struct options opt = {.view = VIEW_EVENTS, .json = true};

	/* Start and summary are each written at once. */
	CHECK_EQ(writes_of(&opt, 6, 0), 2 + 6);
	CHECK_EQ(writes_of(&opt, 6, 3), 2 + 2);
	/* More than there is room for. */
	CHECK(writes_of(&opt, 12, 12) < 2 + 12);
	/* The last of two is not shown; the one before does not wait for more. */
	opt.class_given = true;
	opt.class_mask = 1U << LAB_CLASS_NOWAIT;
	CHECK_EQ(writes_of(&opt, 6, 2), 2 + 3);
	opt.class_given = false;
	/* The count is reached within a batch. */
	opt.count = 2;
	CHECK_EQ(writes_of(&opt, 6, 3), 2 + 1 - 1);
}

static const struct test_case cases[] = {
	{"counts", counts},
	{"written_together", written_together},
	{"source_fails", source_fails},
	{"reader_gone", reader_gone},
	{"record_fails", record_fails},
};

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return test_main("events_run", cases, sizeof(cases) / sizeof(cases[0]));
}
