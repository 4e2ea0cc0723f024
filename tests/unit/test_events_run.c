// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_events_run.c - from a source to its outputs: how many, the recording, readers that go. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/exits.h"
#include "cli/options.h"
#include "view/views.h"
#include "fake_source.h"
#include "test.h"

static char said[1024];

/* Of alternating classes. */
static const struct event *event_at(unsigned int index)
{
	static struct event e;

	e.raw.head.gfp = LAB_GFP_KSWAPD_RECLAIM | (index % 2 ? LAB_GFP_HIGH : 0);
	return &e;
}

static int fill(const struct fake_source *s, void *report)
{
	((struct event_summary *)report)->failed = s->given;
	return 0;
}

/* Events, and what they come to. */
static struct fake_source source_of(unsigned int events)
{
	return (struct fake_source){
		.events = events, .reports = 1, .event = event_at, .fill = fill};
}

/* With standard output and the recording in files of those descriptors; NULL: none. */
static int run(const struct options *opt, struct fake_source *source, int out, FILE *record)
{
	return fake_watch(opt, &view_events, source, out, record, said, sizeof(said));
}

static void check_lines(const struct options *opt, unsigned int shown, unsigned int recorded)
{
	struct fake_source source = source_of(6);
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
	struct options opt = {.view = &view_events, .json = true};

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
	const struct options opt = {.view = &view_events, .json = true};
	struct fake_source source = {
		.events = 2, .last = FAIL(LAB_EXIT_RUNTIME), .event = event_at};
	FILE *out = tmpfile();

	if (!out)
		abort();
	CHECK_EQ(run(&opt, &source, fileno(out), NULL), FAIL(LAB_EXIT_RUNTIME));
	CHECK_EQ(lines_in(out), 3);
	fclose(out);
}

/* The reader of what is shown has seen enough: quiet, and the recording is made whole. */
static void reader_gone(void)
{
	const struct options opt = {.view = &view_events};
	struct fake_source source = source_of(6);
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
	const struct options opt = {.view = &view_events, .record = {.path = "there"}};
	struct fake_source source = source_of(6);
	FILE *out = tmpfile(), *record = fopen("/dev/full", "w");
	int fds[2];

	if (!out || !record || pipe(fds) < 0)
		abort();
	CHECK_EQ(run(&opt, &source, fileno(out), record), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "No space left"), "says %s", said);
	fclose(record);
	close(fds[0]);
	record = fdopen(fds[1], "w");
	source = source_of(6);
	CHECK_EQ(run(&opt, &source, fileno(out), record), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "cannot write there: its reader has gone"), "says %s", said);
	fclose(record);
	fclose(out);
}

/* Writes, each of which must end with a line: as packets of a socket. */
static unsigned int writes_of(const struct options *opt, unsigned int left, unsigned int together)
{
	struct fake_source source = source_of(left);
	static char packet[65536];
	unsigned int n = 0;
	ssize_t size;
	int fds[2];

	source.together = together;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds))
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
	struct options opt = {.view = &view_events, .json = true};

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
