// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* event_fields.c - the keys of an event in the JSON stream and where their values live. Order is
 * output order.
 */
#include "event_stream.h"

const char *event_verdict_name(unsigned int v)
{
	return v < VERDICTS ? verdict_name((enum verdict)v) : NULL;
}

const char *event_printed_name(unsigned int v)
{
	return v < PRINTEDS ? printed_name((enum printed)v) : NULL;
}

static const char *aftermath_of(unsigned int v)
{
	return v < AFTERMATHS ? aftermath_name((enum aftermath)v) : NULL;
}

/* What follows a failure goes into its aftermath, and is never shown. */
static const char *kind_of(unsigned int v)
{
	return v < LAB_EVENT_FOLLOW ? event_kind_name((enum lab_event_kind)v) : NULL;
}

bool event_task_is_owner(const struct event *e)
{
	return e->raw.head.context == LAB_CTX_TASK;
}

/* One line a key. */
/* clang-format off */
#define AT(type, name, member, of_kind) .key = name, .offset = offsetof(type, member), .kind = of_kind
#define U64(type, name, member) {AT(type, name, member, FIELD_U64)}
#define U32(type, name, member) {AT(type, name, member, FIELD_U32)}
#define HEX(type, name, member) {AT(type, name, member, FIELD_HEX)}
#define MASK(type, name, member) {AT(type, name, member, FIELD_MASK)}
#define FLAG(type, name, member, bit) {AT(type, name, member, FIELD_FLAG), .arg = (bit)}
#define NAME(type, name, member, names) {AT(type, name, member, FIELD_NAME), .name_of = (names)}
#define TEXT(type, name, member) \
	{AT(type, name, member, FIELD_TEXT), .arg = sizeof(((type *)0)->member)}
#define END {.key = NULL}

const struct field event_kind_fields[] = {
	NAME(struct event, "kind", raw.head.kind, kind_of),
	U32(struct event, "cpu", raw.head.cpu),
	END,
};

const struct field event_gfp_fields[] = {
	HEX(struct event, "gfp", raw.head.gfp),
	END,
};

const struct field event_request_fields[] = {
	U32(struct event, "order", raw.head.order),
	NAME(struct event, "context", raw.head.context, context_name),
	FLAG(struct event, "bh_off", raw.head.flags, LAB_EVENT_BH_OFF),
	FLAG(struct event, "preempt_off", raw.head.flags, LAB_EVENT_PREEMPT_OFF),
	END,
};

const struct field event_owner_fields[] = {
	U32(struct event, "pid", raw.head.pid),
	TEXT(struct event, "comm", raw.head.comm),
	END,
};

const struct field event_site_fields[] = {
	TEXT(struct event, "site", site),
	TEXT(struct event, "driver", driver),
	TEXT(struct event, "via", via),
	END,
};

const struct field event_path_fields[] = {
	U32(struct event, "node", raw.head.node),
	MASK(struct event, "nodes_mask", raw.nodes),
	FLAG(struct event, "node_bound", raw.head.flags, LAB_SLOT_NODEMASK),
	U32(struct event, "highest_zone", raw.highest_zone),
	NAME(struct event, "level", raw.head.level, level_name),
	FLAG(struct event, "kswapd_woken", raw.head.flags, LAB_SLOT_WOKEN),
	FLAG(struct event, "exclusive_hit", raw.head.flags, LAB_SLOT_HIT),
	FLAG(struct event, "oversize", raw.head.flags, LAB_EVENT_OVERSIZE),
	END,
};

const struct field event_bulk_fields[] = {
	U32(struct event, "bulk_asked_pages", raw.bulk_asked),
	U32(struct event, "bulk_got_pages", raw.bulk_got),
	END,
};

const struct field event_failed_fields[] = {
	NAME(struct event, "verdict", verdict, event_verdict_name),
	NAME(struct event, "aftermath", aftermath, aftermath_of),
	NAME(struct event, "printed_why", printed, event_printed_name),
	END,
};

const struct field event_told_fields[] = {
	TEXT(struct event, "evidence", evidence),
	TEXT(struct event, "how", how),
	END,
};

const struct field event_zone_fields[] = {
	U32(struct lab_event_zone, "node", node),
	U32(struct lab_event_zone, "zone", zone),
	U64(struct lab_event_zone, "free_pages", free),
	U64(struct lab_event_zone, "min_pages", min),
	U64(struct lab_event_zone, "low_pages", low),
	U64(struct lab_event_zone, "boost_pages", boost),
	U64(struct lab_event_zone, "lowmem_reserve_pages", lowmem_reserve),
	U64(struct lab_event_zone, "managed_pages", managed),
	U64(struct lab_event_zone, "free_cma_pages", free_cma),
	U64(struct lab_event_zone, "free_highatomic_pages", free_highatomic),
	U64(struct lab_event_zone, "unusable_highatomic_pages", unusable_highatomic),
	U32(struct lab_event_zone, "ordinary_orders_mask", ordinary),
	U32(struct lab_event_zone, "cma_orders_mask", cma),
	U32(struct lab_event_zone, "highatomic_orders_mask", highatomic),
	END,
};

const struct field event_symbol_fields[] = {
	TEXT(struct event_frame, "symbol", symbol),
	U64(struct event_frame, "offset", offset),
	TEXT(struct event_frame, "module", module),
	END,
};

const struct field event_final_fields[] = {
	{AT(struct event_summary, "final", final, FIELD_BOOL)},
	END,
};

const struct field event_count_fields[] = {
	U64(struct event_summary, "time_ns", time_ns),
	U64(struct event_summary, "failed", failed),
	U64(struct event_summary, "lost", lost),
	U64(struct event_summary, "recovered", recovered),
	U64(struct event_summary, "retried", retried),
	U64(struct event_summary, "pending", pending),
	U64(struct event_summary, "slow", slow),
	U64(struct event_summary, "near_misses", near_misses),
	END,
};

const struct field event_audit_fields[] = {
	U64(struct event_summary, "total_ns", total_ns),
	U64(struct event_summary, "throttled", throttled),
	U64(struct event_summary, "dropped", dropped),
	U64(struct event_summary, "seen", seen),
	U64(struct event_summary, "missed", missed),
	END,
};
/* clang-format on */
