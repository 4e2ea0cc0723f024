/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_sites.h - who went without, and why: by driver and function, with evidence and advice. */
#ifndef LAB_OUT_PAGE_SITES_H
#define LAB_OUT_PAGE_SITES_H

#include "out/html.h"
#include "out/recording.h"

bool page_sites_has(const struct recording *r);
void page_sites(struct html *h, const struct recording *r);

#endif
