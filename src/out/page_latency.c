// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_latency.c - see page_latency.h. */
#include "out/page_latency.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/util.h"
#include "out/page_heat.h"
#include "out/chart.h"

#define POWERS (LAB_LAT_MAX_BITS + 1) /* less than 2 ns, 4 ns, ... */
#define STEPS 250		      /* points of a line of percentiles */
#define DECADES 5		      /* p0 to p99.999 */

bool page_latency_has(const struct recording *r)
{
	const struct row sum = recording_rows(&r->total);

	return hist_count(&sum.latency) > 0;
}

/* ---- the histogram, a table with a bar in it ---- */

/* By powers of two: that below 2^(i + 1) ns. */
static void sum_powers(const struct hist *latency, __u64 power[POWERS])
{
	memset(power, 0, sizeof(__u64[POWERS]));
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		__u64 upper = hist_upper_ns(i);
		unsigned int p = upper > 1 ? 63 - (unsigned int)__builtin_clzll(upper) : 0;

		power[p < POWERS ? p : POWERS - 1] += latency->bucket[i];
	}
}

static void put_bar_row(struct html *h, unsigned int p, __u64 n, __u64 longer, __u64 all,
			__u64 most)
{
	double width = n ? 1000 * log1p((double)n) / log1p((double)most) : 0;

	html_put(h,
		 "<tr><th scope=\"row\">%s</th><td class=\"t bar\"><svg viewBox=\"0 0 1000 10\" "
		 "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"gfree\" "
		 "width=\"%.1f\" height=\"8\" y=\"1\"/></svg></td>",
		 p + 1 < POWERS ? cell_ns(true, 2ULL << p).text : "any", width);
	html_put(h, "<td>%" PRIu64 "</td><td>%s</td></tr>\n", (uint64_t)n,
		 cell_percent((double)longer / (double)all).text);
}

static void put_histogram(struct html *h, const struct hist *latency)
{
	static const struct html_column columns[] = {{"less than", false},
						     {"bar: log scale", true},
						     {"requests", false},
						     {"took longer", false}};
	__u64 power[POWERS], most = 0, all = hist_count(latency), longer = all;
	unsigned int first = POWERS, last = 0;

	sum_powers(latency, power);
	for (unsigned int i = 0; i < POWERS; i++) {
		most = power[i] > most ? power[i] : most;
		if (power[i]) {
			first = first < i ? first : i;
			last = i;
		}
	}
	HTML_TABLE(h, "hist", "All requests of the recording", columns);
	for (unsigned int i = first; i <= last; i++) {
		longer -= power[i];
		put_bar_row(h, i, power[i], longer, all, most);
	}
	html_table_end(h);
}

/* ---- percentiles ---- */

/* The latency that all but `rest` of the requests did not exceed, ns. */
static __u64 quantile_but(const struct hist *l, double rest)
{
	double count = (double)hist_count(l), rank = ceil(count * (1 - rest));
	__u64 seen = 0, upper = 0;

	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		seen += l->bucket[i];
		upper = hist_upper_ns(i);
		if ((double)seen >= rank && seen)
			break;
	}
	return upper < l->max_ns ? upper : l->max_ns;
}

static double log_y(double low, double high, __u64 ns)
{
	double v = log10((double)(ns ? ns : 1));

	v = v < low ? low : v > high ? high : v;
	return CHART_HEIGHT * (1 - (v - low) / (high - low));
}

/* The decades of latency that all lines are in. */
static void decades_of(const struct page_latencies *l, unsigned int n, double *low, double *high)
{
	*low = 99;
	*high = 0;
	for (unsigned int i = 0; i < n; i++) {
		double least = floor(log10((double)(quantile_but(l[i].latency, 1) ?: 1)));
		double most = ceil(log10((double)(l[i].latency->max_ns ?: 1)));

		*low = least < *low ? least : *low;
		*high = most > *high ? most : *high;
	}
	if (*high <= *low)
		*high = *low + 1;
}

static void put_percentile_line(struct html *h, const struct page_latencies *l, const char *class,
				double low, double high)
{
	double count = (double)hist_count(l->latency);
	double most = log10(count) < DECADES ? log10(count) : DECADES;
	struct chart_path p = chart_path(h, class, false);

	for (unsigned int i = 0; i <= STEPS; i++) {
		double decade = most * i / STEPS;

		chart_point(&p, CHART_WIDTH * decade / DECADES,
			    log_y(low, high, quantile_but(l->latency, pow(10, -decade))));
	}
	chart_path_end(&p);
}

static void put_legend(struct html *h, const struct page_latencies *l, unsigned int n)
{
	html_put(h, "<ul class=\"legend\">");
	for (unsigned int i = 0; i < n; i++)
		html_put(h,
			 "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"l%u\" "
			 "d=\"M0 5H30\"/></svg>%s</li>",
			 i + 1, l[i].name);
	html_put(h, "</ul>\n");
}

static void put_percentile_labels(struct html *h, double low, double high)
{
	static const char *const names[] = {"p0", "p90", "p99", "p99.9", "p99.99", "p99.999"};

	chart_labels(h);
	for (double d = low; d <= high; d++)
		chart_left(h, CHART_HEIGHT * (1 - (d - low) / (high - low)),
			   cell_ns(true, (__u64)llround(pow(10, d))).text);
	for (unsigned int i = 0; i <= DECADES; i++)
		chart_below(h, CHART_WIDTH * i / DECADES,
			    i == 0	   ? CHART_FIRST
			    : i == DECADES ? CHART_LAST
					   : CHART_MIDDLE,
			    i % 2, names[i]);
	chart_name(h, "took at most");
	chart_end(h);
}

static void describe(char *text, size_t size, const struct page_latencies *l, unsigned int n)
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(text + len, size - len,
					"%s: half within %s, 99 in 100 within %s, longest %s. ",
					l[i].name,
					cell_ns(true, hist_quantile_ns(l[i].latency, 500)).text,
					cell_ns(true, hist_quantile_ns(l[i].latency, 990)).text,
					cell_ns(true, l[i].latency->max_ns).text);
}

void page_percentile_chart(struct html *h, const struct page_latencies *l, unsigned int n)
{
	static const char *const classes[PAGE_LATENCY_LINES] = {"l1", "l2", "l3"};
	double low, high;
	char text[640];

	n = n < PAGE_LATENCY_LINES ? n : PAGE_LATENCY_LINES;
	decades_of(l, n, &low, &high);
	describe(text, sizeof(text), l, n);
	html_put(h,
		 "<figure><figcaption>By percentile. <span class=\"mut\">To the right the rarer: "
		 "each step is ten times rarer.</span></figcaption>");
	put_legend(h, l, n);
	chart_begin(h, 13, "Latency by percentile", text);
	for (double d = low; d <= high; d++)
		chart_grid(h, CHART_HEIGHT * (1 - (d - low) / (high - low)));
	for (unsigned int i = 0; i < n; i++)
		put_percentile_line(h, &l[i], classes[i], low, high);
	put_percentile_labels(h, low, high);
	html_put(h, "</figure>\n");
}

/* One in so many is only known when there are as many. */
static struct cell percentile(const struct hist *l, __u64 one_in)
{
	return cell_ns(hist_count(l) >= one_in, quantile_but(l, 1 / (double)one_in));
}

void page_percentile_table(struct html *h, const struct page_latencies *l, unsigned int n)
{
	static const struct html_column columns[] = {
		{"requests of", true}, {"measured", false}, {"p50", false},    {"p90", false},
		{"p99", false},	       {"p99.9", false},    {"p99.99", false}, {"max", false}};

	HTML_TABLE(h, NULL,
		   "Percentiles: that many did not take longer. –: too few requests to tell",
		   columns);
	for (unsigned int i = 0; i < n; i++) {
		const struct hist *hist = l[i].latency;

		html_put(h, "<tr><th scope=\"row\" class=\"t\">%s</th><td>%" PRIu64 "</td>",
			 l[i].name, (uint64_t)hist_count(hist));
		html_put(
			h,
			"<td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			percentile(hist, 2).text, percentile(hist, 10).text,
			percentile(hist, 100).text, percentile(hist, 1000).text,
			percentile(hist, 10000).text, cell_ns(true, hist->max_ns).text);
	}
	html_table_end(h);
}

/* ---- by class and context ---- */

static int more_first(const void *va, const void *vb)
{
	const struct page_latencies *a = va, *b = vb;
	__u64 x = hist_count(a->latency), y = hist_count(b->latency);

	return (x < y) - (x > y);
}

static unsigned int collect(const struct figures *f, struct page_latencies *l)
{
	unsigned int n = 0;

	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			const struct hist *hist = &f->row[c][x].latency;

			if (!hist_count(hist))
				continue;
			snprintf(l[n].name, sizeof(l[n].name), "%s, %s", class_name(c),
				 context_name(x));
			l[n++].latency = hist;
		}
	qsort(l, n, sizeof(*l), more_first);
	return n;
}

void page_latency(struct html *h, const struct recording *r)
{
	struct page_latencies l[LAB_CLASSES * LAB_CONTEXTS + 1] = {{.name = "all"}};
	const struct row sum = recording_rows(&r->total);
	unsigned int n = collect(&r->total, l + 1);

	l[0].latency = &sum.latency;
	page_heat(h, r);
	html_put(h, "<div class=\"two\"><div>");
	put_histogram(h, &sum.latency);
	html_put(h, "</div><div>");
	page_percentile_chart(h, l + 1, n);
	page_percentile_table(h, l, n + 1);
	html_put(h, "</div></div>\n");
}
