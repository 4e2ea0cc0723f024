/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_head.h - the rows of the screen of top that are never folded away: whose it is, how it
 * stands, what the counts are worth, and the keys. */
#ifndef LAB_VIEW_TOP_HEAD_H
#define LAB_VIEW_TOP_HEAD_H

#include "view/top_state.h"

/* How it stands. */
enum top_verdict { TOP_WAITS, TOP_FINE, TOP_NEAR, TOP_FAIL, TOP_LOST };

/* Of the span that is shown. */
enum top_verdict top_verdict(const struct top_shown *t, enum top_span span);

void top_head_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		   const struct top_state *s);
void top_verdict_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		      const struct top_state *s);
void top_audit_draw(struct grid *g, unsigned int row, const struct top_shown *t,
		    const struct top_state *s);
void top_keys_draw(struct grid *g, unsigned int row, const struct top_state *s);

#endif
