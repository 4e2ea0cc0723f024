// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* grid.c - see grid.h. */
#include "view/grid.h"

#include <stdarg.h>
#include <string.h>

#include "base/util.h"

/* clang-format off */
static const struct {
	__u16 wide;
	char ascii;
} glyphs[GLYPHS] = {
	[GLYPH_RULE] = {0x2500, '-'},
	[GLYPH_FULL] = {0x2588, '#'},
	[GLYPH_PALE] = {0x2592, '+'},
	[GLYPH_FREE] = {0x00b7, '.'},
	[GLYPH_MORE] = {0x25b8, '>'},
	[GLYPH_CHOSEN] = {0x25b6, '>'},
	[GLYPH_PLENTY] = {0x2500, '-'},
	[GLYPH_CUT] = {0x2026, '~'},
	[GLYPH_EIGHTH] = {0x2581, '1'}, {0x2582, '2'}, {0x2583, '3'}, {0x2584, '4'},
	{0x2585, '5'}, {0x2586, '6'}, {0x2587, '7'}, {0x2588, '8'},
	[GLYPH_HEAT] = {0x2591, '.'}, {0x2592, ':'}, {0x2593, '*'}, {0x2588, '#'},
};
/* clang-format on */

__u32 glyph_code(enum glyph glyph, bool ascii)
{
	return ascii ? (__u32)glyphs[glyph].ascii : glyphs[glyph].wide;
}

void grid_begin(struct grid *g, unsigned int columns, unsigned int rows, bool ascii)
{
	g->columns = columns < GRID_COLUMNS ? columns : GRID_COLUMNS;
	g->rows = rows < GRID_ROWS ? rows : GRID_ROWS;
	g->ascii = ascii;
	for (unsigned int y = 0; y < g->rows; y++)
		for (unsigned int x = 0; x < g->columns; x++)
			g->cell[y][x] = (struct grid_cell){' ', MARK_PLAIN};
}

/* ---- a row ---- */

struct pen pen_at(struct grid *g, unsigned int row)
{
	return (struct pen){.grid = g, .row = row, .end = g->columns};
}

/* What has no room leaves a sign that there was more. */
static void put(struct pen *p, __u32 code)
{
	__u32 cut = glyph_code(GLYPH_CUT, p->grid->ascii);

	if (p->row < p->grid->rows && p->column < p->end)
		p->grid->cell[p->row][p->column] = (struct grid_cell){code, p->mark};
	else if (p->row < p->grid->rows && code != ' ' && p->end)
		p->grid->cell[p->row][p->end - 1].code = cut;
	p->column++;
}

unsigned int pen_room(const struct pen *p)
{
	return p->column < p->end ? p->end - p->column : 0;
}

/* Bytes that go on a character of UTF-8 are part of the one before. */
static bool goes_on(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static unsigned int width_of(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += !goes_on(*text);
	return n;
}

void pen_text(struct pen *p, const char *text)
{
	for (; *text; text++)
		if (!goes_on(*text))
			put(p, *text < ' ' || *text == 0x7f ? '?' : (__u32)*text);
}

void pen_format(struct pen *p, const char *fmt, ...)
{
	char text[GRID_COLUMNS + 1];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	pen_text(p, text);
}

void pen_glyph(struct pen *p, enum glyph glyph)
{
	put(p, glyph_code(glyph, p->grid->ascii));
}

void pen_glyphs(struct pen *p, enum glyph glyph, unsigned int n)
{
	while (n--)
		pen_glyph(p, glyph);
}

bool pen_fitting(struct pen *p, const char *text)
{
	bool fits = width_of(text) <= pen_room(p);

	if (fits)
		pen_text(p, text);
	return fits;
}

void pen_to(struct pen *p, unsigned int column)
{
	if (p->mark == MARK_PLAIN && p->column < column)
		p->column = column;
	while (p->column < column)
		put(p, ' ');
}

void pen_right(struct pen *p, unsigned int width, const char *text)
{
	unsigned int wide = width_of(text);

	if (wide < width)
		pen_to(p, p->column + width - wide);
	else if (width && p->column)
		pen_text(p, " ");
	pen_text(p, text);
}

void pen_left(struct pen *p, unsigned int width, const char *text)
{
	unsigned int end = p->column + width;
	struct pen part = *p;

	part.end = end < p->end ? end : p->end;
	pen_text(&part, text);
	p->column = part.column < part.end ? part.column : part.end;
	pen_to(p, end);
}

/* ---- words ---- */

size_t grid_fit(const char *text, size_t width)
{
	size_t len = strlen(text), at = width;

	if (len <= width)
		return len;
	while (at && text[at] != ' ')
		at--;
	return at ?: width;
}

unsigned int grid_wrap(struct grid *g, unsigned int row, unsigned int column, unsigned int rows,
		       const char *text)
{
	unsigned int n = 0;

	while (*text && n < rows && column < g->columns) {
		struct pen p = pen_at(g, row + n++);
		size_t len = grid_fit(text, g->columns - column);

		pen_to(&p, column);
		pen_format(&p, "%.*s", (int)len, text);
		text += len;
		text += strspn(text, " ");
	}
	return n;
}

unsigned int grid_wrap_rows(const struct grid *g, unsigned int column, const char *text)
{
	unsigned int n = 0;

	for (; *text && column < g->columns; n++) {
		text += grid_fit(text, g->columns - column);
		text += strspn(text, " ");
	}
	return n;
}

/* ---- as text ---- */

static void put_code(FILE *f, __u32 code)
{
	if (code >= 0x800)
		fprintf(f, "%c%c%c", (int)(0xe0 | code >> 12), (int)(0x80 | (code >> 6 & 0x3f)),
			(int)(0x80 | (code & 0x3f)));
	else if (code >= 0x80)
		fprintf(f, "%c%c", (int)(0xc0 | code >> 6), (int)(0x80 | (code & 0x3f)));
	else
		fputc((int)code, f);
}

static const char *const begin[MARKS] = {
	[MARK_PLAIN] = "\033[0m",      [MARK_BOLD] = "\033[0;1m",   [MARK_LOUD] = "\033[0;1;37;41m",
	[MARK_NEAR] = "\033[0;30;43m", [MARK_CHOSEN] = "\033[0;7m",
};

static void print_row(FILE *f, const struct grid *g, unsigned int row, bool coloured)
{
	unsigned int end = g->columns, mark = MARK_PLAIN;

	while (end && g->cell[row][end - 1].code == ' ')
		end--;
	for (unsigned int x = 0; x < end; x++) {
		const struct grid_cell *c = &g->cell[row][x];

		if (coloured && c->mark != mark)
			fputs(begin[c->mark], f);
		mark = c->mark;
		put_code(f, c->code);
	}
	if (coloured && mark != MARK_PLAIN)
		fputs(begin[MARK_PLAIN], f);
	fputc('\n', f);
}

void grid_print(FILE *f, const struct grid *g, bool coloured)
{
	for (unsigned int y = 0; y < g->rows; y++)
		print_row(f, g, y, coloured);
}
