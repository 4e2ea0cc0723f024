// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_zones.c - see page_zones.h. */
#include "out/page_zones.h"

#include <inttypes.h>

#include "base/util.h"

bool page_zones_has(const struct recording *r)
{
	return r->zones > 0;
}

/* Twice the highest mark, pages. */
static double top_of(const struct zone_row *z)
{
	__u64 most = z->high;

	if (z->floor != ZONE_CLOSED && (__u64)z->floor > most)
		most = (__u64)z->floor;
	return most ? 2 * (double)most : 1;
}

/* From 0 to 100, in per cent of the gauge. */
static double place(const struct zone_row *z, __u64 pages)
{
	double part = (double)pages / top_of(z);

	return 100 * (part > 1 ? 1 : part);
}

static void put_line(struct html *h, const char *class, double x)
{
	html_put(h, "<path class=\"gc\" d=\"M%.1f 0V100\"/><path class=\"%s\" d=\"M%.1f 0V100\"/>",
		 10 * x, class, 10 * x);
}

static void put_bar(struct html *h, const struct recorded_zone *z)
{
	const struct zone_row *now = &z->now;
	unsigned int id = html_id(h);

	html_put(h,
		 "<div class=\"gauge\"><svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" "
		 "role=\"img\" aria-labelledby=\"f%ut f%ud\"><title id=\"f%ut\">Zone %u/%s</title>",
		 id, id, id, now->node, now->name);
	html_put(h,
		 "<desc id=\"f%ud\">Free %" PRIu64 " pages, lowest %" PRIu64
		 "; floor %s, min %" PRIu64 ", low %" PRIu64 ", high %" PRIu64 ".</desc>",
		 id, (uint64_t)now->free, (uint64_t)z->lowest_free,
		 now->floor == ZONE_CLOSED ? "none" : cell_signed(now->floor).text,
		 (uint64_t)now->min, (uint64_t)now->low, (uint64_t)now->high);
	html_put(h,
		 "<rect class=\"gdip\" width=\"%.1f\" height=\"100\"/><rect class=\"gfree\" "
		 "width=\"%.1f\" height=\"100\"/>",
		 10 * place(now, now->free), 10 * place(now, z->lowest_free));
	put_line(h, "gm", place(now, now->min));
	put_line(h, "gm", place(now, now->low));
	put_line(h, "gm", place(now, now->high));
	if (now->floor != ZONE_CLOSED)
		put_line(h, "gf", place(now, (__u64)now->floor));
	html_put(h, "</svg>");
}

/* Names that would touch are left out: the table has the figures. */
static void put_names(struct html *h, const struct zone_row *z)
{
	double floor = z->floor == ZONE_CLOSED ? -99 : place(z, (__u64)z->floor);
	double min = place(z, z->min), high = place(z, z->high);

	html_put(h, "<span aria-hidden=\"true\">");
	if (floor >= 0)
		html_put(h, "<s class=\"f\" style=\"left:%.1f%%\">floor</s>", floor);
	if (min - floor > 11 || floor - min > 11)
		html_put(h, "<s style=\"left:%.1f%%\">min</s>", min);
	if ((high - floor > 11 || floor - high > 11) && high - min > 8)
		html_put(h, "<s class=\"minor\" style=\"left:%.1f%%\">high</s>", high);
	html_put(h, "</span></div>");
}

static void put_pages(struct html *h, bool known, __s64 pages, __u64 page_bytes, const char *mark)
{
	if (known)
		html_put(h, "<td>%s%s<br><span class=\"mut\">%s</span></td>", mark,
			 cell_signed(pages).text, cell_pages(pages, page_bytes).text);
	else
		html_put(h, "<td>–</td>");
}

static void put_zone(struct html *h, const struct recorded_zone *z, __u64 page_bytes)
{
	const struct zone_row *now = &z->now;
	bool open = now->floor != ZONE_CLOSED, trouble = open && z->lowest_headroom <= 0;

	html_put(h, trouble ? "<tr class=\"alert\">" : "<tr>");
	html_put(h, "<th scope=\"row\" class=\"t\">%u/%s</th><td class=\"t bar\">", now->node,
		 now->name);
	put_bar(h, z);
	put_names(h, now);
	html_put(h, "</td>");
	put_pages(h, true, (__s64)now->free, page_bytes,
		  (double)now->free > top_of(now) ? "▸ " : "");
	put_pages(h, open, now->floor, page_bytes, "");
	put_pages(h, open, now->headroom, page_bytes, "");
	put_pages(h, open, z->lowest_headroom, page_bytes, trouble ? "✖ " : "");
	html_put(h, "<td>%s</td></tr>\n", open ? cell_count(true, z->intervals).text : "–");
}

void page_zones(struct html *h, const struct recording *r)
{
	static const struct html_column columns[] = {{"zone", true},
						     {"from 0 to twice the highest mark", true},
						     {"free, pages", false},
						     {"floor", false},
						     {"headroom", false},
						     {"lowest headroom", false},
						     {"intervals at or below the floor", false}};

	HTML_TABLE(
		h, "gauges",
		"Gauge: linear from 0 to twice the highest mark. Dark: never less was free than "
		"that; pale: free at the end, but taken in between; ▸ more is free than the "
		"gauge shows; ✖ at or below the floor at times; – no request that is watched may "
		"use it",
		columns);
	for (unsigned int i = 0; i < r->zones; i++)
		put_zone(h, &r->zone[i], run_page_bytes(&r->info));
	html_table_end(h);
	if (r->zones_seen > r->zones)
		html_put(h, "<p>%u more zones are not shown.</p>\n", r->zones_seen - r->zones);
}
