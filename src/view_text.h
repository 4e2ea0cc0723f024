/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* view_text.h - the blocks of the text view, and how they write numbers. */
#ifndef LAB_VIEW_TEXT_H
#define LAB_VIEW_TEXT_H

#include <stdio.h>

#include "model.h"

struct options;

/* What one block prints: the figures of the interval or since start, and what may be in them. */
struct text_part {
	FILE *f;
	const struct options *opt;
	const struct report *report;
	const struct figures *fig;
};

/* view_text_rows.c: a row for each class and context, and what they leave open. */
void text_rows(const struct text_part *p);

/* view_text_hist.c: latency by powers of two, failures by order and zone level. */
void text_latency(const struct text_part *p);
void text_failures(const struct text_part *p);

/* view_text_zones.c: how far each zone is from the next failure. */
void text_zones(const struct text_part *p);

#define TEXT_CELL 24

/* "-" for what is not available, else the number. Returns buf. */
const char *text_count(char buf[TEXT_CELL], bool available, __u64 n);

/* A time in three digits and a unit: "640ns", "1.28us", "17.2s". Returns buf. */
const char *text_ns(char buf[TEXT_CELL], bool available, __u64 ns);

/*
 * Prints "name N", after ", " unless it is the first of its list; nothing when n is 0. Returns
 * whether the list has an entry now.
 */
bool text_item(FILE *f, bool listed, const char *name, __u64 n);

#endif
