// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * why_replay.c - the view why out of a recorded stream, of its own reports or of events.
 *
 * All that is readable is shown. What is not ends the replay with one line that names the file, the
 * line and what is wrong with it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "event_stream.h"
#include "event_view.h"
#include "exits.h"
#include "options.h"
#include "stream_lines.h"
#include "util.h"
#include "why_run.h"
#include "why_stream.h"
#include "why_view.h"

struct replay {
	const struct options *opt;
	why_view_fn *view;
	struct lines lines;
	struct why *why;
	struct why_report report; /* a recorded one; of all events at the end */
	struct event_line line;
	struct run_info info;	       /* of the run of events that is read */
	struct event_summary recorded; /* of all runs of events */
	__u64 reports, events, others, summaries;
	const char *other; /* the view that wrote the last of the others */
	__u64 last_ns;	   /* of the last event or summary */
	__u64 sequence;	   /* of the report before */
	bool final;	   /* that one was the last of its run */
	bool open_run;	   /* events came since the last summary */
	bool class_told;
};

static int no_memory(const struct replay *s)
{
	return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", s->lines.name);
}

static const char *plural(__u64 n)
{
	return n == 1 ? "" : "s";
}

/* ---- reports ---- */

/* A run numbers its reports; a number that is skipped is a line that somebody took out. */
static void check_sequence(const struct replay *s)
{
	if (s->reports > 0 && !s->final && s->report.sequence > s->sequence + 1)
		log_warn("%s:%" PRIu64 ": report %" PRIu64 " follows report %" PRIu64
			 ": those between are not in the stream",
			 s->lines.name, (uint64_t)s->lines.number, (uint64_t)s->report.sequence,
			 (uint64_t)s->sequence);
}

static int take_report(struct replay *s)
{
	check_sequence(s);
	if (s->opt->class_given && !s->class_told)
		log_warn("--class selects nothing in %s: its sites are not told by class",
			 s->lines.name);
	s->class_told = true;
	s->reports++;
	s->sequence = s->report.sequence;
	s->final = s->report.final;
	return s->view(stdout, s->opt, &s->report);
}

/* ---- events ---- */

static void take_summary(struct replay *s)
{
	const struct event_summary *from = &s->line.summary;

	s->recorded.total_ns += from->total_ns;
	s->recorded.throttled += from->throttled;
	s->recorded.dropped += from->dropped;
	s->recorded.seen += from->seen;
	s->recorded.missed += from->missed;
	s->recorded.budget = from->budget;
	s->recorded.final = from->final && (s->recorded.final || !s->summaries);
	s->summaries++;
	s->open_run = false;
	s->last_ns = from->time_ns;
}

static int take_event(struct replay *s)
{
	const struct run_info *from = &s->line.info;

	/* A part of a recording may have no start. */
	if (strcmp(s->info.host, from->host) != 0 || strcmp(s->info.kernel, from->kernel) != 0)
		s->info = *from;
	s->events++;
	s->open_run = true;
	s->last_ns = s->line.event.time_ns;
	if (!event_wanted(s->opt, &s->line.event))
		return 0;
	return why_add_event(s->why, &s->line.event) ? no_memory(s) : 0;
}

static int take_event_line(struct replay *s)
{
	switch (s->line.type) {
	case EVENT_LINE_START:
		s->info = s->line.info;
		return 0;
	case EVENT_LINE_EVENT:
		return take_event(s);
	case EVENT_LINE_SUMMARY:
		take_summary(s);
		return 0;
	default:
		return 0;
	}
}

/* A recording does not tell the size of a page: by that of a block of them, where it is usual. */
static __u64 page_bytes(const struct run_info *info)
{
	return info->pageblock_pages == 512 || info->pageblock_pages == 1024 ? 4096 : 0;
}

/* One report of all events that were read. */
static int show_events(struct replay *s)
{
	struct why_report *r = &s->report;
	bool ended = s->recorded.final && !s->open_run;

	if (!s->events && !s->summaries)
		return 0;
	why_report_free(r);
	*r = (struct why_report){
		.info = s->info,
		.time_ns = s->last_ns,
		.interval_ns = ended ? s->recorded.total_ns : 0,
		.total_ns = ended ? s->recorded.total_ns : 0,
		.sequence = 1,
		.final = true,
		.ended = ended,
		.page_bytes = page_bytes(&s->info),
		.audit = {.throttled = s->recorded.throttled,
			  .dropped = s->recorded.dropped,
			  .seen = s->recorded.seen,
			  .missed = s->recorded.missed},
		.budget = s->recorded.budget,
	};
	return why_fill(s->why, r) ? no_memory(s) : s->view(stdout, s->opt, r);
}

/* ---- the stream ---- */

/* 0, -EINVAL with err filled, -EPIPE, or a negative exit code (logged). */
static int take_line(struct replay *s, struct stream_error *err)
{
	const struct lines *l = &s->lines;
	int r;

	why_report_free(&s->report);
	r = why_line_parse(l->line, l->len, &s->report, err);
	if (r == 0)
		return take_report(s);
	if (r != -ENOMSG)
		return r;
	if (strcmp(err->view, "events") != 0) {
		s->others++;
		s->other = err->view;
		return 0;
	}
	r = event_line_parse(l->line, l->len, &s->line, err);
	return r ?: take_event_line(s);
}

static int damaged(const struct replay *s, const struct stream_error *err)
{
	__u64 good = s->lines.number - 1;

	return log_err(-LAB_EXIT_RUNTIME,
		       "%s:%" PRIu64 ": %s; the replay ends here, after %" PRIu64 " good line%s",
		       s->lines.name, (uint64_t)s->lines.number, err->text, (uint64_t)good,
		       plural(good));
}

/* The end of the stream, and nothing in it was damaged: is it all that was recorded? */
static int check_end(const struct replay *s)
{
	if (!s->reports && !s->events && !s->summaries) {
		if (s->others)
			return log_err(-LAB_EXIT_RUNTIME,
				       "%s holds lines of the view %s, no events and no report of "
				       "why: labyrinth %s --replay shows them",
				       s->lines.name, s->other, s->other);
		return log_err(-LAB_EXIT_RUNTIME,
			       "%s holds nothing for why: a recording is what why --json or events "
			       "--json prints",
			       s->lines.name);
	}
	if (s->reports && !s->final)
		log_warn("%s ends before the final report of its run: there may have been more",
			 s->lines.name);
	if (s->open_run)
		log_warn("%s ends before the summary of its run: there may have been more",
			 s->lines.name);
	return 0;
}

static int read_all(struct replay *s)
{
	struct stream_error err;
	int r, shown;

	while ((r = lines_next(&s->lines)) > 0) {
		r = take_line(s, &err);
		if (r)
			break;
	}
	if (r == -EPIPE)
		return r;
	shown = show_events(s);
	if (r == -EINVAL)
		return damaged(s, &err);
	return r ?: shown ?: check_end(s);
}

int why_replay(const struct options *opt)
{
	_cleanup_(freep) struct replay *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", opt->replay_path);
	s->opt = opt;
	s->view = opt->json ? view_why_json : view_why_text;
	r = lines_open(&s->lines, opt->replay_path);
	if (r)
		return r;
	s->why = why_new();
	r = s->why ? read_all(s) : no_memory(s);
	why_report_free(&s->report);
	why_free(s->why);
	lines_close(&s->lines);
	return r == -EPIPE ? 0 : r;
}
