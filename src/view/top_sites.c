// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_sites.c - see top_sites.h. */
#include "view/top_sites.h"

#include <inttypes.h>
#include <string.h>

#include "base/util.h"
#include "model/names.h"
#include "view/page.h"

/* ---- cells ---- */

const char *top_requests_text(char *buf, size_t size, const struct top_shown *t,
			      const struct why_figures *f)
{
	if (!t->counted)
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%s%" PRIu64, t->sample_every > 1 ? "~" : "",
			 (uint64_t)why_requests(f, t->sample_every));
	return buf;
}

/* The share that dmesg would never have shown: what it did show is not rounded away. */
static const char *unseen_text(char buf[TEXT_CELL], const struct why_figures *f)
{
	__u64 told = why_told(f), shown = f->printed[PRINTED_YES];

	if (!told || shown > told)
		return text_count(buf, false, 0);
	snprintf(buf, TEXT_CELL, "%u%%",
		 (unsigned int)(100.0 * (double)(told - shown) / (double)told));
	return buf;
}

#define VERDICT_AT 50 /* columns of a screen from which on these are drawn */
#define BELOW_AT 74
#define REQUESTS_AT 64
#define WORST_AT 100
#define CONTEXT_AT 116
#define MASK_AT 160
#define NAME_COLUMNS 32

static void sites_header(struct grid *g, unsigned int row)
{
	struct pen p = pen_at(g, row);

	pen_text(&p, "   lost failed");
	pen_right(&p, g->columns >= REQUESTS_AT ? 10 : 0,
		  g->columns >= REQUESTS_AT ? "requests" : "");
	pen_text(&p, g->columns >= BELOW_AT ? " below min" : "");
	pen_text(&p, g->columns >= WORST_AT ? "   worst unseen" : "");
	pen_text(&p, " ");
	if (g->columns >= VERDICT_AT)
		pen_left(&p, 11, "verdict");
	if (g->columns < CONTEXT_AT) {
		pen_text(&p, "driver and site");
		return;
	}
	pen_left(&p, NAME_COLUMNS, "driver and site");
	pen_text(&p, " context      order");
	pen_text(&p, g->columns >= MASK_AT ? "  gfp mask" : "");
}

static void put_counts(struct pen *p, const struct top_shown *t, const struct why_figures *f)
{
	unsigned int columns = p->grid->columns;
	char cell[TEXT_CELL];

	pen_right(p, 6, text_count(cell, true, f->lost));
	pen_right(p, 7, text_count(cell, true, f->failed));
	if (columns >= REQUESTS_AT)
		pen_right(p, 10, top_requests_text(cell, sizeof(cell), t, f));
	if (columns >= BELOW_AT)
		pen_right(p, 10, text_count(cell, t->counted || f->below_min, f->below_min));
	if (columns < WORST_AT)
		return;
	pen_right(p, 8, text_ns(cell, f->latency_max_ns, f->latency_max_ns));
	pen_right(p, 7, unseen_text(cell, f));
}

static void put_request(struct pen *p, const struct why_case *c)
{
	const char *off = c->flags & LAB_EVENT_BH_OFF	     ? ", bh off"
			  : c->flags & LAB_EVENT_PREEMPT_OFF ? ", pre off"
							     : "";
	char names[GFP_NAMES_TEXT], context[24];

	snprintf(context, sizeof(context), "%.8s%s", context_name(c->context) ?: "-", off);
	pen_text(p, " ");
	pen_left(p, 13, context);
	pen_format(p, "%5u", (unsigned int)c->order);
	if (p->grid->columns >= MASK_AT)
		pen_format(p, "  %s", gfp_names(names, sizeof(names), c->gfp));
}

static void site_row(struct grid *g, unsigned int row, const struct top_shown *t,
		     const struct top_state *s, unsigned int i, bool chosen)
{
	const struct top_site *site = &t->site[s->list[i]];
	const struct why_site *w = &site->now;
	struct why_figures f = top_site_figures(site, s->span);
	struct pen p = pen_at(g, row);
	char name[EVENT_SYMBOL + EVENT_MODULE + 2];
	const char *verdict =
		w->has_example && w->example.failed ? verdict_name(w->example.verdict) : NULL;

	snprintf(name, sizeof(name), "%s%s%s", w->driver, w->driver[0] ? " " : "",
		 w->site[0] ? w->site : "site unknown");
	p.mark = s->chosen && chosen ? MARK_CHOSEN : MARK_PLAIN;
	if (chosen)
		pen_glyph(&p, GLYPH_CHOSEN);
	pen_to(&p, 1);
	put_counts(&p, t, &f);
	pen_text(&p, " ");
	if (g->columns >= VERDICT_AT)
		pen_left(&p, 11, verdict ?: "-");
	pen_left(&p, g->columns >= CONTEXT_AT ? NAME_COLUMNS : pen_room(&p), name);
	if (w->has_example && g->columns >= CONTEXT_AT)
		put_request(&p, &w->example);
	if (p.mark == MARK_CHOSEN)
		pen_to(&p, g->columns);
}

/* ---- the table ---- */

static unsigned int rest_rows(const struct top_shown *t, const struct top_state *s)
{
	return (s->quiet > 0) + (t->other_sites > 0);
}

unsigned int top_sites_rows(const struct top_shown *t, const struct top_state *s)
{
	unsigned int n = s->listed + rest_rows(t, s);

	return n && s->listed ? n : n + 1;
}

static void rest_draw(struct grid *g, unsigned int row, unsigned int end, const struct top_shown *t,
		      const struct top_state *s)
{
	char cell[TEXT_CELL];
	struct pen p;

	if (t->other_sites && row < end) {
		p = pen_at(g, row++);
		pen_to(&p, 1);
		put_counts(&p, t, &t->other);
		pen_format(&p, " %" PRIu64 " other site%s", (uint64_t)t->other_sites,
			   t->other_sites == 1 ? "" : "s");
	}
	if (!s->quiet || row >= end)
		return;
	p = pen_at(g, row);
	pen_format(&p, "  without trouble: %u site%s, %s requests", s->quiet,
		   s->quiet == 1 ? "" : "s",
		   top_requests_text(cell, sizeof(cell), t, &s->quiet_sum));
}

static const char *no_site(const struct top_shown *t)
{
	if (!t->has_sites)
		return "no sites: the recording has none; labyrinth top --record has";
	return t->counted ? "no site had a failure, or a request served below min"
			  : "no site had a failure";
}

/* So that the chosen one is among those. */
static unsigned int first_row(unsigned int rows, int chosen)
{
	if (chosen < 0 || (unsigned int)chosen < rows)
		return 0;
	return (unsigned int)chosen - rows + 1;
}

void top_sites_draw(struct grid *g, unsigned int row, unsigned int rows, const struct top_shown *t,
		    const struct top_state *s)
{
	unsigned int end = row + 1 + rows, rest = rest_rows(t, s), n, first;
	int chosen = top_state_row(s, t);
	struct pen p;

	sites_header(g, row++);
	n = s->listed + rest <= rows ? s->listed : rows > rest ? rows - rest : 1;
	n = n < s->listed ? n : s->listed;
	first = first_row(n, chosen);
	for (unsigned int i = 0; i < n; i++)
		site_row(g, row++, t, s, first + i,
			 chosen < 0 ? first + i == 0 : (int)(first + i) == chosen);
	if (!s->listed && row < end) {
		p = pen_at(g, row++);
		pen_format(&p, "  %s", no_site(t));
	}
	rest_draw(g, row, end, t, s);
}

/* ---- advice ---- */

static const char *advice_of(const struct top_shown *t, const struct top_state *s,
			     unsigned int advice)
{
	int chosen = top_state_row(s, t);

	if (!s->listed || advice >= WHY_ADVICE)
		return "";
	return t->site[s->list[chosen < 0 ? 0 : chosen]].now.advice[advice];
}

#define ADVICE_AT 8

unsigned int top_advice_rows(const struct grid *g, unsigned int advice, const struct top_shown *t,
			     const struct top_state *s)
{
	return grid_wrap_rows(g, ADVICE_AT, advice_of(t, s, advice));
}

void top_advice_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int advice,
		     const struct top_shown *t, const struct top_state *s)
{
	struct pen p = pen_at(g, row);

	pen_text(&p, "advice:");
	grid_wrap(g, row, ADVICE_AT, rows, advice_of(t, s, advice));
}

/* ---- events ---- */

unsigned int top_events_rows(const struct top_shown *t, const struct top_state *s)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->events.events; i++)
		n += top_filter_event(&s->filter, &t->events.event[i]);
	return n ?: 1;
}

static const char *what_of(const struct top_event *e)
{
	if (e->kind != LAB_EVENT_FAILED)
		return event_kind_name((enum lab_event_kind)e->kind);
	return e->aftermath == AFTERMATH_LOST ? "LOST"
					      : aftermath_name((enum aftermath)e->aftermath);
}

static void event_row(struct grid *g, unsigned int row, unsigned int from,
		      const struct top_shown *t, const struct top_event *e)
{
	__u64 begin = t->cells.head.time_ns - t->cells.head.interval_ns;
	struct pen p = pen_at(g, row);
	char when[24], text[160];

	snprintf(when, sizeof(when), "%+" PRId64 "ms", (int64_t)(e->first_ns - begin) / 1000000);
	pen_to(&p, from);
	pen_right(&p, 9, when);
	pen_format(&p, " %4" PRIu64 "x ", (uint64_t)e->count);
	p.mark = e->kind == LAB_EVENT_FAILED && e->aftermath == AFTERMATH_LOST ? MARK_BOLD
									       : MARK_PLAIN;
	pen_left(&p, 10, what_of(e) ?: "-");
	p.mark = MARK_PLAIN;
	snprintf(text, sizeof(text), "order %u %s%s%s, %s", (unsigned int)e->order, e->driver,
		 e->driver[0] ? " " : "", e->site[0] ? e->site : "site unknown",
		 e->kind == LAB_EVENT_FAILED ? verdict_name((enum verdict)e->verdict) : "served");
	if (e->short_pages)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), ", %" PRIu64 " short",
			 (uint64_t)e->short_pages);
	pen_left(&p, pen_room(&p), text);
}

void top_events_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int from,
		     const struct top_shown *t, const struct top_state *s)
{
	unsigned int n = 0, left = top_events_rows(t, s);
	struct pen p = pen_at(g, row++);

	pen_to(&p, from);
	pen_text(&p, "events of the interval, equal ones folded");
	for (unsigned int i = 0; i < t->events.events && n < rows; i++) {
		const struct top_event *e = &t->events.event[i];

		if (!top_filter_event(&s->filter, e))
			continue;
		if (n + 1 == rows && left > 1) {
			p = pen_at(g, row + n++);
			pen_to(&p, from);
			pen_format(&p, "  and %" PRIu64 " more", (uint64_t)(left + t->events.more));
			break;
		}
		event_row(g, row + n++, from, t, e);
		left--;
	}
	if (n || !rows)
		return;
	p = pen_at(g, row);
	pen_to(&p, from);
	pen_text(&p, "  none");
}
