// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_pages.c - see top_pages.h. */
#include "view/top_pages.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/util.h"
#include "model/names.h"
#include "view/page.h"
#include "view/top_gauge.h"
#include "view/top_sites.h"

#define TEXT_AT 13

/* A page that is longer than the screen: rows above it are passed over. */
struct sheet {
	struct grid *grid;
	unsigned int row, end, over;
};

/* A row to draw on. false: it is not on the screen. */
static bool next_row(struct sheet *sh, struct pen *p)
{
	if (sh->over) {
		sh->over--;
		return false;
	}
	if (sh->row >= sh->end)
		return false;
	*p = pen_at(sh->grid, sh->row++);
	return true;
}

/* A label, and a text behind it, as many rows as it takes. */
static void put(struct sheet *sh, const char *label, const char *text)
{
	size_t width = sh->grid->columns > TEXT_AT + 8 ? sh->grid->columns - TEXT_AT : 8;
	struct pen p;

	do {
		size_t len = grid_fit(text, width);

		if (next_row(sh, &p)) {
			pen_text(&p, label);
			pen_to(&p, TEXT_AT);
			pen_format(&p, "%.*s", (int)len, text);
		}
		label = "";
		text += len;
		text += strspn(text, " ");
	} while (*text);
}

static void __attribute__((format(printf, 3, 4)))
put_format(struct sheet *sh, const char *label, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put(sh, label, text);
}

/* ---- a site ---- */

static void put_sums(struct sheet *sh, const struct top_shown *t, const struct top_state *s,
		     const struct why_figures *f)
{
	char requests[32], worst[TEXT_CELL];

	put_format(sh, s->span == SPAN_ZERO ? "since zero" : "since start",
		   "lost %" PRIu64 " of %" PRIu64 " failed, %s requests, %" PRIu64 " below min",
		   (uint64_t)f->lost, (uint64_t)f->failed,
		   top_requests_text(requests, sizeof(requests), t, f), (uint64_t)f->below_min);
	if (f->recovered || f->retried || f->pending || f->not_followed)
		put_format(sh, "",
			   "recovered %" PRIu64 ", retried %" PRIu64 ", not known yet %" PRIu64
			   ", not followed %" PRIu64,
			   (uint64_t)f->recovered, (uint64_t)f->retried, (uint64_t)f->pending,
			   (uint64_t)f->not_followed);
	if (f->latency_max_ns)
		put_format(sh, "worst", "%s", text_ns(worst, true, f->latency_max_ns));
}

/* Lost in each of the last reports, by the logarithm. */
static void put_history(struct sheet *sh, const struct top_shown *t, const struct top_site *site)
{
	unsigned int room = sh->grid->columns > TEXT_AT + 24 ? sh->grid->columns - TEXT_AT - 24 : 8;
	__u64 lost[TOP_HISTORY], most = 0;
	unsigned int n = room < TOP_HISTORY ? room : TOP_HISTORY;
	struct pen p;

	for (unsigned int i = 0; i < n; i++) {
		int slot = top_slot(t, n - 1 - i);

		lost[i] = slot < 0 ? 0 : site->lost[slot];
		most = lost[i] > most ? lost[i] : most;
	}
	if (!most || !next_row(sh, &p))
		return;
	pen_format(&p, "lost, %u", n);
	pen_to(&p, TEXT_AT);
	top_columns(&p, lost, n, most);
	pen_format(&p, "  most %" PRIu64 " a report", (uint64_t)most);
}

static void put_dmesg(struct sheet *sh, const struct why_figures *f)
{
	__u64 told = why_told(f);

	if (!told)
		return;
	put_format(sh, "dmesg",
		   "showed %" PRIu64 " of %" PRIu64 "; not for __GFP_NOWARN %" PRIu64
		   ", its rate limit %" PRIu64 ", never for this kind %" PRIu64,
		   (uint64_t)f->printed[PRINTED_YES], (uint64_t)told,
		   (uint64_t)f->printed[PRINTED_NOWARN], (uint64_t)f->printed[PRINTED_RATELIMITED],
		   (uint64_t)f->printed[PRINTED_NEVER]);
}

static void put_request(struct sheet *sh, const struct top_shown *t, const struct why_case *c)
{
	__u64 bytes = run_page_bytes(&t->cells.head.info);
	char names[GFP_NAMES_TEXT], size[TEXT_CELL], pages[TEXT_CELL + 3] = "";

	if (bytes)
		snprintf(pages, sizeof(pages), " (%s)",
			 text_bytes(size, true, bytes << (c->order & 31)));
	put_format(sh, "request", "order %u%s, %s, %s%s%s", (unsigned int)c->order, pages,
		   gfp_names(names, sizeof(names), c->gfp), context_name(c->context) ?: "-",
		   c->flags & LAB_EVENT_BH_OFF ? " with bottom halves off" : "",
		   c->flags & LAB_EVENT_PREEMPT_OFF ? " with preemption off" : "");
	if (c->via[0])
		put_format(sh, "", "via %s", c->via);
}

static const char *verdict_words(unsigned int v)
{
	static const char *const words[VERDICTS] = {
		[VERDICT_EXHAUSTED] = "fewer free pages than it may take, in every zone",
		[VERDICT_FRAGMENTED] = "enough pages, no block of that order that it may use",
		[VERDICT_RESERVED] = "enough pages, but in blocks that are closed to it",
		[VERDICT_CONSTRAINED] = "zones or nodes that it may not use had memory",
		[VERDICT_OVERSIZE] = "more than the allocator gives at once",
		[VERDICT_INJECTED] = "fault injection refused it",
		[VERDICT_CHARGE] = "its memory cgroup refused it",
		[VERDICT_CONTENDED] = "it may not wait for a lock that was held",
		[VERDICT_BULK_SHORT] = "a bulk request got fewer pages than it asked for",
		[VERDICT_UNEXPLAINED] = "none of the known reasons",
	};

	return words[v];
}

static void put_verdicts(struct sheet *sh, const struct why_figures *f)
{
	for (unsigned int v = 0; v < VERDICTS; v++)
		if (f->verdict[v])
			put_format(sh, "verdict", "%s %" PRIu64 ": %s",
				   verdict_name((enum verdict)v), (uint64_t)f->verdict[v],
				   verdict_words(v));
}

static void put_stack(struct sheet *sh, const struct why_case *c)
{
	if (!c->frames)
		return;
	put_format(sh, "stack", "innermost first, %u functions", c->frames);
	for (unsigned int i = 0; i < c->frames; i++) {
		const struct event_frame *f = &c->frame[i];
		char offset[EVENT_OFFSET];

		if (f->symbol[0])
			put_format(sh, "", "%s%s%s%s%s", f->symbol, event_frame_offset(offset, f),
				   f->module[0] ? " [" : "", f->module, f->module[0] ? "]" : "");
		else
			put_format(sh, "", "0x%" PRIx64, (uint64_t)f->address);
	}
}

static void site_draw(struct sheet *sh, const struct top_shown *t, const struct top_state *s)
{
	int row = top_state_row(s, t);
	const struct top_site *site = row < 0 ? NULL : &t->site[s->list[row]];
	struct why_figures f;

	if (!site) {
		put(sh, "", "the site is no longer in the report");
		return;
	}
	f = top_site_figures(site, s->span);
	put_format(sh, "site", "%d of %u: %s%s%s", row + 1, s->listed, site->now.driver,
		   site->now.driver[0] ? " " : "", site->now.site[0] ? site->now.site : "unknown");
	put_sums(sh, t, s, &f);
	put_history(sh, t, site);
	put_dmesg(sh, &f);
	if (!site->now.has_example)
		return;
	put_request(sh, t, &site->now.example);
	put_verdicts(sh, &f);
	if (site->now.example.evidence[0])
		put(sh, "evidence", site->now.example.evidence);
	if (site->now.example.how[0])
		put_format(sh, "", "recovered %s", site->now.example.how);
	for (unsigned int i = 0; i < WHY_ADVICE && site->now.advice[i][0]; i++)
		put(sh, "advice", site->now.advice[i]);
	put_stack(sh, &site->now.example);
}

/* ---- help ---- */

/* '#' '+' '.' '>' in pictures are the glyphs of the gauge. */
static const struct {
	const char *label, *text;
} help[] = {
	{"FINE", "no failure, none served below min"},
	{"NEAR", "some were served below min, out of the reserve; none failed"},
	{"FAIL", "some failed; nobody went without, or that is not known"},
	{"LOST", "some callers went without. The words say it, colour repeats it."},
	{"", ""},
	{"gauge",
	 "from 0 on the left to twice the highest mark on the right. Solid: never less was "
	 "free in the interval; pale: free now, taken in between; an arrow: more."},
	{"", "f floor: at or below it GFP_ATOMIC fails, m min, l low, h high. A capital letter: "
	     "free is above that mark now."},
	{"headroom", "pages that are free above the floor; lowest: the least in the interval"},
	{"last", "lowest headroom of each report in eighths of the gauge; a rule: more; ! at or "
		 "below the floor"},
	{"latency", "a column for each power of two, its height by the logarithm of the count"},
	{"", ""},
	{"up down",
	 "choose a site: rows hold still while one is chosen; Enter opens it, Esc leaves "
	 "it"},
	{"s S", "sort by the next column; the other way round"},
	{"/", "filter: class=atomic ctx=softirq driver=e1000 order=1-3; empty: all"},
	{"t", "figures of the interval, since start, since the zero point"},
	{"z", "zero point: count from here"},
	{"space", "pause: the screen holds still, counting goes on"},
	{"?", "what this kernel does not tell, and what follows from that"},
	{"Ctrl-L", "draw anew; Ctrl-Z stops, fg goes on; q or Ctrl-C ends"},
	{"--replay", "left right: one report; [ ]: 60; < >: speed; g: go to a time"},
	{"", ""},
	{"requests",
	 "that may not sleep: class atomic, nowait, nolock. final: failed for good; opp: "
	 "the caller has a fallback. min, reserve, none: served below the low mark, "
	 "below min, below the floor."},
	{"lost", "requests whose caller went without; failed: all that failed at the site"},
	{"~", "an estimate, from a sample by site; all else is counted one by one"},
	{"audit", "what was seen, and what was not: complete, or NOT complete"},
};

static void help_draw(struct sheet *sh)
{
	for (size_t i = 0; i < ARRAY_SIZE(help); i++)
		put(sh, help[i].label, help[i].text);
}

/* ---- what is missing ---- */

static void missing_draw(struct sheet *sh, const struct top_shown *t)
{
	const struct run_info *info = &t->head.info;

	if (!info->missings)
		put(sh, "missing", "nothing: this kernel tells all that the screen has room for");
	for (unsigned int i = 0; i < info->missings; i++)
		put(sh, "missing", info->missing[i]);
	put(sh, "", "");
	for (unsigned int i = 0; i < info->hooks; i++)
		put_format(sh, i ? "" : "hooks", "%s: %s by %s", info->hook[i].name,
			   info->hook[i].target, info->hook[i].attach);
	if (info->version[0])
		put_format(sh, "program", "labyrinth %s", info->version);
}

void top_page_draw(struct grid *g, unsigned int row, unsigned int end, const struct top_shown *t,
		   const struct top_state *s)
{
	struct sheet sh = {g, row, end, s->scroll};

	switch (s->page) {
	case PAGE_SITE:
		site_draw(&sh, t, s);
		break;
	case PAGE_HELP:
		help_draw(&sh);
		break;
	default:
		missing_draw(&sh, t);
	}
}
