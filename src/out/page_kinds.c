// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_kinds.c - see page_kinds.h. */
#include "out/page_kinds.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/util.h"
#include "model/names.h"

#define ROWS 60
#define DECADES 6 /* of the axis: 0.0001 % to 100 % */

bool page_kinds_has(const struct recording *r)
{
	return r->flagses > 0;
}

static const char *below_min(__u32 gfp)
{
	static const char *const texts[FLAGS_RIGHTS_NR] = {
		[FLAGS_RIGHTS_NONE] = "no",
		[FLAGS_RIGHTS_HALF] = "to 1/2 of min",
		[FLAGS_RIGHTS_THREE_EIGHTH] = "to 3/8 of min",
		[FLAGS_RIGHTS_ALL] = "to 0",
	};

	return texts[flags_rights_of(gfp)];
}

/* A mask breaks behind its bars. */
static void put_mask(struct html *h, __u32 gfp)
{
	char names[GFP_NAMES_TEXT];
	const char *s = gfp_kind_names(names, sizeof(names), gfp);

	html_put(h, "<th scope=\"row\" class=\"t\"><span class=\"mono\">");
	while (*s) {
		size_t len = strcspn(s, "|");

		html_put(h, "%.*s", (int)len, s);
		s += len;
		if (*s++ != '|')
			break;
		html_put(h, "|<wbr>");
	}
	html_put(h, "</span></th>");
}

static double log_x(double p)
{
	double x = p > 0 ? (log10(p) + DECADES) / DECADES : 0;

	return 1000 * (x < 0 ? 0 : x);
}

/* A whisker from the edge includes "never". */
static void put_interval(struct html *h, const struct proportion *p)
{
	html_put(
		h,
		"<td class=\"t\"><svg class=\"ci\" viewBox=\"0 0 1000 20\" "
		"preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"z\" d=\"M0 "
		"18H1000M0 14V20M167 14V20M333 14V20M500 14V20M667 14V20M833 14V20M1000 14V20\"/>");
	html_put(h,
		 "<path class=\"w\" d=\"M%.1f 10H%.1f\"/><path class=\"d\" d=\"M%.1f "
		 "10h.01\"/></svg></td>",
		 log_x(p->low), log_x(p->high), log_x(p->estimate));
}

static void put_probability(struct html *h, const struct flags_count *c, bool all)
{
	struct proportion p = proportion_of(flags_failed(c), flags_requests(c));

	if (!p.known || !all) {
		html_put(h, "<td>–</td><td></td>");
		return;
	}
	html_put(h, "<td>%s<br><span class=\"mut\">%s to %s</span></td>",
		 cell_percent(p.estimate).text, cell_percent(p.low).text,
		 cell_percent(p.high).text);
	put_interval(h, &p);
}

static void put_times(struct html *h, const struct hist *l, bool slow)
{
	bool any = hist_count(l) > 0;

	if (!any)
		html_put(h, "<td>–</td>");
	else
		html_put(h, "<td>%s<br><span class=\"mut\">%s</span></td>",
			 cell_ns(true, hist_quantile_ns(l, 500)).text,
			 cell_ns(true, slow ? l->max_ns : hist_quantile_ns(l, 990)).text);
}

static void put_kind(struct html *h, const struct flags_kind *k, bool all)
{
	const struct flags_count *c = &k->total;
	__u64 requests = flags_requests(c);
	__u64 reserve = c->served[LAB_LEVEL_RESERVE] + c->served[LAB_LEVEL_NONE];

	html_put(h, "<tr>");
	put_mask(h, k->gfp);
	html_put(h,
		 "<td class=\"t\">%s<br><span class=\"mut\">%s</span></td><td class=\"t\">%s</td>",
		 class_name(lab_class_of(k->gfp)),
		 flags_may_sleep(k->gfp) ? "may sleep" : "may not sleep", below_min(k->gfp));
	html_put(h, "<td>%" PRIu64 "</td><td>%" PRIu64 "</td>", (uint64_t)requests,
		 (uint64_t)flags_failed(c));
	put_probability(h, c, all);
	html_put(h, "<td>%s</td>",
		 requests ? cell_percent((double)reserve / (double)requests).text : "–");
	put_times(h, &c->fast, false);
	put_times(h, &c->slow, true);
	html_put(h, "</tr>\n");
}

void page_kinds(struct html *h, const struct recording *r)
{
	static const struct html_column columns[] = {{"gfp mask", true},
						     {"class", true},
						     {"below min", true},
						     {"requests", false},
						     {"failed", false},
						     {"failure, and 95 % interval", false},
						     {"0.0001 % … 100 %, log", true},
						     {"out of reserve", false},
						     {"fast: p50 and p99", false},
						     {"slow: p50 and max", false}};
	_cleanup_(freep) const struct flags_kind **kind = NULL;
	const struct show whole = {0};
	size_t kinds = flags_sorted(&r->flags, &whole, false, &kind);
	size_t shown = kinds < ROWS ? kinds : ROWS;

	if (!kind)
		return;
	html_put(h, "<p class=\"src\">Since the start of the view flags%s.</p>\n",
		 r->flags.head.total_ns ? "" : ", whose length is not known");
	HTML_TABLE(h, NULL, "The kinds of requests by their mask, the one with most requests first",
		   columns);
	for (size_t i = 0; i < shown; i++)
		put_kind(h, kind[i], !r->flags.head.total.skipped);
	html_table_end(h);
	if (shown < kinds)
		html_put(h, "<p>%zu more kinds are not shown.</p>\n", kinds - shown);
	html_put(h, "<p class=\"mut\">The interval takes requests as independent of each other; "
		    "failures come in bursts, so over a short time trust it less. A whisker that "
		    "starts at the left edge includes no failure at all.</p>\n");
}
