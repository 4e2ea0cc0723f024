// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_requests.c - see page_requests.h. */
#include "out/page_requests.h"

#include <inttypes.h>

bool page_requests_has(const struct recording *r)
{
	return r->stats > 0;
}

static void put_row(struct html *h, const char *class, const char *context, const struct row *row)
{
	bool timed = hist_count(&row->latency) > 0;

	html_put(h,
		 "<tr><th scope=\"row\" class=\"t\">%s%s%s</th><td>%" PRIu64 "</td><td>%" PRIu64
		 "</td><td>%" PRIu64 "</td>",
		 class, context[0] ? ", " : "", context, (uint64_t)row->requests,
		 (uint64_t)row->failed_final, (uint64_t)row->failed_opportunistic);
	for (unsigned int i = 0; i < LAB_LEVELS; i++)
		html_put(h, "<td>%" PRIu64 "</td>", (uint64_t)row->served[i]);
	html_put(h, "<td>%s</td><td>%s</td><td>%s</td></tr>\n",
		 cell_ns(timed, hist_quantile_ns(&row->latency, 500)).text,
		 cell_ns(timed, hist_quantile_ns(&row->latency, 990)).text,
		 cell_ns(timed, row->latency.max_ns).text);
}

/* What the kernel keeps for high orders, and requests in bulk: only where there is any. */
static void put_rest(struct html *h, const struct figures *f)
{
	const struct exclusive *e = &f->exclusive;
	const struct bulk *b = &f->bulk;

	if (e->eligible || e->hit || e->miss || e->leak || e->grown_blocks)
		html_put(h,
			 "<p>Exclusive reserve: eligible %" PRIu64 ", hit %" PRIu64
			 ", miss %" PRIu64 ", leak %" PRIu64 "; blocks grown %" PRIu64
			 ", shrunk %" PRIu64 ".</p>\n",
			 (uint64_t)e->eligible, (uint64_t)e->hit, (uint64_t)e->miss,
			 (uint64_t)e->leak, (uint64_t)e->grown_blocks, (uint64_t)e->shrunk_blocks);
	if (b->calls)
		html_put(h,
			 "<p>In bulk: %" PRIu64 " calls asked for %" PRIu64
			 " pages and got %" PRIu64 "; %" PRIu64 " came short.</p>\n",
			 (uint64_t)b->calls, (uint64_t)b->asked_pages, (uint64_t)b->got_pages,
			 (uint64_t)b->short_calls);
}

void page_requests(struct html *h, const struct recording *r)
{
	static const struct html_column columns[] = {
		{"class, context", true}, {"requests", false},
		{"failed, final", false}, {"failed, opportunistic", false},
		{"at low", false},	  {"at min", false},
		{"reserve", false},	  {"none", false},
		{"unknown", false},	  {"p50", false},
		{"p99", false},		  {"max", false}};
	const struct row sum = recording_rows(&r->total);

	HTML_TABLE(h, NULL,
		   "Since start. Opportunistic: its caller has a fallback. Served at low: above "
		   "it; at "
		   "min: between the two; reserve and none: below min",
		   columns);
	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
			if (r->total.row[c][x].requests)
				put_row(h, class_name(c), context_name(x), &r->total.row[c][x]);
	put_row(h, "all", "", &sum);
	html_table_end(h);
	put_rest(h, &r->total);
}
