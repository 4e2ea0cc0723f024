/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* verdict.h - why a request failed: the kernel's own test for it, redone. Pure. */
#ifndef LAB_VERDICT_H
#define LAB_VERDICT_H

#include <stdbool.h>

#include "event.h"

/*
 * What differs between kernels in the rights of a request below the min mark (mm/page_alloc.c:
 * gfp_to_alloc_flags, __zone_watermark_ok, rmqueue_buddy). Where a kernel does not tell which rule
 * it has, the one that grants less is right: had a request had more, it would not have failed.
 */
struct verdict_rules {
	/* __GFP_ATOMIC grants the deeper dip, not that the request may not sleep (up to 6.2). */
	bool harder_by_bit;
	/* That dip is had without __GFP_HIGH too: 3/4 of min (up to 6.2). */
	bool harder_alone_dips;
	/* Any right below min counts exclusive blocks as free; else only the deeper dip does. */
	bool reserve_by_any_right;
	/* Order 0 falls back to exclusive blocks, when nothing else is left (since 6.3). */
	bool reserve_for_order_0;
	/* From order 1 on, exclusive blocks are for requests with __GFP_HIGH only. */
	bool reserve_needs_high;
	bool trylock_possible;	 /* there is alloc_pages_nolock() (since 6.15) */
	bool injection_possible; /* fail_page_alloc is built in and set up */
};

/* Of the kernels since 6.3, where nothing is injected. */
struct verdict_rules verdict_rules_default(void);

/* Of the kernels up to 6.2, and of those that cannot be told from them. */
struct verdict_rules verdict_rules_old(void);

/* Fills verdict and evidence of a failed request; other events are left alone. */
void verdict_decide(struct event *e, const struct verdict_rules *rules);

/* What closes a zone to the request, "by __GFP_DMA"; NULL when it may use it. */
const char *verdict_closed_by(const struct lab_event *raw, const struct lab_event_zone *z,
			      const struct verdict_rules *rules);

#endif
