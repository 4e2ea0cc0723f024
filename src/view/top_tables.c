// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_tables.c - see top_tables.h. */
#include "view/top_tables.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "view/page.h"
#include "view/stat_shape.h"
#include "view/top_gauge.h"

/* ---- zones ---- */

#define ZONE_NAME_COLUMNS 11
#define ZONE_NAME_NARROW 8

static bool is_open(const struct zone_row *z)
{
	return z->lowest_headroom != ZONE_CLOSED && z->managed;
}

unsigned int top_zones(const struct top_shown *t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->cells.zones; i++)
		n += is_open(&t->cells.zone[i]);
	return n;
}

static unsigned int gauge_columns(const struct grid *g)
{
	if (g->columns < 60)
		return 12;
	return g->columns < 110 ? 24 : g->columns < 160 ? 32 : 48;
}

/* Behind the numbers; 0: no room for one that tells anything. */
static unsigned int history_columns(const struct grid *g, unsigned int at)
{
	return g->columns >= at + 8 ? g->columns - at : 0;
}

static unsigned int name_columns(const struct grid *g)
{
	return g->columns < 60 ? ZONE_NAME_NARROW : ZONE_NAME_COLUMNS;
}

/* Of "name free [gauge] headroom lowest", two columns behind the last. */
static unsigned int history_at(const struct grid *g)
{
	return name_columns(g) + 5 + 1 + gauge_columns(g) + 2 + 8 + 7 + 2;
}

static void zones_header(struct grid *g, unsigned int row)
{
	unsigned int gauge = gauge_columns(g), at = history_at(g), room = history_columns(g, at);
	struct pen p = pen_at(g, row);

	pen_left(&p, name_columns(g), "zone");
	pen_right(&p, 5, "free");
	pen_text(&p, "  0");
	pen_right(&p, gauge - 1, gauge < 24 ? "2x hi" : "2x high");
	pen_text(&p, " ");
	pen_right(&p, 8, "headroom");
	if (pen_room(&p) >= 7)
		pen_right(&p, 7, "lowest");
	if (!room)
		return;
	pen_to(&p, at);
	pen_format(&p, room > 40 ? "lowest headroom, last %u reports" : "last %u", room);
}

static void put_pages(struct pen *p, unsigned int width, __s64 pages)
{
	char cell[TEXT_CELL];

	if (pages == ZONE_CLOSED)
		snprintf(cell, sizeof(cell), "-");
	else
		snprintf(cell, sizeof(cell), "%" PRId64, (int64_t)pages);
	pen_right(p, width, cell);
}

static void zone_draw(struct grid *g, unsigned int row, const struct top_shown *t, unsigned int i)
{
	const struct zone_row *z = &t->cells.zone[i];
	__u64 bytes = run_page_bytes(&t->cells.head.info);
	unsigned int at = history_at(g);
	struct pen p = pen_at(g, row);
	char name[40], cell[TEXT_CELL];

	snprintf(name, sizeof(name), "%u/%s", (unsigned int)z->node, z->name);
	pen_left(&p, name_columns(g), name);
	pen_right(&p, 5,
		  bytes ? text_bytes(cell, true, z->free * bytes)
			: text_count(cell, true, z->free));
	pen_text(&p, " [");
	top_gauge(&p, z, gauge_columns(g));
	pen_text(&p, "]");
	p.mark = z->headroom <= 0 ? MARK_LOUD : MARK_PLAIN;
	put_pages(&p, 8, z->headroom);
	p.mark = z->lowest_headroom <= 0 ? MARK_LOUD : MARK_PLAIN;
	if (pen_room(&p) >= 7)
		put_pages(&p, 7, z->lowest_headroom);
	p.mark = MARK_PLAIN;
	if (!history_columns(g, at))
		return;
	pen_to(&p, at);
	top_lows(&p, t, i, history_columns(g, at));
}

/* Zones with less headroom than this one, of those that are open. */
static unsigned int nearer(const struct top_shown *t, unsigned int zone)
{
	const struct zone_row *me = &t->cells.zone[zone];
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->cells.zones; i++) {
		const struct zone_row *z = &t->cells.zone[i];

		n += is_open(z) && (z->lowest_headroom < me->lowest_headroom ||
				    (z->lowest_headroom == me->lowest_headroom && i < zone));
	}
	return n;
}

void top_zones_draw(struct grid *g, unsigned int row, unsigned int rows, const struct top_shown *t)
{
	unsigned int zones = top_zones(t), most = zones > rows && rows > 1 ? rows - 1 : rows, n = 0;
	struct pen p;

	zones_header(g, row++);
	for (unsigned int i = 0; i < t->cells.zones; i++)
		if (is_open(&t->cells.zone[i]) && nearer(t, i) < most)
			zone_draw(g, row + n++, t, i);
	if (!zones && !t->cells.head.info.has_zones && t->has_cells) {
		p = pen_at(g, row);
		pen_text(&p, "zones cannot be read: headroom is not known");
	}
	if (zones <= n || n == rows)
		return;
	p = pen_at(g, row + n);
	pen_format(&p, "+%u zones with more headroom", zones - n);
}

/* ---- requests ---- */

enum needs { NEEDS_NOTHING, NEEDS_LATENCY, NEEDS_LEVELS, NEEDS_CONTEXT };

#define LONGEST 1001 /* in place of a quantile */

/*
 * least: columns of a screen from which on it is drawn. of: the count in struct row; by_order: the
 * same in struct order_row, where orders are counted apart.
 */
static const struct column {
	const char *name;
	unsigned int width, least;
	enum needs needs;
	size_t of, by_order;
	bool ordered;
	unsigned int per_mille; /* a latency; 0: a count */
} column[] = {
#define BY_ORDER(member) offsetof(struct row, member), offsetof(struct order_row, member), true, 0
#define OF_ALL(member) offsetof(struct row, member), 0, false, 0
#define LATENCY(per_mille) 0, 0, false, per_mille
	{"requests", 10, 0, NEEDS_NOTHING, BY_ORDER(requests)},
	{"final", 7, 0, NEEDS_NOTHING, BY_ORDER(failed_final)},
	{"opp", 6, 40, NEEDS_NOTHING, BY_ORDER(failed_opportunistic)},
	{"p50", 8, 64, NEEDS_LATENCY, LATENCY(500)},
	{"p99", 8, 48, NEEDS_LATENCY, LATENCY(990)},
	{"max", 8, 56, NEEDS_LATENCY, LATENCY(LONGEST)},
	{"min", 7, 72, NEEDS_LEVELS, OF_ALL(served[LAB_LEVEL_MIN])},
	{"reserve", 8, 78, NEEDS_LEVELS, OF_ALL(served[LAB_LEVEL_RESERVE])},
	{"none", 8, 112, NEEDS_LEVELS, OF_ALL(served[LAB_LEVEL_NONE])},
	{"low", 8, 112, NEEDS_LEVELS, OF_ALL(served[LAB_LEVEL_LOW])},
	{"bh off", 9, 112, NEEDS_CONTEXT, OF_ALL(bh_off)},
	{"pre off", 9, 112, NEEDS_CONTEXT, OF_ALL(preempt_off)},
};

static __u64 count_at(const void *p, size_t offset)
{
	return *(const __u64 *)((const char *)p + offset);
}

/* What is counted for all orders together says nothing of some of them. */
static const char *count_cell(char buf[TEXT_CELL], const struct column *c, const struct row *row,
			      __u32 orders)
{
	__u64 sum = 0;

	if (!orders || !c->ordered)
		return text_count(buf, !orders, count_at(row, c->of));
	for (unsigned int i = 0; i < LAB_ORDERS; i++)
		if (orders & 1U << i)
			sum += count_at(&row->order[i], c->by_order);
	return text_count(buf, true, sum);
}

static const char *cell_of(char buf[TEXT_CELL], const struct column *c, const struct row *row,
			   __u32 orders)
{
	const struct hist *h = &row->latency;

	if (!c->per_mille)
		return count_cell(buf, c, row, orders);
	return text_ns(buf, !orders && hist_count(h),
		       c->per_mille == LONGEST ? h->max_ns : hist_quantile_ns(h, c->per_mille));
}

static bool is_leveled(const struct top_shown *t)
{
	const struct figures *f = &t->cells.total;
	__u64 known = 0, all = 0;

	for (unsigned int i = 0; i < LAB_CLASSES * LAB_CONTEXTS; i++) {
		const struct row *r = &f->row[i / LAB_CONTEXTS][i % LAB_CONTEXTS];

		all += r->requests - r->failed_final - r->failed_opportunistic;
		for (unsigned int k = 0; k < LAB_LEVEL_UNKNOWN; k++)
			known += r->served[k];
	}
	return known || !all;
}

static bool draws(const struct grid *g, const struct top_shown *t, unsigned int i)
{
	const struct run_info *info = &t->cells.head.info;

	if (g->columns < column[i].least)
		return false;
	switch (column[i].needs) {
	case NEEDS_LATENCY:
		return info->has_latency;
	case NEEDS_LEVELS:
		return is_leveled(t);
	case NEEDS_CONTEXT:
		return info->has_context;
	default:
		return true;
	}
}

static void rows_header(struct grid *g, unsigned int row, const struct top_shown *t)
{
	struct pen p = pen_at(g, row);

	pen_text(&p, "class    context");
	for (unsigned int i = 0; i < ARRAY_SIZE(column); i++)
		if (draws(g, t, i))
			pen_right(&p, column[i].width, column[i].name);
}

static void put_row(struct grid *g, unsigned int row, const struct top_shown *t,
		    const struct top_state *s, const char *name, const struct row *figures)
{
	struct pen p = pen_at(g, row);
	char cell[TEXT_CELL];

	p.mark = figures->failed_final ? MARK_BOLD : MARK_PLAIN;
	pen_left(&p, 16, name);
	for (unsigned int i = 0; i < ARRAY_SIZE(column); i++)
		if (draws(g, t, i))
			pen_right(&p, column[i].width,
				  cell_of(cell, &column[i], figures, s->filter.orders));
}

static bool wants(const struct top_shown *t, const struct top_state *s, unsigned int cell)
{
	unsigned int c = cell / LAB_CONTEXTS, x = cell % LAB_CONTEXTS;

	return t->cells.total.row[c][x].requests && top_filter_row(&s->filter, c, x);
}

unsigned int top_rows(const struct top_shown *t, const struct top_state *s)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < LAB_CLASSES * LAB_CONTEXTS; i++)
		n += wants(t, s, i);
	return n;
}

static void row_add(struct row *dst, const struct row *src)
{
	__u64 *to = (__u64 *)dst;
	const __u64 *from = (const __u64 *)src;

	for (size_t i = 0; i < offsetof(struct row, latency) / sizeof(__u64); i++)
		to[i] += from[i];
	hist_add(&dst->latency, &src->latency);
}

/* In the order of a report; with too little room the rows that have no failure come together. */
void top_rows_draw(struct grid *g, unsigned int row, unsigned int rows, const struct top_shown *t,
		   const struct top_state *s)
{
	const struct figures *f = top_figures(t, s->span);
	unsigned int left = top_rows(t, s), n = 0, others = 0;
	struct row other = {0};
	char name[32];

	rows_header(g, row++, t);
	for (unsigned int i = 0; i < LAB_CLASSES * LAB_CONTEXTS; i++) {
		const struct row *r = &f->row[i / LAB_CONTEXTS][i % LAB_CONTEXTS];
		bool failed = r->failed_final || r->failed_opportunistic;

		if (!wants(t, s, i))
			continue;
		left--;
		if ((left + 1 + n + (others > 0) > rows && !failed) ||
		    n + 1 + (others > 0) > rows) {
			row_add(&other, r);
			others++;
			continue;
		}
		snprintf(name, sizeof(name), "%-8s %-7s", class_name(i / LAB_CONTEXTS),
			 context_name(i % LAB_CONTEXTS));
		put_row(g, row + n++, t, s, name, r);
	}
	if (!n && !others) {
		struct pen p = pen_at(g, row);

		pen_text(&p, "  no request");
	}
	snprintf(name, sizeof(name), "others (%u)", others);
	if (others && n < rows)
		put_row(g, row + n, t, s, name, &other);
}

/* ---- the exclusive reserve, bulk requests ---- */

bool top_reserve_speaks(const struct top_shown *t, const struct top_state *s)
{
	const struct figures *f = top_figures(t, s->span);
	const struct exclusive *e = &f->exclusive;

	return stat_held_blocks(&t->cells) > 0 || e->hit || e->leak || e->grown_blocks ||
	       e->shrunk_blocks || f->bulk.short_calls;
}

void top_reserve_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		      const struct top_state *s)
{
	const struct figures *f = top_figures(t, s->span);
	const struct run_info *info = &t->cells.head.info;
	long long held = stat_held_blocks(&t->cells);
	struct pen p = pen_at(g, row);
	char cell[TEXT_CELL], bulk[128];

	if (info->has_zones || info->has_exclusive)
		pen_format(&p, "exclusive   held %s", text_count(cell, held >= 0, (__u64)held));
	if (info->has_exclusive)
		pen_format(&p,
			   ", eligible %" PRIu64 ", hit %" PRIu64 ", miss %" PRIu64
			   ", leak %" PRIu64,
			   (uint64_t)f->exclusive.eligible, (uint64_t)f->exclusive.hit,
			   (uint64_t)f->exclusive.miss, (uint64_t)f->exclusive.leak);
	if (!info->has_bulk)
		return;
	snprintf(bulk, sizeof(bulk),
		 "   bulk: calls %" PRIu64 ", asked %" PRIu64 ", got %" PRIu64 ", short %" PRIu64,
		 (uint64_t)f->bulk.calls, (uint64_t)f->bulk.asked_pages,
		 (uint64_t)f->bulk.got_pages, (uint64_t)f->bulk.short_calls);
	if (pen_fitting(&p, bulk))
		return;
	snprintf(bulk, sizeof(bulk), "   bulk: short %" PRIu64, (uint64_t)f->bulk.short_calls);
	pen_fitting(&p, bulk);
}

/* ---- failures ---- */

static __u64 failures_of(const __u64 level[LAB_LEVELS])
{
	__u64 sum = 0;

	for (unsigned int i = 0; i < LAB_LEVELS; i++)
		sum += level[i];
	return sum;
}

static bool wants_order(const struct top_state *s, unsigned int order)
{
	return !s->filter.orders || s->filter.orders & 1U << order;
}

unsigned int top_failures_rows(const struct top_shown *t, const struct top_state *s)
{
	const struct figures *f = top_figures(t, s->span);
	unsigned int n = 0;

	for (unsigned int i = 0; i < LAB_ORDERS; i++)
		n += wants_order(s, i) && failures_of(f->failure[i]);
	return n;
}

static void put_orders(struct pen *p, const struct figures *f, const struct top_state *s,
		       __u64 sum[LAB_LEVELS])
{
	bool first = true;

	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		__u64 n = wants_order(s, i) ? failures_of(f->failure[i]) : 0;

		if (!n)
			continue;
		pen_format(p, "%s %u: %" PRIu64, first ? "order" : ",", i, (uint64_t)n);
		first = false;
		for (unsigned int k = 0; k < LAB_LEVELS; k++)
			sum[k] += f->failure[i][k];
	}
}

void top_failures_line(struct grid *g, unsigned int row, const struct top_shown *t,
		       const struct top_state *s)
{
	__u64 sum[LAB_LEVELS] = {0};
	struct pen p = pen_at(g, row);
	const char *sep = "; zone at ";

	pen_text(&p, "failures    ");
	put_orders(&p, top_figures(t, s->span), s, sum);
	if (!failures_of(sum)) {
		pen_text(&p, "none");
		return;
	}
	for (unsigned int k = 0; k < LAB_LEVELS; k++)
		if (k < LAB_LEVEL_UNKNOWN || sum[k]) {
			pen_format(&p, "%s%s %" PRIu64, sep, level_name(k), (uint64_t)sum[k]);
			sep = ", ";
		}
}

static void failures_row(struct pen p, unsigned int order, __u64 page_bytes,
			 const __u64 level[LAB_LEVELS])
{
	char cell[TEXT_CELL];

	pen_format(&p, "  order %-2u", order);
	pen_right(&p, 7, page_bytes ? text_bytes(cell, true, page_bytes << order) : "");
	for (unsigned int k = 0; k < LAB_LEVELS; k++)
		if (k < LAB_LEVEL_UNKNOWN || level[k])
			pen_right(&p, k == LAB_LEVEL_RESERVE ? 8 : 6,
				  text_count(cell, true, level[k]));
}

void top_failures_draw(struct grid *g, unsigned int row, unsigned int rows, unsigned int column_at,
		       const struct top_shown *t, const struct top_state *s)
{
	const struct figures *f = top_figures(t, s->span);
	struct pen p = pen_at(g, row);
	unsigned int n = 0;

	pen_to(&p, column_at);
	pen_text(&p, "failures, zone at");
	for (unsigned int k = 0; k < LAB_LEVEL_UNKNOWN; k++)
		pen_right(&p, k == LAB_LEVEL_RESERVE ? 8 : 6, level_name(k));
	for (unsigned int i = 0; i < LAB_ORDERS && n < rows; i++) {
		if (!wants_order(s, i) || !failures_of(f->failure[i]))
			continue;
		p = pen_at(g, row + 1 + n++);
		pen_to(&p, column_at);
		failures_row(p, i, run_page_bytes(&t->cells.head.info), f->failure[i]);
	}
	if (n || !rows)
		return;
	p = pen_at(g, row + 1);
	pen_to(&p, column_at);
	pen_text(&p, "  none");
}
