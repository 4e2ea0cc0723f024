// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why_fields.c - the keys of a report of the view why in the JSON stream and where their values
 * live. Order is output order.
 */
#include "event_stream.h"
#include "why_stream.h"

static const char *aftermath_of(unsigned int v)
{
	return v < AFTERMATHS ? aftermath_name((enum aftermath)v) : NULL;
}

/* One line a key. */
/* clang-format off */
#define AT(type, name, member, of_kind) .key = name, .offset = offsetof(type, member), .kind = of_kind
#define U64(type, name, member) {AT(type, name, member, FIELD_U64)}
#define U32(type, name, member) {AT(type, name, member, FIELD_U32)}
#define HEX(type, name, member) {AT(type, name, member, FIELD_HEX)}
#define BOOL(type, name, member) {AT(type, name, member, FIELD_BOOL)}
#define FLAG(type, name, member, bit) {AT(type, name, member, FIELD_FLAG), .arg = (bit)}
#define NAME(type, name, member, names) {AT(type, name, member, FIELD_NAME), .name_of = (names)}
#define TEXT(type, name, member) \
	{AT(type, name, member, FIELD_TEXT), .arg = sizeof(((type *)0)->member)}
#define END {.key = NULL}

const struct field why_head_fields[] = {
	U64(struct why_report, "time_ns", time_ns),
	U64(struct why_report, "sequence", sequence),
	BOOL(struct why_report, "final", final),
	U64(struct why_report, "interval_ns", interval_ns),
	U64(struct why_report, "total_ns", total_ns),
	BOOL(struct why_report, "counted", counted),
	BOOL(struct why_report, "ended", ended),
	END,
};

const struct field why_sample_fields[] = {
	U32(struct why_report, "sample_every", sample_every),
	U64(struct why_report, "uncounted", audit.uncounted),
	END,
};

const struct field why_audit_fields[] = {
	U64(struct why_report, "throttled", audit.throttled),
	U64(struct why_report, "dropped", audit.dropped),
	U64(struct why_report, "seen", audit.seen),
	U64(struct why_report, "missed", audit.missed),
	END,
};

const struct field why_count_fields[] = {
	U64(struct why_figures, "failed", failed),
	U64(struct why_figures, "failed_final", failed_final),
	U64(struct why_figures, "lost", lost),
	U64(struct why_figures, "recovered", recovered),
	U64(struct why_figures, "retried", retried),
	U64(struct why_figures, "pending", pending),
	U64(struct why_figures, "not_followed", not_followed),
	U64(struct why_figures, "below_min", below_min),
	U64(struct why_figures, "slow", slow),
	END,
};

const struct field why_site_fields[] = {
	TEXT(struct why_site, "site", site),
	TEXT(struct why_site, "driver", driver),
	END,
};

const struct field why_outcome_fields[] = {
	U64(struct why_case, "time_ns", time_ns),
	NAME(struct why_case, "verdict", verdict, event_verdict_name),
	NAME(struct why_case, "aftermath", aftermath, aftermath_of),
	TEXT(struct why_case, "evidence", evidence),
	TEXT(struct why_case, "how", how),
	END,
};

const struct field why_case_fields[] = {
	HEX(struct why_case, "gfp", gfp),
	U32(struct why_case, "order", order),
	NAME(struct why_case, "context", context, context_name),
	FLAG(struct why_case, "bh_off", flags, LAB_EVENT_BH_OFF),
	FLAG(struct why_case, "preempt_off", flags, LAB_EVENT_PREEMPT_OFF),
	TEXT(struct why_case, "via", via),
	END,
};
/* clang-format on */
