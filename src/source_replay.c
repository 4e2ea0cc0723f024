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
#include "stream_lines.h"
#include "util.h"

struct source {
	struct lines lines;
	__u64 reports;
	__u64 others;	   /* lines of other views, passed over */
	const char *other; /* the view that wrote the last of those */
	__u64 sequence;	   /* of the report before */
	bool final;	   /* that one was the last of its run */
};

static void replay_close(struct source *s)
{
	if (!s)
		return;
	lines_close(&s->lines);
	free(s);
}

static int replay_open(const struct options *opt, struct source **ret_source)
{
	struct source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", opt->replay_path);
	r = lines_open(&s->lines, opt->replay_path);
	if (r < 0) {
		replay_close(s);
		return r;
	}
	*ret_source = s;
	return 0;
}

/* The end of the stream, and nothing in it was damaged: is it all that was recorded? */
static int replay_end(const struct source *s)
{
	if (s->reports == 0 && s->others)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds lines of the view %s and no report: labyrinth %s --replay "
			       "shows them",
			       s->lines.name, s->other, s->other);
	if (s->reports == 0)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds no report: a recording is what --json prints",
			       s->lines.name);
	if (!s->final)
		log_warn("%s ends before the final report of its run: there may have been more",
			 s->lines.name);
	return 0;
}

/* A run numbers its reports; a number that is skipped is a line that somebody took out. */
static void check_sequence(const struct source *s, const struct report *r)
{
	if (s->reports > 0 && !s->final && r->sequence > s->sequence + 1)
		log_warn("%s:%" PRIu64 ": report %" PRIu64 " follows report %" PRIu64
			 ": those between are not in the stream",
			 s->lines.name, (uint64_t)s->lines.number, (uint64_t)r->sequence,
			 (uint64_t)s->sequence);
}

static int replay_next(struct source *s, int stop_fd, struct report *ret_report)
{
	struct stream_error err;
	int r;

	(void)stop_fd;
	do {
		r = lines_next(&s->lines);
		if (r < 0)
			return r;
		if (r == 0)
			return replay_end(s);
		r = stream_parse(s->lines.line, s->lines.len, ret_report, &err);
		if (r == -ENOMSG) {
			s->others++;
			s->other = err.view;
		}
	} while (r == -ENOMSG);
	if (r < 0)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s:%" PRIu64 ": %s; the replay ends here, after %" PRIu64
			       " good report%s",
			       s->lines.name, (uint64_t)s->lines.number, err.text,
			       (uint64_t)s->reports, s->reports == 1 ? "" : "s");
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
