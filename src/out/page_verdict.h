/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_verdict.h - what happened, in one paragraph and seven figures. */
#ifndef LAB_OUT_PAGE_VERDICT_H
#define LAB_OUT_PAGE_VERDICT_H

#include "out/html.h"
#include "out/recording.h"

/* How bad it was. */
enum page_state { PAGE_FINE, PAGE_NEAR, PAGE_FAILED, PAGE_LOST };
enum page_state page_state_of(const struct recording *r);

/* The paragraph: each sentence falls away when its figure is not known. */
void page_verdict(struct html *h, const struct recording *r);

/* Was nothing missed, by all streams that tell? */
bool page_complete(const struct recording *r);

/* The zone that came nearest to a failure; NULL: none is known. */
const struct recorded_zone *page_lowest_zone(const struct recording *r);

#endif
