// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * event_source_replay.c - events out of a recorded stream. Lines of other views that stand between
 * them are passed over.
 *
 * All that is readable is delivered. What is not ends the replay with one line that names the file,
 * the line and what is wrong with it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "event_source.h"
#include "event_stream.h"
#include "exits.h"
#include "options.h"
#include "stream_lines.h"
#include "util.h"

struct event_source {
	struct lines lines;
	struct event_line line;
	bool ahead;		       /* line is read and not yet handed out */
	bool over;		       /* the stream came to its end */
	__u64 good;		       /* lines of this view */
	__u64 reports;		       /* lines of other views */
	const char *other;	       /* the view that wrote the last of those */
	__u64 ended;		       /* summaries seen */
	bool open_run;		       /* events came since the last of them */
	struct run_info info;	       /* of the run that is being read */
	struct event_summary counted;  /* events of the runs that did not tell their end */
	struct event_summary recorded; /* all runs that did */
};

static void replay_close(struct event_source *s)
{
	if (!s)
		return;
	lines_close(&s->lines);
	free(s);
}

/* dst += src: a stream may hold more than one run. */
static void summary_join(struct event_summary *dst, const struct event_summary *src)
{
	const __u64 *from = &src->total_ns;
	__u64 *to = &dst->total_ns;

	if (src->time_ns > dst->time_ns)
		dst->time_ns = src->time_ns;
	while (to < (__u64 *)&dst->final)
		*to++ += *from++;
}

static void take_event(struct event_source *s)
{
	const struct run_info *from = &s->line.info;

	/* A part of a recording may have no start. */
	if (strcmp(s->info.host, from->host) != 0 || strcmp(s->info.kernel, from->kernel) != 0)
		s->info = *from;
	event_summary_add(&s->counted, &s->line.event);
	s->counted.time_ns = s->line.event.time_ns;
	s->open_run = true;
	s->ahead = true;
}

static void take_summary(struct event_source *s)
{
	summary_join(&s->recorded, &s->line.summary);
	s->recorded.final = s->line.summary.final;
	s->recorded.budget = s->line.summary.budget;
	s->counted = (struct event_summary){0};
	s->ended++;
	s->open_run = false;
}

static int replay_end(struct event_source *s)
{
	s->over = true;
	if (s->good == 0 && s->reports)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds lines of the view %s and no event: labyrinth %s --replay "
			       "shows them",
			       s->lines.name, s->other, s->other);
	if (s->good == 0)
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds no event: a recording is what events --json prints",
			       s->lines.name);
	if (s->open_run || !s->ended)
		log_warn("%s ends before the summary of its run: there may have been more",
			 s->lines.name);
	return 0;
}

/* Reads on to the next event: 1, 0 at the end, negative exit code. */
static int read_on(struct event_source *s)
{
	struct stream_error err;
	int r = 0;

	while (!s->ahead && (r = lines_next(&s->lines)) > 0) {
		if (event_line_parse(s->lines.line, s->lines.len, &s->line, &err) < 0)
			return log_err(-LAB_EXIT_RUNTIME,
				       "%s:%" PRIu64 ": %s; the replay ends here, after %" PRIu64
				       " good line%s",
				       s->lines.name, (uint64_t)s->lines.number, err.text,
				       (uint64_t)(s->good + s->reports),
				       s->good + s->reports == 1 ? "" : "s");
		if (s->line.type == EVENT_LINE_OTHER) {
			s->reports++;
			s->other = s->line.view;
			continue;
		}
		s->good++;
		if (s->line.type == EVENT_LINE_START)
			s->info = s->line.info;
		else if (s->line.type == EVENT_LINE_EVENT)
			take_event(s);
		else
			take_summary(s);
	}
	return s->ahead ? 1 : r;
}

/* What the stream tells of the run stands before its first event. */
static int replay_open(const struct options *opt, struct event_source **ret_source)
{
	struct event_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", opt->replay_path);
	r = lines_open(&s->lines, opt->replay_path);
	if (!r)
		r = read_on(s);
	if (!r)
		r = replay_end(s);
	if (r < 0) {
		replay_close(s);
		return r;
	}
	*ret_source = s;
	return 0;
}

static int replay_next(struct event_source *s, int stop_fd, const struct event **ret_event)
{
	int r;

	(void)stop_fd;
	if (s->over)
		return 0;
	r = read_on(s);
	if (r < 0)
		return r;
	if (r == 0)
		return replay_end(s);
	*ret_event = &s->line.event;
	s->ahead = false;
	return 1;
}

static const struct run_info *replay_info(const struct event_source *s)
{
	return &s->info;
}

static void replay_summary(struct event_source *s, struct event_summary *ret)
{
	*ret = s->recorded;
	if (s->ended && !s->open_run)
		return;
	summary_join(ret, &s->counted);
	ret->final = false;
}

const struct event_source_ops event_source_replay = {
	.name = "replay",
	.open = replay_open,
	.next = replay_next,
	.info = replay_info,
	.summary = replay_summary,
	.close = replay_close,
};
