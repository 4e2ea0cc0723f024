// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * stat_shape.c - a report of the view stat in the JSON stream. Raw counts only; the same keys in
 * the same order every time.
 */
#include "view/stat_shape.h"

#include <string.h>

#include "base/out.h"
#include "json/common.h"
#include "json/fields.h"
#include "json/read.h"
#include "json/write.h"
#include "view/show.h"
#include "view/stream.h"

bool stat_wants_row(const struct show *show, unsigned int cls, const struct row *row)
{
	if (!show_class(show, cls))
		return false;
	if (show->failures_only && row->failed_final + row->failed_opportunistic == 0)
		return false;
	return row->requests > 0;
}

long long stat_held_blocks(const struct report *r)
{
	__u64 pages = 0;

	if (!r->head.info.has_zones || r->head.info.pageblock_pages == 0)
		return -1;
	for (unsigned int i = 0; i < r->zones; i++)
		pages += r->zone[i].reserved_highatomic;
	return (long long)(pages / r->head.info.pageblock_pages);
}

/* ---- orders ---- */

struct order {
	__u32 order;
	struct order_row of;
};

struct failure {
	__u32 order;
	__u64 zone[LAB_LEVELS];
};

/* Each order comes once. */
static bool is_new(struct reader *rd, __u32 order)
{
	if (!rd_twice(rd, order))
		return true;
	rd_fail(rd, "order", "%u comes twice", order);
	return false;
}

#define ORDER(type)                                                                                \
	U32(type, "order", order, LABEL, NULL, "11: that or more.", .max = LAB_ORDERS - 1)

/* clang-format off */
static const struct field order_fields[] = {
	ORDER(struct order),
	U64(struct order, "requests", of.requests, COUNTER, "requests", "All of this order."),
	U64(struct order, "failed_final", of.failed_final, COUNTER, "requests", "Failed, and the caller has no fallback."),
	U64(struct order, "failed_opportunistic", of.failed_opportunistic, COUNTER, "requests", "Failed, and the caller has a fallback."),
	END,
};

static const struct field failure_fields[] = {
	ORDER(struct failure),
	U64(struct failure, "zone_low", zone[LAB_LEVEL_LOW], COUNTER, "requests", "Its zone was above the low watermark."),
	U64(struct failure, "zone_min", zone[LAB_LEVEL_MIN], COUNTER, "requests", "Its zone was between min and low."),
	U64(struct failure, "zone_reserve", zone[LAB_LEVEL_RESERVE], COUNTER, "requests", "Its zone was below min."),
	U64(struct failure, "zone_none", zone[LAB_LEVEL_NONE], COUNTER, "requests", "Its zone had nothing even for what heeds no watermark."),
	U64(struct failure, "zone_unknown", zone[LAB_LEVEL_UNKNOWN], COUNTER, "requests", "Not known."),
	END,
};
/* clang-format on */

static const struct shape order_shape = {
	.name = "order",
	.text = "Requests of one order.",
	.size = sizeof(struct order),
	.fields = order_fields,
};

static const struct shape failure_shape = {
	.name = "failure",
	.text = "Failed requests of one order, by the level of the zone at that time.",
	.size = sizeof(struct failure),
	.fields = failure_fields,
};

/* ---- rows ---- */

static const void *get_order(const struct json_line *l, const void *base, size_t *at, void *item)
{
	static const struct order_row none;
	const struct stat_row *e = base;
	struct order *o = item;

	(void)l;
	while (*at < LAB_ORDERS && memcmp(&e->row.order[*at], &none, sizeof(none)) == 0)
		++*at;
	if (*at == LAB_ORDERS)
		return NULL;
	o->order = (__u32)*at;
	o->of = e->row.order[*at];
	return o;
}

static void put_order(struct reader *rd, void *base, const void *item)
{
	const struct order *o = item;
	struct stat_row *e = base;

	if (is_new(rd, o->order))
		e->row.order[o->order] = o->of;
}

static const struct list order_list = {&order_shape, get_order, NULL, put_order};

/* clang-format off */
static const struct field entry_fields[] = {
	NAME(struct stat_row, "class", cls, class_name, CLASS_TEXT),
	NAME(struct stat_row, "context", context, context_name, "In which the requests were made."),
	U64(struct stat_row, "requests", row.requests, COUNTER, "requests", "served_* + failed_final + failed_opportunistic + no_outcome"),
	U64(struct stat_row, "failed_final", row.failed_final, COUNTER, "requests", "Failed, and the caller has no fallback."),
	U64(struct stat_row, "failed_opportunistic", row.failed_opportunistic, COUNTER, "requests", "Failed, and the caller has a fallback (NORETRY or NOMEMALLOC)."),
	U64(struct stat_row, "failed_silent", row.failed_silent, COUNTER, "requests", "Of the two above: failed before the kernel's tracepoint."),
	U64(struct stat_row, "served_low", row.served[LAB_LEVEL_LOW], COUNTER, "requests", "Served above the low watermark."),
	U64(struct stat_row, "served_min", row.served[LAB_LEVEL_MIN], COUNTER, "requests", "Served between min and low."),
	U64(struct stat_row, "served_reserve", row.served[LAB_LEVEL_RESERVE], COUNTER, "requests", "Served below min, by the rights of the request."),
	U64(struct stat_row, "served_none", row.served[LAB_LEVEL_NONE], COUNTER, "requests", "Served where no watermark was heeded."),
	U64(struct stat_row, "served_unknown", row.served[LAB_LEVEL_UNKNOWN], COUNTER, "requests", "Served, level not known."),
	U64(struct stat_row, "no_outcome", row.no_outcome, COUNTER, "requests", "Start seen, end skipped by the kernel: may have failed."),
	U64(struct stat_row, "alone", row.alone, COUNTER, "requests", "Counted without a latency."),
	U64(struct stat_row, "bh_off", row.bh_off, COUNTER, "requests", "Task context with bottom halves off."),
	U64(struct stat_row, "preempt_off", row.preempt_off, COUNTER, "requests", "Task context with preemption off."),
	INLINE(struct stat_row, row.latency, latency_shape),
	LIST("orders", order_list, LAB_ORDERS, "One for each order that saw anything."),
	END,
};
/* clang-format on */

static const struct shape entry_shape = {
	.name = "row",
	.text = "Requests of one class and context.",
	.size = sizeof(struct stat_row),
	.fields = entry_fields,
};

/* The rows of the total decide what is listed, so that interval and total list the same. */
static const void *get_row(const struct json_line *l, const void *base, size_t *at, void *item)
{
	const struct row(*row)[LAB_CONTEXTS] = ((const struct figures *)base)->row;
	const struct report *r = l->root;
	struct stat_row *e = item;

	for (; *at < LAB_CLASSES * LAB_CONTEXTS; ++*at) {
		e->cls = (__u32)(*at / LAB_CONTEXTS);
		e->context = (__u32)(*at % LAB_CONTEXTS);
		if (!stat_wants_row(l->arg, e->cls, &r->total.row[e->cls][e->context]))
			continue;
		e->row = row[e->cls][e->context];
		return e;
	}
	return NULL;
}

static void put_row(struct reader *rd, void *base, const void *item)
{
	struct figures *fig = base;
	const struct stat_row *e = item;

	if (rd_twice(rd, e->cls * LAB_CONTEXTS + e->context))
		rd_fail(rd, "class", "the row %s %s comes twice", class_name(e->cls),
			context_name(e->context));
	else
		fig->row[e->cls][e->context] = e->row;
}

static const struct list row_list = {&entry_shape, get_row, NULL, put_row};

/* ---- failures ---- */

static const void *get_failure(const struct json_line *l, const void *base, size_t *at, void *item)
{
	static const __u64 none[LAB_LEVELS];
	const struct figures *fig = base;
	struct failure *f = item;

	(void)l;
	while (*at < LAB_ORDERS && memcmp(fig->failure[*at], none, sizeof(none)) == 0)
		++*at;
	if (*at == LAB_ORDERS)
		return NULL;
	f->order = (__u32)*at;
	memcpy(f->zone, fig->failure[*at], sizeof(f->zone));
	return f;
}

static void put_failure(struct reader *rd, void *base, const void *item)
{
	struct figures *fig = base;
	const struct failure *f = item;

	if (is_new(rd, f->order))
		memcpy(fig->failure[f->order], f->zone, sizeof(f->zone));
}

static const struct list failure_list = {&failure_shape, get_failure, NULL, put_failure};

/* ---- figures ---- */

static bool is_complete(const void *base)
{
	return audit_complete(base);
}

/* clang-format off */
static const struct field exclusive_fields[] = {
	U64(struct exclusive, "eligible", eligible, COUNTER, "requests", "Requests that may use the exclusive reserve."),
	U64(struct exclusive, "hit", hit, COUNTER, "requests", "Of those, that got a page out of it."),
	U64(struct exclusive, "miss", miss, COUNTER, "requests", "Of those, that were served elsewhere."),
	U64(struct exclusive, "leak", leak, COUNTER, "blocks", "Reserve blocks taken by requests that were not eligible."),
	U64(struct exclusive, "grown_blocks", grown_blocks, COUNTER, "blocks", "Pageblocks that became part of it."),
	U64(struct exclusive, "shrunk_blocks", shrunk_blocks, COUNTER, "blocks", "Pageblocks that left it."),
	END,
};

static const struct field bulk_fields[] = {
	U64(struct bulk, "calls", calls, COUNTER, "calls", "Bulk requests."),
	U64(struct bulk, "asked_pages", asked_pages, COUNTER, "pages", "Pages that they asked for."),
	U64(struct bulk, "got_pages", got_pages, COUNTER, "pages", "Pages that they got."),
	U64(struct bulk, "short_calls", short_calls, COUNTER, "calls", "Calls that got fewer pages than asked."),
	END,
};

static const struct field audit_fields[] = {
	U64(struct audit, "seen", seen, COUNTER, "requests", "Requests counted, all rows."),
	U64(struct audit, "closed", closed, COUNTER, "requests", "Start and end paired."),
	U64(struct audit, "alone", alone, COUNTER, "requests", "End only."),
	U64(struct audit, "left", left, COUNTER, "requests", "Start only."),
	U64(struct audit, "migrated", migrated, COUNTER, "requests", "Paired across cpus, part of closed."),
	U64(struct audit, "silent", silent, COUNTER, "requests", "Failed before the tracepoint."),
	U64(struct audit, "missed", missed, COUNTER, "requests", "Requests that left no trace, from the kernel's own counters."),
	U64(struct audit, "unpaired", unpaired, COUNTER, "requests", "Counted without a latency although one was asked for."),
	U64(struct audit, "dropped", dropped, COUNTER, "events", "Events lost."),
	U64(struct audit, "skipped", skipped, COUNTER, "requests", "Served requests skipped for the budget: counted here alone.", .optional = true),
	U64(struct audit, "unread", unread, COUNTER, "readings", "Readings of what the kernel counts or keeps that failed: more may be missed. Not there where it is 0.", .optional = true, .rare = true),
	U64(struct audit, "entry_misses", entry_misses, COUNTER, "runs", "Recursion misses of the program that sees starts."),
	U64(struct audit, "done_misses", done_misses, COUNTER, "runs", "Recursion misses of the program that sees ends."),
	U64(struct audit, "nolock", nolock, COUNTER, "requests", "End only, where requests that take no lock have an entry function of their own (Linux 6.15 to 7.2): not a gap.", .optional = true),
	U64(struct audit, "wake_misses", wake_misses, COUNTER, "runs", "Recursion misses of the program that sees the slow path: so many requests at most were served at a deeper level than low and are counted there.", .optional = true),
	U64(struct audit, "other_misses", other_misses, COUNTER, "runs", "Recursion misses of the other programs: so many bulk calls, or uses or changes of the exclusive reserve, at most are not counted.", .optional = true),
	TRUTH("complete", is_complete, "missed, unpaired, dropped, skipped, unread and the misses of the other programs are zero."),
	END,
};
/* clang-format on */

static const struct shape exclusive_shape = {
	.name = "exclusive",
	.text = "Pageblocks reserved for high-order atomic requests.",
	.size = sizeof(struct exclusive),
	.fields = exclusive_fields,
};

static const struct shape bulk_shape = {
	.name = "bulk",
	.text = "Requests for many pages at a time.",
	.size = sizeof(struct bulk),
	.fields = bulk_fields,
};

static const struct shape audit_shape = {
	.name = "audit",
	.text = "What the tool itself saw and did not see.",
	.size = sizeof(struct audit),
	.fields = audit_fields,
};

/* clang-format off */
static const struct field figures_fields[] = {
	LIST("rows", row_list, LAB_CLASSES * LAB_CONTEXTS, "One for each class and context that saw anything since start; the same rows in interval and total."),
	LIST("failures", failure_list, LAB_ORDERS, "Failed requests by order and by the level of the zone at that time."),
	OBJECT(struct figures, "exclusive", exclusive, exclusive_shape, "The exclusive reserve."),
	OBJECT(struct figures, "bulk", bulk, bulk_shape, NULL),
	U64(struct figures, "anon_exclusive_pages", anon_exclusive_pages, COUNTER, "pages", "Pages newly mapped with PG_anon_exclusive."),
	OBJECT(struct figures, "audit", audit, audit_shape, NULL),
	END,
};
/* clang-format on */

static const struct shape figures_shape = {
	.name = "figures",
	.text = "Raw counts.",
	.size = sizeof(struct figures),
	.fields = figures_fields,
};

/* ---- zones ---- */

/* clang-format off */
static const struct field zone_fields[] = {
	STRING(struct zone_row, "name", name, NULL),
	U32(struct zone_row, "node", node, LABEL, NULL, NULL),
	U32(struct zone_row, "zone", zone, LABEL, NULL, "Its number on that node."),
	U64(struct zone_row, "free_pages", free, GAUGE, "pages", NULL),
	U64(struct zone_row, "min_pages", min, GAUGE, "pages", "Watermark."),
	U64(struct zone_row, "low_pages", low, GAUGE, "pages", "Watermark."),
	U64(struct zone_row, "high_pages", high, GAUGE, "pages", "Watermark."),
	U64(struct zone_row, "boost_pages", boost, GAUGE, "pages", "Added to the watermarks until kswapd has caught up."),
	U64(struct zone_row, "managed_pages", managed, GAUGE, "pages", NULL),
	U64(struct zone_row, "reserved_highatomic_pages", reserved_highatomic, GAUGE, "pages", "Whole pageblocks."),
	U64(struct zone_row, "free_highatomic_pages", free_highatomic, GAUGE, "pages", "0 before Linux 6.12."),
	U64(struct zone_row, "free_cma_pages", free_cma, GAUGE, "pages", NULL),
	U64(struct zone_row, "lowmem_reserve_pages", lowmem_reserve, GAUGE, "pages", "Held back from GFP_ATOMIC requests."),
	S64(struct zone_row, "floor_pages", floor, GAUGE, "pages", "An order-0 GFP_ATOMIC request fails at or below this many free pages; null: the zone can serve none, however much is free.", .null = NULL_LOWEST),
	S64(struct zone_row, "headroom_pages", headroom, GAUGE, "pages", "free - floor", .null = NULL_LOWEST),
	U64(struct zone_row, "lowest_free_pages", lowest_free, GAUGE, "pages", "In the interval."),
	S64(struct zone_row, "lowest_headroom_pages", lowest_headroom, GAUGE, "pages", "In the interval.", .null = NULL_LOWEST),
	END,
};
/* clang-format on */

/* Older recordings have numbers where there is no headroom to have. */
static void complete_zone(struct reader *rd, void *base)
{
	(void)rd;
	if (zone_is_closed(base))
		zone_fill_headroom(base);
}

static const struct shape zone_shape = {
	.name = "zone",
	.text = "A zone as it is now.",
	.size = sizeof(struct zone_row),
	.fields = zone_fields,
	.check = complete_zone,
};

/* ---- the report ---- */

static bool has_held(const void *base, const void *root)
{
	(void)root;
	return stat_held_blocks(base) >= 0;
}

static __u64 held(const void *base)
{
	return (__u64)stat_held_blocks(base);
}

/* clang-format off */
static const struct field report_fields[] = {
	INLINE(struct report, head, head_shape),
	INLINE(struct report, head, head_run_shape),
	NUMBER("exclusive_held_blocks", held, GAUGE, "blocks", "Pageblocks in the exclusive reserve now; null: not known.", .null = NULL_OR, .has = has_held),
	OBJECT(struct report, "interval", interval, figures_shape, "Since the report before."),
	OBJECT(struct report, "total", total, figures_shape, "Since start: these only grow."),
	ARRAY(struct report, "zones", zone, zones, zone_shape, "All that have pages."),
	END,
};
/* clang-format on */

const struct shape stat_shape = {
	.name = "report",
	.text = "A report of the view stat; all counts are raw, only grow in total, and are the "
		"difference since the report before in interval.",
	.type = "stat",
	.size = sizeof(struct report),
	.fields = report_fields,
};

int stat_json(FILE *f, const struct show *show, const void *report)
{
	return shape_write_cut(f, &stat_shape, report, show, show->cut) ?: out_flush(f);
}

int stream_parse(const char *line, size_t len, struct report *ret, struct stream_error *err)
{
	char type[LINE_TYPE];

	memset(ret, 0, sizeof(*ret));
	return stream_other(shape_parse(&stat_shape, line, len, ret, type, err), type, err);
}
