// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * lint_text.c - mistakes for people, as wide as the page: bugs first and loud, then what
 * is only costly; of each mistake what to change, then who makes it.
 *
 *	BUGS: 12 requests that may sleep were made where that is forbidden (since start 130)
 *	BUG sleep_in_softirq: may sleep, made in a softirq ...
 *	    change: move it into a work item, ...
 *	     times since start
 *	        12         130  e1000 e1000_clean (via kmalloc), softirq, order 0,
 *	                        __GFP_RECLAIM|__GFP_ZERO
 *
 * Nothing here depends on how the report came: a replay prints what the live run printed.
 */
#include <inttypes.h>

#include "model/names.h"
#include "view/lint_report.h"
#include "view/lint_text.h"
#include "view/show.h"
#include "base/util.h"
#include "view/events_text.h"
#include "view/page.h"
#include "view/wrap.h"

#define INDENT 4
#define WHO_COLUMN 24 /* behind the two counts */

/* What one report prints. */
struct part {
	FILE *f;
	const struct show *show;
	const struct lint_report *report;
	const struct lint_finding **finding;
	size_t findings;
};

static __u64 times_of(const struct part *p, const struct lint_finding *f)
{
	return p->report->head.final ? f->total : f->interval;
}

/* ---- who ---- */

static void add_contexts(struct wrap *w, __u32 contexts)
{
	for (unsigned int i = 0; i < LAB_CONTEXTS; i++)
		if (contexts & 1U << i)
			wrap_format(w, "%s,", context_name(i));
}

static void add_orders(struct wrap *w, __u64 orders)
{
	wrap_text(w, orders & (orders - 1) ? "orders" : "order");
	for (unsigned int i = 0; i < LAB_ORDERS; i++)
		if (orders & 1ULL << i)
			wrap_format(w, "%u%s,", i, i == LAB_ORDERS - 1 ? "+" : "");
}

static void add_site(struct wrap *w, const struct lint_finding *f)
{
	const char *site = f->site[0] ? f->site : "site unknown";

	if (f->driver[0])
		wrap_text(w, f->driver);
	if (f->via[0])
		wrap_format(w, "%s (via %s),", site, f->via);
	else
		wrap_format(w, "%s,", site);
}

static void print_stack(const struct part *p, const struct lint_finding *f)
{
	if (!p->show->stack || !f->frames)
		return;
	if (f->stack_times < f->total)
		fprintf(p->f, "%*sthe stack of %" PRIu64 " of them since start:\n", INDENT, "",
			(uint64_t)f->stack_times);
	event_frames_text(p->f, p->show, f->frame, f->frames);
}

static void print_finding(const struct part *p, const struct lint_finding *f)
{
	struct wrap w = page_wrap(p->f, p->show, WHO_COLUMN);
	char names[GFP_NAMES_TEXT], times[TEXT_CELL];

	text_count(times, !p->report->head.final, f->interval);
	fprintf(p->f, "%10s %11" PRIu64 "  ", times, (uint64_t)f->total);
	w.column = WHO_COLUMN;
	add_site(&w, f);
	add_contexts(&w, f->contexts);
	add_orders(&w, f->orders);
	wrap_text(&w, gfp_kind_names(names, sizeof(names), f->gfp));
	wrap_end(&w);
	print_stack(p, f);
}

/* ---- what ---- */

static void print_mistake(const struct part *p, __u32 mistake)
{
	struct wrap w = page_wrap(p->f, p->show, INDENT);

	wrap_format(&w, "%s%s: %s", lint_is_bug(mistake) ? "BUG " : "", mistake_name(mistake),
		    lint_what(mistake));
	wrap_end(&w);
	wrap_begin(&w, INDENT);
	wrap_format(&w, "change: %s", lint_change(mistake));
	wrap_end(&w);
	fprintf(p->f, "%10s %11s\n", "times", "since start");
}

static void print_findings(const struct part *p)
{
	__u32 before = LAB_MISTAKE_NONE;

	for (size_t i = 0; i < p->findings; i++) {
		const struct lint_finding *f = p->finding[i];

		if (f->mistake != before)
			print_mistake(p, f->mistake);
		before = f->mistake;
		print_finding(p, f);
	}
}

/* ---- how many ---- */

struct sums {
	__u64 bugs, needless;
};

static void sums_add(struct sums *s, const struct lint_finding *f, __u64 times)
{
	*(lint_is_bug(f->mistake) ? &s->bugs : &s->needless) += times;
}

static struct sums sums_of(const struct part *p)
{
	struct sums s = {0};

	for (size_t i = 0; i < p->findings; i++)
		sums_add(&s, p->finding[i], times_of(p, p->finding[i]));
	return s;
}

/* What is not in the list, as nothing was added to it. */
static void print_since_start(const struct part *p)
{
	_cleanup_(freep) const struct lint_finding **finding = NULL;
	size_t n = lint_sorted(p->report, p->show, false, &finding);
	struct sums s = {0};
	bool listed;

	for (size_t i = 0; i < n; i++)
		sums_add(&s, finding[i], finding[i]->total);
	if (!n)
		return;
	fputs("since start: ", p->f);
	listed = text_item(p->f, false, "bugs", s.bugs);
	text_item(p->f, listed, "needless", s.needless);
	fputc('\n', p->f);
}

static void print_clean(const struct part *p)
{
	const struct run_head *head = &p->report->head;

	fprintf(p->f, "no mistakes seen%s%s\n", head->final ? "" : " in this interval",
		head->info.missings
			? ", as far as this kernel lets it be known: see what is missing"
			: "");
	print_since_start(p);
}

static void print_headline(const struct part *p)
{
	struct sums s = sums_of(p);

	if (!p->findings)
		print_clean(p);
	if (s.bugs)
		text_loud(p->f, p->show, "BUGS");
	if (s.bugs)
		fprintf(p->f,
			": %" PRIu64 " requests that may sleep were made where that is "
			"forbidden\n",
			(uint64_t)s.bugs);
	if (s.needless)
		fprintf(p->f,
			"needless: %" PRIu64 " requests that may not sleep were made where they "
			"could have\n",
			(uint64_t)s.needless);
}

static void print_report(FILE *f, const struct show *show, const void *report)
{
	const struct lint_report *r = report;
	_cleanup_(freep) const struct lint_finding **finding = NULL;
	struct part p = {.f = f, .show = show, .report = r};

	p.findings = lint_sorted(r, show, !r->head.final, &finding);
	p.finding = finding;
	tables_head_text(f, show, &r->head);
	if (finding) {
		print_headline(&p);
		print_findings(&p);
	} else
		fputs("no memory for the rows\n", f);
	tables_filter_text(f, show, &r->head);
	tables_audit_text(f, show, &r->head, false);
}

int lint_text(FILE *f, const struct show *show, const void *report)
{
	return tables_page(f, show, report, print_report);
}
