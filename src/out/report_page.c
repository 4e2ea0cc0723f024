// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report_page.c - see report_page.h. */
#include "out/report_page.h"

#include <inttypes.h>
#include <string.h>

#include "base/util.h"
#include "out/page_audit.h"
#include "out/page_kinds.h"
#include "out/page_latency.h"
#include "out/page_requests.h"
#include "out/page_reserve.h"
#include "out/page_sites.h"
#include "out/page_style.h"
#include "out/page_verdict.h"
#include "out/page_when.h"
#include "out/page_zones.h"

#ifndef LAB_VERSION
#define LAB_VERSION "unknown"
#endif

/* ---- what every page has ---- */

void page_begin(struct html *h, const char *title)
{
	html_put(h,
		 "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src 'unsafe-inline'; img-src data:\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s</title>\n"
		 "<link rel=\"icon\" href=\"data:,\"><style>",
		 title);
	html_raw(h, page_style);
	html_put(h,
		 "</style></head>\n<body><a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
		 "<header class=\"top\"><h1>%s</h1>\n",
		 title);
}

void page_sections(struct html *h, const struct page_section *section, unsigned int sections,
		   const void *of)
{
	html_put(h, "</header>\n<nav class=\"toc\" aria-label=\"Sections\"><ul>");
	for (unsigned int i = 0; i < sections; i++)
		if (!section[i].has || section[i].has(of))
			html_put(h, "<li><a href=\"#%s\">%s</a></li>", section[i].id,
				 section[i].title);
	html_put(h, "</ul></nav>\n<main id=\"main\">\n");
	for (unsigned int i = 0; i < sections; i++) {
		if (section[i].has && !section[i].has(of))
			continue;
		html_put(h, "<h2 id=\"%s\">%s</h2>\n", section[i].id, section[i].title);
		section[i].put(h, of);
	}
	html_put(h, "</main>\n");
}

void page_end(struct html *h)
{
	html_put(h,
		 "<footer>Made by labyrinth %s. This page loads nothing and runs no script; it "
		 "prints, and follows the light or dark setting of the screen.</footer>\n"
		 "</body></html>\n",
		 LAB_VERSION);
}

/* ---- the head ---- */

struct span {
	__u64 from_ns, to_ns;
};

static void widen(struct span *s, const struct timeline *t)
{
	if (!t->columns)
		return;
	if (!s->from_ns || t->column[0].from_ns < s->from_ns)
		s->from_ns = t->column[0].from_ns;
	if (t->column[t->columns - 1].to_ns > s->to_ns)
		s->to_ns = t->column[t->columns - 1].to_ns;
}

static struct span span_of(const struct recording *r)
{
	struct span s = {0};

	widen(&s, &r->time);
	if (!r->time.columns)
		widen(&s, &r->lost_time);
	if (!s.to_ns)
		s.from_ns = s.to_ns = r->head.time_ns;
	return s;
}

static void put_fact(struct html *h, const char *name, const char *text)
{
	if (text[0])
		html_put(h, "<div><dt>%s</dt><dd>%s</dd></div>", name, text);
}

static void put_files(struct html *h, const struct report_files *files)
{
	html_put(h, "<div><dt>Recording%s</dt><dd>", files->files == 1 ? "" : "s");
	for (unsigned int i = 0; i < files->files; i++)
		html_put(h, "%s%s", i ? ", " : "", files->file[i]);
	html_put(h, "</dd></div>");
}

static void put_length(struct html *h, const struct recording *r)
{
	char text[160];

	if (!r->stats)
		return;
	snprintf(text, sizeof(text), "%s, %u interval%s%s", cell_duration(r->total_ns).text,
		 r->stats, r->stats == 1 ? "" : "s", r->runs > 1 ? ", of several runs" : "");
	put_fact(h, "Length", text);
}

static void put_counted(struct html *h, const struct run_info *info)
{
	bool listed = false;

	html_put(h, "<div><dt>Counted</dt><dd>");
	for (unsigned int i = 0; i < LAB_CLASSES; i++)
		if (info->class_mask & 1U << i) {
			html_put(h, "%s%s", listed ? ", " : "", class_name(i));
			listed = true;
		}
	if (info->order_mask == ~0U)
		html_put(h, "; all orders");
	else
		html_put(h, "; orders by the mask 0x%x", (unsigned int)info->order_mask);
	if (info->cpu < 0)
		html_put(h, "; all cpus</dd></div>");
	else
		html_put(h, "; cpu %d alone</dd></div>", (int)info->cpu);
}

static void put_facts(struct html *h, const struct recording *r, const struct report_files *files)
{
	const struct run_info *info = r->stats ? &r->stat_info : &r->info;

	html_put(h, "<dl class=\"facts\">");
	put_files(h, files);
	put_length(h, r);
	put_fact(h, "Kernel", info->kernel);
	put_fact(h, "labyrinth", info->version);
	if (info->memory_bytes)
		put_fact(h, "Memory", cell_bytes(info->memory_bytes).text);
	if (info->cpus_online)
		put_fact(h, "Cpus", cell_count(true, info->cpus_online).text);
	if (r->min_free_kbytes)
		put_fact(h, "vm.min_free_kbytes", cell_count(true, r->min_free_kbytes).text);
	if (info->class_mask)
		put_counted(h, info);
	if (span_of(r).to_ns)
		put_fact(h, "Times", cell_zone(h, span_of(r).from_ns).text);
	html_put(h, "</dl>\n");
}

static void put_head(struct html *h, const struct recording *r, const struct report_files *files)
{
	const char *host = r->info.host[0] ? r->info.host : "kernel log";
	const struct span s = span_of(r);
	char title[320];

	if (!s.to_ns)
		snprintf(title, sizeof(title), "labyrinth report: %s", host);
	else if (s.from_ns == s.to_ns)
		snprintf(title, sizeof(title), "labyrinth report: %s, %s %s", host,
			 cell_date(h, s.to_ns).text, cell_zone(h, s.to_ns).text);
	else
		snprintf(title, sizeof(title), "labyrinth report: %s, %s – %s %s", host,
			 cell_date(h, s.from_ns).text,
			 s.to_ns - s.from_ns < 43200000000000ULL ? cell_clock(h, s.to_ns).text
								 : cell_date(h, s.to_ns).text,
			 cell_zone(h, s.to_ns).text);
	page_begin(h, title);
	put_facts(h, r, files);
}

/* ---- the sections ---- */

static void put_words(struct html *h, const struct recording *r)
{
	(void)r;
	html_put(
		h,
		"<dl class=\"site none\"><dt>lost</dt><dd>A failed request whose caller went "
		"without. Other failures did no harm: the caller tried again or took less.</dd>"
		"<dt>floor</dt><dd>The number of free pages at or below which a GFP_ATOMIC request "
		"of one page fails: 3/8 of min, what is held back for lower zones, and free CMA "
		"pages.</dd><dt>headroom</dt><dd>Free pages above the floor. At zero and below, "
		"requests "
		"fail.</dd><dt>served below min</dt><dd>Out of the reserve that only urgent "
		"requests "
		"may take: a near miss.</dd><dt>p99</dt><dd>99 in 100 requests did not take longer."
		"</dd><dt>episode</dt><dd>A stretch of intervals with requests served below min or "
		"lost, gaps of up to five closed.</dd><dt>audit</dt><dd>What labyrinth saw, and "
		"what "
		"it knows that it did not see.</dd></dl>\n");
}

/* Sections of a recording, as those of any page. */
#define OF_RECORDING(name, fn)                                                                     \
	static void section_##name(struct html *h, const void *of)                                 \
	{                                                                                          \
		fn(h, of);                                                                         \
	}
#define HAS_RECORDING(name, fn)                                                                    \
	static bool has_##name(const void *of)                                                     \
	{                                                                                          \
		return fn(of);                                                                     \
	}
OF_RECORDING(verdict, page_verdict)
OF_RECORDING(when, page_when)
HAS_RECORDING(when, page_when_has)
OF_RECORDING(zones, page_zones)
HAS_RECORDING(zones, page_zones_has)
OF_RECORDING(requests, page_requests)
HAS_RECORDING(requests, page_requests_has)
OF_RECORDING(latency, page_latency)
HAS_RECORDING(latency, page_latency_has)
OF_RECORDING(sites, page_sites)
HAS_RECORDING(sites, page_sites_has)
OF_RECORDING(reserve, page_reserve)
HAS_RECORDING(reserve, page_reserve_has)
OF_RECORDING(kinds, page_kinds)
HAS_RECORDING(kinds, page_kinds_has)
OF_RECORDING(audit, page_audit)
OF_RECORDING(words, put_words)

void report_page(FILE *f, const struct recording *r, const struct report_files *files)
{
	static const struct page_section sections[] = {
		{"what", "What happened", NULL, section_verdict},
		{"when", "When", has_when, section_when},
		{"zones", "How near the zones were to a failure", has_zones, section_zones},
		{"requests", "Requests by class and context", has_requests, section_requests},
		{"long", "How long requests took", has_latency, section_latency},
		{"who", "Who went without, and why", has_sites, section_sites},
		{"help", "Would a larger reserve have helped?", has_reserve, section_reserve},
		{"kinds", "Each kind of request", has_kinds, section_kinds},
		{"seen", "What was watched, and what it cost", NULL, section_audit},
		{"words", "Words", NULL, section_words},
	};
	struct html h = {.f = f, .zone = r->info.time_zone};

	put_head(&h, r, files);
	if (r->damaged)
		html_put(&h,
			 "<p class=\"verdict near\"><strong>%u of the files could not be read to "
			 "the "
			 "end: what stood behind is not in this page.</strong></p>\n",
			 r->damaged);
	page_sections(&h, sections, ARRAY_SIZE(sections), r);
	page_end(&h);
}
