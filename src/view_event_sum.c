// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_event_sum.c - what the events come to:
 *
 *	lost 3 of 128 failed requests: recovered 120, retried 5
 *	why: exhausted 100, fragmented 28
 *	in dmesg: 2 of them, nowarn 100, ratelimited 26
 *	audit: seen 4711, missed 0, held back 0, dropped 0: complete
 */
#include <inttypes.h>

#include "event_stream.h"
#include "options.h"
#include "view_budget.h"
#include "view_event_text.h"
#include "view_text.h"
#include "view_wrap.h"

static void print_headline(FILE *f, const struct event_summary *s)
{
	bool listed;

	if (s->failed == 0) {
		fputs("lost 0: no request failed\n", f);
		return;
	}
	fprintf(f, "lost %" PRIu64 " of %" PRIu64 " failed requests", (uint64_t)s->lost,
		(uint64_t)s->failed);
	if (s->recovered || s->retried || s->pending)
		fputs(": ", f);
	listed = text_item(f, false, "recovered", s->recovered);
	listed = text_item(f, listed, "retried", s->retried);
	text_item(f, listed, "not known yet", s->pending);
	fputc('\n', f);
}

static void print_verdicts(FILE *f, const struct event_summary *s)
{
	struct wrap w = {.f = f, .indent = 4};
	__u64 left = s->failed;

	wrap_text(&w, "why:");
	for (unsigned int i = 0; event_verdict_name(i); i++) {
		left -= s->verdict[i];
		if (s->verdict[i])
			wrap_format(&w, "%s %" PRIu64 "%s", event_verdict_name(i),
				    (uint64_t)s->verdict[i], left ? "," : "");
	}
	wrap_end(&w);
	if (s->verdict[VERDICT_UNEXPLAINED])
		fputs("unexplained is a defect of labyrinth: please report it, with a recording\n",
		      f);
}

static void print_dmesg(FILE *f, const struct event_summary *s)
{
	fprintf(f, "in dmesg: %" PRIu64 " of them", (uint64_t)s->printed[PRINTED_YES]);
	for (unsigned int i = 0; event_printed_name(i); i++) {
		if (i != PRINTED_YES)
			text_item(f, true, event_printed_name(i), s->printed[i]);
	}
	fputc('\n', f);
}

static void print_served(FILE *f, const struct event_summary *s)
{
	bool listed;

	if (!s->slow && !s->near_misses)
		return;
	fputs("served: ", f);
	listed = text_item(f, false, "slow", s->slow);
	text_item(f, listed, "near misses", s->near_misses);
	fputc('\n', f);
}

/* --class on a replay takes events away; the figures are those of the whole recording. */
static void print_filter_note(FILE *f, const struct options *opt)
{
	if (opt->replay_path && opt->class_given)
		fputs("filtered: the events above; what follows is of all that was recorded\n", f);
}

static void print_audit(FILE *f, const struct event_summary *s)
{
	if (!s->final) {
		fputs("audit: - (the end of the run is not in the recording)\n", f);
		return;
	}
	fprintf(f,
		"audit: seen %" PRIu64 ", missed %" PRIu64 ", held back %" PRIu64
		", dropped %" PRIu64,
		(uint64_t)s->seen, (uint64_t)s->missed, (uint64_t)s->throttled,
		(uint64_t)s->dropped);
	text_item(f, true, "passed over", s->budget.skipped);
	fprintf(f, ": %s\n",
		s->missed || s->throttled || s->dropped || s->budget.skipped ? "NOT complete"
									     : "complete");
}

void event_summary_text(FILE *f, const struct options *opt, const struct event_summary *s)
{
	if (s->failed || s->slow || s->near_misses)
		fputc('\n', f);
	print_filter_note(f, opt);
	print_headline(f, s);
	if (s->failed) {
		print_verdicts(f, s);
		print_dmesg(f, s);
	}
	print_served(f, s);
	view_budget(f, &s->budget);
	print_audit(f, s);
}
