// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * explain_text.c - a report in words, in the order in which people ask: who needed it, why it
 * failed, why with so much memory free, what helps, what the kernel version has to do with it, what
 * the log cannot say, and a paragraph to paste.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "base/util.h"
#include "model/alloc_verdict.h"
#include "view/explain_text.h"
#include "view/explain_why.h"
#include "view/explain_say.h"
#include "view/explain_words.h"

static void put_said(FILE *f, const char *label,
		     void (*say)(struct said *, const struct alloc_report *),
		     const struct alloc_report *r)
{
	struct said s = {.len = 0};

	say(&s, r);
	explain_paragraph(f, label, s.text);
}

/* "Mar 14 08:22:09  [63781.187898]" */
static void say_stamp(FILE *f, const struct alloc_report *r)
{
	if (r->date[0])
		fprintf(f, "  %s", r->date);
	if (r->time_us >= 0)
		fprintf(f, "  [%lld.%06lld]", (long long)(r->time_us / 1000000),
			(long long)(r->time_us % 1000000));
}

/* "short by 61": it must have more than it needs, not as many. */
static void put_margin(FILE *f, const struct alloc_report *r)
{
	__s64 margin = r->nearest.known ? r->nearest.trial.margin : 0;

	if (!r->nearest.known)
		return;
	if (margin <= 0)
		fprintf(f, ", short by %s", digits_of(-(__u64)margin).text);
	else
		fprintf(f, ", above by %s", digits_of((__u64)margin).text);
}

static void put_zones(FILE *f, const struct alloc_report *r)
{
	bool any = false;

	for (unsigned int i = 0; i < r->zones; i++) {
		const struct report_zone *z = &r->zone[i];
		struct report_sum s;
		char name[32];

		if (!z->has_free && !z->has_blocks)
			continue;
		if (!any)
			fprintf(f, "%*s%-10s %9s %8s %5s %8s %8s %10s\n", EXPLAIN_LABEL, "", "zone",
				"free", "-closed", "-tail", "floor", "reserve", "margin");
		any = true;
		if (report_has_many_nodes(r))
			snprintf(name, sizeof(name), "%d/%.15s", report_zone_node(z), z->name);
		else
			snprintf(name, sizeof(name), "%.15s", z->name);
		if (!alloc_verdict_zone(r, z, &s)) {
			fprintf(f, "%*s%-10s too much of its lines is lost\n", EXPLAIN_LABEL, "",
				name);
			continue;
		}
		fprintf(f, "%*s%-10s %9s", EXPLAIN_LABEL, "", name, digits_of(z->free).text);
		fprintf(f, " %8s", digits_of(report_closed_pages(&s)).text);
		fprintf(f, " %5llu", (unsigned long long)s.trial.tail);
		fprintf(f, " %8s", digits_of(s.trial.floor).text);
		fprintf(f, " %8s", digits_of(s.reserve).text);
		fprintf(f, " %10s%s\n", signed_digits_of(s.trial.margin).text,
			s.closed ? " closed" : "");
	}
}

static void put_short(FILE *f, const struct alloc_report *r, __u64 number, __u64 as)
{
	fprintf(f, "#%llu", (unsigned long long)number);
	say_stamp(f, r);
	fprintf(f, "\n%*sas #%llu: %s", EXPLAIN_LABEL, "", (unsigned long long)as,
		explain_verdict_word(r));
	put_margin(f, r);
	if (r->suppressed)
		fprintf(f, "; %s suppressed", digits_of(r->suppressed).text);
	fputc('\n', f);
}

/* The file in a line of its own: its name may be long. */
static void put_title(FILE *f, const struct alloc_report *r, __u64 number)
{
	_cleanup_(freep) char *text = NULL;
	size_t len = 0;
	FILE *m = open_memstream(&text, &len);

	fprintf(f, "#%llu", (unsigned long long)number);
	say_stamp(f, r);
	fprintf(f, "\n%s:%llu\n", r->file, (unsigned long long)r->line);
	if (!m)
		return;
	fprintf(m, "order %u, %s: %s", r->order, r->gfp_names, explain_verdict_word(r));
	put_margin(m, r);
	if (!fclose(m))
		explain_paragraph(f, "Failed", text);
}

static void put_all(FILE *f, const struct alloc_report *r, __u64 number)
{
	put_title(f, r, number);
	put_said(f, "Count", explain_say_count, r);
	put_said(f, "Who", explain_say_who, r);
	put_said(f, "Rights", explain_say_rights, r);
	put_said(f, "Why", explain_say_why, r);
	put_zones(f, r);
	put_said(f, "Free", explain_say_free, r);
	put_said(f, "Helps", explain_say_help, r);
	put_said(f, "Kernel", explain_say_kernel, r);
	put_said(f, "Unknown", explain_say_unknown, r);
	put_said(f, "Paste", explain_say_paste, r);
	fputc('\n', f);
}

int explain_text(FILE *f, const struct alloc_report *r, __u64 number, __u64 short_as)
{
	_cleanup_(freep) char *text = NULL;
	size_t len = 0;
	FILE *m = open_memstream(&text, &len);

	if (!m)
		return -ENOMEM;
	if (short_as)
		put_short(m, r, number, short_as);
	else
		put_all(m, r, number);
	if (fclose(m))
		return -ENOMEM;
	explain_printable(text, len);
	return out_put(f, text, len);
}

static void put_count(FILE *f, __u64 n, const char *one, const char *many)
{
	fprintf(f, "%s %s", digits_of(n).text, n == 1 ? one : many);
}

int explain_text_summary(FILE *f, const struct klog_counts *c)
{
	_cleanup_(freep) char *text = NULL;
	size_t len = 0;
	FILE *m = open_memstream(&text, &len);

	if (!m)
		return -ENOMEM;
	put_count(m, c->reports, "page allocation failure reported",
		  "page allocation failures reported");
	fprintf(m, ", %s more suppressed: at least %s.\n", digits_of(c->suppressed).text,
		digits_of(c->reports + c->suppressed).text);
	fputs("What has __GFP_NOWARN is never in a log: `labyrinth events` shows it live.\n", m);
	if (c->copies) {
		put_count(m, c->copies, "report stands there twice: counted once.\n",
			  "reports stand there more than once: counted once.\n");
	}
	if (c->oom) {
		put_count(m, c->oom, "OOM kill", "OOM kills");
		fputs(" in it: another thing, skipped. OOMAnalyser reads those.\n", m);
	}
	if (c->vmalloc) {
		put_count(m, c->vmalloc, "failure of vmalloc", "failures of vmalloc");
		fputs(" in it: no page was refused, skipped.\n", m);
	}
	if (fclose(m))
		return -ENOMEM;
	return out_put(f, text, len);
}
