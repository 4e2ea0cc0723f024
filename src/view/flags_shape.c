// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flags_shape.c - a report of the view flags in the JSON stream. Raw counts only. */
#include "json/common.h"
#include "json/fields.h"
#include "json/read.h"
#include "json/write.h"
#include "model/names.h"
#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"
#include "view/flags_report.h"
#include "view/flags_shape.h"
#include "view/tables_shape.h"

/* More masks than any kernel makes; a line that has more is damaged. */
#define KINDS_MAX 4096

/* An entry of a list: a kind, and its counts in the interval or since start. */
struct entry {
	__u32 gfp;
	struct flags_count count;
};

/* What is listed, in order: the same in interval and total. */
struct shown {
	const struct flags_kind **kind;
	size_t kinds;
};

static const char *gfp_text(const void *base, char *buf)
{
	return gfp_kind_names(buf, WORDING_MAX, ((const struct entry *)base)->gfp);
}

static const char *class_text(const void *base, char *buf)
{
	(void)buf;
	return class_name(lab_class_of(((const struct entry *)base)->gfp));
}

static bool may_sleep(const void *base)
{
	return flags_may_sleep(((const struct entry *)base)->gfp);
}

static const char *rights_text(const void *base, char *buf)
{
	(void)buf;
	return flags_rights_name(flags_rights_of(((const struct entry *)base)->gfp));
}

static __u64 requests(const void *base)
{
	return flags_requests(&((const struct entry *)base)->count);
}

/* clang-format off */
static const struct field entry_fields[] = {
	HEX(struct entry, "gfp", gfp, "The mask without HARDWALL, IO, FS and MOVABLE, which the allocator changes itself."),
	WORDING("gfp_names", gfp_text, "The same in words. __GFP_RECLAIM: GFP_KERNEL, GFP_NOFS, GFP_NOIO and GFP_USER, which only differ in those."),
	WORDING("class", class_text, CLASS_TEXT, .name_of = class_name),
	TRUTH("may_sleep", may_sleep, "Has __GFP_DIRECT_RECLAIM."),
	WORDING("rights", rights_text, "How far below min it may go: not, to 1/2 of it, to 3/8, to the last page.", .name_of = flags_rights_name),
	SUM("requests", requests, COUNTER, "requests", "served_* + failed_final + failed_opportunistic"),
	U64(struct entry, "failed_final", count.failed_final, COUNTER, "requests", "Failed, and the caller has no fallback."),
	U64(struct entry, "failed_opportunistic", count.failed_opportunistic, COUNTER, "requests", "Failed, and the caller has a fallback (NORETRY or NOMEMALLOC)."),
	U64(struct entry, "served_low", count.served[LAB_LEVEL_LOW], COUNTER, "requests", "Served above the low watermark."),
	U64(struct entry, "served_min", count.served[LAB_LEVEL_MIN], COUNTER, "requests", "Served between min and low."),
	U64(struct entry, "served_reserve", count.served[LAB_LEVEL_RESERVE], COUNTER, "requests", "Served below min, by the rights of the request."),
	U64(struct entry, "served_none", count.served[LAB_LEVEL_NONE], COUNTER, "requests", "Served where no watermark was heeded."),
	U64(struct entry, "served_unknown", count.served[LAB_LEVEL_UNKNOWN], COUNTER, "requests", "Served, level not known."),
	U64(struct entry, "alone", count.alone, COUNTER, "requests", "Counted without a latency: the start was not seen."),
	U64(struct entry, "seen_orders_mask", count.orders, LABEL, NULL, "Bit = order of its requests since start, bit 11: that or more."),
	OBJECT(struct entry, "fast", count.fast, latency_shape, "Of requests that never missed the low mark."),
	OBJECT(struct entry, "slow", count.slow, latency_shape, "Of those that entered the slow path."),
	END,
};
/* clang-format on */

static const struct shape entry_shape = {
	.name = "flags_kind",
	.text = "Requests of one gfp mask.",
	.size = sizeof(struct entry),
	.fields = entry_fields,
};

/* ---- the two lists ---- */

static const void *get(const struct json_line *l, size_t at, struct entry *e, bool interval)
{
	const struct shown *s = l->arg;

	if (at >= s->kinds)
		return NULL;
	e->gfp = s->kind[at]->gfp;
	e->count = interval ? s->kind[at]->interval : s->kind[at]->total;
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
static struct flags_kind *find(struct reader *rd, struct flags_report *r, __u32 gfp, bool known)
{
	size_t kinds = r->kinds;
	struct flags_kind *kind = flags_find(r, gfp);

	if (!kind)
		rd_fail(rd, "gfp", "out of memory");
	else if (known && r->kinds > kinds)
		rd_fail(rd, "gfp", "0x%x is not in total", gfp);
	else if (!known && r->kinds == kinds)
		rd_fail(rd, "gfp", "0x%x comes twice", gfp);
	return rd->failed ? NULL : kind;
}

static void put_total(struct reader *rd, void *base, const void *item)
{
	const struct entry *e = item;
	struct flags_kind *kind = find(rd, base, e->gfp, false);

	if (kind)
		kind->total = e->count;
}

static void put_interval(struct reader *rd, void *base, const void *item)
{
	const struct entry *e = item;
	struct flags_kind *kind = find(rd, base, e->gfp, true);

	if (kind)
		kind->interval = e->count;
}

static const struct list interval_list = {&entry_shape, get_interval, NULL, put_interval};
static const struct list total_list = {&entry_shape, get_total, NULL, put_total};

/* clang-format off */
#define KINDS(list) LIST("kinds", list, KINDS_MAX, "Most requests since start first.")

static const struct field interval_fields[] = {
	KINDS(interval_list),
	OBJECT(struct flags_report, "audit", head.interval, tables_audit_seen_shape, NULL),
	END,
};

static const struct field total_fields[] = {
	KINDS(total_list),
	OBJECT(struct flags_report, "audit", head.total, tables_audit_seen_shape, NULL),
	END,
};

static const struct shape interval_shape = {
	.name = "flags_kinds", .size = sizeof(struct flags_report), .fields = interval_fields,
	.text = "Kinds of requests, and what was not counted.",
};

static const struct shape total_shape = {
	.name = "flags_kinds", .size = sizeof(struct flags_report), .fields = total_fields,
	.text = "Kinds of requests, and what was not counted.",
};

static const struct field report_fields[] = {
	INLINE(struct flags_report, head, head_shape),
	INLINE(struct flags_report, head, head_run_shape),
	PART("interval", interval_shape, "Since the report before.", .late = true),
	PART("total", total_shape, "Since start: this names all kinds that there are."),
	END,
};
/* clang-format on */

const struct shape flags_shape = {
	.name = "flags",
	.text = "A report of the view flags: requests by gfp mask; interval and total list the "
		"same kinds.",
	.type = "flags",
	.size = sizeof(struct flags_report),
	.fields = report_fields,
};

int flags_json(FILE *f, const struct show *show, const void *report)
{
	_cleanup_(freep) const struct flags_kind **kind = NULL;
	struct shown shown = {.kinds = flags_sorted(report, show, false, &kind)};

	if (!kind)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a line of JSON");
	shown.kind = kind;
	return shape_write_cut(f, &flags_shape, report, &shown, show->cut) ?: out_flush(f);
}
