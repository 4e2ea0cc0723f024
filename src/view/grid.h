/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * grid.h - a screen as cells, before any terminal: what is drawn on it is text, a few glyphs that
 * have a form in ASCII too, and marks that say what matters. Pure.
 */
#ifndef LAB_VIEW_GRID_H
#define LAB_VIEW_GRID_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

/* A terminal that is larger is left empty there. */
#define GRID_COLUMNS 300
#define GRID_ROWS 100

/* What a cell wants to be seen as; words and letters say the same. */
enum mark { MARK_PLAIN, MARK_BOLD, MARK_LOUD, MARK_NEAR, MARK_CHOSEN, MARKS };

/* One column wide each. From GLYPH_EIGHTH on, eight of them, and from GLYPH_HEAT on, four. */
enum glyph {
	GLYPH_RULE,
	GLYPH_FULL,
	GLYPH_PALE,
	GLYPH_FREE,
	GLYPH_MORE,
	GLYPH_CHOSEN,
	GLYPH_PLENTY,
	GLYPH_CUT,
	GLYPH_EIGHTH,
	GLYPH_HEAT = GLYPH_EIGHTH + 8,
	GLYPHS = GLYPH_HEAT + 4,
};

struct grid_cell {
	__u32 code; /* Unicode */
	__u32 mark; /* enum mark */
};

struct grid {
	unsigned int columns, rows;
	bool ascii;
	struct grid_cell cell[GRID_ROWS][GRID_COLUMNS];
};

/* Empty, of that size or the largest. */
void grid_begin(struct grid *g, unsigned int columns, unsigned int rows, bool ascii);

/* The character of a glyph, in UTF-8 and in ASCII. */
__u32 glyph_code(enum glyph glyph, bool ascii);

/* Where the next character goes: what would be behind end, or below the last row, goes nowhere. A
 * text that is cut shows it in its last column. */
struct pen {
	struct grid *grid;
	unsigned int row, column, end;
	enum mark mark;
};

/* At the start of a row, which may be as long as the screen is wide. */
struct pen pen_at(struct grid *g, unsigned int row);

/* Nothing in a text is given to the terminal but ASCII: what else it has, control characters too,
 * is a '?' each. */
void pen_text(struct pen *p, const char *text);
void pen_format(struct pen *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void pen_glyph(struct pen *p, enum glyph glyph);
/* The same, n times. */
void pen_glyphs(struct pen *p, enum glyph glyph, unsigned int n);
/* Right-aligned in so many columns, or behind a space and as wide as it is. */
void pen_right(struct pen *p, unsigned int width, const char *text);
/* Left-aligned in so many columns, and cut there, the cut shown. */
void pen_left(struct pen *p, unsigned int width, const char *text);
/* All of it, or nothing where it does not fit: whether it did. */
bool pen_fitting(struct pen *p, const char *text);
/* Forward to that column, not back: what is there stays, unless the mark is to be seen. */
void pen_to(struct pen *p, unsigned int column);
/* Columns that are left. */
unsigned int pen_room(const struct pen *p);

/* How many bytes of a text go into a row of that width: up to a space, or where no word fits, as
 * many as there is room for. */
size_t grid_fit(const char *text, size_t width);

/* Words of a text from that column on, in rows that follow each other: at most so many of them.
 * Returns how many it took. */
unsigned int grid_wrap(struct grid *g, unsigned int row, unsigned int column, unsigned int rows,
		       const char *text);

/* The same, not drawn: how many rows it takes. */
unsigned int grid_wrap_rows(const struct grid *g, unsigned int column, const char *text);

/* All rows as text, in UTF-8 or ASCII, blanks at their ends left out. coloured: marks as escape
 * sequences. */
void grid_print(FILE *f, const struct grid *g, bool coloured);

#endif
