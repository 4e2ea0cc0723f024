/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_pages.h - the pages that lie over the screen of top: one site, the help, what is missing.
 * They scroll. */
#ifndef LAB_VIEW_TOP_PAGES_H
#define LAB_VIEW_TOP_PAGES_H

#include "view/top_state.h"

/* Draws s->page, which is not the main one, from that row on up to another. */
void top_page_draw(struct grid *g, unsigned int row, unsigned int end, const struct top_shown *t,
		   const struct top_state *s);

#endif
