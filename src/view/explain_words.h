/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* explain_words.h - small pieces that the sentences of explain share. Pure. */
#ifndef LAB_VIEW_EXPLAIN_WORDS_H
#define LAB_VIEW_EXPLAIN_WORDS_H

#include <stdio.h>

#include "model/alloc_report.h"

#define EXPLAIN_WIDTH 80
#define EXPLAIN_LABEL 9

struct digits {
	char text[32];
};

/* Digits alone: one search finds a number. */
struct digits digits_of(__u64 v);
struct digits signed_digits_of(__s64 v);

/* "igb_poll [igb]", "vfs_read (fs)", "" where it is not known. */
struct site_text {
	char text[EVENT_SYMBOL + EVENT_MODULE + 4];
};

struct site_text report_site_text(const struct alloc_report *r);

/* Wrapped at the width, a label before its first line; nothing where text is empty. */
void explain_paragraph(FILE *f, const char *label, const char *text);

/* What a log holds may be anything: what is not printable ASCII, nor a newline, becomes "?". */
void explain_printable(char *text, size_t len);

/* "exhausted"; "no verdict" */
const char *explain_verdict_word(const struct alloc_report *r);

bool report_has_many_nodes(const struct alloc_report *r);

/* Pages that are closed to it by count; what is left of the free ones; what they must be above. */
__u64 report_closed_pages(const struct report_sum *s);
__s64 report_usable(const struct report_sum *s);
__u64 report_need(const struct report_sum *s);

#endif
