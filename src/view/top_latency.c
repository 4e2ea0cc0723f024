// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_latency.c - see top_latency.h. */
#include "view/top_latency.h"

#include <inttypes.h>
#include <string.h>

#include "view/page.h"
#include "view/top_gauge.h"

/* Requests of the rows that the filter wants. */
static void latencies(const struct top_shown *t, const struct top_state *s, struct hist *ret)
{
	const struct figures *f = top_figures(t, s->span);

	memset(ret, 0, sizeof(*ret));
	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
			if (top_filter_row(&s->filter, c, x))
				hist_add(ret, &f->row[c][x].latency);
}

static __u64 most_of(const __u64 *count, unsigned int counts)
{
	__u64 most = 0;

	for (unsigned int i = 0; i < counts; i++)
		most = count[i] > most ? count[i] : most;
	return most;
}

/* ---- in a row ---- */

#define LINE_FIRST 7 /* below 128 ns */
#define LINE_LAST 27 /* above 64 ms */
#define LINE_COLUMNS (LINE_LAST - LINE_FIRST + 1)

static void put_quantiles(struct pen *p, const struct hist *h)
{
	char cell[TEXT_CELL];

	pen_format(p, "  p50 %s", text_ns(cell, true, hist_quantile_ns(h, 500)));
	pen_format(p, "  p99 %s", text_ns(cell, true, hist_quantile_ns(h, 990)));
	pen_format(p, "  max %s", text_ns(cell, true, h->max_ns));
}

void top_latency_line(struct grid *g, unsigned int row, const struct top_shown *t,
		      const struct top_state *s)
{
	__u64 power[TOP_POWERS], column[LINE_COLUMNS] = {0};
	struct pen p = pen_at(g, row);
	struct hist all;

	latencies(t, s, &all);
	top_powers(&all, power);
	for (unsigned int i = 0; i < TOP_POWERS; i++) {
		unsigned int at = i < LINE_FIRST ? LINE_FIRST : i > LINE_LAST ? LINE_LAST : i;

		column[at - LINE_FIRST] += power[i];
	}
	if (!hist_count(&all)) {
		pen_text(&p, "latency     none");
		return;
	}
	if (g->columns < 60) {
		pen_text(&p, "latency");
		put_quantiles(&p, &all);
		return;
	}
	pen_text(&p, "latency 64ns ");
	top_columns(&p, column, LINE_COLUMNS, most_of(column, LINE_COLUMNS));
	pen_text(&p, " 64ms");
	put_quantiles(&p, &all);
}

/* ---- a range of powers ---- */

struct powers {
	unsigned int first, rows; /* of those that have something */
};

static struct powers powers_of(const __u64 power[TOP_POWERS])
{
	struct powers r = {0, 0};
	unsigned int last = 0;
	bool any = false;

	for (unsigned int i = 0; i < TOP_POWERS; i++) {
		if (!power[i])
			continue;
		r.first = any ? r.first : i;
		last = i;
		any = true;
	}
	r.rows = any ? last - r.first + 1 : 0;
	return r;
}

/* How many powers a row has, so that all are in so many rows. */
static unsigned int merged(unsigned int powers, unsigned int rows)
{
	return rows ? (powers + rows - 1) / rows : 1;
}

/* "<4.10us": what the powers of a row end below. */
static const char *below(char buf[TEXT_CELL], unsigned int power)
{
	char cell[TEXT_CELL];

	snprintf(buf, TEXT_CELL, power > LAB_LAT_MAX_BITS ? "more" : "<%.20s",
		 text_ns(cell, true, 1ULL << power));
	return buf;
}

/* ---- the histogram ---- */

unsigned int top_histogram_rows(const struct top_shown *t, const struct top_state *s)
{
	__u64 power[TOP_POWERS];
	struct hist all;

	latencies(t, s, &all);
	top_powers(&all, power);
	return powers_of(power).rows;
}

static const char *span_words(enum top_span span)
{
	static const char *const words[SPANS] = {"of the interval", "since start",
						 "since the zero point"};

	return words[span < SPANS ? span : 0];
}

void top_histogram_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int from,
			unsigned int to, const struct top_shown *t, const struct top_state *s)
{
	__u64 power[TOP_POWERS], count[TOP_POWERS] = {0};
	struct pen p = pen_at(g, row);
	unsigned int by, used;
	struct powers range;
	struct hist all;
	char cell[TEXT_CELL];

	latencies(t, s, &all);
	top_powers(&all, power);
	range = powers_of(power);
	by = merged(range.rows, rows);
	used = range.rows ? (range.rows + by - 1) / by : 0;
	pen_to(&p, from);
	pen_format(&p, "latency: requests %s, log bars", span_words(s->span));
	for (unsigned int i = 0; i < range.rows; i++)
		count[i / by] += power[range.first + i];
	for (unsigned int i = 0; i < used; i++) {
		p = pen_at(g, row + 1 + i);
		p.end = to < p.end ? to : p.end;
		pen_to(&p, from);
		pen_right(&p, 7, below(cell, range.first + (i + 1) * by - 1));
		pen_right(&p, 9, text_count(cell, true, count[i]));
		pen_text(&p, "  ");
		pen_glyphs(&p, GLYPH_FULL,
			   top_log_height(count[i], most_of(count, used), pen_room(&p)));
	}
}

/* ---- over time ---- */

#define HEAT_AT 9 /* behind the labels */

static unsigned int heat_columns(unsigned int to)
{
	unsigned int room = to > HEAT_AT ? to - HEAT_AT : 0;

	return room < TOP_HISTORY ? room : TOP_HISTORY;
}

/* The sums of what is shown, and the largest cell. */
static __u64 heat_sums(const struct top_shown *t, unsigned int columns, __u64 power[TOP_POWERS])
{
	__u64 most = 0;

	memset(power, 0, TOP_POWERS * sizeof(power[0]));
	for (unsigned int i = 0; i < columns; i++) {
		int slot = top_slot(t, i);

		for (unsigned int k = 0; slot >= 0 && k < TOP_POWERS; k++) {
			power[k] += t->heat[k][slot];
			most = t->heat[k][slot] > most ? t->heat[k][slot] : most;
		}
	}
	return most;
}

unsigned int top_heat_rows(const struct top_shown *t, unsigned int columns)
{
	__u64 power[TOP_POWERS];

	heat_sums(t, heat_columns(columns), power);
	return powers_of(power).rows;
}

/* From which counts on the four shades are: each five times the one before, or more. */
static void shades_of(__u64 most, __u64 least[4])
{
	__u64 step = 5;

	while (step * step * step < most)
		step++;
	least[0] = 1;
	for (unsigned int i = 1; i < 4; i++)
		least[i] = least[i - 1] * step;
}

static void put_heat(struct pen *p, __u64 n, const __u64 least[4])
{
	unsigned int shade = 0;

	if (!n) {
		pen_text(p, " ");
		return;
	}
	while (shade < 3 && n >= least[shade + 1])
		shade++;
	pen_glyph(p, (enum glyph)(GLYPH_HEAT + shade));
}

static void heat_header(struct grid *g, unsigned int row, const struct top_shown *t,
			unsigned int columns, const __u64 least[4])
{
	struct pen p = pen_at(g, row);
	__u64 reports = t->upto < columns ? t->upto : columns;

	pen_format(&p, "latency over the last %" PRIu64 " reports:", (uint64_t)reports);
	for (unsigned int i = 0; i < 4; i++) {
		pen_text(&p, i ? "  " : " ");
		pen_glyph(&p, (enum glyph)(GLYPH_HEAT + i));
		pen_format(&p, " %" PRIu64, (uint64_t)least[i]);
	}
	pen_text(&p, " or more");
}

void top_heat_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int to,
		   const struct top_shown *t)
{
	unsigned int columns = heat_columns(to), by, used;
	__u64 power[TOP_POWERS], least[4];
	struct powers range;
	char cell[TEXT_CELL];

	shades_of(heat_sums(t, columns, power), least);
	range = powers_of(power);
	by = merged(range.rows, rows);
	used = range.rows ? (range.rows + by - 1) / by : 0;
	heat_header(g, row, t, columns, least);
	for (unsigned int i = 0; i < used; i++) {
		unsigned int last = range.first + (used - i) * by - 1;
		struct pen p = pen_at(g, row + 1 + i);

		pen_right(&p, HEAT_AT - 1, below(cell, last));
		pen_text(&p, " ");
		for (unsigned int x = columns; x--;) {
			int slot = top_slot(t, x);
			__u64 n = 0;

			for (unsigned int k = 0; slot >= 0 && k < by && last - k < TOP_POWERS; k++)
				n += t->heat[last - k][slot];
			put_heat(&p, n, least);
		}
	}
}
