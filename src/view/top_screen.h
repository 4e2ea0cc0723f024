/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * top_screen.h - the screen of top: what has how many rows. Too small a screen is folded, in an
 * order, and never refused.
 */
#ifndef LAB_VIEW_TOP_SCREEN_H
#define LAB_VIEW_TOP_SCREEN_H

#include "view/grid.h"
#include "view/top_shown.h"
#include "view/top_state.h"

struct top_screen {
	struct top_shown shown;
	struct top_state state;
	struct grid grid;
};

/* Draws s->grid, of that size. */
void top_screen_draw(struct top_screen *s, unsigned int columns, unsigned int rows, bool ascii);

#endif
