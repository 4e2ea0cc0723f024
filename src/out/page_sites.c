// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_sites.c - see page_sites.h. */
#include "out/page_sites.h"

#include <inttypes.h>

#include "base/util.h"
#include "model/names.h"

#define CARDS 30 /* sites that get one of their own */
#define ROWS 100

bool page_sites_has(const struct recording *r)
{
	return recording_sites(r) || row_failed(&(struct row[]){recording_rows(&r->total)}[0]);
}

static bool in_trouble(const struct why_figures *f)
{
	return f->failed || f->below_min || f->slow;
}

static const char *verdict_of(const struct why_site *s)
{
	return s->has_example && s->example.failed ? verdict_name(s->example.verdict) : "–";
}

/* Requests are an estimate unless each of them was counted. */
static struct cell requests_of(const struct why_report *w, const struct why_figures *f)
{
	struct cell c = cell_count(w->counted, why_requests(f, w->sample_every)), about;

	if (!w->counted || w->sample_every <= 1)
		return c;
	snprintf(about.text, sizeof(about.text), "~%.40s", c.text);
	return about;
}

/* Of the failures that were told, those that dmesg did not show: what it did show is not rounded
 * away. */
static struct cell unseen_of(const struct why_figures *f)
{
	__u64 told = why_told(f), shown = f->printed[PRINTED_YES];
	struct cell c = cell_count(false, 0);

	if (told && shown <= told)
		snprintf(c.text, sizeof(c.text), "%" PRIu64 "\u00a0%%",
			 (uint64_t)(100 * (told - shown) / told));
	return c;
}

/* ---- the table ---- */

static void put_cells(struct html *h, const struct why_report *w, const struct why_figures *f,
		      const char *verdict)
{
	html_put(h, "<td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%s</td><td>%s</td>",
		 (uint64_t)f->lost, (uint64_t)f->failed, requests_of(w, f).text,
		 cell_count(w->counted || f->below_min, f->below_min).text);
	html_put(h, "<td>%s</td><td>%s</td><td class=\"t\">%s</td></tr>\n",
		 cell_ns(f->latency_max_ns, f->latency_max_ns).text, unseen_of(f).text, verdict);
}

static void put_site_row(struct html *h, const struct why_report *w, const struct why_site *s)
{
	html_put(h, s->count.lost ? "<tr class=\"alert\">" : "<tr>");
	html_put(h, "<th scope=\"row\" class=\"t\">%s<br><span class=\"mono\">%s</span></th>",
		 s->driver[0] ? s->driver : "–", s->site[0] ? s->site : "not named");
	put_cells(h, w, &s->count, verdict_of(s));
}

static void put_rest(struct html *h, const struct why_report *w, unsigned int sites,
		     const struct why_figures *f)
{
	html_put(h, "<tr><th scope=\"row\" class=\"t\">%u more site%s</th>", sites,
		 sites == 1 ? "" : "s");
	put_cells(h, w, f, "–");
}

static void put_table(struct html *h, const struct why_report *w)
{
	static const struct html_column columns[] = {
		{"driver and site", true}, {"lost", false},  {"failed", false}, {"requests", false},
		{"below min", false},	   {"worst", false}, {"unseen", false}, {"verdict", true}};
	const struct why_list *l = &w->total;
	struct why_figures rest = l->other;
	unsigned int more = (unsigned int)l->other_sites;

	HTML_TABLE(h, NULL,
		   "By driver and function, the one that lost most first. ~: estimated from a "
		   "sample; unseen: failures that dmesg did not show; –: not known",
		   columns);
	for (unsigned int i = 0; i < l->sites; i++) {
		if (i < ROWS && (in_trouble(&l->site[i].count) || i < CARDS)) {
			put_site_row(h, w, &l->site[i]);
			continue;
		}
		why_figures_add(&rest, &l->site[i].count);
		more++;
	}
	if (more || rest.failed)
		put_rest(h, w, more, &rest);
	html_table_end(h);
}

/* ---- failures by size ---- */

static void put_order_row(struct html *h, unsigned int order, const __u64 failure[LAB_LEVELS],
			  __u64 page_bytes)
{
	html_put(h, "<tr><th scope=\"row\">%u</th><td>%s</td>", order,
		 page_bytes ? cell_bytes(page_bytes << order).text : "–");
	for (unsigned int i = 0; i < LAB_LEVELS; i++)
		html_put(h, "<td>%" PRIu64 "</td>", (uint64_t)failure[i]);
	html_put(h, "</tr>\n");
}

static void put_orders(struct html *h, const struct recording *r)
{
	static const struct html_column columns[] = {
		{"order", false},	   {"size", false},    {"at low", false}, {"at min", false},
		{"in the reserve", false}, {"at none", false}, {"unknown", false}};
	const struct row sum = recording_rows(&r->total);

	if (!row_failed(&sum))
		return;
	HTML_TABLE(h, NULL,
		   "Failures by size, and where their zone stood; at low: pages enough were free, "
		   "but no block of that size",
		   columns);
	for (unsigned int o = 0; o < LAB_ORDERS; o++) {
		__u64 n = 0;

		for (unsigned int i = 0; i < LAB_LEVELS; i++)
			n += r->total.failure[o][i];
		if (n)
			put_order_row(h, o, r->total.failure[o], run_page_bytes(&r->info));
	}
	html_table_end(h);
}

/* ---- a card for each ---- */

static void put_term(struct html *h, const char *name, const char *text)
{
	if (text[0])
		html_put(h, "<dt>%s</dt><dd>%s</dd>", name, text);
}

static void put_counts(struct html *h, const struct why_report *w, const struct why_figures *f)
{
	html_put(h, "<dt>figures</dt><dd>%" PRIu64 " lost, %" PRIu64 " failed", (uint64_t)f->lost,
		 (uint64_t)f->failed);
	if (w->counted)
		html_put(h, " of %s requests", requests_of(w, f).text);
	if (w->counted || f->below_min)
		html_put(h, ", %" PRIu64 " served below min", (uint64_t)f->below_min);
	if (f->latency_max_ns)
		html_put(h, ", longest %s", cell_ns(true, f->latency_max_ns).text);
	html_put(h, "</dd>");
	if (why_told(f))
		html_put(h, "<dt>in dmesg</dt><dd>%" PRIu64 " of %" PRIu64 "</dd>",
			 (uint64_t)f->printed[PRINTED_YES], (uint64_t)why_told(f));
}

static bool put_item(struct html *h, bool listed, const char *name, __u64 n)
{
	if (n)
		html_put(h, "%s%s %" PRIu64, listed ? ", " : "", name, (uint64_t)n);
	return listed || n;
}

static void put_outcomes(struct html *h, const struct why_figures *f)
{
	bool listed = false;

	if (!f->failed)
		return;
	html_put(h, "<dt>what became of it</dt><dd>");
	listed = put_item(h, listed, "lost", f->lost);
	listed = put_item(h, listed, "recovered", f->recovered);
	listed = put_item(h, listed, "retried", f->retried);
	listed = put_item(h, listed, "not known yet", f->pending);
	put_item(h, listed, "not followed", f->not_followed);
	html_put(h, "</dd><dt>why</dt><dd>");
	listed = false;
	for (unsigned int i = 0; i < VERDICTS; i++)
		listed = put_item(h, listed, verdict_name(i), f->verdict[i]);
	html_put(h, "%s</dd>", listed ? "" : "–");
}

static void put_request(struct html *h, const struct why_case *c, __u64 page_bytes)
{
	char names[GFP_NAMES_TEXT];

	html_put(h, "<dt>request</dt><dd>order %u", (unsigned int)c->order);
	if (page_bytes && c->order < 32)
		html_put(h, " (%s)", cell_bytes(page_bytes << c->order).text);
	html_put(h, ", <code>%s</code>, %s%s%s", gfp_names(names, sizeof(names), c->gfp),
		 context_name(c->context) ?: "–",
		 c->flags & LAB_EVENT_BH_OFF ? " with bottom halves off" : "",
		 c->flags & LAB_EVENT_PREEMPT_OFF ? " with preemption off" : "");
	if (c->via[0])
		html_put(h, ", via <code>%s</code>", c->via);
	html_put(h, "</dd>");
}

static void put_why(struct html *h, const struct why_site *s)
{
	const struct why_case *c = &s->example;

	if (c->evidence[0])
		html_put(h, "<dt>evidence</dt><dd>%s%s%s</dd>", c->evidence,
			 c->how[0] ? " – recovered " : "", c->how);
	for (unsigned int i = 0; i < WHY_ADVICE && s->advice[i][0]; i++)
		html_put(h, "<dt>advice</dt><dd><span class=\"advice\">%s</span></dd>",
			 s->advice[i]);
}

static void put_stack(struct html *h, const struct why_case *c)
{
	if (!c->frames)
		return;
	html_put(h,
		 "<details><summary>Stack, innermost first (%u)</summary><ol class=\"stack mono\">",
		 c->frames);
	for (unsigned int i = 0; i < c->frames; i++) {
		const struct event_frame *f = &c->frame[i];
		char offset[EVENT_OFFSET];

		html_put(h, "<li>%s", f->symbol[0] ? f->symbol : "–");
		if (f->symbol[0])
			html_put(h, "%s", event_frame_offset(offset, f));
		html_put(h, "%s%s%s</li>", f->module[0] ? " [" : "", f->module,
			 f->module[0] ? "]" : "");
	}
	html_put(h, "</ol></details>");
}

static void put_card(struct html *h, const struct why_report *w, const struct why_site *s,
		     __u64 page_bytes)
{
	html_put(h, "<section class=\"site %s\"><h3>%s %s <span class=\"mono\">%s</span></h3><dl>",
		 s->count.lost ? "lost" : "near", s->count.lost ? "✖" : "▲", s->driver,
		 s->site[0] ? s->site : "not named");
	put_counts(h, w, &s->count);
	put_outcomes(h, &s->count);
	if (s->has_example) {
		put_why(h, s);
		put_request(h, &s->example, page_bytes);
		put_term(h, "task", s->example.facts.comm);
	}
	html_put(h, "</dl>");
	if (s->has_example)
		put_stack(h, &s->example);
	html_put(h, "</section>\n");
}

static void put_cards(struct html *h, const struct recording *r, const struct why_report *w)
{
	unsigned int cards = 0, more = 0;

	html_put(h, "<div class=\"cards\">\n");
	for (unsigned int i = 0; i < w->total.sites; i++) {
		const struct why_site *s = &w->total.site[i];

		if (!in_trouble(&s->count))
			continue;
		if (cards++ < CARDS)
			put_card(h, w, s, run_page_bytes(&r->info));
		else
			more++;
	}
	html_put(h, "</div>\n");
	if (more)
		html_put(h, "<p>%u more sites in trouble stand in the table alone.</p>\n", more);
}

void page_sites(struct html *h, const struct recording *r)
{
	const struct why_report *w = recording_sites(r);

	if (!w) {
		html_put(h,
			 "<p>No sites: recorded by the view stat, which counts requests by class "
			 "and context. <code>labyrinth why --json</code> records who they "
			 "are.</p>\n");
		put_orders(h, r);
		return;
	}
	html_put(h, "<div class=\"two\"><div>");
	put_table(h, w);
	html_put(h, "</div><div>");
	put_orders(h, r);
	html_put(h, "</div></div>\n");
	put_cards(h, r, w);
}
