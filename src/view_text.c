// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_text.c - a report for people, at most 100 columns wide:
 *
 *	2026-11-21 03:26:35   interval 1.000 s                      (-T; the last report: final)
 *	rows, exclusive, latency, failures, zones, bulk
 *	audit: seen 4711, missed 0, unpaired 0, dropped 0: complete
 *
 * Nothing here depends on how the report came: a replay prints what the live run printed.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "exits.h"
#include "options.h"
#include "util.h"
#include "view.h"
#include "view_budget.h"
#include "view_text.h"

const char *text_count(char buf[TEXT_CELL], bool available, __u64 n)
{
	if (available)
		snprintf(buf, TEXT_CELL, "%" PRIu64, (uint64_t)n);
	else
		snprintf(buf, TEXT_CELL, "-");
	return buf;
}

const char *text_ns(char buf[TEXT_CELL], bool available, __u64 ns)
{
	static const struct {
		const char *name;
		__u64 ns;
	} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
	size_t i = 0;
	double v;

	if (!available) {
		snprintf(buf, TEXT_CELL, "-");
		return buf;
	}
	/* The next unit starts where this one would be rounded to four digits. */
	while (i + 1 < ARRAY_SIZE(units) && ns >= units[i].ns * 1000 - units[i].ns / 2)
		i++;
	v = (double)ns / (double)units[i].ns;
	snprintf(buf, TEXT_CELL, "%.*f%s",
		 i == 0 || v >= 99.95 ? 0
		 : v >= 9.995	      ? 1
				      : 2,
		 v, units[i].name);
	return buf;
}

bool text_item(FILE *f, bool listed, const char *name, __u64 n)
{
	if (n == 0)
		return listed;
	fprintf(f, "%s%s %" PRIu64, listed ? ", " : "", name, (uint64_t)n);
	return true;
}

/* Names come out of kernels and files: nothing but what prints. */
static void print_name(FILE *f, const char *s)
{
	for (; *s; s++)
		fputc((unsigned char)*s < ' ' || *s == 0x7f ? '?' : *s, f);
}

static void text_heading(const struct text_part *p)
{
	const struct report *r = p->report;
	time_t seconds = (time_t)(r->time_ns / 1000000000U);
	struct tm tm;

	if (p->opt->timestamp && localtime_r(&seconds, &tm)) {
		char when[32];

		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
		fprintf(p->f, "%s  ", when);
	}
	if (r->final)
		fprintf(p->f, "final: since start, %.1f s\n", (double)r->total_ns / 1e9);
	else if (p->opt->timestamp)
		fprintf(p->f, "interval %.3f s\n", (double)r->interval_ns / 1e9);
}

static void text_missing(const struct text_part *p)
{
	const struct run_info *info = &p->report->info;

	/* Where a reader looks: at the top of a run, and over the totals that may be all he keeps.
	 */
	if (p->report->sequence > 1 && !p->report->final)
		return;
	for (unsigned int i = 0; i < info->missings; i++) {
		fputs("missing: ", p->f);
		print_name(p->f, info->missing[i]);
		fputc('\n', p->f);
	}
}

static void text_exclusive(const struct text_part *p)
{
	const struct run_info *info = &p->report->info;
	const struct exclusive *e = &p->fig->exclusive;
	long long held = view_held_blocks(p->report);
	char cell[7][TEXT_CELL];

	fprintf(p->f,
		"exclusive: eligible %s, hit %s, miss %s, leak %s; blocks grown %s, shrunk %s, "
		"held %s\n",
		text_count(cell[0], info->has_exclusive, e->eligible),
		text_count(cell[1], info->has_exclusive, e->hit),
		text_count(cell[2], info->has_exclusive, e->miss),
		text_count(cell[3], info->has_exclusive, e->leak),
		text_count(cell[4], info->has_grown, e->grown_blocks),
		text_count(cell[5], info->has_grown, e->shrunk_blocks),
		text_count(cell[6], held >= 0, (__u64)held));
}

static void text_bulk(const struct text_part *p)
{
	bool has_bulk = p->report->info.has_bulk;
	const struct bulk *b = &p->fig->bulk;
	char cell[4][TEXT_CELL];

	fprintf(p->f, "bulk: calls %s, asked %s pages, got %s, short calls %s\n",
		text_count(cell[0], has_bulk, b->calls),
		text_count(cell[1], has_bulk, b->asked_pages),
		text_count(cell[2], has_bulk, b->got_pages),
		text_count(cell[3], has_bulk, b->short_calls));
	if (p->report->info.has_anon_exclusive)
		fprintf(p->f, "anon exclusive: %" PRIu64 " pages newly marked\n",
			(uint64_t)p->fig->anon_exclusive_pages);
}

static void text_audit(const struct text_part *p)
{
	const struct audit *a = &p->fig->audit;
	bool listed = false;

	fprintf(p->f,
		"audit: seen %" PRIu64 ", missed %" PRIu64 ", unpaired %" PRIu64
		", dropped %" PRIu64,
		(uint64_t)a->seen, (uint64_t)a->missed, (uint64_t)a->unpaired,
		(uint64_t)a->dropped);
	text_item(p->f, true, "passed over", a->skipped);
	fprintf(p->f, ": %s\n", audit_complete(a) ? "complete" : "NOT complete");
	/* Without starts every request is alone, and no pair was asked for. */
	if (!p->report->info.has_latency ||
	    !(a->alone || a->left || a->silent || a->migrated || a->entry_misses || a->done_misses))
		return;
	fputs("  in detail: ", p->f);
	listed = text_item(p->f, listed, "alone", a->alone);
	listed = text_item(p->f, listed, "left", a->left);
	listed = text_item(p->f, listed, "silent", a->silent);
	listed = text_item(p->f, listed, "migrated", a->migrated);
	listed = text_item(p->f, listed, "entry skipped", a->entry_misses);
	text_item(p->f, listed, "end skipped", a->done_misses);
	fputc('\n', p->f);
}

/* --class on a replay takes rows away; the other figures are those of the whole recording. */
static void text_filter_note(const struct text_part *p)
{
	const struct options *opt = p->opt;
	__u32 recorded = p->report->info.class_mask;
	bool listed = false;

	if (!opt->class_given || (recorded & ~opt->class_mask) == 0)
		return;
	fputs("filtered: rows and latencies; all else is of ", p->f);
	for (unsigned int i = 0; i < LAB_CLASSES; i++) {
		if (!(recorded & (1U << i)))
			continue;
		fprintf(p->f, "%s%s", listed ? ", " : "", class_name(i));
		listed = true;
	}
	fputc('\n', p->f);
}

static void text_blocks(const struct text_part *p)
{
	/* Reports are parted by an empty line; the first of a run has nothing before it. */
	if (p->report->sequence > 1)
		fputc('\n', p->f);
	text_heading(p);
	text_missing(p);
	text_rows(p);
	text_filter_note(p);
	text_exclusive(p);
	text_latency(p);
	text_failures(p);
	text_zones(p);
	text_bulk(p);
	view_budget(p->f, &p->report->budget);
	text_audit(p);
}

static int text_report(FILE *f, const struct options *opt, const struct report *r)
{
	_cleanup_(freep) char *buf = NULL;
	struct text_part p = {
		.opt = opt,
		.report = r,
		.fig = r->final ? &r->total : &r->interval,
	};
	size_t len;

	p.f = open_memstream(&buf, &len);
	if (!p.f)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a report as text");
	text_blocks(&p);
	if (fclose(p.f) != 0)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a report as text");
	return view_write(f, buf, len);
}

static int text_frame(FILE *f, const struct options *opt)
{
	(void)f;
	(void)opt;
	return 0;
}

const struct view_ops view_text = {
	.name = "text",
	.begin = text_frame,
	.report = text_report,
	.end = text_frame,
};
