/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * rules.h - which rules a kernel's allocator has, by its release: for what nothing else shows them.
 * Pure.
 */
#ifndef LAB_MODEL_RULES_H
#define LAB_MODEL_RULES_H

#include <stdbool.h>

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
	/* A boosted mark counts for order 0 as for any, there is no second try (up to 5.8). */
	bool boost_always;
	/* From order 1 on, what lies in smaller blocks is taken off step by step, and each step has
	 * half the mark (up to 4.3). */
	bool half_by_order;
	unsigned int page_kib;	 /* size of a page; 0: 4 KiB */
	bool trylock_possible;	 /* there is alloc_pages_nolock() (since 6.15) */
	bool injection_possible; /* fail_page_alloc is built in and set up */
};

/* Of the kernels since 6.3, where nothing is injected. */
struct verdict_rules verdict_rules_default(void);

/* Of the kernels up to 6.2, and of those that cannot be told from them. */
struct verdict_rules verdict_rules_old(void);

#define RELEASE_TEXT 64

/* "6.1.115-vendor" is 6, 1, 115. */
struct kernel_release {
	unsigned int major, minor, patch;
	bool known;	  /* false: nothing is, the numbers are 0 */
	bool patch_known; /* false: a distribution's "5.15.0-91-generic", which hides it */
};

/*
 * What uname -r or the CPU line of a report gives. package: what stands behind it, where a
 * distribution names its own version ("#1 Debian 6.1.76-1"); NULL when there is none.
 */
struct kernel_release release_parse(const char *word, const char *package);

/* Is it that version or a later one? An unknown release is the latest. */
bool release_since(const struct kernel_release *r, unsigned int major, unsigned int minor);

/*
 * The rules of mm/page_alloc.c by release: 6.3 reworked the reserves, and 5.15.171 and 6.1.116 took
 * that over; 5.9 gave order 0 a second try without the boost. An unknown release has those of
 * verdict_rules_default(). Where stable releases took a change at a point that is not known, the
 * rule that grants less.
 */
struct verdict_rules rules_of_release(const struct kernel_release *r);

/* "Linux 6.3 and later" or "Linux up to 6.2": what these rules go by, in words. */
const char *rules_name(const struct verdict_rules *rules);

/*
 * True where the release leaves open which of two sets of rules the kernel has: 5.15 and 6.1 of a
 * distribution that hides the patch level, and the el9 kernels (5.14 with much of later ones).
 * Fills both.
 */
bool rules_in_doubt(const struct kernel_release *r, struct verdict_rules *before,
		    struct verdict_rules *after);

#endif
