/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* report_page.h - one page of HTML of a recording: loads nothing, runs nothing. */
#ifndef LAB_OUT_REPORT_PAGE_H
#define LAB_OUT_REPORT_PAGE_H

#include <stdio.h>

#include "out/html.h"
#include "out/recording.h"

/* The names of the files that were read. */
struct report_files {
	char *const *file;
	unsigned int files;
};

/* Prints it: the stream keeps what went wrong (ferror). */
void report_page(FILE *f, const struct recording *r, const struct report_files *files);

/* ---- what every page has ---- */

/* A section of a page; has: NULL: always. */
struct page_section {
	const char *id, *title;
	bool (*has)(const void *of);
	void (*put)(struct html *h, const void *of);
};

/* From the first byte to the heading; the title stands there too. */
void page_begin(struct html *h, const char *title);
/* The list of sections, and all of them, in their order. */
void page_sections(struct html *h, const struct page_section *section, unsigned int sections,
		   const void *of);
void page_end(struct html *h);

#endif
