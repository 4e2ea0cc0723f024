// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_screen.c - see top_screen.h. */
#include "view/top_screen.h"

#include <string.h>

#include "base/util.h"
#include "view/page.h"
#include "view/top_head.h"
#include "view/top_latency.h"
#include "view/top_pages.h"
#include "view/top_sites.h"
#include "view/top_tables.h"

#define WIDE 112      /* room for a histogram beside something */
#define VERY_WIDE 180 /* and for what was before it */
#define HISTOGRAM_ROWS 22
#define LEAST_HISTOGRAM 4

/* Rows of each part; 0: it is not drawn. Headers are not counted. */
struct plan {
	unsigned int rules, zones, rows, reserve, missing;
	unsigned int latency;  /* 1: a line; more: a histogram */
	unsigned int failures; /* a line */
	unsigned int events, sites, advice[WHY_ADVICE];
};

struct room {
	const struct top_shown *t;
	const struct top_state *s;
	struct grid *g;
	unsigned int rows; /* for the plan */
	bool wide, very_wide;
};

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* ---- what there is to show ---- */

static unsigned int height(const struct plan *p)
{
	unsigned int n = p->rules + p->reserve + p->failures + p->missing;

	n += p->zones ? p->zones + 1 : 0;
	n += p->rows ? p->rows + 1 : 0;
	n += p->latency > 1 ? p->latency + 1 : p->latency;
	n += p->events ? p->events + 1 : 0;
	n += p->sites + 1;
	for (unsigned int i = 0; i < WHY_ADVICE; i++)
		n += p->advice[i];
	return n;
}

static unsigned int histogram_rows(const struct room *r)
{
	unsigned int rows = top_histogram_rows(r->t, r->s);

	if (r->very_wide) {
		unsigned int heat = top_heat_rows(r->t, r->g->columns * 3 / 5);

		rows = heat > rows ? heat : rows;
	}
	return least(rows, HISTOGRAM_ROWS);
}

static struct plan wished(const struct room *r)
{
	const struct run_info *info = &r->t->cells.head.info;
	struct plan p = {.rules = 3, .sites = top_sites_rows(r->t, r->s)};

	for (unsigned int i = 0; i < WHY_ADVICE; i++)
		p.advice[i] = top_advice_rows(r->g, i, r->t, r->s);
	p.missing = r->t->head.info.missings ? 1 : 0;
	if (!r->t->has_cells)
		return p;
	p.zones = top_zones(r->t) ?: 1;
	p.rows = top_rows(r->t, r->s) ?: 1;
	p.reserve = info->has_bulk || info->has_exclusive || info->has_zones;
	p.latency = info->has_latency;
	p.failures = !r->very_wide;
	if (!r->wide)
		return p;
	if (info->has_latency && histogram_rows(r)) {
		p.latency = histogram_rows(r);
		p.latency = p.latency < LEAST_HISTOGRAM ? LEAST_HISTOGRAM : p.latency;
		p.failures = 0;
	}
	if (r->very_wide)
		p.events = top_events_rows(r->t, r->s);
	return p;
}

/* ---- what is folded away, first to last ---- */

static bool troubled(const struct room *r)
{
	return top_reserve_speaks(r->t, r->s);
}

static void shrink(unsigned int *n, unsigned int to, unsigned int over)
{
	if (*n > to)
		*n = *n - to > over ? *n - over : to;
}

static void fold_step(const struct room *r, struct plan *p, unsigned int step, unsigned int over)
{
	switch (step) {
	case 0:
		p->rules = 0;
		break;
	case 1:
		p->reserve = troubled(r) ? p->reserve : 0;
		break;
	case 2:
		p->advice[1] = 0;
		break;
	case 3:
		shrink(&p->events, 4, over);
		break;
	case 4:
		shrink(&p->latency, p->latency > 8 ? 8 : p->latency, over);
		break;
	case 5:
		shrink(&p->sites, 8, over);
		break;
	case 6:
		p->events = 0;
		break;
	case 7:
		p->failures += p->latency > 1 && !r->very_wide;
		p->latency = least(p->latency, 1);
		break;
	case 8:
		shrink(&p->rows, 4, over);
		break;
	case 9:
		shrink(&p->zones, 4, over);
		break;
	case 10:
		shrink(&p->sites, 3, over);
		break;
	case 11:
		p->advice[0] = 0;
		break;
	case 12:
		p->missing = 0;
		break;
	case 13:
		p->reserve = 0;
		break;
	case 14:
		shrink(&p->rows, 1, over);
		break;
	case 15:
		shrink(&p->zones, 1, over);
		break;
	case 16:
		p->latency = 0;
		break;
	case 17:
		p->failures = 0;
		break;
	case 18:
		shrink(&p->sites, 1, over);
		break;
	default:
		p->rows = 0;
	}
}

#define FOLDS 20

static struct plan fitted(const struct room *r)
{
	struct plan p = wished(r);

	for (unsigned int i = 0; i < FOLDS && height(&p) > r->rows; i++)
		fold_step(r, &p, i, height(&p) - r->rows);
	return p;
}

/* ---- drawing ---- */

static unsigned int rule(const struct room *r, const struct plan *p, unsigned int row)
{
	struct pen pen = pen_at(r->g, row);

	if (!p->rules)
		return row;
	pen_glyphs(&pen, GLYPH_RULE, r->g->columns);
	return row + 1;
}

/* One row for all that this kernel does not tell; '?' has the sentences. */
static unsigned int missing_draw(const struct room *r, unsigned int row)
{
	const struct run_info *info = &r->t->head.info;
	struct pen p = pen_at(r->g, row);
	char text[GRID_COLUMNS];
	size_t len = 0;

	for (unsigned int i = 0; i < info->missings && len < sizeof(text) - 1; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s", i ? ", " : "",
					(int)strcspn(info->missing[i], ":"), info->missing[i]);
	pen_text(&p, "missing (?): ");
	pen_left(&p, pen_room(&p), text);
	return row + 1;
}

static unsigned int zones_draw(const struct room *r, const struct plan *p, unsigned int row)
{
	if (!p->zones)
		return row;
	top_zones_draw(r->g, row, p->zones, r->t);
	return row + 1 + p->zones;
}

#define FAILURES_AT 118

static unsigned int rows_draw(const struct room *r, const struct plan *p, unsigned int row)
{
	unsigned int end = row + (p->rows ? p->rows + 1 : 0);

	if (p->rows)
		top_rows_draw(r->g, row, p->rows, r->t, r->s);
	if (p->rows && r->very_wide)
		top_failures_draw(r->g, row, p->rows, FAILURES_AT, r->t, r->s);
	if (p->reserve)
		top_reserve_draw(r->g, end++, r->t, r->s);
	return end;
}

/* A histogram, and beside it what came before, or failures and events. */
static void histogram_draw(const struct room *r, const struct plan *p, unsigned int row)
{
	unsigned int columns = r->g->columns;
	unsigned int half = r->very_wide ? columns * 3 / 5 : columns / 2, failures;

	if (r->very_wide) {
		top_heat_draw(r->g, row, p->latency, half, r->t);
		top_histogram_draw(r->g, row, p->latency, half + 3, columns, r->t, r->s);
		return;
	}
	top_histogram_draw(r->g, row, p->latency, 0, half - 1, r->t, r->s);
	failures = top_failures_rows(r->t, r->s) ?: 1;
	failures = least(failures, p->latency > 4 ? p->latency / 2 : p->latency);
	top_failures_draw(r->g, row, failures, half, r->t, r->s);
	if (p->latency > failures + 2)
		top_events_draw(r->g, row + failures + 2, p->latency - failures - 2, half, r->t,
				r->s);
}

static unsigned int latency_draw(const struct room *r, const struct plan *p, unsigned int row)
{
	if (p->latency > 1) {
		histogram_draw(r, p, row);
		row += p->latency + 1;
	} else if (p->latency) {
		top_latency_line(r->g, row++, r->t, r->s);
	}
	if (p->failures)
		top_failures_line(r->g, row++, r->t, r->s);
	if (p->events) {
		top_events_draw(r->g, row, p->events, 0, r->t, r->s);
		row += p->events + 1;
	}
	return row;
}

static void sites_draw(const struct room *r, const struct plan *p, unsigned int row)
{
	top_sites_draw(r->g, row, p->sites, r->t, r->s);
	row += p->sites + 1;
	for (unsigned int i = 0; i < WHY_ADVICE; i++) {
		if (!p->advice[i])
			continue;
		top_advice_draw(r->g, row, p->advice[i], i, r->t, r->s);
		row += p->advice[i];
	}
}

static void main_draw(const struct room *r, unsigned int row)
{
	struct plan p = fitted(r);

	row = zones_draw(r, &p, p.zones ? rule(r, &p, row) : row);
	row = rows_draw(r, &p, p.rows ? rule(r, &p, row) : row);
	row = latency_draw(r, &p, row);
	if (p.missing)
		row = missing_draw(r, row);
	sites_draw(r, &p, rule(r, &p, row));
}

void top_screen_draw(struct top_screen *s, unsigned int columns, unsigned int rows, bool ascii)
{
	struct room r = {
		.t = &s->shown,
		.s = &s->state,
		.g = &s->grid,
		.wide = columns >= WIDE,
		.very_wide = columns >= VERY_WIDE,
	};

	grid_begin(r.g, columns, rows, ascii);
	rows = r.g->rows;
	if (rows < 4)
		return;
	r.rows = rows - 4;
	top_head_draw(r.g, 0, r.t, r.s);
	top_verdict_draw(r.g, 1, r.t, r.s);
	if (r.s->page == PAGE_MAIN)
		main_draw(&r, 2);
	else
		top_page_draw(r.g, 2, rows - 2, r.t, r.s);
	top_audit_draw(r.g, rows - 2, r.t, r.s);
	top_keys_draw(r.g, rows - 1, r.s);
}
