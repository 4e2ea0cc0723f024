// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stream_fields.c - the keys of the JSON stream and where their values live. Order is output order.
 */
#include "stream.h"

#include <string.h>

/* One line a key. */
/* clang-format off */
#define U64(type, key, member)                                                                     \
	{                                                                                          \
		key, offsetof(type, member), FIELD_U64, 0, NULL                                    \
	}
#define ADDED(type, key, member)                                                                   \
	{                                                                                          \
		key, offsetof(type, member), FIELD_ADDED, 0, NULL                                  \
	}
#define S64(type, key, member)                                                                     \
	{                                                                                          \
		key, offsetof(type, member), FIELD_S64, 0, NULL                                    \
	}
#define U32(type, key, member)                                                                     \
	{                                                                                          \
		key, offsetof(type, member), FIELD_U32, 0, NULL                                    \
	}
#define BOOL(type, key, member)                                                                    \
	{                                                                                          \
		key, offsetof(type, member), FIELD_BOOL, 0, NULL                                   \
	}
#define LEVEL(key, level)                                                                          \
	{                                                                                          \
		key, (level) * sizeof(__u64), FIELD_U64, 0, NULL                                   \
	}
#define END                                                                                        \
	{                                                                                          \
		NULL, 0, FIELD_U64, 0, NULL                                                        \
	}

const struct field stream_head_fields[] = {
	U64(struct report, "time_ns", time_ns),	  U64(struct report, "sequence", sequence),
	BOOL(struct report, "final", final),	  U64(struct report, "interval_ns", interval_ns),
	U64(struct report, "total_ns", total_ns), END,
};

const struct field stream_info_fields[] = {
	U32(struct run_info, "orders_mask", order_mask),
	U32(struct run_info, "pageblock_pages", pageblock_pages),
	END,
};

const struct field stream_available_fields[] = {
	BOOL(struct run_info, "latency", has_latency),
	BOOL(struct run_info, "context", has_context),
	BOOL(struct run_info, "preempt_off", has_preempt_off),
	BOOL(struct run_info, "bulk", has_bulk),
	BOOL(struct run_info, "grown", has_grown),
	BOOL(struct run_info, "exclusive", has_exclusive),
	BOOL(struct run_info, "zones", has_zones),
	BOOL(struct run_info, "anon_exclusive", has_anon_exclusive),
	END,
};

const struct field stream_row_fields[] = {
	U64(struct row, "requests", requests),
	U64(struct row, "failed_final", failed_final),
	U64(struct row, "failed_opportunistic", failed_opportunistic),
	U64(struct row, "failed_silent", failed_silent),
	U64(struct row, "served_low", served[LAB_LEVEL_LOW]),
	U64(struct row, "served_min", served[LAB_LEVEL_MIN]),
	U64(struct row, "served_reserve", served[LAB_LEVEL_RESERVE]),
	U64(struct row, "served_none", served[LAB_LEVEL_NONE]),
	U64(struct row, "served_unknown", served[LAB_LEVEL_UNKNOWN]),
	U64(struct row, "no_outcome", no_outcome),
	U64(struct row, "alone", alone),
	U64(struct row, "bh_off", bh_off),
	U64(struct row, "preempt_off", preempt_off),
	END,
};

const struct field stream_order_fields[] = {
	U64(struct order_row, "requests", requests),
	U64(struct order_row, "failed_final", failed_final),
	U64(struct order_row, "failed_opportunistic", failed_opportunistic),
	END,
};

const struct field stream_failure_fields[] = {
	LEVEL("zone_low", LAB_LEVEL_LOW),	  LEVEL("zone_min", LAB_LEVEL_MIN),
	LEVEL("zone_reserve", LAB_LEVEL_RESERVE), LEVEL("zone_none", LAB_LEVEL_NONE),
	LEVEL("zone_unknown", LAB_LEVEL_UNKNOWN), END,
};

const struct field stream_exclusive_fields[] = {
	U64(struct exclusive, "eligible", eligible),
	U64(struct exclusive, "hit", hit),
	U64(struct exclusive, "miss", miss),
	U64(struct exclusive, "leak", leak),
	U64(struct exclusive, "grown_blocks", grown_blocks),
	U64(struct exclusive, "shrunk_blocks", shrunk_blocks),
	END,
};

const struct field stream_bulk_fields[] = {
	U64(struct bulk, "calls", calls),
	U64(struct bulk, "asked_pages", asked_pages),
	U64(struct bulk, "got_pages", got_pages),
	U64(struct bulk, "short_calls", short_calls),
	END,
};

const struct field stream_audit_fields[] = {
	U64(struct audit, "seen", seen),
	U64(struct audit, "closed", closed),
	U64(struct audit, "alone", alone),
	U64(struct audit, "left", left),
	U64(struct audit, "migrated", migrated),
	U64(struct audit, "silent", silent),
	U64(struct audit, "missed", missed),
	U64(struct audit, "unpaired", unpaired),
	U64(struct audit, "dropped", dropped),
	ADDED(struct audit, "skipped", skipped),
	U64(struct audit, "entry_misses", entry_misses),
	U64(struct audit, "done_misses", done_misses),
	END,
};

const struct field stream_zone_fields[] = {
	U32(struct zone_row, "node", node),
	U32(struct zone_row, "zone", zone),
	U64(struct zone_row, "free_pages", free),
	U64(struct zone_row, "min_pages", min),
	U64(struct zone_row, "low_pages", low),
	U64(struct zone_row, "high_pages", high),
	U64(struct zone_row, "boost_pages", boost),
	U64(struct zone_row, "managed_pages", managed),
	U64(struct zone_row, "reserved_highatomic_pages", reserved_highatomic),
	U64(struct zone_row, "free_highatomic_pages", free_highatomic),
	U64(struct zone_row, "free_cma_pages", free_cma),
	U64(struct zone_row, "lowmem_reserve_pages", lowmem_reserve),
	U64(struct zone_row, "floor_pages", floor),
	S64(struct zone_row, "headroom_pages", headroom),
	U64(struct zone_row, "lowest_free_pages", lowest_free),
	S64(struct zone_row, "lowest_headroom_pages", lowest_headroom),
	END,
};
/* clang-format on */

const char *stream_view_of(const char *type)
{
	static const struct {
		const char *type, *view;
	} types[] = {
		{"stat", "stat"},    {"event_start", "events"},
		{"event", "events"}, {"event_summary", "events"},
		{"why", "why"},	     {"flags", "flags"},
		{"lint", "lint"},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i].type) == 0)
			return types[i].view;
	return NULL;
}
