// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page_audit.c - see page_audit.h. */
#include "out/page_audit.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/util.h"
#include "out/page_verdict.h"

/* ---- requests ---- */

static const struct audit_row {
	const char *name, *means;
	size_t at;
	bool lack; /* something is not known for it */
} audit_rows[] = {
	{"seen", "counted", offsetof(struct audit, seen), false},
	{"closed", "start and end were paired", offsetof(struct audit, closed), false},
	{"migrated", "of those, across cpus", offsetof(struct audit, migrated), false},
	{"nolock", "end only, of a request whose entry is another function",
	 offsetof(struct audit, nolock), false},
	{"silent", "failed before the tracepoint", offsetof(struct audit, silent), false},
	{"alone", "end only: no latency", offsetof(struct audit, alone), true},
	{"left", "start only: the kernel skipped the end", offsetof(struct audit, left), true},
	{"unpaired", "without a latency although one was asked for",
	 offsetof(struct audit, unpaired), true},
	{"missed", "left no trace, by the kernel's own count", offsetof(struct audit, missed),
	 true},
	{"dropped", "events lost: the ring was full", offsetof(struct audit, dropped), true},
	{"skipped", "passed over by the budget, and counted here alone",
	 offsetof(struct audit, skipped), true},
	{"unread", "readings of the kernel's counts that failed", offsetof(struct audit, unread),
	 true},
	{"wake_misses", "may have hidden how deep a request was served",
	 offsetof(struct audit, wake_misses), true},
	{"other_misses", "may have hidden a bulk call or a use of the reserve",
	 offsetof(struct audit, other_misses), true},
};

static __u64 value_of(const struct audit *a, const struct audit_row *row)
{
	return *(const __u64 *)((const char *)a + row->at);
}

/* What is 0 stands in the caption. */
static void put_audit(struct html *h, const struct audit *a)
{
	static const struct html_column columns[] = {
		{"audit", true}, {"requests", false}, {"means", true}};
	bool listed = false;

	HTML_TABLE(h, NULL, "Audit of requests, all runs", columns);
	for (size_t i = 0; i < ARRAY_SIZE(audit_rows); i++) {
		const struct audit_row *row = &audit_rows[i];

		if (!value_of(a, row))
			continue;
		html_put(h, row->lack ? "<tr class=\"alert\">" : "<tr>");
		html_put(h,
			 "<th scope=\"row\" class=\"t\">%s</th><td>%" PRIu64
			 "</td><td class=\"t w\">%s</td></tr>\n",
			 row->name, (uint64_t)value_of(a, row), row->means);
	}
	html_table_end(h);
	html_put(h, "<p class=\"mut\">0: ");
	for (size_t i = 0; i < ARRAY_SIZE(audit_rows); i++)
		if (!value_of(a, &audit_rows[i])) {
			html_put(h, "%s%s", listed ? ", " : "", audit_rows[i].name);
			listed = true;
		}
	html_put(h, "%s</p>\n", listed ? "" : "none of them");
}

/* ---- events and sites ---- */

static void put_count(struct html *h, const char *name, __u64 n, const char *means)
{
	html_put(h, n ? "<tr class=\"alert\">" : "<tr>");
	html_put(h,
		 "<th scope=\"row\" class=\"t\">%s</th><td>%" PRIu64
		 "</td><td class=\"t w\">%s</td></tr>\n",
		 name, (uint64_t)n, means);
}

static void put_site_audit(struct html *h, const struct recording *r)
{
	static const struct html_column columns[] = {
		{"audit", true}, {"count", false}, {"means", true}};
	const struct why_report *w = recording_sites(r);
	const struct why_figures sum = recording_failures(r);
	const struct run_audit *a = &w->head.total;

	HTML_TABLE(h, NULL, "Audit of failures that are followed one by one", columns);
	put_count(h, "not followed", sum.not_followed,
		  "failures of whose callers it is not known what they did next");
	if (!w->ended)
		html_put(h,
			 "<tr class=\"alert\"><th scope=\"row\" class=\"t\">end</th><td>–</td>"
			 "<td class=\"t w\">the end of the run is not in the recording: the rest "
			 "is not known</td></tr>\n");
	put_count(h, "uncounted", a->uncounted, "no room in the table by site, or no end");
	put_count(h, "missed", a->missed, "left no trace, by the kernel's own count");
	put_count(h, "held back", a->throttled,
		  "events of a storm: counted, not reported one by one");
	put_count(h, "dropped", a->dropped, "events lost: the ring was full");
	put_count(h, "skipped", w->head.budget.skipped, "passed over by the budget");
	put_count(h, "unread", a->unread, "readings of the kernel's counts that failed");
	html_table_end(h);
}

/* ---- what was watched ---- */

static void put_hooks(struct html *h, const struct run_info *info)
{
	static const struct html_column columns[] = {
		{"hook", true}, {"attached to", true}, {"by", true}};

	if (!info->hooks)
		return;
	HTML_TABLE(h, NULL, "Programs in the kernel", columns);
	for (unsigned int i = 0; i < info->hooks; i++)
		html_put(h,
			 "<tr><th scope=\"row\" class=\"t\">%s</th><td class=\"t\"><code>%s</code>"
			 "</td><td class=\"t\">%s</td></tr>\n",
			 info->hook[i].name, info->hook[i].target, info->hook[i].attach);
	html_table_end(h);
}

static void put_missing(struct html *h, const struct run_info *info)
{
	if (!info->missings)
		return;
	html_put(h, "<p>Missing:</p><ul>");
	for (unsigned int i = 0; i < info->missings; i++)
		html_put(h, "<li>%s</li>", info->missing[i]);
	html_put(h, "</ul>\n");
}

static void put_cost(struct html *h, const struct recorded_cost *c)
{
	if (!c->reports) {
		html_put(h, " What labyrinth took is not recorded: it ran without "
			    "<code>--budget</code>.");
		return;
	}
	html_put(
		h,
		" labyrinth took %.2f %% of one processor on average, %.2f %% at most, of the %.2f "
		"%% that it was allowed%s.",
		(double)c->sum_ns / (double)c->reports / 1e7, (double)c->most_ns / 1e7,
		(double)c->last.limit_ns / 1e7,
		c->last.programs_known ? "" : " (its programs in the kernel not counted)");
	if (c->deepest)
		html_put(h, " To keep to that it went down to \"%s\".",
			 budget_step_name(c->deepest));
	else
		html_put(h, " It left out nothing for that.");
}

static void put_answer(struct html *h, const struct recording *r)
{
	if (!page_complete(r))
		html_put(h, "<p><strong>Not complete.</strong> What is not known is marked in the "
			    "tables below.");
	else if (r->stats)
		html_put(h,
			 "<p><strong>Complete: each of the %" PRIu64 " requests was seen.</strong>",
			 (uint64_t)r->total.audit.seen);
	else
		html_put(h, "<p><strong>Complete: each failure was followed.</strong>");
	put_cost(h, &r->cost);
	html_put(h, "</p>\n");
}

void page_audit(struct html *h, const struct recording *r)
{
	const struct run_info *info = r->stats ? &r->stat_info : &r->info;

	put_answer(h, r);
	put_missing(h, info);
	html_put(h, "<div class=\"two\"><div>");
	put_hooks(h, info);
	html_put(h, "</div><div>");
	if (r->stats)
		put_audit(h, &r->total.audit);
	if (recording_sites(r))
		put_site_audit(h, r);
	html_put(h, "</div></div>\n");
}
