// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * replay.c - what was recorded, for any view: a file, a pipe or standard input ("-"). A line of the
 * view is a report; events are for each view that takes them, which gets a report of all of them at
 * the end; lines of other views are skipped.
 *
 * All that is readable is delivered. What is not ends the replay with one line that names the file,
 * the line and what is wrong with it.
 */
#include "source/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/exits.h"
#include "base/lines.h"
#include "base/util.h"
#include "json/join.h"
#include "view/events_shape.h"
#include "view/explain_shape.h"
#include "view/stream.h"
#include "view/views.h"

struct replay {
	struct source source;
	const struct view *view;
	bool by_class;
	struct lines lines;
	struct join join; /* of lines that were cut */
	const char *text; /* the line, or what its parts come to */
	size_t len;
	struct stream_error err;
	struct event_line line; /* of an event, a start or a summary */
	const char *other;	/* the view that wrote the last line that was skipped; NULL: none */
	__u64 good;		/* lines, of whichever view */
	__u64 reports, starts, events, summaries;
	__u64 sequence; /* of the report before */
	bool final;	/* that one was the last of its run */
	bool ahead;	/* an event is read and not yet handed out */
	bool open_run;	/* events came since the last summary */
	bool over;	/* nothing more is read */
	bool bad;	/* for the line that was read last is damaged */
	bool told;	/* the report of all events was given, or there is none */

	struct run_info info;	       /* of the run of events that is read */
	struct event_summary counted;  /* events of the runs that did not tell their end */
	struct event_summary recorded; /* all runs that did */
};

static struct replay *replay_of(struct source *source)
{
	return (struct replay *)source;
}

/* ---- a line ---- */

/* A run numbers its reports; a number that is skipped is a line that somebody took out. */
static void check_sequence(const struct replay *s, const struct run_head *head)
{
	if (s->reports > 0 && !s->final && head->sequence > s->sequence + 1)
		log_warn("%s:%" PRIu64 ": report %" PRIu64 " follows report %" PRIu64
			 ": those between are not in the stream",
			 s->lines.name, (uint64_t)s->lines.number, (uint64_t)head->sequence,
			 (uint64_t)s->sequence);
}

static void take_report(struct replay *s, const struct run_head *head)
{
	check_sequence(s, head);
	if (s->by_class && s->view->no_classes && !s->reports)
		log_warn("--class has no effect on %s: its rows do not say the class of a request",
			 s->lines.name);
	s->reports++;
	s->sequence = head->sequence;
	s->final = head->final;
}

static void take_event(struct replay *s)
{
	const struct run_info *from = &s->line.info;

	/* A part of a recording may have no start. */
	if (strcmp(s->info.host, from->host) != 0 || strcmp(s->info.kernel, from->kernel) != 0)
		s->info = *from;
	event_summary_add(&s->counted, &s->line.event);
	s->counted.head.time_ns = s->line.event.time_ns;
	s->events++;
	s->open_run = true;
	s->ahead = true;
}

static void take_summary(struct replay *s)
{
	const struct event_summary *from = &s->line.summary;

	event_summary_join(&s->recorded, from);
	s->recorded.head.final = from->head.final && (s->recorded.head.final || !s->summaries);
	s->recorded.counted = from->counted && (s->recorded.counted || !s->summaries);
	s->recorded.head.budget = from->head.budget;
	s->recorded.head.min_free_kbytes = from->head.min_free_kbytes;
	s->counted = (struct event_summary){0};
	s->summaries++;
	s->open_run = false;
}

/* What the line was parsed to. */
static int take_parsed(struct replay *s)
{
	switch (s->line.type) {
	case EVENT_LINE_START:
		s->info = s->line.info;
		s->starts++;
		return 0;
	case EVENT_LINE_EVENT:
		take_event(s);
		return 0;
	case EVENT_LINE_SUMMARY:
		take_summary(s);
		return 0;
	default:
		s->err.view = s->line.view;
		return -ENOMSG;
	}
}

/* A line of the view events; 0, -ENOMSG or -EINVAL, err filled. */
static int parse_event(struct replay *s)
{
	return event_line_parse(s->text, s->len, &s->line, &s->err) ?: take_parsed(s);
}

/* A line of labyrinth explain. */
static int parse_log(struct replay *s)
{
	struct event_line *to = &s->line;
	struct explained line = {&to->info, &to->event, &to->summary, false};
	int r;

	memset(to, 0, sizeof(*to));
	r = explain_line_parse(s->text, s->len, &line, &s->err);
	to->type = line.is_summary ? EVENT_LINE_SUMMARY : EVENT_LINE_EVENT;
	return r ?: take_parsed(s);
}

/* 1: the report is filled, 0: no report, -EINVAL, err filled. */
static int take_line(struct replay *s, void *report)
{
	const struct view *view = s->view;
	int r;

	s->err = (struct stream_error){.text = ""};
	s->text = s->lines.line;
	s->len = s->lines.len;
	r = join_take(&s->join, &s->text, &s->len, &s->err);
	if (r)
		return r == -EAGAIN ? 0 : r;
	r = view->parse ? view->parse(s->text, s->len, report, &s->err) : -ENOMSG;
	if (r == 0) {
		take_report(s, report);
		s->good++;
		return 1;
	}
	if (r == -ENOMSG && view_takes_events(view) &&
	    (!s->err.view || strcmp(s->err.view, view_events.name) == 0))
		r = parse_event(s);
	else if (r == -EINVAL && view->takes_logs && s->err.view == stream_explain)
		r = parse_log(s);
	if (r == -ENOMSG)
		s->other = s->err.view;
	else if (r)
		return r;
	s->good++;
	return 0;
}

static int damaged(const struct replay *s)
{
	bool lines = view_takes_events(s->view);
	__u64 good = lines ? s->good : s->reports;

	return log_err(FAIL(LAB_EXIT_RUNTIME),
		       "%s:%" PRIu64 ": %s; the replay ends here, after %" PRIu64 " good %s%s",
		       s->lines.name, (uint64_t)s->lines.number, s->err.text, (uint64_t)good,
		       lines ? "line" : "report", good == 1 ? "" : "s");
}

/* ---- the end ---- */

static int nothing_in_it(const struct replay *s)
{
	if (s->other)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "%s holds lines of the view %s and %s: labyrinth %s --replay shows "
			       "them",
			       s->lines.name, s->other, s->view->nothing, s->other);
	return log_err(FAIL(LAB_EXIT_RUNTIME), "%s holds %s: a recording is what %s prints",
		       s->lines.name, s->view->nothing, s->view->recorded_by);
}

/* The end of the stream, and nothing in it was damaged: is it all that was recorded? */
static int check_end(const struct replay *s)
{
	bool one_by_one = s->view->text_event;
	__u64 found = s->reports + s->events + s->summaries + (one_by_one ? s->starts : 0);

	if (s->lines.stopped)
		log_warn("%s: a signal ended the replay before line %" PRIu64, s->lines.name,
			 (uint64_t)s->lines.number);
	if (!found && !s->lines.stopped)
		return nothing_in_it(s);
	if (s->lines.stopped)
		return 0;
	if (s->reports && !s->final)
		log_warn("%s ends before the final report of its run: there may have been more",
			 s->lines.name);
	if (s->open_run || (one_by_one && !s->summaries))
		log_warn("%s ends before the summary of its run: there may have been more",
			 s->lines.name);
	return 0;
}

/* Reads on: ITEM_EVENT, ITEM_REPORT, ITEM_END or FAIL(). */
static int read_on(struct replay *s, void *report)
{
	int r;

	if (s->ahead)
		return ITEM_EVENT;
	if (s->over)
		return ITEM_END;
	while ((r = lines_next(&s->lines)) > 0) {
		r = take_line(s, report);
		if (r > 0)
			return ITEM_REPORT;
		if (r < 0) {
			s->bad = true;
			break;
		}
		if (s->ahead)
			return ITEM_EVENT;
	}
	s->over = true;
	if (r == 0 && !s->lines.stopped)
		s->bad |= join_open(&s->join, &s->err);
	/* What was shown one by one needs no more of it; what was not is shown first. */
	if (s->bad)
		return s->view->event ? ITEM_END : damaged(s);
	return r < 0 ? r : check_end(s);
}

/* All runs; not final when one of them is not known to its end. */
static struct event_summary sum_up(const struct replay *s)
{
	struct event_summary sum = s->recorded;

	if (s->open_run || !s->summaries) {
		event_summary_join(&sum, &s->counted);
		sum.head.final = false;
		sum.counted = false;
	}
	return sum;
}

/* The report of all events that were read. */
static int report_events(struct replay *s, void *report)
{
	struct event_summary sum = sum_up(s);
	struct run_head *head = report;

	sum.head.info = s->info;
	*head = sum.head;
	head->sequence = 1;
	head->final = true;
	if (!sum.head.final)
		head->total_ns = 0;
	head->interval_ns = head->total_ns;
	if (s->view->sampled)
		s->view->sampled(report, 0);
	s->view->summary(report, &sum);
	return s->view->fill ? s->view->fill(report) : 0;
}

static int last_report(struct replay *s, void *report)
{
	bool any = s->view->text_event || (s->view->event && (s->events || s->summaries));
	int r = 0;

	if (s->told)
		return s->bad ? damaged(s) : ITEM_END;
	s->told = true;
	if (any)
		r = report_events(s, report);
	if (r)
		return r;
	return any ? ITEM_REPORT : last_report(s, report);
}

/* ---- the source ---- */

/* What the stream tells of the run stands before its first event. */
static int replay_begin(struct source *source)
{
	struct replay *s = replay_of(source);
	int r = s->view->text_event ? read_on(s, NULL) : 0;

	return r < 0 ? r : 0;
}

static int replay_next(struct source *source, int stop_fd, void *report,
		       const struct event **ret_event)
{
	struct replay *s = replay_of(source);
	int r = read_on(s, report);

	(void)stop_fd;
	if (r == ITEM_END)
		return last_report(s, report);
	if (r == ITEM_EVENT) {
		*ret_event = &s->line.event;
		s->ahead = false;
	}
	return r;
}

static void replay_end(struct source *source)
{
	struct replay *s = replay_of(source);

	s->over = true;
	s->ahead = false;
}

/* Of a pipe nothing is read again. */
static int replay_rewind(struct source *source)
{
	struct replay *s = replay_of(source), new = {
						      .source = s->source,
						      .view = s->view,
						      .by_class = s->by_class,
					      };
	int r = lines_rewind(&s->lines);

	if (r)
		return r;
	new.lines = s->lines;
	*s = new;
	return 0;
}

static const struct run_info *replay_info(const struct source *source)
{
	return &((const struct replay *)source)->info;
}

static void replay_close(struct source *source)
{
	struct replay *s = replay_of(source);

	lines_close(&s->lines);
	join_free(&s->join);
	free(s);
}

int source_replay(struct source **ret, const struct view *view, const char *path, bool by_class)
{
	static const struct source_ops ops = {
		.begin = replay_begin,
		.next = replay_next,
		.end = replay_end,
		.rewind = replay_rewind,
		.info = replay_info,
		.close = replay_close,
	};
	struct replay *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory to replay %s", path);
	s->source.ops = &ops;
	s->view = view;
	s->by_class = by_class;
	r = lines_open(&s->lines, path);
	if (r < 0) {
		replay_close(&s->source);
		return r;
	}
	*ret = &s->source;
	return 0;
}

void source_replay_progress(const struct source *source, __u64 *ret_done, __u64 *ret_size)
{
	lines_progress(&((const struct replay *)source)->lines, ret_done, ret_size);
}
