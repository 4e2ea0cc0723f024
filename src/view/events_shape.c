// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * events_shape.c - the lines of the view events in the JSON stream: event_start, then an event
 * each, then event_summary. The same keys in the same order every time; null where a key has no
 * meaning.
 */
#include "view/events_shape.h"

#include <errno.h>
#include <string.h>

#include "base/out.h"
#include "json/common.h"
#include "json/fields.h"
#include "json/read.h"
#include "json/write.h"
#include "model/names.h"
#include "view/show.h"
#include "view/stream.h"

/* What follows a failure goes into its aftermath, and is never shown. */
static const char *kind_of(unsigned int v)
{
	return v < LAB_EVENT_FOLLOW ? event_kind_name((enum lab_event_kind)v) : NULL;
}

static const char *basis_of(unsigned int v)
{
	return v < BASES ? basis_name((enum basis)v) : NULL;
}

bool event_task_is_owner(const struct event *e)
{
	return e->raw.head.context == LAB_CTX_TASK;
}

/* ---- what the mask says ---- */

static __u32 gfp_of(const void *base)
{
	return ((const struct event *)base)->raw.head.gfp;
}

static const char *class_text(const void *base, char *buf)
{
	(void)buf;
	return class_name(lab_class_of(gfp_of(base)));
}

static bool is_final(const void *base)
{
	return !(gfp_of(base) & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC));
}

static bool is_nowarn(const void *base)
{
	return gfp_of(base) & LAB_GFP_NOWARN;
}

static bool is_memalloc(const void *base)
{
	return gfp_of(base) & LAB_GFP_MEMALLOC;
}

static const char *gfp_text(const void *base, char *buf)
{
	return gfp_names(buf, WORDING_MAX, gfp_of(base));
}

/* ---- what else it knows ---- */

static bool was_printed(const void *base)
{
	return ((const struct event *)base)->printed == PRINTED_YES;
}

static bool owned(const void *base)
{
	return event_task_is_owner(base);
}

static bool has_failed(const void *base, const void *root)
{
	(void)root;
	return ((const struct event *)base)->raw.head.kind == LAB_EVENT_FAILED;
}

static bool has_basis(const void *base, const void *root)
{
	return has_failed(base, root) && ((const struct event *)base)->basis != BASIS_NONE;
}

static bool has_nearest(const void *base, const void *root)
{
	return has_failed(base, root) && ((const struct event *)base)->nearest.known;
}

static void mark_nearest(void *base)
{
	((struct event *)base)->nearest.known = true;
}

static bool has_owner(const void *base, const void *root)
{
	(void)root;
	return event_task_is_owner(base);
}

static bool has_bulk(const void *base, const void *root)
{
	(void)root;
	return ((const struct event *)base)->raw.head.flags & LAB_EVENT_BULK;
}

static void mark_bulk(void *base)
{
	((struct event *)base)->raw.head.flags |= LAB_EVENT_BULK;
}

static bool has_start(const void *base, const void *root)
{
	(void)root;
	return ((const struct event *)base)->raw.head.flags & LAB_EVENT_HAS_START;
}

/* What happens to a request is noted in its slot, which its start opens. */
static bool event_has_slot(const void *base, const void *root)
{
	(void)root;
	return ((const struct event *)base)->raw.head.flags &
	       (LAB_EVENT_HAS_START | LAB_EVENT_OVERSIZE);
}

static void mark_start(void *base)
{
	((struct event *)base)->raw.head.flags |= LAB_EVENT_HAS_START;
}

/* ---- zones ---- */

struct zone {
	char name[LAB_ZONE_NAME];
	struct lab_event_zone zone;
};

/* Free blocks are looked at for requests of an order above 0. */
static bool has_blocks(const void *base, const void *root)
{
	static const __u32 none[LAB_EVENT_ORDERS];
	const struct event_said *s = root;
	const struct zone *z = base;

	return s->event->raw.head.order > 0 || memcmp(z->zone.blocks, none, sizeof(none)) != 0;
}

/* clang-format off */
static const struct field zone_fields[] = {
	STRING(struct zone, "name", name, NULL),
	U32(struct zone, "node", zone.node, LABEL, NULL, NULL),
	U32(struct zone, "zone", zone.zone, LABEL, NULL, "Its number on that node."),
	U64(struct zone, "free_pages", zone.free, GAUGE, "pages", NULL),
	U64(struct zone, "min_pages", zone.min, GAUGE, "pages", "Watermark, without the boost."),
	U64(struct zone, "low_pages", zone.low, GAUGE, "pages", "Watermark, without the boost."),
	U64(struct zone, "boost_pages", zone.boost, GAUGE, "pages", "Added to the watermarks until kswapd has caught up."),
	U64(struct zone, "lowmem_reserve_pages", zone.lowmem_reserve, GAUGE, "pages", "Held back from this request."),
	U64(struct zone, "managed_pages", zone.managed, GAUGE, "pages", NULL),
	U64(struct zone, "free_cma_pages", zone.free_cma, GAUGE, "pages", NULL),
	U64(struct zone, "free_highatomic_pages", zone.free_highatomic, GAUGE, "pages", "0 before Linux 6.12."),
	U64(struct zone, "unusable_highatomic_pages", zone.unusable_highatomic, GAUGE, "pages", "What the kernel subtracts where exclusive blocks are closed to a request; whole blocks before Linux 6.12."),
	U32(struct zone, "ordinary_orders_mask", zone.ordinary, LABEL, NULL, "Bit = order of which there is a free block of an ordinary type."),
	U32(struct zone, "cma_orders_mask", zone.cma, LABEL, NULL, "The same of CMA."),
	U32(struct zone, "highatomic_orders_mask", zone.highatomic, LABEL, NULL, "The same of the exclusive reserve."),
	{FIELD(COUNTS, "blocks", GAUGE, "blocks", "Free blocks of order 0 to 10, of all types; null: not looked at."),
	 .at = offsetof(struct zone, zone.blocks), .arg = LAB_EVENT_ORDERS, .null = NULL_OR, .has = has_blocks},
	END,
};
/* clang-format on */

static const struct shape zone_shape = {
	.name = "event_zone",
	.text = "A zone that the request may have been served from, as it stood then.",
	.size = sizeof(struct zone),
	.fields = zone_fields,
};

static const void *get_zone(const struct json_line *l, const void *base, size_t *at, void *item)
{
	const struct event *e = base;
	struct zone *z = item;

	(void)l;
	if (*at >= e->raw.zones)
		return NULL;
	memcpy(z->name, e->zone_name[*at], sizeof(z->name));
	z->zone = e->raw.zone[*at];
	return z;
}

static void put_zone(struct reader *rd, void *base, const void *item)
{
	const struct zone *z = item;
	struct event *e = base;

	(void)rd;
	memcpy(e->zone_name[e->raw.zones], z->name, sizeof(z->name));
	e->raw.zone[e->raw.zones++] = z->zone;
}

static const struct list zone_list = {&zone_shape, get_zone, NULL, put_zone};

/* ---- the event ---- */

#define IF_FAILED .null = NULL_UNLESS, .has = has_failed
#define IF_OWNER .null = NULL_UNLESS, .has = has_owner

/* clang-format off */
static const struct field time_fields[] = {
	TIME(struct event, "time", time_ns, "When it ended, in UTC."),
	NANOS(struct event, "time_ns", time_ns, LABEL, SINCE_1970),
	END,
};

static const struct field event_fields[] = {
	NAME(struct event, "kind", raw.head.kind, kind_of, "It failed, was slow, or was served below a watermark."),
	U32(struct event, "cpu", raw.head.cpu, LABEL, NULL, "On which it was made."),
	TRUTH("printed_by_kernel", was_printed, "dmesg showed it; null unless failed.", IF_FAILED),
	NAME(struct event, "verdict", verdict, verdict_key, "Why it failed; null unless failed.", IF_FAILED),
	NAME(struct event, "aftermath", aftermath, aftermath_key, "What became of its caller; null unless failed.", IF_FAILED),
	NAME(struct event, "printed_why", printed, printed_key, "Why dmesg showed it or not; null unless failed.", IF_FAILED),
	NAME(struct event, "basis", basis, basis_of, "Whether the zones, read after the kernel's own test, refuse the request too, or one passes by no more than their age explains, or by more; null unless a zone was tested.",
	     .null = NULL_OR, .has = has_basis, .optional = true, .min = BASIS_NONE + 1),
	OBJECT(struct event, "nearest", nearest, nearest_shape, "The numbers of the kernel's test; null unless a zone open to it was tested.", .null = NULL_OR, .has = has_nearest, .mark = mark_nearest, .optional = true),
	TEXT(struct event, "evidence", evidence, "The numbers that decided the verdict."),
	TEXT(struct event, "how", how, "How the caller recovered."),
	TEXT(struct event, "site", site, "First function above the allocator's helpers; null: not known."),
	TEXT(struct event, "driver", driver, "Its module, or in brackets its subsystem of the kernel."),
	TEXT(struct event, "via", via, "The helpers between."),
	WORDING("class", class_text, CLASS_TEXT, .name_of = class_name),
	TRUTH("final", is_final, "Its caller has no fallback: neither NORETRY nor NOMEMALLOC."),
	TRUTH("nowarn", is_nowarn, "Has __GFP_NOWARN."),
	TRUTH("memalloc", is_memalloc, "Has __GFP_MEMALLOC."),
	HEX(struct event, "gfp", raw.head.gfp, "The gfp mask."),
	WORDING("gfp_names", gfp_text, "The same in words."),
	U32(struct event, "order", raw.head.order, LABEL, NULL, "It asked for 2^order pages."),
	NAME(struct event, "context", raw.head.context, context_name, "In which it was made."),
	FLAG(struct event, "bh_off", raw.head.flags, LAB_EVENT_BH_OFF, "Task context with bottom halves off."),
	FLAG(struct event, "preempt_off", raw.head.flags, LAB_EVENT_PREEMPT_OFF, "Task context with preemption off."),
	TRUTH("task_is_owner", owned, "The current task made the request: task context."),
	U32(struct event, "pid", raw.head.pid, LABEL, NULL, "Of the owner; null: the current task is a bystander.", IF_OWNER),
	TEXT(struct event, "comm", raw.head.comm, "Of the owner.", IF_OWNER),
	U32(struct event, "node", raw.head.node, LABEL, NULL, "The preferred one."),
	MASK(struct event, "nodes_mask", raw.nodes, "Nodes that it was bound to; null: any, or not known."),
	FLAG(struct event, "node_bound", raw.head.flags, LAB_SLOT_NODEMASK, "It was bound to some nodes."),
	U32(struct event, "highest_zone", raw.highest_zone, LABEL, NULL, "Zones above it were not allowed."),
	NAME(struct event, "level", raw.head.level, level_name, "That it was served at, or that its zone was at."),
	FLAG(struct event, "kswapd_woken", raw.head.flags, LAB_SLOT_WOKEN, "The slow path was entered. null: the start was not seen, so this is not known.", .null = NULL_OR, .has = event_has_slot),
	FLAG(struct event, "exclusive_hit", raw.head.flags, LAB_SLOT_HIT, "The page came out of the exclusive reserve. null: the start was not seen, so this is not known.", .null = NULL_OR, .has = event_has_slot),
	FLAG(struct event, "oversize", raw.head.flags, LAB_EVENT_OVERSIZE, "The order is beyond the maximum."),
	U32(struct event, "bulk_asked_pages", raw.bulk_asked, LABEL, "pages", "null unless it was a bulk request.", .null = NULL_OR, .has = has_bulk, .mark = mark_bulk),
	U32(struct event, "bulk_got_pages", raw.bulk_got, LABEL, "pages", "null unless it was a bulk request.", .null = NULL_UNLESS, .has = has_bulk),
	U64(struct event, "latency_ns", raw.head.latency_ns, LABEL, "ns", "null: the start was not seen.", .null = NULL_OR, .has = has_start, .mark = mark_start),
	LIST("zones", zone_list, LAB_EVENT_ZONES, "In the order in which they are tried."),
	ARRAY(struct event, "stack", frame, frames, frame_shape, "Innermost first."),
	END,
};
/* clang-format on */

static const struct shape time_shape = {.size = sizeof(struct event), .fields = time_fields};
static const struct shape body_shape = {.size = sizeof(struct event), .fields = event_fields};

static const struct field said_fields[] = {
	BEHIND(struct event_said, event, time_shape),
	BEHIND(struct event_said, info, run_host_shape),
	BEHIND(struct event_said, event, body_shape),
	END,
};

const struct shape event_shape = {
	.name = "event",
	.text = "A line of the view events: one request that failed, was slow or nearly failed; a "
		"key without a meaning there is null.",
	.type = "event",
	.size = sizeof(struct event_said),
	.fields = said_fields,
};

static const struct field start_fields[] = {ALL(run_shape), END};

const struct shape event_start_shape = {
	.name = "event_start",
	.text = "The first line of the view events: what does not change during the run.",
	.type = "event_start",
	.size = sizeof(struct run_info),
	.fields = start_fields,
};

/* ---- the summary ---- */

static bool has_end(const void *base, const void *root)
{
	(void)root;
	return ((const struct event_summary *)base)->head.final;
}

static bool has_counts(const void *base, const void *root)
{
	return has_end(base, root) && ((const struct event_summary *)base)->counted;
}

#define IF_ENDED .null = NULL_UNLESS, .has = has_end

/* clang-format off */
static const struct field summary_time_fields[] = {
	TIME(struct event_summary, "time", head.time_ns, "The end of the run, in UTC."),
	END,
};

static const struct field summary_fields[] = {
	BOOL(struct event_summary, "final", head.final, "false: the end of the run is not in this stream; all is counted from what is, and total_ns, throttled, dropped, seen and missed are null."),
	NANOS(struct event_summary, "time_ns", head.time_ns, GAUGE, SINCE_1970),
	U64(struct event_summary, "failed", failed, COUNTER, "requests", "lost + recovered + retried + pending + not_followed"),
	U64(struct event_summary, "lost", lost, COUNTER, "requests", "Failed, and the caller went without."),
	U64(struct event_summary, "recovered", recovered, COUNTER, "requests", "Failed, and the same caller then got its memory."),
	U64(struct event_summary, "retried", retried, COUNTER, "requests", "Failed, and the same caller tried again and failed: see that failure."),
	U64(struct event_summary, "pending", pending, GAUGE, "requests", "Failed, and the outcome was not known yet at the end."),
	U64(struct event_summary, "not_followed", not_followed, COUNTER, "requests", "Failed, and it is not known what the caller did next: at least so many as lost were lost.", .optional = true),
	BOOL(struct event_summary, "counted", counted, "All failures are in these numbers, by the kernel's counts; false: those that were reported one by one.", .optional = true),
	U64(struct event_summary, "slow", slow, COUNTER, "requests", "As slow as --slower, or slower."),
	U64(struct event_summary, "near_misses", near_misses, COUNTER, "requests", "Served below a watermark."),
	NAMED(struct event_summary, "verdicts", verdict, verdict_key, "requests", "Failed requests that were reported one by one, by verdict."),
	NAMED(struct event_summary, "printed_by_kernel", printed, printed_key, "requests", "The same by whether dmesg showed them."),
	U64(struct event_summary, "total_ns", head.total_ns, GAUGE, "ns", "Length of the run.", IF_ENDED),
	U64(struct event_summary, "throttled", head.total.throttled, COUNTER, "events", "Events held back in the kernel: a storm.", IF_ENDED),
	U64(struct event_summary, "dropped", head.total.dropped, COUNTER, "events", "Events lost: the ring was full.", IF_ENDED),
	U64(struct event_summary, "seen", head.total.seen, COUNTER, "requests", "Requests watched.", IF_ENDED),
	U64(struct event_summary, "missed", head.total.missed, COUNTER, "requests", "Requests that left no trace.", IF_ENDED),
	U64(struct event_summary, "unread", head.total.unread, COUNTER, "readings", "Readings of what the kernel counts or keeps that failed: more may be missed. Not there where it is 0.", .optional = true, .rare = true),
	U64(struct event_summary, "uncounted", head.total.uncounted, COUNTER, "requests", "Requests seen that are in none of these numbers: their end was not seen, or there was no room for them.", .null = NULL_UNLESS, .has = has_counts, .optional = true),
	U64(struct event_summary, "min_free_kbytes", head.min_free_kbytes, GAUGE, "KiB", "vm.min_free_kbytes at the end; null: not known.", .null = NULL_ZERO, .optional = true),
	INLINE(struct event_summary, head.budget, budget_shape),
	END,
};
/* clang-format on */

static const struct shape summary_time_shape = {.fields = summary_time_fields};
static const struct shape summary_body_shape = {.fields = summary_fields};

static const struct field summed_fields[] = {
	BEHIND(struct event_summed, summary, summary_time_shape),
	BEHIND(struct event_summed, info, run_host_shape),
	BEHIND(struct event_summed, summary, summary_body_shape),
	END,
};

const struct shape event_summary_shape = {
	.name = "event_summary",
	.text = "The last line of the view events: the run in numbers.",
	.type = "event_summary",
	.size = sizeof(struct event_summed),
	.fields = summed_fields,
};

/* ---- writing ---- */

int events_json_start(FILE *f, const struct show *show, const struct run_info *info)
{
	if (!info->version[0])
		return 0; /* a part of a recording, without its start: nothing is known of it */
	return shape_write_cut(f, &event_start_shape, info, NULL, show->cut) ?: out_flush(f);
}

int events_json_event(FILE *f, const struct show *show, const struct run_info *info,
		      const struct event *e)
{
	return shape_write_cut(f, &event_shape, &(struct event_said){info, e}, NULL, show->cut);
}

int events_json(FILE *f, const struct show *show, const void *report)
{
	const struct event_summary *s = report;

	return shape_write_cut(f, &event_summary_shape, &(struct event_summed){&s->head.info, s},
			       NULL, show->cut)
		       ?: out_flush(f);
}

/* ---- reading ---- */

static int read_line(struct reader *rd, const json_t *root, const char *type,
		     struct event_line *ret)
{
	if (strcmp(type, event_start_shape.type) == 0) {
		ret->type = EVENT_LINE_START;
		return shape_read(rd, root, &event_start_shape, &ret->info);
	}
	if (strcmp(type, event_shape.type) == 0) {
		ret->type = EVENT_LINE_EVENT;
		return shape_read(rd, root, &event_shape,
				  &(struct event_said){&ret->info, &ret->event});
	}
	if (strcmp(type, event_summary_shape.type) == 0) {
		ret->type = EVENT_LINE_SUMMARY;
		return shape_read(rd, root, &event_summary_shape,
				  &(struct event_summed){&ret->info, &ret->summary});
	}
	return -ENOMSG;
}

int event_line_parse(const char *line, size_t len, struct event_line *ret, struct stream_error *err)
{
	struct reader rd = {.err = err};
	char type[LINE_TYPE];
	json_t *root;
	int r;

	memset(ret, 0, sizeof(*ret));
	root = shape_open(&rd, line, len, type);
	if (!root)
		return -EINVAL;
	r = stream_other(read_line(&rd, root, type, ret), type, err);
	json_decref(root);
	if (r == -ENOMSG)
		ret->view = err->view;
	return r == -ENOMSG ? 0 : r;
}
