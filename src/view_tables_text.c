// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_tables_text.c - what the reports of flags and lint have in common, for people. */
#include <inttypes.h>
#include <time.h>

#include "exits.h"
#include "options.h"
#include "tables_view.h"
#include "util.h"
#include "view.h"
#include "view_budget.h"
#include "view_text.h"
#include "view_wrap.h"

static void print_time(FILE *f, const struct options *opt, const struct tables_head *head)
{
	time_t seconds = (time_t)(head->time_ns / 1000000000U);
	char when[32];
	struct tm tm;

	if (opt->timestamp && localtime_r(&seconds, &tm)) {
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
		fprintf(f, "%s  ", when);
	}
	if (head->final)
		fprintf(f, "final: since start, %.1f s\n", (double)head->total_ns / 1e9);
	else if (opt->timestamp)
		fprintf(f, "interval %.3f s\n", (double)head->interval_ns / 1e9);
}

void tables_head_text(FILE *f, const struct options *opt, const struct tables_head *head)
{
	const struct run_info *info = &head->info;

	/* Reports are parted by an empty line; the first of a run has nothing before it. */
	if (head->sequence > 1)
		fputc('\n', f);
	print_time(f, opt, head);
	/* Where a reader looks: at the top of a run, and over the totals that may be all he keeps.
	 */
	if (head->sequence > 1 && !head->final)
		return;
	for (unsigned int i = 0; i < info->missings; i++) {
		struct wrap w = {.f = f, .indent = 4};

		wrap_format(&w, "missing: %s", info->missing[i]);
		wrap_end(&w);
	}
}

void tables_audit_text(FILE *f, const struct tables_head *head, bool seen)
{
	const struct tables_audit *a = head->final ? &head->total : &head->interval;

	view_budget(f, &head->budget);
	fputs("audit: ", f);
	if (seen)
		fprintf(f, "seen %" PRIu64 ", ", (uint64_t)a->seen);
	fprintf(f, "missed %" PRIu64 ", uncounted %" PRIu64, (uint64_t)a->missed,
		(uint64_t)a->uncounted);
	text_item(f, true, "passed over", a->skipped);
	fprintf(f, ": %s\n", tables_audit_complete(a) ? "complete" : "NOT complete");
}

void tables_filter_text(FILE *f, const struct options *opt, const struct tables_head *head)
{
	__u32 recorded = head->info.class_mask;
	bool listed = false;

	if (!opt->class_given || (recorded & ~opt->class_mask) == 0)
		return;
	fputs("filtered: the rows; the audit is of ", f);
	for (unsigned int i = 0; i < LAB_CLASSES; i++) {
		if (!(recorded & (1U << i)))
			continue;
		fprintf(f, "%s%s", listed ? ", " : "", class_name(i));
		listed = true;
	}
	fputc('\n', f);
}

int tables_page(FILE *f, const struct options *opt, const void *report,
		void (*fn)(FILE *f, const struct options *opt, const void *report))
{
	_cleanup_(freep) char *buf = NULL;
	size_t len;
	FILE *page = open_memstream(&buf, &len);

	if (!page)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a report as text");
	fn(page, opt, report);
	if (fclose(page) != 0)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a report as text");
	return view_write(f, buf, len);
}
