// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_when.c - see page_when.h. */
#include "out/page_when.h"

#include <inttypes.h>

#include "base/util.h"
#include "out/chart.h"

#define PANELS 4      /* zones that are drawn */
#define TABLE_ROWS 20 /* of the timeline in figures */

bool page_when_has(const struct recording *r)
{
	return r->time.columns >= PAGE_WHEN_LEAST || (!r->stats && r->lost_time.columns > 1);
}

static struct chart_time time_of(const struct timeline *t)
{
	return (struct chart_time){t->column[0].from_ns, t->column[t->columns - 1].to_ns};
}

static double highest(const struct timeline *t, enum timeline_count count)
{
	double most = 0;

	for (unsigned int i = 0; i < t->columns; i++)
		most = t->column[i].most[count] > most ? t->column[i].most[count] : most;
	return most;
}

static double least(const struct timeline *t, enum timeline_count count)
{
	double rate = highest(t, count);

	for (unsigned int i = 0; i < t->columns; i++)
		rate = t->column[i].most[count] < rate ? t->column[i].most[count] : rate;
	return rate;
}

static unsigned int episodes_of(const struct timeline *t, struct episode e[PAGE_EPISODES])
{
	unsigned int n = timeline_episodes(t, e, PAGE_EPISODES);

	return n < PAGE_EPISODES ? n : PAGE_EPISODES;
}

/* ---- marks ---- */

void page_when_bands(struct html *h, const struct timeline *t)
{
	const struct chart_time time = time_of(t);
	struct episode e[PAGE_EPISODES];
	unsigned int n = episodes_of(t, e);

	for (unsigned int i = 0; i < n; i++) {
		double x = chart_x(&time, t->column[e[i].first].from_ns);

		chart_box(h, "band", x, 0, chart_x(&time, t->column[e[i].last].to_ns) - x,
			  CHART_HEIGHT);
	}
}

static void put_letters(struct html *h, const struct timeline *t)
{
	const struct chart_time time = time_of(t);
	struct episode e[PAGE_EPISODES];
	unsigned int n = episodes_of(t, e);

	for (unsigned int i = 0; i < n; i++) {
		const char letter[] = {(char)('A' + i), '\0'};
		double from = chart_x(&time, t->column[e[i].first].from_ns);
		double to = chart_x(&time, t->column[e[i].last].to_ns);

		chart_letter(h, (from + to) / 2, letter);
	}
}

/* Is there time between the two that nobody watched? */
static bool is_gap(const struct column *before, const struct column *c)
{
	return c->from_ns > before->to_ns + (before->to_ns - before->from_ns) / 2;
}

static void put_line(struct html *h, const struct timeline *t, enum timeline_count count,
		     const struct chart_scale *s, const char *class, bool closed)
{
	const struct chart_time time = time_of(t);
	struct chart_path p = chart_path(h, class, closed);

	for (unsigned int i = 0; i < t->columns; i++) {
		const struct column *c = &t->column[i];

		if (i && is_gap(c - 1, c))
			chart_lift(&p);
		chart_point(&p, (chart_x(&time, c->from_ns) + chart_x(&time, c->to_ns)) / 2,
			    chart_y(s, c->most[count]));
	}
	chart_path_end(&p);
}

void page_when_bars(struct html *h, const struct timeline *t, enum timeline_count count,
		    const char *class, double top)
{
	const struct chart_scale s = chart_scale(top);
	const struct chart_time time = time_of(t);
	struct chart_path p = chart_path(h, class, false);

	for (unsigned int i = 0; i < t->columns; i++) {
		const struct column *c = &t->column[i];
		double x = chart_x(&time, c->from_ns), width = chart_x(&time, c->to_ns) - x;
		double y = chart_y(&s, c->most[count]);

		/* One of many is seen all the same. */
		if (c->most[count] > 0 && y > CHART_HEIGHT - 1.5)
			y = CHART_HEIGHT - 1.5;
		if (c->most[count] > 0)
			chart_bar(&p, x + width / 8, width * 3 / 4 > 0.5 ? width * 3 / 4 : 0.5, y,
				  CHART_HEIGHT - y);
	}
	chart_path_end(&p);
}

/* ---- panels ---- */

static void put_requests(struct html *h, const struct timeline *t)
{
	const struct chart_scale s = chart_scale(highest(t, TIMELINE_REQUESTS));
	char text[96];

	snprintf(text, sizeof(text), "Between %.0f and %.0f a second.", least(t, TIMELINE_REQUESTS),
		 highest(t, TIMELINE_REQUESTS));
	chart_begin(h, 4.5, "Requests per second", text);
	chart_scale_grid(h, &s);
	page_when_bands(h, t);
	put_line(h, t, TIMELINE_REQUESTS, &s, "a1", true);
	put_line(h, t, TIMELINE_REQUESTS, &s, "l1", false);
	chart_labels(h);
	chart_scale_labels(h, &s);
	put_letters(h, t);
	chart_name(h, "requests a second");
	chart_end(h);
}

static void put_below(struct html *h, const struct timeline *t)
{
	const struct chart_scale s = chart_scale(highest(t, TIMELINE_BELOW_MIN));
	char text[64];

	snprintf(text, sizeof(text), "At most %.0f a second.", highest(t, TIMELINE_BELOW_MIN));
	chart_begin(h, 3, "Served below min, per second", text);
	chart_scale_grid(h, &s);
	page_when_bands(h, t);
	page_when_bars(h, t, TIMELINE_BELOW_MIN, "nearbar", s.top);
	chart_labels(h);
	chart_scale_labels(h, &s);
	chart_name(h, "served below min, a second");
	chart_end(h);
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static void put_failures(struct html *h, const struct timeline *t, bool lost_known, bool last)
{
	double most = larger(highest(t, TIMELINE_FAILED), highest(t, TIMELINE_LOST));
	const struct chart_scale s = chart_scale(most);
	const struct chart_time time = time_of(t);
	char text[128];

	snprintf(text, sizeof(text),
		 lost_known ? "At most %.0f failed and %.0f lost a second."
			    : "At most %.0f failed a second.",
		 highest(t, TIMELINE_FAILED), highest(t, TIMELINE_LOST));
	chart_begin(h, 3.5,
		    lost_known ? "Failed and lost requests per second"
			       : "Failed requests per second",
		    text);
	chart_scale_grid(h, &s);
	page_when_bands(h, t);
	page_when_bars(h, t, TIMELINE_FAILED, "failbar", s.top);
	page_when_bars(h, t, TIMELINE_LOST, "lostbar", s.top);
	chart_labels(h);
	chart_scale_labels(h, &s);
	if (last)
		chart_time_labels(h, &time);
	chart_name(h, lost_known ? "failed (outline) and lost (solid), a second"
				 : "failed, a second; lost is not recorded");
	chart_end(h);
}

/* ---- headroom ---- */

/* From the floor, pages: what is above `top` is no news. */
struct headroom_axis {
	double low, top;
};

static struct headroom_axis axis_of(const struct recorded_zone *z)
{
	const struct zone_row *now = &z->now;
	__u64 high = now->high > (__u64)now->floor ? now->high : (__u64)now->floor;
	struct headroom_axis a = {.top = 2 * (double)high - (double)now->floor};

	if (a.top < 1)
		a.top = 1;
	a.low = -a.top / 50;
	if ((double)z->lowest_headroom * 1.2 < a.low)
		a.low = (double)z->lowest_headroom * 1.2;
	return a;
}

static double axis_y(const struct headroom_axis *a, double pages)
{
	double part = (pages - a->low) / (a->top - a->low);

	return CHART_HEIGHT * (1 - (part > 1 ? 1 : part < 0 ? 0 : part));
}

static void put_level(struct html *h, const char *class, double y)
{
	struct chart_path p = chart_path(h, class, false);

	chart_point(&p, 0, y);
	chart_point(&p, CHART_WIDTH, y);
	chart_path_end(&p);
}

static void put_marks(struct html *h, const struct headroom_axis *a, const struct zone_row *z)
{
	const __u64 mark[] = {z->min, z->low, z->high};

	for (size_t i = 0; i < ARRAY_SIZE(mark); i++)
		if ((__s64)mark[i] > z->floor)
			put_level(h, "mark", axis_y(a, (double)((__s64)mark[i] - z->floor)));
	put_level(h, "floor", axis_y(a, 0));
}

static void put_headroom_line(struct html *h, const struct timeline *t,
			      const struct headroom_axis *a, unsigned int zone)
{
	const struct chart_time time = time_of(t);
	struct chart_path p = chart_path(h, "l1", false);

	for (unsigned int i = 0; i < t->columns; i++) {
		const struct column *c = &t->column[i];

		if (c->lowest[zone] == ZONE_CLOSED || (i && is_gap(c - 1, c)))
			chart_lift(&p);
		if (c->lowest[zone] != ZONE_CLOSED)
			chart_point(&p, (chart_x(&time, c->from_ns) + chart_x(&time, c->to_ns)) / 2,
				    axis_y(a, (double)c->lowest[zone]));
	}
	chart_path_end(&p);
}

static void put_headroom_labels(struct html *h, const struct headroom_axis *a,
				const struct recorded_zone *z, __u64 page_bytes)
{
	struct cell top = cell_pages((__s64)a->top, page_bytes);
	char text[96];

	chart_left(h, axis_y(a, 0), "0");
	snprintf(text, sizeof(text), "%s+", top.text);
	chart_left(h, 0, text);
	chart_right(h, axis_y(a, 0), true, "floor");
	/* Labels that would touch are left out. */
	if (axis_y(a, 0) - axis_y(a, (double)((__s64)z->now.min - z->now.floor)) > 12)
		chart_right(h, axis_y(a, (double)((__s64)z->now.min - z->now.floor)), false, "min");
	if (axis_y(a, 0) - axis_y(a, (double)((__s64)z->now.high - z->now.floor)) > 26)
		chart_right(h, axis_y(a, (double)((__s64)z->now.high - z->now.floor)), false,
			    "high");
	snprintf(text, sizeof(text), "%u/%s: lowest headroom", z->now.node, z->now.name);
	chart_name(h, text);
}

void page_when_headroom(struct html *h, const struct timeline *t, const struct recorded_zone *z,
			unsigned int zone, __u64 page_bytes, bool last)
{
	const struct headroom_axis a = axis_of(z);
	const struct chart_time time = time_of(t);
	char title[64], text[192];

	snprintf(title, sizeof(title), "Lowest headroom of zone %u/%s", z->now.node, z->now.name);
	snprintf(text, sizeof(text),
		 "Lowest %s pages (%s) against the floor, where GFP_ATOMIC requests begin to fail.",
		 cell_signed(z->lowest_headroom).text,
		 cell_pages(z->lowest_headroom, page_bytes).text);
	chart_begin(h, 6.5, title, text);
	chart_grid(h, 0);
	chart_box(h, "zone0", 0, axis_y(&a, 0), CHART_WIDTH, CHART_HEIGHT - axis_y(&a, 0));
	page_when_bands(h, t);
	put_marks(h, &a, &z->now);
	put_headroom_line(h, t, &a, zone);
	chart_labels(h);
	put_headroom_labels(h, &a, z, page_bytes);
	if (last)
		chart_time_labels(h, &time);
	chart_end(h);
}

/* Those that came nearest to a failure, in the order of the zones; a bit each. */
static __u32 drawn_zones(const struct recording *r)
{
	__u32 drawn = 0;

	for (unsigned int n = 0; n < PANELS; n++) {
		int best = -1;

		for (unsigned int i = 0; i < r->zones; i++)
			if (!(drawn & 1U << i) && r->zone[i].lowest_headroom != ZONE_CLOSED &&
			    (best < 0 ||
			     r->zone[i].lowest_headroom < r->zone[best].lowest_headroom))
				best = (int)i;
		if (best >= 0)
			drawn |= 1U << best;
	}
	return drawn;
}

static void put_zones(struct html *h, const struct recording *r)
{
	__u32 drawn = drawn_zones(r);

	for (unsigned int i = 0; drawn; i++) {
		__u32 bit = 1U << i;

		if (!(drawn & bit))
			continue;
		drawn &= ~bit;
		page_when_headroom(h, &r->time, &r->zone[i], i, run_page_bytes(&r->info), !drawn);
	}
}

/* ---- in figures ---- */

/* What stands in the tables of a stretch of columns. */
struct stretch {
	__u64 from_ns, to_ns, sum[TIMELINE_COUNTS];
	struct hist latency;
	int zone; /* with the lowest headroom; -1: none is known */
	__s64 lowest;
};

static void stretch_of(const struct timeline *t, unsigned int first, unsigned int last,
		       struct stretch *s)
{
	*s = (struct stretch){.from_ns = t->column[first].from_ns, .zone = -1};
	for (unsigned int i = first; i <= last; i++) {
		const struct column *c = &t->column[i];

		s->to_ns = c->to_ns;
		for (unsigned int k = 0; k < TIMELINE_COUNTS; k++)
			s->sum[k] += c->sum[k];
		if (c->latency)
			hist_add(&s->latency, c->latency);
		for (unsigned int k = 0; k < TIMELINE_ZONES; k++)
			if (c->lowest[k] != ZONE_CLOSED &&
			    (s->zone < 0 || c->lowest[k] < s->lowest)) {
				s->zone = (int)k;
				s->lowest = c->lowest[k];
			}
	}
}

static void put_stretch_end(struct html *h, const struct recording *r, const struct stretch *s,
			    bool lost_known)
{
	const struct recorded_zone *z = s->zone >= 0 ? &r->zone[s->zone] : NULL;

	html_put(h, "<td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>%s</td>",
		 (uint64_t)s->sum[TIMELINE_BELOW_MIN], (uint64_t)s->sum[TIMELINE_FAILED],
		 cell_count(lost_known, s->sum[TIMELINE_LOST]).text);
	if (z)
		html_put(h, "<td>%u/%s %s (%s)</td>", z->now.node, z->now.name,
			 cell_signed(s->lowest).text,
			 cell_pages(s->lowest, run_page_bytes(&r->info)).text);
	else
		html_put(h, "<td>–</td>");
	html_put(h, "<td>%s</td></tr>\n",
		 cell_ns(hist_count(&s->latency), hist_quantile_ns(&s->latency, 990)).text);
}

static void put_episodes(struct html *h, const struct recording *r, struct stretch *s)
{
	static const struct html_column columns[] = {
		{"episode", true},    {"from", false},
		{"for", false},	      {"requests", false},
		{"below min", false}, {"failed", false},
		{"lost", false},      {"lowest headroom, pages", false},
		{"p99", false}};
	struct episode e[PAGE_EPISODES];
	unsigned int all = timeline_episodes(&r->time, e, PAGE_EPISODES),
		     n = episodes_of(&r->time, e);

	if (!n)
		return;
	HTML_TABLE(h, NULL,
		   "Episodes: requests served below min or lost, with gaps of no more than 5 "
		   "intervals",
		   columns);
	for (unsigned int i = 0; i < n; i++) {
		stretch_of(&r->time, e[i].first, e[i].last, s);
		html_put(h,
			 "<tr><th scope=\"row\" "
			 "class=\"t\">%c</th><td>%s</td><td>%s</td><td>%" PRIu64 "</td>",
			 'A' + (int)i, cell_clock(h, s->from_ns).text,
			 cell_duration(s->to_ns - s->from_ns).text,
			 (uint64_t)s->sum[TIMELINE_REQUESTS]);
		put_stretch_end(h, r, s, recording_sites(r));
	}
	html_table_end(h);
	if (all > n)
		html_put(h, "<p>%u more episodes have no letter.</p>\n", all - n);
}

static void put_figures(struct html *h, const struct recording *r, struct stretch *s)
{
	static const struct html_column columns[] = {{"from", false},
						     {"requests", false},
						     {"between min and low", false},
						     {"below min", false},
						     {"failed", false},
						     {"lost", false},
						     {"lowest headroom, pages", false},
						     {"p99", false}};
	unsigned int every = (r->time.columns + TABLE_ROWS - 1) / TABLE_ROWS;

	html_put(h, "<details class=\"long\"><summary>The same in figures</summary>\n");
	HTML_TABLE(h, NULL, "Timeline in figures", columns);
	for (unsigned int i = 0; i < r->time.columns; i += every) {
		unsigned int last = i + every < r->time.columns ? i + every : r->time.columns;

		stretch_of(&r->time, i, last - 1, s);
		html_put(h, s->sum[TIMELINE_LOST] ? "<tr class=\"alert\">" : "<tr>");
		html_put(h, "<th scope=\"row\">%s</th><td>%" PRIu64 "</td><td>%" PRIu64 "</td>",
			 cell_clock(h, s->from_ns).text, (uint64_t)s->sum[TIMELINE_REQUESTS],
			 (uint64_t)s->sum[TIMELINE_BELOW_LOW]);
		put_stretch_end(h, r, s, recording_sites(r));
	}
	html_table_end(h);
	html_put(h, "</details>\n");
}

/* ---- all of it ---- */

static void put_caption(struct html *h, const struct timeline *t)
{
	html_put(h,
		 "<figure><figcaption>All of it on one time axis. <span class=\"mut\">Shaded and "
		 "lettered: episodes, in which requests were served below min or lost. "
		 "Headroom is what a zone has above its floor, where a GFP_ATOMIC request of "
		 "one page fails; the axis ends at twice the highest mark, as more is no news.");
	if (t->every > 1)
		html_put(h,
			 " Drawn of %" PRIu64
			 " intervals each: the highest rate, the lowest headroom.",
			 (uint64_t)t->every);
	html_put(h, "</span></figcaption>\n");
}

/* Of a recording of events alone. */
static void put_lost_alone(struct html *h, const struct recording *r)
{
	html_put(h, "<figure><figcaption>When requests failed. <span class=\"mut\">Of the events "
		    "alone: how many were served the view stat records.</span></figcaption>\n");
	put_failures(h, &r->lost_time, true, true);
	html_put(h, "</figure>\n");
}

void page_when(struct html *h, const struct recording *r)
{
	_cleanup_(freep) struct stretch *s = calloc(1, sizeof(*s));

	if (!r->stats) {
		put_lost_alone(h, r);
		return;
	}
	if (!s)
		return;
	put_caption(h, &r->time);
	put_requests(h, &r->time);
	put_below(h, &r->time);
	put_failures(h, &r->time, recording_sites(r), !drawn_zones(r));
	put_zones(h, r);
	html_put(h, "</figure>\n");
	put_episodes(h, r, s);
	put_figures(h, r, s);
}
