// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_why_text.c - a report of the view why for people, at most 100 columns wide:
 *
 *	lost 72 of 144 failed requests, at 1 of 31 sites
 *	    lost   failed  requests  below min   worst unseen  verdict     driver and site
 *	      72       72     ~8128         59  26.7ms    97%  exhausted   maze maze_take
 *	        order 0, GFP_ATOMIC, task
 *	        the numbers that prove the verdict
 *	        advice: what would help, with the figure it follows from
 *	audit: not followed 0, uncounted 0
 *
 * Nothing here depends on how the report came: a replay prints what the live run printed.
 */
#include <inttypes.h>
#include <time.h>

#include "event_stream.h"
#include "exits.h"
#include "gfp_names.h"
#include "options.h"
#include "util.h"
#include "view.h"
#include "view_budget.h"
#include "view_event_text.h"
#include "view_text.h"
#include "view_wrap.h"
#include "why_view.h"

#define INDENT 4
#define ROW_COLUMNS 66 /* up to the driver */

struct part {
	FILE *f;
	const struct options *opt;
	const struct why_report *report;
	const struct why_list *list;
};

/* ---- the head ---- */

static void print_heading(const struct part *p)
{
	const struct why_report *r = p->report;
	time_t seconds = (time_t)(r->time_ns / 1000000000U);
	char when[32];
	struct tm tm;

	if (p->opt->timestamp && localtime_r(&seconds, &tm)) {
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
		fprintf(p->f, "%s  ", when);
	}
	if (r->final && r->total_ns)
		fprintf(p->f, "final: since start, %.1f s\n", (double)r->total_ns / 1e9);
	else if (r->final)
		fputs("final: since start\n", p->f);
	else
		fprintf(p->f, "interval %.3f s\n", (double)r->interval_ns / 1e9);
}

static void print_missing(const struct part *p)
{
	const struct run_info *info = &p->report->info;

	if (p->report->sequence > 1 && !p->report->final)
		return;
	for (unsigned int i = 0; i < info->missings; i++) {
		struct wrap w = {.f = p->f, .indent = INDENT};

		wrap_format(&w, "missing: %s", info->missing[i]);
		wrap_end(&w);
	}
}

static void print_headline(const struct part *p, const struct why_figures *sum)
{
	unsigned int lossy = 0;

	for (unsigned int i = 0; i < p->list->sites; i++)
		lossy += p->list->site[i].count.lost > 0;
	if (!sum->failed) {
		fputs("lost 0: no request failed\n", p->f);
		return;
	}
	fprintf(p->f, "lost %" PRIu64 " of %" PRIu64 " failed requests", (uint64_t)sum->lost,
		(uint64_t)sum->failed);
	if (sum->lost)
		fprintf(p->f, ", at %u of %" PRIu64 " sites", lossy,
			(uint64_t)(p->list->sites + p->list->other_sites));
	fputc('\n', p->f);
}

/* ---- a row ---- */

/* Requests are an estimate unless each of them was counted. */
static const char *requests_cell(char buf[TEXT_CELL], const struct part *p,
				 const struct why_figures *f)
{
	const struct why_report *r = p->report;

	if (!r->counted)
		return text_count(buf, false, 0);
	snprintf(buf, TEXT_CELL, "%s%" PRIu64, r->sample_every > 1 ? "~" : "",
		 (uint64_t)why_requests(f, r->sample_every));
	return buf;
}

/* The share that dmesg would never have shown: what it did show is not rounded away. */
static const char *unseen_cell(char buf[TEXT_CELL], const struct why_figures *f)
{
	__u64 followed = why_followed(f), shown = f->printed[PRINTED_YES];

	if (!followed || shown > followed)
		return text_count(buf, false, 0);
	snprintf(buf, TEXT_CELL, "%.0f%%",
		 (double)(__u64)(100.0 * (double)(followed - shown) / (double)followed));
	return buf;
}

static void print_row(const struct part *p, const struct why_figures *f, const char *verdict)
{
	bool counted = p->report->counted;
	char cell[4][TEXT_CELL];

	fprintf(p->f, "%8" PRIu64 " %8" PRIu64 " %9s %10s %7s %6s  %-11s ", (uint64_t)f->lost,
		(uint64_t)f->failed, requests_cell(cell[0], p, f),
		text_count(cell[1], counted || f->below_min, f->below_min),
		text_ns(cell[2], f->latency_max_ns, f->latency_max_ns), unseen_cell(cell[3], f),
		verdict);
}

static void print_columns(const struct part *p)
{
	fprintf(p->f, "%8s %8s %9s %10s %7s %6s  %-11s %s\n", "lost", "failed", "requests",
		"below min", "worst", "unseen", "verdict", "driver and site");
}

static void begin_details(struct wrap *w)
{
	wrap_begin(w, 2 * INDENT);
}

static void print_request(struct wrap *w, const struct why_case *c)
{
	char names[GFP_NAMES_TEXT];

	begin_details(w);
	wrap_format(w, "order %u, %s, %s", (unsigned int)c->order,
		    gfp_names(names, sizeof(names), c->gfp), context_name(c->context) ?: "-");
	if (c->flags & LAB_EVENT_BH_OFF)
		wrap_text(w, "with bottom halves off");
	if (c->flags & LAB_EVENT_PREEMPT_OFF)
		wrap_text(w, "with preemption off");
	if (c->via[0])
		wrap_format(w, "(via %s)", c->via);
	wrap_end(w);
}

static void print_counts(struct wrap *w, const char *head, const char *const *names,
			 const __u64 *counts, unsigned int n)
{
	unsigned int left = 0;

	for (unsigned int i = 0; i < n; i++)
		left += counts[i] > 0;
	if (!left)
		return;
	begin_details(w);
	wrap_text(w, head);
	for (unsigned int i = 0; i < n; i++)
		if (counts[i])
			wrap_format(w, "%s %" PRIu64 "%s", names[i], (uint64_t)counts[i],
				    --left ? "," : "");
	wrap_end(w);
}

/* What the columns leave open: only where there is more than they say. */
static void print_outcomes(struct wrap *w, const struct why_figures *f)
{
	static const char *const names[] = {"recovered", "retried", "not known yet",
					    "not followed"};
	const __u64 counts[] = {f->recovered, f->retried, f->pending, f->not_followed};
	const char *verdicts[VERDICTS];
	unsigned int kinds = 0;

	for (unsigned int i = 0; i < VERDICTS; i++) {
		verdicts[i] = event_verdict_name(i);
		kinds += f->verdict[i] > 0;
	}
	if (kinds > 1)
		print_counts(w, "verdicts:", verdicts, f->verdict, VERDICTS);
	print_counts(w, "", names, counts, ARRAY_SIZE(counts));
}

static void print_why(struct wrap *w, const struct why_site *s)
{
	const struct why_case *c = &s->example;

	if (c->evidence[0]) {
		begin_details(w);
		wrap_text(w, c->evidence);
		if (c->how[0])
			wrap_format(w, "- recovered %s", c->how);
		wrap_end(w);
	}
	for (unsigned int i = 0; i < WHY_ADVICE && s->advice[i][0]; i++) {
		begin_details(w);
		wrap_format(w, "advice: %s", s->advice[i]);
		wrap_end(w);
	}
}

static void print_site(const struct part *p, const struct why_site *s)
{
	const struct why_case *c = s->has_example ? &s->example : NULL;
	struct wrap w = {.f = p->f, .indent = 3 * INDENT};
	const char *verdict = c && c->failed ? verdict_name(c->verdict) : NULL;

	print_row(p, &s->count, verdict ?: "-");
	w.column = ROW_COLUMNS;
	wrap_text(&w, s->driver);
	w.begun = s->driver[0];
	wrap_text(&w, s->site[0] ? s->site : "site unknown");
	wrap_end(&w);
	if (c && s->count.failed) {
		print_request(&w, c);
		print_outcomes(&w, &s->count);
		print_why(&w, s);
	}
	if (c && p->opt->stack)
		event_frames_text(p->f, c->frame, c->frames);
}

/* ---- all rows ---- */

static bool in_trouble(const struct why_figures *f)
{
	return f->failed || f->below_min || f->slow;
}

static void print_quiet(const struct part *p, unsigned int quiet, const struct why_figures *f)
{
	char cell[TEXT_CELL];

	if (quiet)
		fprintf(p->f, "without trouble: %u site%s, requests %s\n", quiet,
			quiet == 1 ? "" : "s", requests_cell(cell, p, f));
}

static void print_other(const struct part *p)
{
	const struct why_list *l = p->list;

	if (!l->other_sites)
		return;
	print_row(p, &l->other, "-");
	fprintf(p->f, "%" PRIu64 " other site%s\n", (uint64_t)l->other_sites,
		l->other_sites == 1 ? "" : "s");
}

static void print_sites(const struct part *p)
{
	struct why_figures quiet = {0};
	unsigned int quiets = 0;
	bool any = p->list->other_sites;

	for (unsigned int i = 0; i < p->list->sites; i++)
		any |= in_trouble(&p->list->site[i].count) &&
		       view_why_wants(p->opt, &p->list->site[i]);
	if (any)
		print_columns(p);
	for (unsigned int i = 0; i < p->list->sites; i++) {
		const struct why_site *s = &p->list->site[i];

		if (!in_trouble(&s->count)) {
			why_figures_add(&quiet, &s->count);
			quiets++;
		} else if (view_why_wants(p->opt, s)) {
			print_site(p, s);
		}
	}
	print_other(p);
	if (!p->opt->failures_only)
		print_quiet(p, quiets, &quiet);
}

/* ---- the end ---- */

static void print_audit(const struct part *p, const struct why_figures *sum)
{
	const struct why_report *r = p->report;
	const struct why_audit *a = &r->audit;
	char cell[2][TEXT_CELL];
	bool complete;

	if (r->counted && r->sample_every > 1)
		fprintf(p->f,
			"requests ~: estimated from a sample of one in %u; all else is counted "
			"one by one\n",
			(unsigned int)r->sample_every);
	fprintf(p->f, "audit: not followed %s, uncounted %s",
		text_count(cell[0], r->counted, sum->not_followed),
		text_count(cell[1], r->counted, a->uncounted));
	if (!r->ended) {
		fputs(r->final ? " (the end of the run is not in the recording)\n" : "\n", p->f);
		return;
	}
	complete = !sum->not_followed && !a->uncounted && !a->missed && !a->throttled &&
		   !a->dropped && !r->budget.skipped;
	fprintf(p->f,
		", seen %" PRIu64 ", missed %" PRIu64 ", held back %" PRIu64 ", dropped %" PRIu64,
		(uint64_t)a->seen, (uint64_t)a->missed, (uint64_t)a->throttled,
		(uint64_t)a->dropped);
	text_item(p->f, true, "passed over", r->budget.skipped);
	fprintf(p->f, ": %s\n", complete ? "complete" : "NOT complete");
}

static void print_report(const struct part *p)
{
	struct why_figures sum = why_list_sum(p->list);

	if (p->report->sequence > 1)
		fputc('\n', p->f);
	print_heading(p);
	print_missing(p);
	print_headline(p, &sum);
	print_sites(p);
	view_budget(p->f, &p->report->budget);
	print_audit(p, &sum);
}

int view_why_text(FILE *f, const struct options *opt, const struct why_report *r)
{
	_cleanup_(freep) char *buf = NULL;
	size_t len = 0;
	struct part p = {
		.f = open_memstream(&buf, &len),
		.opt = opt,
		.report = r,
		.list = r->final ? &r->total : &r->interval,
	};

	if (!p.f)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a report as text");
	print_report(&p);
	if (fclose(p.f))
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a report as text");
	return view_write(f, buf, len);
}
