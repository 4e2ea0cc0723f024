// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_sink.c - lines into a file that is full for a while: what is in it can be read to its end.
 */
#include "base/sink.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/lines.h"
#include "test.h"

#define LINES 600
#define LINE 4000

/* Lines that do not pack well, each with its number. */
static size_t make_line(char *text, unsigned int number)
{
	static unsigned int seed = 7;
	int n = sprintf(text, "%u ", number);

	while (n < LINE) {
		seed = seed * 1664525 + 1013904223;
		text[n++] = (char)('!' + (seed >> 24) % 90);
	}
	text[n++] = '\n';
	return (size_t)n;
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* In pieces, as stdio gives them. 0 or -EPIPE. */
static int put_all(struct sink *s)
{
	static char text[LINES * (LINE + 2)];
	size_t len = 0;
	int r = 0;

	for (unsigned int i = 0; i < LINES; i++)
		len += make_line(text + len, i);
	for (size_t at = 0; at < len && !r; at += 8192) {
		r = sink_put(s, text + at, len - at < 8192 ? len - at : 8192);
		if (at > len / 2)
			limit_files(RLIM_INFINITY);
	}
	return r;
}

/* The numbers grow, and each line is whole. How many. */
static unsigned int read_all(const char *path)
{
	unsigned int n = 0, number, last = 0;
	struct lines l;

	CHECK_EQ(lines_open(&l, path), 0);
	while (lines_next(&l) > 0) {
		CHECK_MSG(sscanf(l.line, "%u ", &number) == 1 && (!n || number > last),
			  "line %u is %.20s", n, l.line);
		CHECK_EQ(l.len, LINE);
		last = number;
		n++;
	}
	CHECK_EQ(last, LINES - 1);
	lines_close(&l);
	return n;
}

static void full_for_a_while(bool packed)
{
	char path[] = "/tmp/labyrinth-sink-XXXXXX";
	struct sink *s = sink_new(packed);
	int fd = mkstemp(path);
	struct sink_counts c;

	if (!s || fd < 0)
		abort();
	signal(SIGXFSZ, SIG_IGN);
	sink_to(s, fd, true);
	/* Amid a line, and amid a block. */
	limit_files(LINES / 3 * LINE + 1234);
	CHECK_EQ(put_all(s), 0);
	CHECK_EQ(sink_end(s), 0);
	c = sink_counts(s);
	CHECK_EQ(c.lines, LINES);
	CHECK_MSG(c.lost > 10 && c.lost < LINES, "%llu lost", (unsigned long long)c.lost);
	CHECK_EQ(c.error, -EFBIG);
	CHECK_EQ(c.bytes, (__u64)lseek(fd, 0, SEEK_END));
	CHECK_EQ(read_all(path), LINES - c.lost);
	sink_free(s);
	close(fd);
	unlink(path);
}

static void plain(void)
{
	full_for_a_while(false);
}

static void packed(void)
{
	full_for_a_while(true);
}

/* No file at all: every line is counted, and the next file has what comes then. */
static void no_file(void)
{
	char path[] = "/tmp/labyrinth-sink-XXXXXX";
	int fd = mkstemp(path);

	for (int i = 0; i < 2; i++) {
		struct sink *s = sink_new(i);

		if (!s || fd < 0)
			abort();
		CHECK_EQ(sink_put(s, "a\nb\n", 4), 0);
		CHECK_EQ(sink_counts(s).lost, 2);
		CHECK_EQ(ftruncate(fd, 0), 0);
		lseek(fd, 0, SEEK_SET);
		sink_to(s, fd, true);
		CHECK_EQ(sink_put(s, "c\n", 2), 0);
		CHECK_EQ(sink_end(s), 0);
		CHECK_EQ(sink_counts(s).lost, 2);
		CHECK(sink_counts(s).bytes > 0);
		sink_free(s);
	}
	close(fd);
	unlink(path);
}

static const struct test_case cases[] = {
	{"plain", plain},
	{"packed", packed},
	{"no-file", no_file},
};

TEST_MAIN("sink", cases)
