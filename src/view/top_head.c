// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_head.c - see top_head.h. */
#include "view/top_head.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/util.h"
#include "view/page.h"

/* ---- whose it is ---- */

#define DATED_COLUMNS 72 /* narrower: the time alone */

static void add(char *text, size_t size, const char *part)
{
	size_t len = strlen(text);

	if (part[0])
		snprintf(text + len, size - len, "%s%s", len ? "  " : "", part);
}

static const char *speed_text(char buf[16], int speed)
{
	snprintf(buf, 16, speed < 0 ? "REPLAY 1/%ux" : "REPLAY %ux",
		 1U << (speed < 0 ? -speed : speed));
	return buf;
}

/* As the clock of that machine had it. */
static void format_time(char *text, size_t size, const struct top_shown *t, __u64 time_ns,
			const char *format)
{
	struct tm tm;

	text[0] = '\0';
	if (time_ns && time_zone_clock(&t->head.info.time_zone, time_ns, &tm))
		strftime(text, size, format, &tm);
}

static void add_span(char *text, size_t size, const struct top_shown *t, enum top_span span)
{
	char when[32], part[48];

	if (span == SPAN_TOTAL)
		add(text, size, "since start");
	if (span != SPAN_ZERO)
		return;
	format_time(when, sizeof(when), t, t->zero_ns, "%H:%M:%S");
	snprintf(part, sizeof(part), "since %s", when);
	add(text, size, part);
}

static void add_filter(char *text, size_t size, const struct top_filter *f)
{
	char part[TOP_FILTER + 8];

	if (!f->text[0])
		return;
	snprintf(part, sizeof(part), "[%s]", f->text);
	add(text, size, part);
}

static void right_text(char *text, size_t size, const struct grid *g, const struct top_shown *t,
		       const struct top_state *s)
{
	const struct run_head *head = t->has_cells ? &t->cells.head : &t->head;
	char part[48];

	text[0] = '\0';
	add_filter(text, size, &s->filter);
	add_span(text, size, t, s->span);
	if (s->replay)
		add(text, size, s->over ? "REPLAY END" : speed_text(part, s->speed));
	if (s->paused)
		add(text, size, "PAUSED");
	format_time(part, sizeof(part), t, head->time_ns,
		    g->columns < DATED_COLUMNS ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S %Z");
	add(text, size, part);
	if (g->columns < DATED_COLUMNS || !head->interval_ns)
		return;
	snprintf(part, sizeof(part), "every %.3gs", (double)head->interval_ns / 1e9);
	add(text, size, part);
}

void top_head_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		   const struct top_state *s)
{
	struct pen p = pen_at(g, row);
	unsigned int width;
	char text[256], left[320];

	right_text(text, sizeof(text), g, t, s);
	snprintf(left, sizeof(left), "labyrinth top  %s %s", t->head.info.host,
		 t->head.info.kernel);
	width = strlen(text) + 2 < g->columns ? g->columns - (unsigned int)strlen(text) - 2 : 0;
	pen_left(&p, width, left);
	pen_text(&p, width ? "  " : "");
	pen_text(&p, text);
}

/* ---- how it stands ---- */

struct sums {
	__u64 requests, failed, below, leveled;
};

static struct sums sum_of(const struct figures *f)
{
	struct sums sum = {0};

	for (unsigned int i = 0; i < LAB_CLASSES * LAB_CONTEXTS; i++) {
		const struct row *r = &f->row[i / LAB_CONTEXTS][i % LAB_CONTEXTS];

		sum.requests += r->requests;
		sum.failed += r->failed_final + r->failed_opportunistic;
		sum.below += r->served[LAB_LEVEL_RESERVE] + r->served[LAB_LEVEL_NONE];
		for (unsigned int k = 0; k < LAB_LEVEL_UNKNOWN; k++)
			sum.leveled += r->served[k];
	}
	return sum;
}

/* Without a trace of levels, none of them served below min is not what is known. */
static bool knows_levels(const struct sums *sum)
{
	return sum->leveled || !sum->requests || sum->failed == sum->requests;
}

static struct why_figures lost_of(const struct top_shown *t, enum top_span span)
{
	struct why_figures sum = span == SPAN_INTERVAL ? t->lost : t->other;

	for (unsigned int i = 0; span != SPAN_INTERVAL && i < t->sites; i++) {
		struct why_figures f = top_site_figures(&t->site[i], span);

		why_figures_add(&sum, &f);
	}
	return sum;
}

enum top_verdict top_verdict(const struct top_shown *t, enum top_span span)
{
	struct why_figures lost = lost_of(t, span);
	struct sums sum = sum_of(top_figures(t, span));

	if (lost.lost)
		return TOP_LOST;
	if (sum.failed || lost.failed)
		return TOP_FAIL;
	if (!t->has_cells && !t->has_sites)
		return TOP_WAITS;
	return sum.below ? TOP_NEAR : TOP_FINE;
}

/* The zone that is nearest to a failure; NULL: none is known. */
static const struct zone_row *least_zone(const struct top_shown *t)
{
	const struct zone_row *least = NULL;

	for (unsigned int i = 0; i < t->cells.zones; i++) {
		const struct zone_row *z = &t->cells.zone[i];

		if (z->lowest_headroom == ZONE_CLOSED)
			continue;
		if (!least || z->lowest_headroom < least->lowest_headroom)
			least = z;
	}
	return least;
}

static void say_least(struct pen *p, const struct top_shown *t)
{
	const struct zone_row *z = least_zone(t);
	__u64 bytes = run_page_bytes(&t->head.info);
	bool below = z && z->lowest_headroom < 0;
	char cell[TEXT_CELL], text[96];

	if (!z)
		return;
	snprintf(text, sizeof(text), "; least headroom %u/%s %" PRId64, (unsigned int)z->node,
		 z->name, (int64_t)z->lowest_headroom);
	if (!pen_fitting(p, text) || !bytes)
		return;
	text_bytes(cell, true, bytes * (__u64)(below ? -z->lowest_headroom : z->lowest_headroom));
	snprintf(text, sizeof(text), " (%s%s)", below ? "-" : "", cell);
	pen_fitting(p, text);
}

/* The site that lost most of those that are shown. */
static const struct why_site *worst_of(const struct top_shown *t, enum top_span span, __u64 *lost)
{
	const struct why_site *worst = NULL;

	*lost = t->worst.count.lost;
	if (span == SPAN_INTERVAL)
		return *lost ? &t->worst : NULL;
	for (unsigned int i = 0; i < t->sites; i++) {
		__u64 n = top_site_figures(&t->site[i], span).lost;

		if (n <= (worst ? *lost : 0))
			continue;
		worst = &t->site[i].now;
		*lost = n;
	}
	return worst;
}

static void say_worst(struct pen *p, const struct top_shown *t, enum top_span span)
{
	__u64 lost;
	const struct why_site *w = worst_of(t, span, &lost);

	if (!w)
		return;
	pen_format(p, ", %" PRIu64 " by %s%s%s", (uint64_t)lost, w->driver, w->driver[0] ? " " : "",
		   w->site[0] ? w->site : "an unknown site");
	if (w->has_example && w->example.failed)
		pen_format(p, ": %s", verdict_name(w->example.verdict));
}

static const char *plural(__u64 n)
{
	return n == 1 ? "" : "s";
}

static void say_lost(struct pen *p, const struct top_shown *t, enum top_span span)
{
	__u64 n = lost_of(t, span).lost;

	pen_format(p, "%" PRIu64 " request%s", (uint64_t)n, plural(n));
	if (span == SPAN_INTERVAL && t->cells.head.interval_ns)
		pen_format(p, " in %.1fs", (double)t->cells.head.interval_ns / 1e9);
	say_worst(p, t, span);
}

/* None is lost only where all are followed to their end. */
static const char *lost_none(const struct top_shown *t, enum top_span span)
{
	struct why_figures f = lost_of(t, span);

	if (!t->has_sites || (span == SPAN_INTERVAL && !t->knows_lost))
		return "lost: not known";
	return f.not_followed || f.pending ? "none is known to be lost" : "none is lost";
}

static void say_failed(struct pen *p, const struct top_shown *t, enum top_span span,
		       const struct sums *sum)
{
	if (t->has_cells)
		pen_format(p, "%" PRIu64 " of %" PRIu64 " requests failed, ", (uint64_t)sum->failed,
			   (uint64_t)sum->requests);
	else
		pen_format(p, "%" PRIu64 " requests failed, ", (uint64_t)lost_of(t, span).failed);
	pen_text(p, lost_none(t, span));
}

static void say_verdict(struct pen *p, const struct top_shown *t, enum top_span span,
			enum top_verdict v)
{
	struct sums sum = sum_of(top_figures(t, span));

	switch (v) {
	case TOP_LOST:
		say_lost(p, t, span);
		break;
	case TOP_FAIL:
		say_failed(p, t, span, &sum);
		break;
	case TOP_NEAR:
		pen_format(p, "%" PRIu64 " of %" PRIu64 " requests served below min",
			   (uint64_t)sum.below, (uint64_t)sum.requests);
		break;
	case TOP_FINE:
		pen_format(p, "no failure, %s",
			   knows_levels(&sum) ? "none served below min" : "levels are not known");
		break;
	default:
		pen_text(p, "nothing yet");
		return;
	}
	say_least(p, t);
}

static const struct {
	const char *word;
	enum mark mark;
} verdicts[] = {
	[TOP_WAITS] = {"WATCHING", MARK_BOLD}, [TOP_FINE] = {"FINE", MARK_BOLD},
	[TOP_NEAR] = {"NEAR", MARK_NEAR},      [TOP_FAIL] = {"FAIL", MARK_BOLD},
	[TOP_LOST] = {"LOST", MARK_LOUD},
};

void top_verdict_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		      const struct top_state *s)
{
	enum top_verdict v = top_verdict(t, s->span);
	struct pen p = pen_at(g, row);

	p.mark = verdicts[v].mark;
	pen_text(&p, verdicts[v].word);
	p.mark = MARK_PLAIN;
	pen_text(&p, "  ");
	say_verdict(&p, t, s->span, v);
}

/* ---- what it is worth ---- */

static void cost_text(char *text, size_t size, const struct budget_report *b)
{
	__u64 ns = b->process_ns + (b->programs_known ? b->programs_ns : 0);

	if (!b->limit_ns)
		snprintf(text, size, "cost: no --budget");
	else
		snprintf(text, size, "cost %.2f%% of %.3g%%%s%s", (double)ns / 1e7,
			 (double)b->limit_ns / 1e7, b->step ? ": " : "",
			 b->step ? budget_step_name(b->step) : "");
}

/* Of a recording of events there are no cells to ask. */
static bool is_complete(const struct top_shown *t, const struct audit *a,
			const struct run_audit *events)
{
	if (!t->has_cells)
		return run_head_complete(&t->head, 0);
	return audit_complete(a) && !events->throttled;
}

static void put_audit(struct pen *p, const struct top_shown *t, const struct audit *a,
		      const struct run_audit *events)
{
	pen_format(p, "audit: seen %" PRIu64 ", missed %" PRIu64,
		   (uint64_t)(t->has_cells ? a->seen : events->seen),
		   (uint64_t)(t->has_cells ? a->missed : events->missed));
	if (p->grid->columns >= 64)
		pen_format(p, ", unpaired %" PRIu64 ", dropped %" PRIu64, (uint64_t)a->unpaired,
			   (uint64_t)(t->has_cells ? a->dropped : events->dropped));
	if (events->throttled)
		pen_format(p, ", held back %" PRIu64, (uint64_t)events->throttled);
	if (a->skipped)
		pen_format(p, ", skipped %" PRIu64, (uint64_t)a->skipped);
}

void top_audit_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		    const struct top_state *s)
{
	bool now = s->span == SPAN_INTERVAL && t->has_cells;
	const struct audit *a = now ? &t->interval_audit : &t->total_audit;
	const struct run_audit *events = now ? &t->head.interval : &t->head.total;
	bool complete = is_complete(t, a, events);
	struct pen p = pen_at(g, row);
	char cost[64];

	put_audit(&p, t, a, events);
	pen_text(&p, ": ");
	p.mark = complete ? MARK_PLAIN : MARK_LOUD;
	pen_text(&p, complete ? "complete" : "NOT complete");
	cost_text(cost, sizeof(cost), &t->head.budget);
	if (pen_room(&p) < strlen(cost) + 2)
		return;
	p.mark = MARK_PLAIN;
	pen_to(&p, g->columns - (unsigned int)strlen(cost));
	p.mark = t->head.budget.limit_ns && t->head.budget.step ? MARK_LOUD : MARK_PLAIN;
	pen_text(&p, cost);
}

/* ---- the keys ---- */

static void put_line(struct pen *p, const struct top_state *s)
{
	pen_format(p, s->ask == 'g' ? "time, as 03:26:35: %s" : "filter: %s", s->line);
	p->mark = MARK_CHOSEN;
	pen_text(p, " ");
	p->mark = MARK_PLAIN;
	if (s->ask == '/' && !s->line[0])
		pen_text(p, " class=atomic ctx=softirq driver=e1000 order=1-3; empty: all");
}

static const char *span_key(enum top_span span)
{
	static const char *const names[SPANS] = {"interval", "total", "zero"};

	return names[span < SPANS ? span : 0];
}

static void put_main_keys(struct pen *p, const struct top_state *s)
{
	if (p->grid->columns < 100)
		pen_format(p, "q quit h help Enter site s sort:%s / filter t %s z zero space pause",
			   top_sort_name(s->sort), span_key(s->span));
	else
		pen_format(p,
			   "q quit  h help  Enter site  s sort: %s  / filter  t %s  z zero  space "
			   "pause",
			   top_sort_name(s->sort), span_key(s->span));
	if (s->replay)
		pen_fitting(p, "  left right  [ ]  < >  g time");
}

void top_keys_draw(struct grid *g, unsigned int row, const struct top_state *s)
{
	struct pen p = pen_at(g, row);

	if (s->ask)
		put_line(&p, s);
	else if (s->message[0])
		pen_text(&p, s->message);
	else if (s->page == PAGE_SITE)
		pen_text(
			&p,
			"Esc q back  h help  n p next, previous site  up down scroll  space pause");
	else if (s->page != PAGE_MAIN)
		pen_text(&p, "Esc q back  up down PgUp PgDn scroll");
	else
		put_main_keys(&p, s);
}
