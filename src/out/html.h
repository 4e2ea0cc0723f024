/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * html.h - a page of HTML as it is written: text that is escaped, and figures with their units. The
 * only file of this room that prints.
 */
#ifndef LAB_OUT_HTML_H
#define LAB_OUT_HTML_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/time_zone.h"

struct html {
	FILE *f;
	struct time_zone zone; /* that times are told in */
	unsigned int ids;      /* given so far */
};

/*
 * As fprintf(), but every %s and %c is escaped: markup stands in the format alone, and a name that
 * somebody else chose stays a name. Knows %s %.*s %c %d %u %x %f %g with h, l, ll, z, and %%.
 */
void html_put(struct html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Markup as it is: of this program alone. */
void html_raw(struct html *h, const char *markup);

/* Numbers of elements, for what refers to another: "f1", "f2", ... */
unsigned int html_id(struct html *h);

/* ---- figures, as text with its unit ---- */

struct cell {
	char text[56];
};

/* "45.1 µs", with a space that does not break; "–" for what is not known. */
struct cell cell_ns(bool known, __u64 ns);
/* "8.7 MiB", of pages; less than zero too. */
struct cell cell_pages(__s64 pages, __u64 page_bytes);
/* "64 KiB" */
struct cell cell_bytes(__u64 bytes);
/* "-158" with a true minus sign. */
struct cell cell_signed(__s64 n);
/* "–" or the number. */
struct cell cell_count(bool known, __u64 n);
/* "3.5 %" of a part; never 0 or 100 for what is not. */
struct cell cell_percent(double part);
/* "18 s", "3 min 20 s", "26 h 3 min" */
struct cell cell_duration(__u64 ns);
/* Of CLOCK_REALTIME, in the time zone of the page: "03:26:35", and with date and name of the zone.
 */
struct cell cell_clock(const struct html *h, __u64 time_ns);
struct cell cell_date(const struct html *h, __u64 time_ns);
/* The zone's name at that time: "UTC". */
struct cell cell_zone(const struct html *h, __u64 time_ns);

/* ---- parts of a page ---- */

/* One column of a table: its head, and whether it holds words. */
struct html_column {
	const char *head;
	bool words;
};

/*
 * A table that scrolls by itself where it is too wide, below its caption; its rows are the
 * caller's. class: NULL: none.
 */
void html_table(struct html *h, const char *class, const char *caption,
		const struct html_column *column, size_t columns);
void html_table_end(struct html *h);

#define HTML_TABLE(h, class, caption, columns)                                                     \
	html_table(h, class, caption, columns, sizeof(columns) / sizeof((columns)[0]))

#endif
