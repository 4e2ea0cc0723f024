/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_reserve.h - would a larger reserve have helped? The curve of lacks.h. */
#ifndef LAB_OUT_PAGE_RESERVE_H
#define LAB_OUT_PAGE_RESERVE_H

#include "out/html.h"
#include "out/recording.h"

/* Are there lost requests that were told one by one? */
bool page_reserve_has(const struct recording *r);
void page_reserve(struct html *h, const struct recording *r);

/* The same in one sentence, for the paragraph at the top; nothing where none can be told. */
void page_reserve_sentence(struct html *h, const struct recording *r);

#endif
