/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page.h - what the reports of all views have in common, for people: the head, numbers in cells,
 * the budget. */
#ifndef LAB_VIEW_PAGE_H
#define LAB_VIEW_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "model/run.h"
#include "view/wrap.h"

struct show;

/* Of which machine a recording is, and the time zone of the times shown; time_ns 0: shows none. */
void page_origin(FILE *f, const struct show *show, const struct run_info *info, __u64 time_ns);

/* "2026-11-21 03:26:35 UTC  final: since start, 3.0 s". dated: with date and time; timed: the
 * length of an interval too; neither: a line for the last report alone. */
void page_heading(FILE *f, const struct run_head *head, bool dated, bool timed);

/* A text as wide as the page, its lines indented behind the first. */
struct wrap page_wrap(FILE *f, const struct show *show, unsigned int indent);

/* What this kernel does not offer, at the top of a run, and over the totals at its end, which may
 * be all that a reader keeps. */
void page_missing(FILE *f, const struct show *show, const struct run_head *head);
/* The same, whichever report it is. */
void page_missing_list(FILE *f, const struct show *show, const struct run_info *info);

/* An empty line between reports: the first of a run has nothing before it. */
void page_part(FILE *f, const struct run_head *head);

/* What must not be overlooked: white on red where colours are wanted. */
void text_loud(FILE *f, const struct show *show, const char *text);
/* The same, where there is no harm. */
void text_calm(FILE *f, const struct show *show, const char *text);
/* How the line of an audit ends: ": complete" or, not to be overlooked, ": NOT complete". */
void text_complete(FILE *f, const struct show *show, bool complete);

#define TEXT_CELL 24

/* "-" for what is not available, else the number. Returns buf. */
const char *text_count(char buf[TEXT_CELL], bool available, __u64 n);

/* Bytes in three digits: "64K", "3.50G"; "-" for 0 of unknown. Returns buf. */
const char *text_bytes(char buf[TEXT_CELL], bool available, __u64 bytes);

/* A time in three digits and a unit: "640ns", "1.28us", "17.2s". Returns buf. */
const char *text_ns(char buf[TEXT_CELL], bool available, __u64 ns);

/*
 * Prints "name N", after ", " unless it is the first of its list; nothing when n is 0. Returns
 * whether the list has an entry now.
 */
bool text_item(FILE *f, bool listed, const char *name, __u64 n);

/*
 * "budget: used 1.20 % of the 5.00 % of a processor (programs 1.10, process 0.10): full
 * detail"; nothing where there is none.
 */
void view_budget(FILE *f, const struct show *show, const struct budget_report *b);

#endif
