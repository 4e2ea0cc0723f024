// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * source_replay.c - reports out of a recorded stream: a file, a pipe or standard input ("-").
 *
 * All that is readable is delivered. What is not ends the replay with one line that names the file,
 * the line and what is wrong with it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "exits.h"
#include "options.h"
#include "source.h"
#include "stream.h"
#include "util.h"

/* A report is some ten KiB; the largest possible (every bucket of every row) stays below 1 MiB. */
#define LINE_MAX_BYTES (16U << 20)

struct source {
	FILE *file;
	const char *name;
	char *line;
	size_t len, room;
	__u64 line_number;
	__u64 reports;
	__u64 sequence; /* of the report before */
	bool final;	/* that one was the last of its run */
};

static void replay_close(struct source *s)
{
	if (!s)
		return;
	if (s->file != stdin)
		fclose(s->file);
	free(s->line);
	free(s);
}

static int replay_open(const struct options *opt, struct source **ret_source)
{
	bool standard = strcmp(opt->replay_path, "-") == 0;
	const char *name = standard ? "standard input" : opt->replay_path;
	FILE *file = standard ? stdin : fopen(opt->replay_path, "re");
	struct source *s;

	if (!file)
		return log_err(-LAB_EXIT_RUNTIME, "cannot replay %s: %s", name, strerror(errno));
	s = calloc(1, sizeof(*s));
	if (!s) {
		if (!standard)
			fclose(file);
		return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", name);
	}
	s->file = file;
	s->name = name;
	*ret_source = s;
	return 0;
}

/* 0 or -ENOMEM */
static int line_append(struct source *s, char c)
{
	if (s->len == s->room) {
		size_t room = s->room ? s->room * 2 : 65536;
		char *line = realloc(s->line, room);

		if (!line)
			return -ENOMEM;
		s->line = line;
		s->room = room;
	}
	s->line[s->len++] = c;
	return 0;
}

/* The next line without its newline: 1, 0 at the end of the stream, negative exit code. */
static int read_line(struct source *s)
{
	int c;

	s->len = 0;
	s->line_number++;
	errno = 0;
	while ((c = getc_unlocked(s->file)) != EOF && c != '\n') {
		if (s->len >= LINE_MAX_BYTES)
			return log_err(-LAB_EXIT_RUNTIME,
				       "%s:%" PRIu64 ": a line of more than %u MiB is no report",
				       s->name, (uint64_t)s->line_number, LINE_MAX_BYTES >> 20);
		if (line_append(s, (char)c) < 0)
			return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", s->name);
	}
	if (c == EOF && ferror(s->file))
		return log_err(-LAB_EXIT_RUNTIME, "cannot read %s: %s", s->name, strerror(errno));
	return c != EOF || s->len > 0;
}

static bool line_blank(const struct source *s)
{
	for (size_t i = 0; i < s->len; i++) {
		if (!strchr(" \t\r", s->line[i]) || s->line[i] == '\0')
			return false;
	}
	return true;
}

/* The end of the stream, and nothing in it was damaged: is it all that was recorded? */
static int replay_end(const struct source *s)
{
	if (s->reports == 0)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds no report: a recording is what --json prints", s->name);
	if (!s->final)
		log_warn("%s ends before the final report of its run: there may have been more",
			 s->name);
	return 0;
}

/* A run numbers its reports; a number that is skipped is a line that somebody took out. */
static void check_sequence(const struct source *s, const struct report *r)
{
	if (s->reports > 0 && !s->final && r->sequence > s->sequence + 1)
		log_warn("%s:%" PRIu64 ": report %" PRIu64 " follows report %" PRIu64
			 ": those between are not in the stream",
			 s->name, (uint64_t)s->line_number, (uint64_t)r->sequence,
			 (uint64_t)s->sequence);
}

static int replay_next(struct source *s, int stop_fd, struct report *ret_report)
{
	struct stream_error err;

	(void)stop_fd;
	do {
		int r = read_line(s);

		if (r < 0)
			return r;
		if (r == 0)
			return replay_end(s);
	} while (line_blank(s));
	if (stream_parse(s->line, s->len, ret_report, &err) < 0)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s:%" PRIu64 ": %s; the replay ends here, after %" PRIu64
			       " good report%s",
			       s->name, (uint64_t)s->line_number, err.text, (uint64_t)s->reports,
			       s->reports == 1 ? "" : "s");
	check_sequence(s, ret_report);
	s->reports++;
	s->sequence = ret_report->sequence;
	s->final = ret_report->final;
	return 1;
}

const struct source_ops source_replay = {
	.name = "replay",
	.open = replay_open,
	.next = replay_next,
	.close = replay_close,
};
