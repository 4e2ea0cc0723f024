/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_requests.h - requests by class and context, as the view stat has them. */
#ifndef LAB_OUT_PAGE_REQUESTS_H
#define LAB_OUT_PAGE_REQUESTS_H

#include "out/html.h"
#include "out/recording.h"

bool page_requests_has(const struct recording *r);
void page_requests(struct html *h, const struct recording *r);

#endif
