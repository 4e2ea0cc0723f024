// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_reserve.c - see page_reserve.h. */
#include "out/page_reserve.h"

#include <inttypes.h>

#include "base/util.h"
#include "out/chart.h"

#define TABLE_ROWS 12

/* What there is to show. */
struct curve {
	struct lacks_point point[LACKS + 1];
	unsigned int points;
	__u64 lost;	/* all that were told */
	__u64 now;	/* vm.min_free_kbytes */
	bool now_known; /* as read */
	bool at_least;	/* more may be lost */
	__u64 page_bytes;
};

static struct curve *curve_of(const struct recording *r)
{
	struct curve *c = calloc(1, sizeof(*c));
	const struct why_figures sum = recording_failures(r);
	const struct why_report *sites = recording_sites(r);

	if (!c)
		return NULL;
	c->page_bytes = run_page_bytes(&r->info);
	c->now_known = r->min_free_kbytes;
	c->points = lacks_curve(&r->lacks, r->min_free_kbytes, c->page_bytes, c->point, LACKS + 1);
	c->lost = r->lacks.lost;
	c->now = c->points ? c->point[0].min_free_kbytes : 0;
	c->at_least = sites && why_at_least(sites, &sum);
	return c;
}

static const struct lacks_point *end_of(const struct curve *c)
{
	return &c->point[c->points - 1];
}

bool page_reserve_has(const struct recording *r)
{
	return r->lacks.lost > 0;
}

static const char *plural(__u64 n)
{
	return n == 1 ? "" : "s";
}

void page_reserve_sentence(struct html *h, const struct recording *r)
{
	_cleanup_(freep) struct curve *c = r->lacks.lost ? curve_of(r) : NULL;
	const struct lacks_point *end;

	if (!c || !c->points)
		return;
	end = end_of(c);
	html_put(h,
		 "<strong>A vm.min_free_kbytes of %" PRIu64 " instead of %s%" PRIu64
		 " would have covered %" PRIu64 " of the %" PRIu64 " lost request%s",
		 (uint64_t)end->min_free_kbytes, c->now_known ? "" : "about ", (uint64_t)c->now,
		 (uint64_t)end->covered, (uint64_t)c->lost, plural(c->lost));
	if (end->covered < c->lost)
		html_put(h, "; the other %" PRIu64 " no value covers",
			 (uint64_t)(c->lost - end->covered));
	html_put(h, ".</strong> ");
}

/* ---- the answer ---- */

static void put_uncovered(struct html *h, const struct recording *r)
{
	static const char *const why[VERDICTS] = {
		[VERDICT_FRAGMENTED] = "found pages, but no block of their size (fragmented)",
		[VERDICT_RESERVED] = "found pages that are kept for others (reserved)",
		[VERDICT_CONSTRAINED] = "might not use the zones that had memory (constrained)",
		[VERDICT_OVERSIZE] = "asked for a size that is never served (oversize)",
		[VERDICT_INJECTED] = "failed by fault injection",
		[VERDICT_CHARGE] = "were refused by their memory cgroup",
		[VERDICT_CONTENDED] = "might not wait for a lock",
		[VERDICT_BULK_SHORT] = "asked in bulk, which stops at low",
		[VERDICT_UNEXPLAINED] = "are unexplained",
	};
	const struct lacks *l = &r->lacks;

	if (l->other_class)
		html_put(h,
			 "<li>%" PRIu64
			 " asked without a right to the reserve, which min itself limits</li>",
			 (uint64_t)l->other_class);
	if (l->opportunistic)
		html_put(h, "<li>%" PRIu64 " were opportunistic: not meant as the last try</li>",
			 (uint64_t)l->opportunistic);
	for (unsigned int i = 0; i < VERDICTS; i++)
		if (why[i] && l->verdict[i])
			html_put(h, "<li>%" PRIu64 " %s</li>", (uint64_t)l->verdict[i], why[i]);
}

static void put_answer(struct html *h, const struct recording *r, const struct curve *c)
{
	__u64 covered = c->points ? end_of(c)->covered : 0;
	const char *word = covered == c->lost	    ? "Yes."
			   : covered * 2 >= c->lost ? "Yes, mostly."
			   : covered		    ? "For some."
						    : "No.";

	html_put(h, "<p><strong>%s</strong> %" PRIu64 " of the %" PRIu64 " lost request%s %s", word,
		 (uint64_t)r->lacks.drawn, (uint64_t)c->lost, plural(c->lost),
		 r->lacks.drawn == 1 ? "was" : "were");
	html_put(h, " short of pages that a larger reserve would have held.");
	if (r->lacks.drawn > covered)
		html_put(h,
			 " %" PRIu64 " of these would take more than a twentieth of memory, which "
			 "is never advised, or it is not known how much.",
			 (uint64_t)(r->lacks.drawn - covered));
	if (c->at_least)
		html_put(h,
			 " More may be lost than were reported one by one: these are not in it.");
	html_put(h, "</p>\n");
	if (r->lacks.drawn == c->lost)
		return;
	html_put(h, "<p>Of the others, which no value would have covered:</p><ul>");
	put_uncovered(h, r);
	html_put(h, "</ul>\n");
}

/* ---- the curve ---- */

static double curve_x(const struct curve *c, __u64 kbytes)
{
	__u64 span = end_of(c)->min_free_kbytes - c->now;

	/* A tenth more, so that the last step is seen as one. */
	return span ? CHART_WIDTH / 1.1 * (double)(kbytes - c->now) / (double)span : 0;
}

static void put_steps(struct html *h, const struct curve *c, const struct chart_scale *s,
		      const char *class, bool closed)
{
	struct chart_path p = chart_path(h, class, closed);
	double y = CHART_HEIGHT;

	for (unsigned int i = 0; i < c->points; i++) {
		double x = curve_x(c, c->point[i].min_free_kbytes);

		if (i)
			chart_point(&p, x, y);
		y = chart_y(s, (double)c->point[i].covered);
		chart_point(&p, x, y);
	}
	chart_point(&p, CHART_WIDTH, y);
	chart_path_end(&p);
}

static void put_curve_labels(struct html *h, const struct curve *c, const struct chart_scale *s)
{
	const struct lacks_point *middle = &c->point[c->points / 2];
	double x = curve_x(c, middle->min_free_kbytes);

	chart_labels(h);
	chart_scale_labels(h, s);
	chart_below(h, 0, CHART_FIRST, false, cell_count(true, c->now).text);
	if (x > 200 && x < 700)
		chart_below(h, x, CHART_MIDDLE, true,
			    cell_count(true, middle->min_free_kbytes).text);
	chart_below(h, curve_x(c, end_of(c)->min_free_kbytes), CHART_MIDDLE, false,
		    cell_count(true, end_of(c)->min_free_kbytes).text);
	chart_right(h, chart_y(s, (double)c->lost), false, "all");
	chart_name(h, "covered, by vm.min_free_kbytes");
	chart_end(h);
}

static void put_curve(struct html *h, const struct curve *c)
{
	struct chart_scale s = chart_scale((double)c->lost);
	struct chart_path p;
	char text[200];

	snprintf(text, sizeof(text),
		 "At %" PRIu64 " kB, %" PRIu64 " of %" PRIu64 " lost requests are covered; %" PRIu64
		 " cannot be covered by any value.",
		 (uint64_t)end_of(c)->min_free_kbytes, (uint64_t)end_of(c)->covered,
		 (uint64_t)c->lost, (uint64_t)(c->lost - end_of(c)->covered));
	html_put(h, "<figure><figcaption>Covered by a larger reserve. <span class=\"mut\">Urgent "
		    "requests may take five eighths of min, and a zone has its share of it: so "
		    "the setting must grow by 8/5 of what was lacking. This takes the load as it "
		    "was, and kswapd as keeping the same distance from higher marks.</span>"
		    "</figcaption>\n");
	chart_begin(h, 12, "Lost requests that a larger vm.min_free_kbytes would have covered",
		    text);
	chart_scale_grid(h, &s);
	put_steps(h, c, &s, "a1", true);
	put_steps(h, c, &s, "l1", false);
	p = chart_path(h, "mark", false);
	chart_point(&p, 0, chart_y(&s, (double)c->lost));
	chart_point(&p, CHART_WIDTH, chart_y(&s, (double)c->lost));
	chart_path_end(&p);
	put_curve_labels(h, c, &s);
	html_put(h, "</figure>");
}

static void put_curve_row(struct html *h, const struct curve *c, const struct lacks_point *p)
{
	bool now = p == c->point;

	html_put(h,
		 "<tr><th scope=\"row\">%" PRIu64 "%s</th><td>%" PRIu64 "</td><td>%s</td><td>%s"
		 "</td></tr>\n",
		 (uint64_t)p->min_free_kbytes,
		 !now		? ""
		 : c->now_known ? " (now)"
				: " (now, about)",
		 (uint64_t)p->covered, cell_percent((double)p->covered / (double)c->lost).text,
		 now ? "–" : cell_bytes((p->min_free_kbytes - c->now) * 1024).text);
}

static void put_curve_table(struct html *h, const struct curve *c)
{
	static const struct html_column columns[] = {{"vm.min_free_kbytes", false},
						     {"lost requests covered", false},
						     {"of all lost", false},
						     {"memory set aside", false}};
	unsigned int every = c->points / TABLE_ROWS + 1;

	html_put(h, "<div>");
	HTML_TABLE(h, NULL, "Values rounded up to 1024 kB", columns);
	for (unsigned int i = 0; i < c->points; i++)
		if (i % every == 0 || i + 1 == c->points)
			put_curve_row(h, c, &c->point[i]);
	html_table_end(h);
	html_put(h, "<p class=\"mut\">The setting is for all of the machine. It keeps memory from "
		    "everything else, and makes kswapd start earlier.</p></div>");
}

void page_reserve(struct html *h, const struct recording *r)
{
	_cleanup_(freep) struct curve *c = curve_of(r);

	if (!c)
		return;
	put_answer(h, r, c);
	if (!c->points)
		return;
	html_put(h, "<div class=\"two\">\n");
	put_curve(h, c);
	put_curve_table(h, c);
	html_put(h, "</div>\n");
}
