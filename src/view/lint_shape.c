// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lint_shape.c - a report of the view lint in the JSON stream. Raw counts only. */
#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"
#include "json/common.h"
#include "json/fields.h"
#include "json/read.h"
#include "json/write.h"
#include "model/names.h"
#include "view/lint_report.h"
#include "view/lint_shape.h"
#include "view/tables_shape.h"

/* As many as the kernel side has room for. */
#define FINDINGS_MAX 4096

/* An entry of a list. */
struct entry {
	struct lint_finding of;
	__u64 times; /* in the interval, or since start */
};

/* What is listed, in order: the same in interval and total. */
struct shown {
	const struct lint_finding **finding;
	size_t findings;
};

static const char *gfp_text(const void *base, char *buf)
{
	return gfp_kind_names(buf, WORDING_MAX, ((const struct entry *)base)->of.gfp);
}

static const char *class_text(const void *base, char *buf)
{
	(void)buf;
	return class_name(lab_class_of(((const struct entry *)base)->of.gfp));
}

static bool is_bug(const void *base)
{
	return lint_is_bug(((const struct entry *)base)->of.mistake);
}

/* clang-format off */
static const struct field entry_fields[] = {
	NAME(struct entry, "mistake", of.mistake, mistake_name, "May sleep, and where that is forbidden; or may not sleep, and could have.", .min = LAB_MISTAKE_NONE + 1),
	TEXT(struct entry, "driver", of.driver, "Its module, or in brackets its subsystem of the kernel."),
	TEXT(struct entry, "site", of.site, "First function above the allocator's helpers; null: not known."),
	HEX(struct entry, "gfp", of.gfp, "The mask without HARDWALL, IO, FS and MOVABLE, which the allocator changes itself."),
	WORDING("gfp_names", gfp_text, "The same in words. __GFP_RECLAIM: GFP_KERNEL, GFP_NOFS, GFP_NOIO and GFP_USER, which only differ in those."),
	WORDING("class", class_text, CLASS_TEXT, .name_of = class_name),
	TRUTH("bug", is_bug, "May sleep where that is forbidden."),
	NAMES(struct entry, "contexts", of.contexts, context_name, LAB_CONTEXTS, "Where it was made, since start."),
	U64(struct entry, "times", times, COUNTER, "requests", "How often."),
	TEXT(struct entry, "via", of.via, "The helpers between."),
	U64(struct entry, "seen_orders_mask", of.orders, LABEL, NULL, "Bit = order of its requests since start, bit 11: that or more."),
	U64(struct entry, "stack_times", of.stack_times, COUNTER, "requests", "Requests since start by the stack below, the most frequent one."),
	ARRAY(struct entry, "stack", of.frame, of.frames, frame_shape, "Innermost first."),
	END,
};
/* clang-format on */

static const struct shape entry_shape = {
	.name = "lint_finding",
	.text = "Requests of one mistake, site and gfp mask.",
	.size = sizeof(struct entry),
	.fields = entry_fields,
};

/* ---- the two lists ---- */

static const void *get(const struct json_line *l, size_t at, struct entry *e, bool interval)
{
	const struct shown *s = l->arg;

	if (at >= s->findings)
		return NULL;
	e->of = *s->finding[at];
	e->times = interval ? e->of.interval : e->of.total;
	return e;
}

static const void *get_interval(const struct json_line *l, const void *base, size_t *at, void *item)
{
	(void)base;
	return get(l, *at, item, true);
}

static const void *get_total(const struct json_line *l, const void *base, size_t *at, void *item)
{
	(void)base;
	return get(l, *at, item, false);
}

/* The row of an entry; NULL: already said. */
static struct lint_finding *find(struct reader *rd, struct lint_report *r, const struct entry *e,
				 bool known)
{
	size_t findings = r->findings;
	struct lint_finding *f = lint_find(r, &e->of);

	if (!f)
		rd_fail(rd, "site", "out of memory");
	else if (known && r->findings > findings)
		rd_fail(rd, "site", "this one is not in total");
	else if (!known && r->findings == findings)
		rd_fail(rd, "site", "the same mistake of it comes twice");
	return rd->failed ? NULL : f;
}

static void put_total(struct reader *rd, void *base, const void *item)
{
	const struct entry *e = item;
	struct lint_finding *f = find(rd, base, e, false);

	if (!f)
		return;
	*f = e->of;
	f->total = e->times;
}

/* Of the two lists total says what there is. */
static void put_interval(struct reader *rd, void *base, const void *item)
{
	const struct entry *e = item;
	struct lint_finding *f = find(rd, base, e, true);

	if (f)
		f->interval = e->times;
}

static const struct list interval_list = {&entry_shape, get_interval, NULL, put_interval};
static const struct list total_list = {&entry_shape, get_total, NULL, put_total};

/* clang-format off */
#define FINDINGS(list) LIST("findings", list, FINDINGS_MAX, "By mistake, then the most frequent since start first.")

static const struct field interval_fields[] = {
	FINDINGS(interval_list),
	OBJECT(struct lint_report, "audit", head.interval, tables_audit_shape, NULL),
	END,
};

static const struct field total_fields[] = {
	FINDINGS(total_list),
	OBJECT(struct lint_report, "audit", head.total, tables_audit_shape, NULL),
	END,
};

static const struct shape interval_shape = {
	.name = "lint_findings", .size = sizeof(struct lint_report), .fields = interval_fields,
	.text = "Mistakes, and what was not looked at.",
};

static const struct shape total_shape = {
	.name = "lint_findings", .size = sizeof(struct lint_report), .fields = total_fields,
	.text = "Mistakes, and what was not looked at.",
};

static const struct field report_fields[] = {
	INLINE(struct lint_report, head, head_shape),
	INLINE(struct lint_report, head, head_run_shape),
	PART("interval", interval_shape, "Since the report before.", .late = true),
	PART("total", total_shape, "Since start: this names all findings that there are."),
	END,
};
/* clang-format on */

const struct shape lint_shape = {
	.name = "lint",
	.text = "A report of the view lint: requests that do not fit their context; interval and "
		"total list the same findings.",
	.type = "lint",
	.size = sizeof(struct lint_report),
	.fields = report_fields,
};

int lint_json(FILE *f, const struct show *show, const void *report)
{
	_cleanup_(freep) const struct lint_finding **finding = NULL;
	struct shown shown = {.findings = lint_sorted(report, show, false, &finding)};

	if (!finding)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a line of JSON");
	shown.finding = finding;
	return shape_write_cut(f, &lint_shape, report, &shown, show->cut) ?: out_flush(f);
}
