/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_kinds.h - each kind of request, a gfp mask each: how likely it fails, how long it takes. */
#ifndef LAB_OUT_PAGE_KINDS_H
#define LAB_OUT_PAGE_KINDS_H

#include "out/html.h"
#include "out/recording.h"

bool page_kinds_has(const struct recording *r);
void page_kinds(struct html *h, const struct recording *r);

#endif
