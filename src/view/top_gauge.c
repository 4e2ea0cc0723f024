// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_gauge.c - see top_gauge.h. */
#include "view/top_gauge.h"

/* Low and high as kswapd goes by them; floor and min as GFP_ATOMIC does, whom no boost concerns. */
static __u64 low_of(const struct zone_row *z)
{
	return z->low + z->boost;
}

static __u64 high_of(const struct zone_row *z)
{
	return z->high + z->boost;
}

__u64 top_gauge_scale(const struct zone_row *z)
{
	__u64 floor = z->floor > 0 ? (__u64)z->floor : 0;
	__u64 highest = floor > high_of(z) ? floor : high_of(z);

	return highest ? 2 * highest : 1;
}

/* The cell of a number of pages; width or more: beyond the gauge. */
static unsigned int cell_of(__u64 pages, __u64 scale, unsigned int width)
{
	double at = (double)pages * width / (double)scale;

	return at < (double)width ? (unsigned int)at : width;
}

static void put_mark(char *letter, const struct zone_row *z, __u64 mark, unsigned int width,
		     const char letters[2])
{
	unsigned int at = cell_of(mark, top_gauge_scale(z), width);

	if (at < width)
		letter[at] = letters[z->free > mark];
}

/* Where two meet, the one that matters more is seen. */
static void put_marks(char *letter, const struct zone_row *z, unsigned int width)
{
	put_mark(letter, z, high_of(z), width, "hH");
	put_mark(letter, z, low_of(z), width, "lL");
	put_mark(letter, z, z->min, width, "mM");
	put_mark(letter, z, z->floor > 0 ? (__u64)z->floor : 0, width, "fF");
}

void top_gauge(struct pen *p, const struct zone_row *z, unsigned int width)
{
	__u64 scale = top_gauge_scale(z),
	      least = z->lowest_free < z->free ? z->lowest_free : z->free;
	unsigned int kept = cell_of(least, scale, width), free = cell_of(z->free, scale, width);
	char letter[GRID_COLUMNS] = {0};

	width = width < GRID_COLUMNS ? width : GRID_COLUMNS;
	put_marks(letter, z, width);
	for (unsigned int i = 0; i < width; i++) {
		if (letter[i])
			pen_format(p, "%c", letter[i]);
		else if (i + 1 == width && z->free > scale)
			pen_glyph(p, GLYPH_MORE);
		else
			pen_glyph(p, i < kept ? GLYPH_FULL : i < free ? GLYPH_PALE : GLYPH_FREE);
	}
}

/* ---- the history ---- */

static void put_low(struct pen *p, __s64 headroom, __u64 scale)
{
	enum mark mark = p->mark;
	double eighths = (double)headroom * 8 / (double)scale;

	if (headroom == ZONE_CLOSED) {
		pen_text(p, " ");
	} else if (headroom <= 0) {
		p->mark = MARK_LOUD;
		pen_text(p, "!");
		p->mark = mark;
	} else if (eighths >= 8) {
		pen_glyph(p, GLYPH_PLENTY);
	} else {
		pen_glyph(p, (enum glyph)(GLYPH_EIGHTH + (unsigned int)eighths));
	}
}

void top_lows(struct pen *p, const struct top_shown *t, unsigned int zone, unsigned int width)
{
	const struct top_low *l = &t->low[zone];
	__u64 scale = top_gauge_scale(&t->cells.zone[zone]);

	for (unsigned int i = width; i--;) {
		int slot = top_slot(t, i);

		put_low(p, slot < 0 ? ZONE_CLOSED : l->lowest[slot], scale);
	}
}

/* ---- by the logarithm ---- */

/* Of 2, in 256ths; the line between two powers is straight. */
static __u64 log2_256(__u64 n)
{
	unsigned int bits = 63 - (unsigned int)__builtin_clzll(n);
	__u64 part = bits > 8 ? n >> (bits - 8) : n << (8 - bits);

	return bits * 256ULL + part - 256;
}

unsigned int top_log_height(__u64 n, __u64 most, unsigned int height)
{
	if (!n || !height)
		return 0;
	if (n >= most || most < 2)
		return height;
	return 1 + (unsigned int)((height - 1) * log2_256(n) / log2_256(most));
}

void top_columns(struct pen *p, const __u64 *count, unsigned int counts, __u64 most)
{
	for (unsigned int i = 0; i < counts; i++) {
		unsigned int height = top_log_height(count[i], most, 8);

		if (height)
			pen_glyph(p, (enum glyph)(GLYPH_EIGHTH + height - 1));
		else
			pen_text(p, p->grid->ascii ? "." : " ");
	}
}
