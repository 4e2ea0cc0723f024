/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_zones.h - a gauge for each zone: where free stood between zero and twice its highest mark.
 */
#ifndef LAB_OUT_PAGE_ZONES_H
#define LAB_OUT_PAGE_ZONES_H

#include "out/html.h"
#include "out/recording.h"

bool page_zones_has(const struct recording *r);
void page_zones(struct html *h, const struct recording *r);

#endif
