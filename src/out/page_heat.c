// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_heat.c - see page_heat.h. */
#include "out/page_heat.h"

#include <inttypes.h>
#include <math.h>

#include "base/util.h"
#include "out/chart.h"
#include "out/page_when.h"

#define POWERS (LAB_LAT_MAX_BITS + 1)
#define CELLS_ACROSS 250 /* more are not told apart */

struct heat {
	const struct timeline *t;
	struct chart_time time;
	unsigned int first, last; /* rows: powers of two */
	unsigned int every, columns;
	__u64 (*cell)[POWERS];
	__u64 least[HEAT_STEPS];
};

void heat_steps(__u64 most, __u64 least[HEAT_STEPS])
{
	double factor = pow((double)most / 2, 1.0 / (HEAT_STEPS - 2));

	if (factor < 5)
		factor = 5;
	least[0] = 1;
	least[1] = 2;
	for (unsigned int i = 2; i < HEAT_STEPS; i++)
		least[i] = (__u64)pow(factor, i - 1);
}

static unsigned int row_of(unsigned int bucket)
{
	__u64 upper = hist_upper_ns(bucket);
	unsigned int p = upper > 1 ? 63 - (unsigned int)__builtin_clzll(upper) : 0;

	return p < POWERS ? p : POWERS - 1;
}

static __u64 fill(struct heat *m)
{
	__u64 most = 0;

	m->first = POWERS;
	for (unsigned int i = 0; i < m->t->columns; i++) {
		const struct hist *l = m->t->column[i].latency;

		for (unsigned int b = 0; l && b < LAB_LAT_BUCKETS; b++) {
			unsigned int row = row_of(b);
			__u64 *cell = &m->cell[i / m->every][row];

			if (!l->bucket[b])
				continue;
			*cell += l->bucket[b];
			most = *cell > most ? *cell : most;
			m->first = row < m->first ? row : m->first;
			m->last = row > m->last ? row : m->last;
		}
	}
	return most;
}

static double column_x(const struct heat *m, unsigned int column)
{
	unsigned int i = column * m->every;

	return i < m->t->columns ? chart_x(&m->time, m->t->column[i].from_ns) : CHART_WIDTH;
}

static double row_height(const struct heat *m)
{
	return CHART_HEIGHT / (m->last - m->first + 1);
}

static int step_of(const struct heat *m, __u64 n)
{
	int step = -1;

	for (int i = 0; i < HEAT_STEPS; i++)
		if (n >= m->least[i])
			step = i;
	return step;
}

/* Cells of one darkness beside each other are one. */
static void put_row(struct heat *m, struct chart_path *p, unsigned int row, int step)
{
	double y = CHART_HEIGHT - row_height(m) * (row - m->first + 1);

	for (unsigned int c = 0; c < m->columns; c++) {
		unsigned int end = c;

		while (end < m->columns && step_of(m, m->cell[end][row]) == step)
			end++;
		if (end == c)
			continue;
		chart_bar(p, column_x(m, c), column_x(m, end) - column_x(m, c), y, row_height(m));
		c = end;
	}
}

static void put_cells(struct html *h, struct heat *m)
{
	static const char *const classes[HEAT_STEPS] = {"h1", "h2", "h3", "h4", "h5", "h6"};

	for (int step = 0; step < HEAT_STEPS; step++) {
		struct chart_path p = chart_path(h, classes[step], false);

		for (unsigned int row = m->first; row <= m->last; row++)
			put_row(m, &p, row, step);
		chart_path_end(&p);
	}
}

static double y_of(const struct heat *m, __u64 ns)
{
	double v = log2((double)(ns > 1 ? ns : 1)) - m->first;

	v = v < 0 ? 0 : v;
	return CHART_HEIGHT - row_height(m) * v;
}

static void put_p99(struct html *h, const struct heat *m, const char *class)
{
	struct chart_path p = chart_path(h, class, false);

	for (unsigned int i = 0; i < m->t->columns; i++) {
		const struct column *c = &m->t->column[i];
		__u64 p99 = c->latency ? hist_quantile_ns(c->latency, 990) : 0;

		if (!p99 || (i && c->from_ns > c[-1].to_ns + (c->to_ns - c->from_ns) / 2))
			chart_lift(&p);
		if (p99)
			chart_point(&p,
				    (chart_x(&m->time, c->from_ns) + chart_x(&m->time, c->to_ns)) /
					    2,
				    y_of(m, p99));
	}
	chart_path_end(&p);
}

static void put_legend(struct html *h, const struct heat *m)
{
	html_put(h, "<ul class=\"legend\"><li class=\"mut\">requests in a cell:</li>");
	for (unsigned int i = 0; i < HEAT_STEPS; i++) {
		html_put(h,
			 "<li><svg viewBox=\"0 0 10 10\" preserveAspectRatio=\"none\" "
			 "aria-hidden=\"true\"><rect class=\"h%u\" width=\"10\" height=\"10\"/>"
			 "</svg>%" PRIu64,
			 i + 1, (uint64_t)m->least[i]);
		if (i + 1 == HEAT_STEPS)
			html_put(h, " or more");
		else if (m->least[i + 1] > m->least[i] + 1)
			html_put(h, "–%" PRIu64, (uint64_t)m->least[i + 1] - 1);
		html_put(h, "</li>");
	}
	html_put(h, "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"p99\" "
		    "d=\"M0 5H30\"/></svg>p99</li></ul>\n");
}

static void put_heat_labels(struct html *h, const struct heat *m)
{
	chart_labels(h);
	for (unsigned int row = m->first; row <= m->last + 1; row++)
		if ((row - m->first) % 4 == 0)
			chart_left(h, CHART_HEIGHT - row_height(m) * (row - m->first),
				   cell_ns(true, 1ULL << row).text);
	chart_time_labels(h, &m->time);
	chart_name(h, "took");
	chart_end(h);
}

static void put_map(struct html *h, struct heat *m, const struct hist *all)
{
	char text[320];

	snprintf(text, sizeof(text),
		 "Rows are powers of two of latency, columns are intervals. Half of all requests "
		 "took at most %s, 99 in 100 at most %s, the longest %s.",
		 cell_ns(true, hist_quantile_ns(all, 500)).text,
		 cell_ns(true, hist_quantile_ns(all, 990)).text, cell_ns(true, all->max_ns).text);
	chart_begin(h, 15, "Latency over time", text);
	for (unsigned int row = m->first; row <= m->last + 1; row++)
		if ((row - m->first) % 4 == 0)
			chart_grid(h, CHART_HEIGHT - row_height(m) * (row - m->first));
	put_cells(h, m);
	put_p99(h, m, "case");
	put_p99(h, m, "p99");
	put_heat_labels(h, m);
}

void page_heat(struct html *h, const struct recording *r)
{
	_cleanup_(freep) void *cells = calloc(TIMELINE_COLUMNS, sizeof(__u64[POWERS]));
	const struct row sum = recording_rows(&r->total);
	struct heat m = {.t = &r->time, .cell = cells};
	__u64 most;

	if (!cells || r->time.columns < PAGE_WHEN_LEAST)
		return;
	m.time = (struct chart_time){m.t->column[0].from_ns, m.t->column[m.t->columns - 1].to_ns};
	m.every = (m.t->columns + CELLS_ACROSS - 1) / CELLS_ACROSS;
	m.columns = (m.t->columns + m.every - 1) / m.every;
	most = fill(&m);
	if (!most)
		return;
	heat_steps(most, m.least);
	html_put(h,
		 "<figure><figcaption>Latency over time. <span class=\"mut\">Each cell: requests "
		 "of one interval%s that took that long. The darker (in dark mode the lighter), "
		 "the more. "
		 "From the call of the allocator to its tracepoint; a figure is at most 1/16 "
		 "too high.</span></figcaption>",
		 m.every > 1 || m.t->every > 1 ? ", or of some together," : "");
	put_legend(h, &m);
	put_map(h, &m, &sum.latency);
	html_put(h, "</figure>\n");
}
