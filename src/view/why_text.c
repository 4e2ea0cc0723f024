// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * why_text.c - a report of the view why for people, as wide as the page:
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
#include "view/why_text.h"

#include <inttypes.h>

#include "json/common.h"
#include "view/events_shape.h"
#include "base/exits.h"
#include "model/names.h"
#include "view/show.h"
#include "base/util.h"
#include "base/out.h"
#include "view/events_text.h"
#include "view/fold.h"
#include "view/page.h"
#include "view/wrap.h"
#include "view/why_shape.h"

#define INDENT 4

/* Up to the driver; a page that is not wide has the worst and the unseen below the row. */
#define ROW_COLUMNS 50
#define WIDE_ROW_COLUMNS 66
#define WIDE_COLUMNS 100

struct part {
	FILE *f;
	const struct show *show;
	const struct why_report *report;
	const struct why_list *list;
};

/* ---- the head ---- */

static void print_headline(const struct part *p, const struct why_figures *sum)
{
	char lost[TEXT_CELL + 24];
	unsigned int lossy = 0;

	for (unsigned int i = 0; i < p->list->sites; i++)
		lossy += p->list->site[i].count.lost > 0;
	if (!sum->failed) {
		fputs("lost 0: no request failed\n", p->f);
		return;
	}
	snprintf(lost, sizeof(lost), "lost %s%" PRIu64,
		 why_at_least(p->report, sum) ? "at least " : "", (uint64_t)sum->lost);
	(sum->lost ? text_loud : text_calm)(p->f, p->show, lost);
	fprintf(p->f, " of %" PRIu64 " failed requests", (uint64_t)sum->failed);
	if (sum->not_followed)
		fprintf(p->f, " (%" PRIu64 " not followed)", (uint64_t)sum->not_followed);
	if (sum->lost)
		fprintf(p->f, ", at %u of %" PRIu64 " sites", lossy,
			(uint64_t)(p->list->sites + p->list->other_sites));
	fputc('\n', p->f);
}

/* ---- a row ---- */

static bool is_wide(const struct part *p)
{
	return show_columns(p->show) >= WIDE_COLUMNS;
}

/* Requests are an estimate unless each of them was counted. */
static const char *requests_cell(char buf[TEXT_CELL], const struct part *p,
				 const struct why_figures *f)
{
	const struct why_report *r = p->report;

	if (!r->counted || run_is_slow_only(&r->head.info))
		return text_count(buf, false, 0);
	snprintf(buf, TEXT_CELL, "%s%" PRIu64, r->sample_every > 1 ? "~" : "",
		 (uint64_t)why_requests(f, r->sample_every));
	return buf;
}

/* The share that dmesg would never have shown: what it did show is not rounded away. */
static const char *unseen_cell(char buf[TEXT_CELL], const struct why_figures *f)
{
	__u64 told = why_told(f), shown = f->printed[PRINTED_YES];

	if (!told || shown > told)
		return text_count(buf, false, 0);
	snprintf(buf, TEXT_CELL, "%.0f%%",
		 (double)(__u64)(100.0 * (double)(told - shown) / (double)told));
	return buf;
}

static void print_row(const struct part *p, const struct why_figures *f, const char *verdict)
{
	bool counted = p->report->counted;
	char cell[4][TEXT_CELL];

	requests_cell(cell[0], p, f);
	text_count(cell[1], counted || f->below_min, f->below_min);
	if (!is_wide(p)) {
		fprintf(p->f, "%7" PRIu64 " %7" PRIu64 " %10s %9s  %-11s ", (uint64_t)f->lost,
			(uint64_t)f->failed, cell[0], cell[1], verdict);
		return;
	}
	text_ns(cell[2], f->latency_max_ns, f->latency_max_ns);
	fprintf(p->f, "%8" PRIu64 " %8" PRIu64 " %9s %10s %7s %6s  %-11s ", (uint64_t)f->lost,
		(uint64_t)f->failed, cell[0], cell[1], cell[2], unseen_cell(cell[3], f), verdict);
}

static void print_columns(const struct part *p)
{
	if (is_wide(p))
		fprintf(p->f, "%8s %8s %9s %10s %7s %6s  %-11s %s\n", "lost", "failed", "requests",
			"below min", "worst", "unseen", "verdict", "driver and site");
	else
		fprintf(p->f, "%7s %7s %10s %9s  %-11s %s\n", "lost", "failed", "requests",
			"below min", "verdict", "driver and site");
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

/* What the row of a wide page has. */
static void print_narrow(const struct part *p, struct wrap *w, const struct why_figures *f)
{
	char cell[TEXT_CELL];

	if (is_wide(p) || (!f->latency_max_ns && !why_told(f)))
		return;
	begin_details(w);
	if (f->latency_max_ns)
		wrap_joined(w, "worst ", text_ns(cell, true, f->latency_max_ns),
			    why_told(f) ? "," : "");
	if (why_told(f))
		wrap_joined(w, "unseen in dmesg ", unseen_cell(cell, f), "");
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
		verdicts[i] = verdict_key(i);
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
	struct wrap w = page_wrap(p->f, p->show, 3 * INDENT);
	const char *verdict = c && c->failed ? verdict_name(c->verdict) : NULL;

	print_row(p, &s->count, verdict ?: "-");
	w.column = is_wide(p) ? WIDE_ROW_COLUMNS : ROW_COLUMNS;
	wrap_text(&w, s->driver);
	w.begun = s->driver[0];
	wrap_text(&w, s->site[0] ? s->site : "site unknown");
	wrap_end(&w);
	print_narrow(p, &w, &s->count);
	if (c && s->count.failed) {
		print_request(&w, c);
		print_outcomes(&w, &s->count);
		print_why(&w, s);
	}
	if (c && p->show->stack)
		event_frames_text(p->f, p->show, c->frame, c->frames);
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
	size_t wanted = 0;
	bool any = p->list->other_sites;

	for (unsigned int i = 0; i < p->list->sites; i++)
		any |= in_trouble(&p->list->site[i].count) &&
		       view_why_wants(p->show, &p->list->site[i]);
	if (any)
		print_columns(p);
	for (unsigned int i = 0; i < p->list->sites; i++) {
		const struct why_site *s = &p->list->site[i];

		if (!in_trouble(&s->count)) {
			why_figures_add(&quiet, &s->count);
			quiets++;
		} else if (view_why_wants(p->show, s)) {
			wanted++;
			if (show_rows(p->show, wanted) == wanted)
				print_site(p, s);
		}
	}
	if (show_rows(p->show, wanted) < wanted)
		fprintf(p->f, "%zu more sites in trouble\n", wanted - show_rows(p->show, wanted));
	print_other(p);
	if (!p->show->failures_only)
		print_quiet(p, quiets, &quiet);
}

/* ---- the end ---- */

static void print_audit(const struct part *p, const struct why_figures *sum)
{
	const struct why_report *r = p->report;
	const struct run_audit *a = &r->head.total;
	char cell[2][TEXT_CELL];

	if (r->counted && r->sample_every > 1)
		fprintf(p->f,
			"requests ~: estimated from a sample of one in %u; all else is counted "
			"one by one\n",
			(unsigned int)r->sample_every);
	fprintf(p->f, "audit: not followed %s, uncounted %s",
		text_count(cell[0], r->counted || sum->not_followed, sum->not_followed),
		text_count(cell[1], r->counted || a->uncounted, a->uncounted));
	if (!r->ended) {
		fputs(r->head.final ? " (the end of the run is not in the recording)\n" : "\n",
		      p->f);
		return;
	}
	fprintf(p->f,
		", seen %" PRIu64 ", missed %" PRIu64 ", held back %" PRIu64 ", dropped %" PRIu64,
		(uint64_t)a->seen, (uint64_t)a->missed, (uint64_t)a->throttled,
		(uint64_t)a->dropped);
	text_item(p->f, true, "skipped", r->head.budget.skipped);
	text_item(p->f, true, "unread", a->unread);
	text_complete(p->f, p->show, run_head_complete(&r->head, sum->not_followed));
}

static void print_report(const struct part *p)
{
	struct why_figures sum = why_list_sum(p->list);

	page_part(p->f, &p->report->head);
	page_heading(p->f, &p->report->head, p->show->timestamp, true);
	page_missing(p->f, p->show, &p->report->head);
	print_headline(p, &sum);
	print_sites(p);
	view_budget(p->f, p->show, &p->report->head.budget);
	print_audit(p, &sum);
}

int why_text(FILE *f, const struct show *show, const void *report)
{
	const struct why_report *r = report;
	_cleanup_(freep) char *buf = NULL;
	size_t len = 0;
	struct part p = {
		.f = open_memstream(&buf, &len),
		.show = show,
		.report = r,
		.list = r->head.final ? &r->total : &r->interval,
	};

	if (!p.f)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	print_report(&p);
	if (fclose(p.f))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	return fold_put(f, show, buf, len) ?: out_flush(f);
}
