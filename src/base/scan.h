/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* scan.h - where any of some words stands first in many bytes, at the speed of grep. Pure. */
#ifndef LAB_BASE_SCAN_H
#define LAB_BASE_SCAN_H

#include <stddef.h>

/* Words are compared in their first SCAN_WORD bytes, and have that many at least. */
#define SCAN_WORD 10
#define SCAN_WORDS 16

struct scan {
	const char *words[SCAN_WORDS];
	unsigned int n;
	/* By the last two bytes of a window: how far it may move on. */
	unsigned char skip[1 << 16];
};

/* words must live as long as *s. At most SCAN_WORDS. */
void scan_init(struct scan *s, const char *const *words, unsigned int n);

/* The first place in [text, text + len); NULL when there is none. */
const char *scan_find(const struct scan *s, const char *text, size_t len);

#endif
