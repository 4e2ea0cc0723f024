// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* compare_page.c - see compare_page.h. */
#include "out/compare_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/util.h"
#include "out/chart.h"
#include "out/page_latency.h"
#include "out/page_verdict.h"
#include "out/page_when.h"

#define MINUS "\u2212"

/* How a figure is called, and shown. */
static const struct figure_text {
	const char *name;
	enum { RATE, TIME, PAGES, SHARE } shown;
} figure_text[COMPARE_KINDS] = {
	[COMPARE_REQUESTS] = {"requests a second", RATE},
	[COMPARE_LOST] = {"lost a minute", RATE},
	[COMPARE_FAILED] = {"failed a minute", RATE},
	[COMPARE_BELOW] = {"served below min, of 1000", RATE},
	[COMPARE_P50] = {"latency p50", TIME},
	[COMPARE_P99] = {"latency p99", TIME},
	[COMPARE_P999] = {"latency p99.9", TIME},
	[COMPARE_HEADROOM] = {"headroom, mean of the lowest, pages", PAGES},
	[COMPARE_COST] = {"cost, % of a processor", SHARE},
};

static struct cell plain(double v, unsigned int shown)
{
	double size = fabs(v);
	struct cell c;

	if (shown == TIME)
		return cell_ns(true, (__u64)llround(size));
	snprintf(c.text, sizeof(c.text), "%.*f",
		 shown == SHARE			   ? 3
		 : shown == PAGES || size >= 999.5 ? 0
		 : size >= 99.95		   ? 1
						   : 2,
		 size);
	return c;
}

/* With its sign, "+" too. */
static struct cell with_sign(double v, unsigned int shown, bool plus)
{
	const struct cell c = plain(v, shown);
	struct cell all;

	snprintf(all.text, sizeof(all.text), "%s%.48s",
		 v < 0		 ? MINUS
		 : plus && v > 0 ? "+"
				 : "",
		 c.text);
	return all;
}

/* ---- the answer ---- */

/* What the page is asked for: the worst harm that both know of. */
static enum compare_kind question(const struct compare *c)
{
	const struct compare_figure *f = c->figure;

	if (f[COMPARE_LOST].known &&
	    (f[COMPARE_LOST].is.before > 0 || f[COMPARE_LOST].is.after > 0))
		return COMPARE_LOST;
	if (f[COMPARE_FAILED].is.before > 0 || f[COMPARE_FAILED].is.after > 0)
		return COMPARE_FAILED;
	return COMPARE_BELOW;
}

static bool is_better(const struct compare_figure *f)
{
	return f->is.exceeds && f->better * f->is.change > 0;
}

static unsigned int episodes_in(const struct recording *r)
{
	struct episode none[1];

	return timeline_episodes(&r->time, none, 0);
}

static void put_answer_figures(struct html *h, const struct compare *c, enum compare_kind kind)
{
	const struct compare_figure *f = &c->figure[kind];
	unsigned int shown = figure_text[kind].shown;

	if (c->before->min_free_kbytes != c->after->min_free_kbytes)
		html_put(h, " With vm.min_free_kbytes at %s instead of %s:",
			 cell_count(c->after->min_free_kbytes, c->after->min_free_kbytes).text,
			 cell_count(c->before->min_free_kbytes, c->before->min_free_kbytes).text);
	html_put(h,
		 " %s: %s before, %s after, which is %s (95 %% interval: %s to %s). Episodes of "
		 "trouble: %u before, %u after. ",
		 figure_text[kind].name, plain(f->is.before, shown).text,
		 plain(f->is.after, shown).text, with_sign(f->is.change, shown, true).text,
		 with_sign(f->is.low, shown, true).text, with_sign(f->is.high, shown, true).text,
		 episodes_in(c->before), episodes_in(c->after));
}

static void put_load(struct html *h, const struct compare *c)
{
	const struct compare_figure *load = &c->figure[COMPARE_REQUESTS];
	const struct compare_figure *p50 = &c->figure[COMPARE_P50];

	if (load->is.exceeds)
		html_put(h,
			 "The load was not the same: %s requests a second before, %s after. The "
			 "difference may be that of another time. ",
			 plain(load->is.before, RATE).text, plain(load->is.after, RATE).text);
	else
		html_put(h, "The load was the same within noise. ");
	if (p50->known)
		html_put(h, p50->is.exceeds ? "Latency at the median did change beyond noise."
					    : "Latency at the median did not change beyond noise.");
}

static void put_refused(struct html *h, const struct compare *c)
{
	bool listed = false;

	html_put(h, "<div class=\"verdict near\"><p><span class=\"word\">▲ Not compared.</span> ");
	for (unsigned int i = 0; i < COMPARE_WHATS; i++)
		if (i != COMPARE_REPORTS && !compare_is_alike(c, i)) {
			html_put(h, "%s%s",
				 listed ? ", " : "These two do not count the same thing: ",
				 compare_what_name(i));
			listed = true;
		}
	if (listed)
		html_put(h, ". ");
	if (!compare_is_alike(c, COMPARE_REPORTS))
		html_put(h,
			 "There are %u and %u reports of the view stat, where %u are the least. ",
			 c->before->stats, c->after->stats, COMPARE_LEAST_REPORTS);
	html_put(h, "No difference is worked out; each has its own report.</p></div>\n");
}

static void section_did(struct html *h, const void *of)
{
	const struct compare *c = of;
	enum compare_kind kind;
	const struct compare_figure *f;

	if (!c->alike) {
		put_refused(h, c);
		return;
	}
	kind = question(c);
	f = &c->figure[kind];
	if (!f->known) {
		html_put(h,
			 "<div class=\"verdict near\"><p><span class=\"word\">▲ Too short.</span> "
			 "There are fewer than %u stretches of %s in one of them: longer "
			 "recordings are needed.</p></div>\n",
			 COMPARE_LEAST_BLOCKS, cell_duration(c->block_ns).text);
		return;
	}
	html_put(h, "<div class=\"verdict %s\"><p><span class=\"word\">%s</span>",
		 is_better(f)	 ? "fine"
		 : f->is.exceeds ? "lost"
				 : "near",
		 is_better(f)	 ? "✔ Better, beyond noise."
		 : f->is.exceeds ? "✖ Worse, beyond noise."
				 : "▲ No difference beyond noise.");
	put_answer_figures(h, c, kind);
	put_load(h, c);
	html_put(h, "</p></div>\n");
}

/* ---- differences ---- */

/* From -100 % to +100 % of the figure before. */
static double place(const struct difference *d, double v)
{
	double part = d->before != 0 ? v / fabs(d->before) : v > 0 ? 1 : v < 0 ? -1 : 0;

	return 500 + 500 * (part > 1 ? 1 : part < -1 ? -1 : part);
}

static void put_whisker(struct html *h, const struct difference *d)
{
	html_put(h,
		 "<td class=\"t\"><svg class=\"ci%s\" viewBox=\"0 0 1000 20\" "
		 "preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"z\" d=\"M500 "
		 "0V20\"/><path class=\"w\" d=\"M%.1f 10H%.1f\"/><path class=\"d\" d=\"M%.1f "
		 "10h.01\"/></svg></td>",
		 d->exceeds ? " yes" : "", place(d, d->low), place(d, d->high),
		 place(d, d->change));
}

static void put_yes(struct html *h, const struct compare_figure *f)
{
	const char *how = !f->better ? "" : is_better(f) ? ", better" : ", worse";

	if (f->is.exceeds)
		html_put(h, "<td class=\"t\"><span class=\"yes\">%s yes%s</span></td></tr>\n",
			 f->better && !is_better(f) ? "✖" : "✔", how);
	else
		html_put(h, "<td class=\"t\">no</td></tr>\n");
}

static void put_figure(struct html *h, const struct compare_figure *f, const struct figure_text *t)
{
	const struct difference *d = &f->is;
	struct cell relative = {"–"};

	if (d->before != 0)
		snprintf(relative.text, sizeof(relative.text), "%s%.0f\u00a0%%",
			 fabs(d->change / d->before) < 0.005 ? ""
			 : d->change < 0		     ? MINUS
							     : "+",
			 fabs(100 * d->change / d->before));
	html_put(h,
		 "<tr><th scope=\"row\" "
		 "class=\"t\">%s</th><td>%s</td><td>%s</td><td>%s</td><td>%s</td>",
		 t->name, with_sign(d->before, t->shown, false).text,
		 with_sign(d->after, t->shown, false).text,
		 with_sign(d->change, t->shown, true).text, relative.text);
	html_put(h, "<td>%s … %s</td>", with_sign(d->low, t->shown, true).text,
		 with_sign(d->high, t->shown, true).text);
	put_whisker(h, d);
	put_yes(h, f);
}

static void section_diff(struct html *h, const void *of)
{
	static const struct html_column columns[] = {{"figure", true},
						     {"before", false},
						     {"after", false},
						     {"difference", false},
						     {"relative", false},
						     {"95 % interval", false},
						     {MINUS "100 % … 0 … +100 %", true},
						     {"exceeds noise", true}};
	const struct compare *c = of;

	HTML_TABLE(
		h, NULL,
		"After less before. The dot is the difference, the line its 95 % interval; where "
		"the line crosses the middle, it may be noise",
		columns);
	for (unsigned int i = 0; i < COMPARE_KINDS; i++)
		if (c->figure[i].known)
			put_figure(h, &c->figure[i], &figure_text[i]);
	html_table_end(h);
	if (c->zone_before >= 0)
		html_put(h, "<p class=\"mut\">Headroom: of zone %u/%s.</p>\n",
			 c->before->zone[c->zone_before].now.node,
			 c->before->zone[c->zone_before].now.name);
}

/* ---- over time ---- */

static double highest(const struct timeline *t, enum timeline_count count)
{
	double most = 0;

	for (unsigned int i = 0; i < t->columns; i++)
		most = t->column[i].most[count] > most ? t->column[i].most[count] : most;
	return most;
}

static void put_harm(struct html *h, const struct recording *r, const struct chart_scale *s,
		     enum timeline_count count, const char *side)
{
	const char *what = count == TIMELINE_LOST ? "Lost" : "Failed";
	char title[96], text[96];

	snprintf(title, sizeof(title), "%s requests per second, %s", what, side);
	snprintf(text, sizeof(text), "%" PRIu64 " in all, at most %.0f in one second.",
		 (uint64_t)timeline_sum(&r->time, count), highest(&r->time, count));
	chart_begin(h, 3, title, text);
	chart_scale_grid(h, s);
	page_when_bands(h, &r->time);
	page_when_bars(h, &r->time, count, "lostbar", s->top);
	chart_labels(h);
	chart_scale_labels(h, s);
	chart_name(h, count == TIMELINE_LOST ? "lost a second" : "failed a second");
	chart_end(h);
}

static void put_side(struct html *h, const struct recording *r, const struct chart_scale *s,
		     enum timeline_count count, int zone, const char *side)
{
	html_put(h,
		 "<figure><figcaption>%s <span class=\"mut\">Both figures have the same axis of "
		 "requests.</span></figcaption>\n",
		 strcmp(side, "before") == 0 ? "Before." : "After.");
	put_harm(h, r, s, count, side);
	if (zone >= 0)
		page_when_headroom(h, &r->time, &r->zone[zone], (unsigned int)zone,
				   run_page_bytes(&r->info), true);
	html_put(h, "</figure>\n");
}

static bool has_over(const void *of)
{
	const struct compare *c = of;

	return c->alike && c->before->time.columns >= PAGE_WHEN_LEAST &&
	       c->after->time.columns >= PAGE_WHEN_LEAST;
}

static void section_over(struct html *h, const void *of)
{
	const struct compare *c = of;
	bool lost = recording_sites(c->before) && recording_sites(c->after);
	enum timeline_count count = lost ? TIMELINE_LOST : TIMELINE_FAILED;
	double before = highest(&c->before->time, count), after = highest(&c->after->time, count);
	const struct chart_scale s = chart_scale(before > after ? before : after);

	put_side(h, c->before, &s, count, c->zone_before, "before");
	put_side(h, c->after, &s, count, c->zone_after, "after");
}

/* ---- latency ---- */

static bool has_latency(const void *of)
{
	const struct compare *c = of;

	return c->alike && page_latency_has(c->before) && page_latency_has(c->after);
}

static void section_latency(struct html *h, const void *of)
{
	const struct compare *c = of;
	const struct row before = recording_rows(&c->before->total);
	const struct row after = recording_rows(&c->after->total);
	const struct page_latencies l[] = {{"before", &before.latency}, {"after", &after.latency}};

	html_put(h, "<div class=\"two\"><div>");
	page_percentile_chart(h, l, 2);
	html_put(h, "</div><div>");
	page_percentile_table(h, l, 2);
	html_put(h, "</div></div>\n");
}

/* ---- alike? ---- */

static void put_pair(struct html *h, const char *what, const char *before, const char *after,
		     const char *alike, bool wrong)
{
	html_put(h, wrong ? "<tr class=\"alert\">" : "<tr>");
	html_put(h,
		 "<th scope=\"row\" class=\"t\">%s</th><td class=\"t\">%s</td><td class=\"t\">%s"
		 "</td><td class=\"t\">%s</td></tr>\n",
		 what, before, after, alike);
}

/* What may differ: it is what was changed, or not. */
static void put_may_differ(struct html *h, const char *what, const char *before, const char *after)
{
	put_pair(h, what, before, after, strcmp(before, after) == 0 ? "same" : "differs", false);
}

static void put_marks(struct html *h, const struct compare *c)
{
	char what[64];

	if (c->zone_before < 0)
		return;
	snprintf(what, sizeof(what), "min of %u/%s, pages",
		 c->before->zone[c->zone_before].now.node,
		 c->before->zone[c->zone_before].now.name);
	put_may_differ(h, what, cell_count(true, c->before->zone[c->zone_before].now.min).text,
		       cell_count(true, c->after->zone[c->zone_after].now.min).text);
}

static void section_alike(struct html *h, const void *of)
{
	static const struct html_column columns[] = {
		{"what", true}, {"before", true}, {"after", true}, {"alike?", true}};
	const struct compare *c = of;
	bool complete = page_complete(c->before) && page_complete(c->after);
	char before[160], after[160];

	HTML_TABLE(h, NULL,
		   "What must be alike for the differences to mean anything, and what may differ",
		   columns);
	for (unsigned int i = 0; i < COMPARE_WHATS; i++) {
		bool alike = compare_is_alike(c, i);

		compare_what_text(c->before, i, before, sizeof(before));
		compare_what_text(c->after, i, after, sizeof(after));
		put_pair(h, compare_what_name(i), before, after,
			 alike			? i == COMPARE_REPORTS ? "enough" : "same"
			 : i == COMPARE_REPORTS ? "✖ too few"
						: "✖ differs",
			 !alike);
	}
	put_pair(h, "audit", page_complete(c->before) ? "complete" : "not complete",
		 page_complete(c->after) ? "complete" : "not complete",
		 complete ? "both" : "see their own reports", !complete);
	put_may_differ(h, "host", c->before->info.host, c->after->info.host);
	put_may_differ(h, "kernel", c->before->info.kernel, c->after->info.kernel);
	put_may_differ(h, "labyrinth", c->before->info.version, c->after->info.version);
	put_marks(h, c);
	put_may_differ(h, "vm.min_free_kbytes",
		       cell_count(c->before->min_free_kbytes, c->before->min_free_kbytes).text,
		       cell_count(c->after->min_free_kbytes, c->after->min_free_kbytes).text);
	html_table_end(h);
}

/* ---- how ---- */

static void section_how(struct html *h, const void *of)
{
	const struct compare *c = of;
	unsigned int tested = 0;

	for (unsigned int i = 0; i < COMPARE_KINDS; i++)
		tested += c->figure[i].known;
	html_put(
		h,
		"<p>Requests come in bursts, so seconds are not independent, and a plain test of "
		"seconds would find differences everywhere. Each recording is cut into stretches "
		"of %s: no shorter than ten seconds, than the longest episode of either, or than a "
		"fortieth of the recording. Each gives one value, and the two sets of values are "
		"compared by Welch's t interval, for rates that of a ratio of sums. A difference "
		"exceeds noise when its 95 %% interval does not contain zero.</p>\n",
		cell_duration(c->block_ns).text);
	html_put(h,
		 "<p>%u figures are tested on this page: one in twenty exceeds noise by chance "
		 "alone. With a single episode on either side the interval will rightly contain "
		 "zero: record until there were several.</p>\n",
		 tested);
}

/* ---- the page ---- */

static void put_files(struct html *h, const char *name, const struct recording *r,
		      const struct report_files *files)
{
	html_put(h, "<div><dt>%s</dt><dd>", name);
	for (unsigned int i = 0; i < files->files; i++)
		html_put(h, "%s%s", i ? ", " : "", files->file[i]);
	if (r->time.columns)
		html_put(h, ": %s from %s %s", cell_duration(r->total_ns).text,
			 cell_date(h, r->time.column[0].from_ns).text,
			 cell_zone(h, r->time.column[0].from_ns).text);
	html_put(h, "</dd></div>");
}

static bool has_figures(const void *of)
{
	const struct compare *c = of;

	return c->alike && c->figure[COMPARE_REQUESTS].known;
}

void compare_page(FILE *f, const struct compare *c, const struct report_files files[2])
{
	static const struct page_section sections[] = {
		{"did", "Did it help?", NULL, section_did},
		{"diff", "Differences", has_figures, section_diff},
		{"over", "Over time", has_over, section_over},
		{"lat", "Latency", has_latency, section_latency},
		{"alike", "Are the two alike?", NULL, section_alike},
		{"how", "How noise is told", has_figures, section_how},
	};
	struct html h = {.f = f, .zone = c->before->info.time_zone};

	page_begin(&h, "labyrinth report: before and after");
	html_put(&h, "<dl class=\"facts\">");
	put_files(&h, "Before", c->before, &files[0]);
	put_files(&h, "After", c->after, &files[1]);
	html_put(&h, "</dl>\n");
	page_sections(&h, sections, ARRAY_SIZE(sections), c);
	page_end(&h);
}
