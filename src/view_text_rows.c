// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_text_rows.c - the table of class and context:
 *
 *	                            failed        latency             served at watermark level
 *	class    context   requests   final     opp    p50    p99    max        low  min  reserve
 *none atomic   softirq     123456       3      12  350ns 1.20us 14.5us     123400   40        1 0
 */
#include <inttypes.h>

#include "options.h"
#include "view.h"
#include "view_text.h"

static const char row_format[] = "%-8s %-7s %10s %7s %7s %6s %6s %6s %10s %8s %7s %6s\n";

/* What the rows say besides their columns. */
struct rest {
	__u64 no_outcome, served_unknown, silent, alone, bh_off, preempt_off;
};

static void rest_add(struct rest *rest, const struct row *row)
{
	rest->no_outcome += row->no_outcome;
	rest->served_unknown += row->served[LAB_LEVEL_UNKNOWN];
	rest->silent += row->failed_silent;
	rest->alone += row->alone;
	rest->bh_off += row->bh_off;
	rest->preempt_off += row->preempt_off;
}

/* Served requests whose level is known. */
static __u64 served_known(const struct row *row)
{
	__u64 n = 0;

	for (unsigned int i = 0; i < LAB_LEVEL_UNKNOWN; i++)
		n += row->served[i];
	return n;
}

static void print_row(const struct text_part *p, unsigned int class, unsigned int context)
{
	const struct row *row = &p->fig->row[class][context];
	bool timed = p->report->info.has_latency && hist_count(&row->latency) > 0;
	bool leveled = row->served[LAB_LEVEL_UNKNOWN] == 0 || served_known(row) > 0;
	char cell[10][TEXT_CELL];

	fprintf(p->f, row_format, class_name(class), context_name(context),
		text_count(cell[0], true, row->requests),
		text_count(cell[1], true, row->failed_final),
		text_count(cell[2], true, row->failed_opportunistic),
		text_ns(cell[3], timed, hist_quantile_ns(&row->latency, 500)),
		text_ns(cell[4], timed, hist_quantile_ns(&row->latency, 990)),
		text_ns(cell[5], timed, row->latency.max_ns),
		text_count(cell[6], leveled, row->served[LAB_LEVEL_LOW]),
		text_count(cell[7], leveled, row->served[LAB_LEVEL_MIN]),
		text_count(cell[8], leveled, row->served[LAB_LEVEL_RESERVE]),
		text_count(cell[9], leveled, row->served[LAB_LEVEL_NONE]));
}

static void print_rest(const struct text_part *p, const struct rest *rest)
{
	bool listed = false;

	if (rest->bh_off || rest->preempt_off) {
		fputs("in task context: ", p->f);
		listed = text_item(p->f, false, "bottom halves off", rest->bh_off);
		text_item(p->f, listed, "preemption off", rest->preempt_off);
		fputc('\n', p->f);
	}
	if (!rest->no_outcome && !rest->served_unknown && !rest->silent)
		return;
	fputs("also: ", p->f);
	listed = text_item(p->f, false, "outcome unknown", rest->no_outcome);
	listed = text_item(p->f, listed, "served, level unknown", rest->served_unknown);
	text_item(p->f, listed, "failed without a tracepoint", rest->silent);
	fputc('\n', p->f);
}

void text_rows(const struct text_part *p)
{
	struct rest rest = {0};
	bool any = false;

	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			const struct row *row = &p->fig->row[c][x];

			if (!view_wants_row(p->opt, c, row))
				continue;
			if (!any) {
				fprintf(p->f, "%27s %15s %20s %34s\n", "",
					"failed:", "latency:", "served at watermark level:");
				fprintf(p->f, row_format, "class", "context", "requests", "final",
					"opp", "p50", "p99", "max", "low", "min", "reserve",
					"none");
			}
			any = true;
			print_row(p, c, x);
			rest_add(&rest, row);
		}
	}
	if (!any)
		fputs(p->opt->failures_only ? "no rows with failures\n" : "no requests\n", p->f);
	print_rest(p, &rest);
}
