// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * flags_text.c - kinds of requests for people, as wide as the page: of each its name, a
 * line of counts, and a line of what they say.
 *
 *	GFP_ATOMIC|__GFP_NOWARN
 *	  atomic   no    to 3/8       123456      3    12    123400      40       1    0
 *	  0.0122%  0.0076..0.0195%    350ns 1.20us 14.5us  2.10us 8.70us 33.0us       0
 *
 * Nothing here depends on how the report came: a replay prints what the live run printed.
 */
#include <inttypes.h>
#include <string.h>

#include "view/flags_report.h"
#include "view/flags_text.h"
#include "model/names.h"
#include "view/show.h"
#include "base/util.h"
#include "view/page.h"
#include "view/wrap.h"

static const char count_format[] = "  %-8s %-5s %-9s %9s %6s %5s %9s %7s %7s %4s\n";
static const char says_format[] = "  %-8s %-17s %6s %6s %6s  %6s %6s %6s %7s\n";

static void print_header(FILE *f)
{
	fprintf(f, "%49s %30s\n", "failed:", "served at level:");
	fprintf(f, count_format, "class", "sleep", "below min", "requests", "final", "opp", "low",
		"min", "reserve", "none");
	fprintf(f, "%49s %21s\n", "fast path:", "slow path:");
	fprintf(f, says_format, "failure", "95 % interval", "p50", "p99", "max", "p50", "p99",
		"max", "untimed");
}

static const char *below_min(__u32 gfp)
{
	static const char *const texts[FLAGS_RIGHTS_NR] = {
		[FLAGS_RIGHTS_NONE] = "no",
		[FLAGS_RIGHTS_HALF] = "to 1/2",
		[FLAGS_RIGHTS_THREE_EIGHTH] = "to 3/8",
		[FLAGS_RIGHTS_ALL] = "to 0",
	};

	return texts[flags_rights_of(gfp)];
}

/* Three digits, and never 0 or 100 for what is not. */
static const char *percent(char buf[TEXT_CELL], double v)
{
	v *= 100;
	if (v > 0 && v < 0.0001)
		snprintf(buf, TEXT_CELL, "<0.0001%%");
	else if (v < 100 && v >= 99.95)
		snprintf(buf, TEXT_CELL, ">99.9%%");
	else
		snprintf(buf, TEXT_CELL, "%.3g%%", v);
	return buf;
}

/* The same without its sign. */
static const char *bound(char buf[TEXT_CELL], double v)
{
	percent(buf, v);
	buf[strlen(buf) - 1] = '\0';
	return buf;
}

static void print_counts(FILE *f, __u32 gfp, const struct flags_count *c)
{
	bool leveled = c->served[LAB_LEVEL_UNKNOWN] == 0 || c->served[LAB_LEVEL_LOW] ||
		       c->served[LAB_LEVEL_MIN] || c->served[LAB_LEVEL_RESERVE] ||
		       c->served[LAB_LEVEL_NONE];
	char cell[7][TEXT_CELL];

	fprintf(f, count_format, class_name(lab_class_of(gfp)), flags_may_sleep(gfp) ? "yes" : "no",
		below_min(gfp), text_count(cell[0], true, flags_requests(c)),
		text_count(cell[1], true, c->failed_final),
		text_count(cell[2], true, c->failed_opportunistic),
		text_count(cell[3], leveled, c->served[LAB_LEVEL_LOW]),
		text_count(cell[4], leveled, c->served[LAB_LEVEL_MIN]),
		text_count(cell[5], leveled, c->served[LAB_LEVEL_RESERVE]),
		text_count(cell[6], leveled, c->served[LAB_LEVEL_NONE]));
}

struct times {
	char p50[TEXT_CELL], p99[TEXT_CELL], max[TEXT_CELL];
};

static struct times times_of(const struct hist *h, bool available)
{
	struct times t = {0};

	available = available && hist_count(h) > 0;
	text_ns(t.p50, available, hist_quantile_ns(h, 500));
	text_ns(t.p99, available, hist_quantile_ns(h, 990));
	text_ns(t.max, available, h->max_ns);
	return t;
}

/* all: served ones were counted like those that failed, so that a share of them is known. */
static void print_says(FILE *f, const struct flags_count *c, bool timed, bool all)
{
	struct proportion p = proportion_of(flags_failed(c), flags_requests(c));
	struct times fast = times_of(&c->fast, timed), slow = times_of(&c->slow, timed);
	char estimate[TEXT_CELL] = "-", low[TEXT_CELL], high[TEXT_CELL], untimed[TEXT_CELL];
	char interval[2 * TEXT_CELL + 8] = "-";

	if (p.known && all) {
		percent(estimate, p.estimate);
		snprintf(interval, sizeof(interval), "%s..%s", bound(low, p.low),
			 percent(high, p.high));
	}
	fprintf(f, says_format, estimate, interval, fast.p50, fast.p99, fast.max, slow.p50,
		slow.p99, slow.max, text_count(untimed, true, c->alone));
}

static void print_name(FILE *f, const struct show *show, __u32 gfp)
{
	struct wrap w = page_wrap(f, show, 4);
	char names[GFP_NAMES_TEXT];

	wrap_text(&w, gfp_kind_names(names, sizeof(names), gfp));
	wrap_end(&w);
}

static void print_kind(FILE *f, const struct show *show, const struct flags_report *r,
		       const struct flags_kind *kind, __u64 *unknown)
{
	const struct run_audit *a = r->head.final ? &r->head.total : &r->head.interval;
	const struct flags_count *c = r->head.final ? &kind->total : &kind->interval;

	print_name(f, show, kind->gfp);
	print_counts(f, kind->gfp, c);
	print_says(f, c, r->head.info.has_latency, !a->skipped);
	*unknown += c->served[LAB_LEVEL_UNKNOWN];
}

static void print_kinds(FILE *f, const struct show *show, const struct flags_report *r)
{
	_cleanup_(freep) const struct flags_kind **kind = NULL;
	size_t kinds = flags_sorted(r, show, !r->head.final, &kind);
	__u64 unknown = 0;

	if (!kind) {
		fputs("no memory for the rows\n", f);
		return;
	}
	if (kinds)
		print_header(f);
	else
		fputs(show->failures_only ? "no kinds with failures\n" : "no requests\n", f);
	for (size_t i = 0; i < show_rows(show, kinds); i++)
		print_kind(f, show, r, kind[i], &unknown);
	if (show_rows(show, kinds) < kinds)
		fprintf(f, "%zu more kinds\n", kinds - show_rows(show, kinds));
	if (unknown)
		fprintf(f, "also: served, level unknown %" PRIu64 "\n", (uint64_t)unknown);
}

static void print_report(FILE *f, const struct show *show, const void *report)
{
	const struct flags_report *r = report;

	tables_head_text(f, show, &r->head);
	print_kinds(f, show, r);
	tables_filter_text(f, show, &r->head);
	tables_audit_text(f, show, &r->head, true);
}

int flags_text(FILE *f, const struct show *show, const void *report)
{
	return tables_page(f, show, report, print_report);
}
