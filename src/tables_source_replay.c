// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * tables_source_replay.c - reports of flags and lint out of a recorded stream. Lines of other views
 * that stand between them are passed over.
 *
 * All that is readable is delivered. What is not ends the replay with one line that names the file,
 * the line and what is wrong with it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "exits.h"
#include "options.h"
#include "stream_lines.h"
#include "tables_view.h"
#include "util.h"

struct tables_source {
	const struct tables_view *view;
	struct lines lines;
	__u64 reports;
	const char *other; /* the view that wrote the last line that was passed over; NULL: none */
	__u64 sequence;	   /* of the report before */
	bool final;	   /* that one was the last of its run */
};

static void replay_close(struct tables_source *s)
{
	if (!s)
		return;
	lines_close(&s->lines);
	free(s);
}

static int replay_open(const struct options *opt, const struct tables_view *view,
		       struct tables_source **ret)
{
	struct tables_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", opt->replay_path);
	s->view = view;
	r = lines_open(&s->lines, opt->replay_path);
	if (r < 0) {
		replay_close(s);
		return r;
	}
	*ret = s;
	return 0;
}

/* The end of the stream, and nothing in it was damaged: is it all that was recorded? */
static int replay_end(const struct tables_source *s)
{
	const char *name = s->lines.name, *view = s->view->name;

	if (s->reports == 0 && s->other)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds lines of the view %s and none of %s: labyrinth %s "
			       "--replay shows them",
			       name, s->other, view, s->other);
	if (s->reports == 0)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds no report of %s: a recording is what %s --json prints",
			       name, view, view);
	if (!s->final)
		log_warn("%s ends before the final report of its run: there may have been more",
			 name);
	return 0;
}

/* A run numbers its reports; a number that is skipped is a line that somebody took out. */
static void check_sequence(const struct tables_source *s, const struct tables_head *head)
{
	if (s->reports > 0 && !s->final && head->sequence > s->sequence + 1)
		log_warn("%s:%" PRIu64 ": report %" PRIu64 " follows report %" PRIu64
			 ": those between are not in the stream",
			 s->lines.name, (uint64_t)s->lines.number, (uint64_t)head->sequence,
			 (uint64_t)s->sequence);
}

static int bad_line(const struct tables_source *s, const struct stream_error *err)
{
	return log_err(-LAB_EXIT_RUNTIME,
		       "%s:%" PRIu64 ": %s; the replay ends here, after %" PRIu64 " good report%s",
		       s->lines.name, (uint64_t)s->lines.number, err->text, (uint64_t)s->reports,
		       s->reports == 1 ? "" : "s");
}

static int replay_next(struct tables_source *s, int stop_fd, void *report)
{
	const struct tables_head *head = report;
	struct stream_error err = {0};
	int r;

	(void)stop_fd;
	for (;;) {
		r = lines_next(&s->lines);
		if (r < 0)
			return r;
		if (r == 0)
			return replay_end(s);
		r = tables_parse(s->view, s->lines.line, s->lines.len, report, &err);
		if (r != -ENOMSG)
			break;
		s->other = err.view;
	}
	if (r < 0)
		return bad_line(s, &err);
	check_sequence(s, head);
	s->reports++;
	s->sequence = head->sequence;
	s->final = head->final;
	return 1;
}

const struct tables_source_ops tables_source_replay = {
	.open = replay_open,
	.next = replay_next,
	.close = replay_close,
};
