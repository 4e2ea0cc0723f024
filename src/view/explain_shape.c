// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * explain_shape.c - the lines of labyrinth explain in JSON: a report, or a group of them, and the
 * summary. A line is made of a copy: what a log holds may be anything, and is made printable.
 */
#include "view/explain_shape.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "json/fields.h"
#include "json/read.h"
#include "json/schema.h"
#include "json/write.h"
#include "view/explain_why.h"
#include "view/explain_words.h"

#define WHY_TEXT 1024
#define MASK_NAMES 40 /* a mask has 32 bits */

/* The kernel's test of one zone. */
struct sum {
	bool known;
	char zone[16];
	__u64 node, free, closed, tail, floor, lowmem_reserve, need, takeable, min, boost;
	__s64 usable, margin;
};

struct frame {
	char symbol[EVENT_SYMBOL], module[EVENT_MODULE];
};

struct line {
	char file[64], date[48];
	__u64 at_line, order, suppressed, page_kb, zones, unjudged;
	__s64 time_us, age_us, pid, cpu, margin; /* INT64_MIN: not known */
	char gfp[GFP_NAMES_TEXT], gfp_name[MASK_NAMES][GFP_NAMES_TEXT / 8], gfp_hex[24];
	unsigned int gfp_names, frames;
	enum lab_class class;
	enum report_context context;
	enum report_verdict verdict, other_verdict;
	bool gfp_printed, old_rules, rules_differ, mixed, lines_lost;
	char comm[64], site[EVENT_SYMBOL], driver[EVENT_MODULE], via[EVENT_TEXT];
	char workqueue[64], cache[48], release[RELEASE_TEXT], closed_by[32], why[WHY_TEXT];
	struct sum nearest, closed_zone;
	struct frame frame[REPORT_FRAMES];
};

/* ---- names ---- */

static const char *context_of(unsigned int v)
{
	return v <= REPORT_CONTEXT_HARDIRQ ? report_context_name(v) : NULL;
}

static const char *verdict_of(unsigned int v)
{
	return v < REPORT_VERDICTS ? report_verdict_name(v) : NULL;
}

static const char *rules_text(const void *base, char *buf)
{
	(void)buf;
	return ((const struct line *)base)->old_rules ? "up to 6.2" : "since 6.3";
}

static const char *rules_of(unsigned int v)
{
	static const char *const names[] = {"up to 6.2", "since 6.3"};

	return v < 2 ? names[v] : NULL;
}

/* ---- what may be null ---- */

static bool passes(const void *base, const void *root)
{
	(void)root;
	return ((const struct sum *)base)->margin > 0;
}

static bool has_nearest(const void *base, const void *root)
{
	(void)root;
	return ((const struct line *)base)->nearest.known;
}

static void mark_nearest(void *base)
{
	((struct line *)base)->nearest.known = true;
}

static bool has_closed_zone(const void *base, const void *root)
{
	(void)root;
	return ((const struct line *)base)->closed_zone.known;
}

static bool has_other_verdict(const void *base, const void *root)
{
	(void)root;
	return ((const struct line *)base)->rules_differ;
}

static bool has_margin(const void *base, const void *root)
{
	(void)root;
	return ((const struct explain_group *)base)->has_margin;
}

/* ---- the keys ---- */

/* clang-format off */
#define PAGES(type, key, member, text, ...) U64(type, key, member, LABEL, "pages", text, ##__VA_ARGS__)

static const struct field sum_fields[] = {
	STRING(struct sum, "zone", zone, NULL),
	U64(struct sum, "node", node, LABEL, NULL, NULL),
	PAGES(struct sum, "free", free, NULL),
	PAGES(struct sum, "closed", closed, "CMA and highatomic pages that the test takes off."),
	PAGES(struct sum, "tail", tail, "2^order - 1."),
	S64(struct sum, "usable", usable, LABEL, "pages", "free - closed - tail."),
	PAGES(struct sum, "floor", floor, "min, lowered by the rights of the request."),
	PAGES(struct sum, "lowmem_reserve", lowmem_reserve, NULL),
	PAGES(struct sum, "need", need, "floor + lowmem_reserve."),
	S64(struct sum, "margin", margin, LABEL, "pages", "usable - need: refused at 0 and below."),
	PAGES(struct sum, "takeable", takeable, "In blocks of its order and more that it may take; null where the count refuses.", .null = NULL_UNLESS, .has = passes),
	PAGES(struct sum, "min", min, "As printed: with its boost since 5.0."),
	PAGES(struct sum, "boost", boost, "The part of min that is a boost, as far as that is known."),
	END,
};

static const struct shape sum_shape = {
	.name = "sum", .size = sizeof(struct sum), .fields = sum_fields,
	.text = "The kernel's test of one zone: it passes when usable > need.",
};

static const struct field frame_fields[] = {
	TEXT(struct frame, "symbol", symbol, NULL),
	TEXT(struct frame, "module", module, NULL),
	END,
};

static const struct shape frame_names_shape = {
	.name = "frame", .size = sizeof(struct frame), .fields = frame_fields,
	.text = "A function of the request's stack.",
};

#define VERDICT(type, key, member, text, ...) NAME(type, key, member, verdict_of, text, ##__VA_ARGS__)
#define KNOWN(key, member, unit, text) S64(struct line, key, member, LABEL, unit, text, .null = NULL_LOWEST)

static const struct field report_fields[] = {
	TEXT(struct line, "file", file, "Where it was read."),
	U64(struct line, "line", at_line, LABEL, NULL, "Of the header, from 1."),
	KNOWN("time_us", time_us, "us", "The kernel's time stamp; null where the log does not have it."),
	TEXT(struct line, "date", date, "As the line has it."),
	U64(struct line, "order", order, LABEL, NULL, NULL),
	TEXT(struct line, "gfp", gfp, "Names; by the number where they are not printed."),
	TEXTS(struct line, "gfp_names", gfp_name, "The same one by one.", .count_at = AT(struct line, gfp_names, unsigned int)),
	BOOL(struct line, "gfp_printed", gfp_printed, "The log has names."),
	STRING(struct line, "gfp_hex", gfp_hex, "The number, \"0x820\"."),
	NAME(struct line, "class", class, class_name, NULL),
	TEXT(struct line, "comm", comm, "A bystander unless the context is task."),
	KNOWN("pid", pid, NULL, NULL),
	KNOWN("cpu", cpu, NULL, NULL),
	NAME(struct line, "context", context, context_of, NULL),
	TEXT(struct line, "site", site, "The function that asked."),
	TEXT(struct line, "driver", driver, "Its module, or subsystem in brackets."),
	TEXT(struct line, "via", via, "The helpers between."),
	TEXT(struct line, "workqueue", workqueue, NULL),
	TEXT(struct line, "cache", cache, "Slab cache, by SLUB's line behind the report."),
	TEXT(struct line, "release", release, NULL),
	U64(struct line, "suppressed", suppressed, LABEL, "reports", "By the limiter, since the report before."),
	VERDICT(struct line, "verdict", verdict, NULL),
	KNOWN("margin", margin, "pages", "That of nearest."),
	OBJECT(struct line, "nearest", nearest, sum_shape, "The zone open to it that came nearest.", .null = NULL_OR, .has = has_nearest, .mark = mark_nearest),
	OBJECT(struct line, "closed_zone", closed_zone, sum_shape, "With constrained: the one that would have served it.", .null = NULL_UNLESS, .has = has_closed_zone),
	TEXT(struct line, "closed_by", closed_by, NULL),
	TEXT(struct line, "why", why, "One sentence with the numbers that decided it."),
	WORDING("rules", rules_text, "The generation of the allocator's rules that was taken.", .name_of = rules_of),
	VERDICT(struct line, "other_verdict", other_verdict, "Where the release leaves open which rules it has: what the other set says, if that differs.", .null = NULL_UNLESS, .has = has_other_verdict),
	KNOWN("age_us", age_us, "us", "Of the numbers, at the test."),
	U64(struct line, "page_kb", page_kb, LABEL, "kB", NULL),
	U64(struct line, "zones", zones, LABEL, NULL, NULL),
	U64(struct line, "unjudged_zones", unjudged, LABEL, NULL, "Of which too much is lost."),
	BOOL(struct line, "mixed", mixed, "Lines of two reports are in each other, without ids."),
	BOOL(struct line, "lines_lost", lines_lost, NULL),
	ARRAY(struct line, "stack", frame, frames, frame_names_shape, "Innermost first."),
	END,
};

static const struct shape report_shape = {
	.name = "report", .type = "report", .schema_first = true,
	.size = sizeof(struct line), .fields = report_fields,
	.text = "A page allocation failure.",
};

static const struct field group_fields[] = {
	TEXT(struct explain_group, "site", site, NULL),
	TEXT(struct explain_group, "driver", driver, NULL),
	NAME(struct explain_group, "context", context, context_of, NULL),
	U32(struct explain_group, "order", order, LABEL, NULL, NULL),
	TEXT(struct explain_group, "gfp", gfp, NULL),
	TEXT(struct explain_group, "release", release, NULL),
	VERDICT(struct explain_group, "verdict", verdict, NULL),
	U64(struct explain_group, "reports", reports, LABEL, "reports", NULL),
	S64(struct explain_group, "worst_margin", worst, LABEL, "pages", NULL, .null = NULL_UNLESS, .has = has_margin),
	TEXT(struct explain_group, "first", first, "The date or time stamp of the first one."),
	TEXT(struct explain_group, "last", last, NULL),
	END,
};

static const struct shape group_shape = {
	.name = "group", .type = "group", .schema_first = true,
	.size = sizeof(struct explain_group), .fields = group_fields,
	.text = "All reports of a site, order, mask, kernel and verdict.",
};

static const struct field summary_fields[] = {
	U64(struct klog_counts, "reports", reports, LABEL, "reports", NULL),
	U64(struct klog_counts, "suppressed", suppressed, LABEL, "reports", "That the limiter of these reports held back."),
	U64(struct klog_counts, "copies", copies, LABEL, "reports", "Were there before, in another log: counted once."),
	U64(struct klog_counts, "oom", oom, LABEL, "reports", "OOM reports: skipped."),
	U64(struct klog_counts, "vmalloc", vmalloc, LABEL, "reports", "Failures of vmalloc: skipped."),
	END,
};

static const struct shape summary_shape = {
	.name = "summary", .type = "summary", .schema_first = true,
	.size = sizeof(struct klog_counts), .fields = summary_fields,
	.text = "Of all files; the last line.",
};
/* clang-format on */

/* ---- a report as a line ---- */

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
	explain_printable(to, strlen(to));
}

#define COPY(to, from) copy(to, sizeof(to), from)

static __s64 known(__s64 v)
{
	return v < 0 ? INT64_MIN : v;
}

static void take_mask(struct line *l, const struct alloc_report *r)
{
	COPY(l->gfp, r->gfp_names);
	for (const char *p = l->gfp; *p && l->gfp_names < MASK_NAMES; p += *p == '|') {
		size_t len = strcspn(p, "|");

		snprintf(l->gfp_name[l->gfp_names++], sizeof(l->gfp_name[0]), "%.*s", (int)len, p);
		p += len;
	}
	l->gfp_printed = r->gfp_printed;
	snprintf(l->gfp_hex, sizeof(l->gfp_hex), "0x%llx", (unsigned long long)r->gfp_number);
	l->class = lab_class_of(r->gfp);
}

static void take_who(struct line *l, const struct alloc_report *r)
{
	COPY(l->file, r->file);
	COPY(l->date, r->date);
	COPY(l->comm, r->comm);
	COPY(l->site, r->site);
	COPY(l->driver, r->driver);
	COPY(l->via, r->via);
	COPY(l->workqueue, r->workqueue);
	COPY(l->cache, r->cache);
	COPY(l->release, r->release);
	l->at_line = r->line;
	l->order = r->order;
	l->suppressed = r->suppressed;
	l->time_us = known(r->time_us);
	l->pid = known(r->pid);
	l->cpu = known(r->cpu);
	l->context = r->context;
}

static void take_sum(struct sum *to, const struct report_sum *s)
{
	to->known = s->known;
	if (!s->known)
		return;
	COPY(to->zone, s->zone->name);
	to->node = (__u64)report_zone_node(s->zone);
	to->free = s->zone->free;
	to->closed = report_closed_pages(s);
	to->tail = s->trial.tail;
	to->usable = report_usable(s);
	to->floor = s->trial.floor;
	to->lowmem_reserve = s->reserve;
	to->need = report_need(s);
	to->margin = s->trial.margin;
	to->takeable = s->trial.takeable;
	to->min = s->zone->min;
	to->boost = s->zone->min - (s->trial.mark - s->trial.boost);
}

static void take_verdict(struct line *l, const struct alloc_report *r)
{
	l->verdict = r->verdict;
	l->margin = r->nearest.known ? r->nearest.trial.margin : INT64_MIN;
	take_sum(&l->nearest, &r->nearest);
	take_sum(&l->closed_zone, &r->closed_zone);
	if (r->closed_zone.known)
		COPY(l->closed_by, r->closed_zone.closed);
	explain_why(r, l->why, sizeof(l->why));
	explain_printable(l->why, strlen(l->why));
	l->old_rules = r->rules.harder_by_bit;
	l->rules_differ = r->rules_differ;
	l->other_verdict = r->other_verdict;
	l->age_us = known(r->age_us);
	l->page_kb = r->page_kb;
	l->zones = r->zones;
	l->unjudged = r->unjudged;
	l->mixed = r->mixed;
	l->lines_lost = r->lines_lost;
}

static void take_frames(struct line *l, const struct alloc_report *r)
{
	for (unsigned int i = 0; i < r->frames; i++) {
		COPY(l->frame[i].symbol, r->frame[i].symbol);
		COPY(l->frame[i].module, r->frame[i].module);
	}
	l->frames = r->frames;
}

int explain_json(FILE *f, const struct alloc_report *r)
{
	_cleanup_(freep) struct line *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	take_who(l, r);
	take_mask(l, r);
	take_verdict(l, r);
	take_frames(l, r);
	return shape_write(f, &report_shape, l, NULL);
}

int explain_json_group(FILE *f, const struct explain_group *g)
{
	struct explain_group clean = *g;

	COPY(clean.site, g->site);
	COPY(clean.driver, g->driver);
	COPY(clean.gfp, g->gfp);
	COPY(clean.release, g->release);
	COPY(clean.first, g->first);
	COPY(clean.last, g->last);
	return shape_write(f, &group_shape, &clean, NULL);
}

int explain_json_summary(FILE *f, const struct klog_counts *c)
{
	return shape_write(f, &summary_shape, c, NULL);
}

/* ---- a line as an event ---- */

/* Of a mark that passes by a few pages nobody knows whether it did at the test. */
static const struct {
	enum verdict verdict;
	enum basis basis;
} as_event[REPORT_VERDICTS] = {
	[REPORT_NONE] = {VERDICTS, BASIS_NONE},
	[REPORT_EXHAUSTED] = {VERDICT_EXHAUSTED, BASIS_REFUSED},
	[REPORT_RESERVED] = {VERDICT_RESERVED, BASIS_REFUSED},
	[REPORT_FRAGMENTED] = {VERDICT_FRAGMENTED, BASIS_REFUSED},
	[REPORT_CONSTRAINED] = {VERDICT_CONSTRAINED, BASIS_REFUSED},
	[REPORT_WITHIN] = {VERDICT_EXHAUSTED, BASIS_WITHIN},
	[REPORT_UNEXPLAINED] = {VERDICT_UNEXPLAINED, BASIS_PASSED},
};

static const __u32 as_context[] = {
	[REPORT_CONTEXT_UNKNOWN] = LAB_CTX_UNKNOWN,
	[REPORT_CONTEXT_TASK] = LAB_CTX_TASK,
	[REPORT_CONTEXT_SOFTIRQ] = LAB_CTX_SOFTIRQ,
	[REPORT_CONTEXT_HARDIRQ] = LAB_CTX_HARDIRQ,
};

static void give_head(struct lab_event_head *h, const struct line *l)
{
	h->kind = LAB_EVENT_FAILED;
	h->gfp = gfp_of_names(l->gfp);
	h->order = (__u32)l->order;
	h->context = as_context[l->context];
	h->level = LAB_LEVEL_UNKNOWN;
	snprintf(h->comm, sizeof(h->comm), "%.*s", (int)sizeof(h->comm) - 1, l->comm);
}

static void give_nearest(struct event_nearest *to, const struct sum *s)
{
	to->known = s->known;
	snprintf(to->zone, sizeof(to->zone), "%.*s", (int)sizeof(to->zone) - 1, s->zone);
	to->node = (__u32)s->node;
	to->usable = s->usable;
	to->need = s->need;
	to->margin = s->margin;
}

static void give_event(struct event *e, const struct line *l)
{
	event_clear(e);
	give_head(&e->raw.head, l);
	e->verdict = as_event[l->verdict].verdict;
	e->basis = as_event[l->verdict].basis;
	e->aftermath = AFTERMATHS;
	e->printed = PRINTED_YES;
	give_nearest(&e->nearest, &l->nearest);
	COPY(e->site, l->site);
	COPY(e->driver, l->driver);
	COPY(e->via, l->via);
	snprintf(e->evidence, sizeof(e->evidence), "%.*s", (int)sizeof(e->evidence) - 1, l->why);
	e->frames = l->frames < LAB_EVENT_FRAMES ? l->frames : LAB_EVENT_FRAMES;
	for (unsigned int i = 0; i < e->frames; i++) {
		e->frame[i] = (struct event_frame){0};
		COPY(e->frame[i].symbol, l->frame[i].symbol);
		COPY(e->frame[i].module, l->frame[i].module);
	}
}

static int take_report(struct reader *rd, const json_t *root, struct explained *ret)
{
	_cleanup_(freep) struct line *l = calloc(1, sizeof(*l));
	int r;

	if (!l) {
		snprintf(rd->err->text, sizeof(rd->err->text), "out of memory");
		return -EINVAL;
	}
	r = shape_read(rd, root, &report_shape, l);
	if (r)
		return r;
	COPY(ret->info->kernel, l->release);
	give_event(ret->event, l);
	return 0;
}

static int take_counts(struct reader *rd, const json_t *root, struct explained *ret)
{
	struct event_summary *s = ret->summary;
	struct klog_counts c = {0};
	int r = shape_read(rd, root, &summary_shape, &c);

	ret->is_summary = true;
	s->failed = s->not_followed = c.reports + c.suppressed;
	s->printed[PRINTED_YES] = c.reports;
	s->head.final = true;
	return r;
}

static int take_group(struct reader *rd, const json_t *root, struct explained *ret)
{
	(void)root;
	(void)ret;
	snprintf(rd->err->text, sizeof(rd->err->text),
		 "type: \"%s\" has no failure by itself: run labyrinth explain -j without --group",
		 group_shape.type);
	return -EINVAL;
}

int explain_line_parse(const char *line, size_t len, struct explained *ret,
		       struct stream_error *err)
{
	static const struct {
		const struct shape *shape;
		int (*take)(struct reader *rd, const json_t *root, struct explained *ret);
	} kinds[] = {
		{&report_shape, take_report},
		{&summary_shape, take_counts},
		{&group_shape, take_group},
	};
	struct reader rd = {.err = err};
	char type[LINE_TYPE];
	json_t *root = shape_open(&rd, line, len, type);
	int r = -EINVAL;

	for (size_t i = 0; root && i < ARRAY_SIZE(kinds); i++)
		if (strcmp(type, kinds[i].shape->type) == 0)
			r = kinds[i].take(&rd, root, ret);
	json_decref(root);
	return r;
}

static const struct shape *const lines[] = {&report_shape, &group_shape, &summary_shape};

bool explain_wrote(const char *type)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (strcmp(type, lines[i]->type) == 0)
			return true;
	return false;
}

int explain_schema(FILE *f)
{
	static const struct schema_about about = {
		.title = "labyrinth explain, schema",
		.text = "One line of what labyrinth explain --json prints: a report for each page "
			"allocation failure, with --group a group for each kind of them instead, "
			"and a "
			"summary at the end. Readers must ignore keys they do not know.",
	};

	return schema_write(f, &about, lines, 3);
}
