// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tables_shape.c - see tables_shape.h. */
#include "view/tables_shape.h"

#include <errno.h>
#include <string.h>

#include "json/common.h"
#include "json/fields.h"
#include "json/read.h"
#include "view/stream.h"

/* ---- the shapes ---- */

static bool is_complete(const void *base)
{
	return run_audit_complete(base);
}

static bool never(const void *base, const void *root)
{
	(void)base;
	(void)root;
	return false;
}

static bool always(const void *base, const void *root)
{
	(void)base;
	(void)root;
	return true;
}

/* clang-format off */
#define SEEN(which)                                                                                \
	U64(struct run_audit, "seen", seen, COUNTER, "requests",                                \
	    "Requests counted; null for lint, which counts mistakes only.",                        \
	    .null = NULL_UNLESS, .has = (which))

static const struct field audit_rest_fields[] = {
	U64(struct run_audit, "missed", missed, COUNTER, "requests", "Requests that left no trace."),
	U64(struct run_audit, "uncounted", uncounted, COUNTER, "requests", "Requests seen that no row has: no room in the table of the kernel side, or their end was not seen."),
	U64(struct run_audit, "skipped", skipped, COUNTER, "requests", "Requests skipped for the budget: counted here alone.", .optional = true),
	U64(struct run_audit, "unread", unread, COUNTER, "readings", "Readings of what the kernel counts or keeps that failed: more may be missed. Not there where it is 0.", .optional = true, .rare = true),
	TRUTH("complete", is_complete, "missed, uncounted, skipped and unread are 0."),
	END,
};

static const struct shape audit_rest_shape = {
	.name = "table_audit_rest", .size = sizeof(struct run_audit), .fields = audit_rest_fields,
};

static const struct field audit_fields[] = {
	SEEN(never),
	ALL(audit_rest_shape),
	END,
};

static const struct field audit_seen_fields[] = {
	SEEN(always),
	ALL(audit_rest_shape),
	END,
};
/* clang-format on */

#define AUDIT "What was seen, and what was not."

const struct shape tables_audit_shape = {
	.name = "table_audit",
	.text = AUDIT,
	.size = sizeof(struct run_audit),
	.fields = audit_fields,
};

const struct shape tables_audit_seen_shape = {
	.name = "table_audit",
	.text = AUDIT,
	.size = sizeof(struct run_audit),
	.fields = audit_seen_fields,
};

/* ---- lines ---- */

int tables_parse(const struct view *view, const struct shape *shape, const char *line, size_t len,
		 void *report, struct stream_error *err)
{
	char type[LINE_TYPE];

	view->drop(report);
	memset(report, 0, view->size);
	return stream_other(shape_parse(shape, line, len, report, type, err), type, err);
}
