// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tables_stream.c - what the lines of flags and lint have in common, to JSON and back. */
#include <errno.h>
#include <string.h>

#include "stream_budget.h"
#include "tables_view.h"

/* One line a key. */
/* clang-format off */
#define AT(type, name, member, of_kind) .key = name, .offset = offsetof(type, member), .kind = of_kind
#define U64(type, name, member) {AT(type, name, member, FIELD_U64)}
#define BOOL(type, name, member) {AT(type, name, member, FIELD_BOOL)}
#define END {.key = NULL}

static const struct field head_fields[] = {
	U64(struct tables_head, "time_ns", time_ns),
	U64(struct tables_head, "sequence", sequence),
	BOOL(struct tables_head, "final", final),
	U64(struct tables_head, "interval_ns", interval_ns),
	U64(struct tables_head, "total_ns", total_ns),
	END,
};

static const struct field seen_fields[] = {
	U64(struct tables_audit, "seen", seen),
	END,
};

static const struct field audit_fields[] = {
	U64(struct tables_audit, "missed", missed),
	U64(struct tables_audit, "uncounted", uncounted),
	{AT(struct tables_audit, "skipped", skipped, FIELD_ADDED)},
	END,
};
/* clang-format on */

static __u64 more(__u64 now, __u64 then)
{
	return now > then ? now - then : 0;
}

void tables_audit_take(struct tables_head *head, const struct tables_audit *now)
{
	head->interval = (struct tables_audit){
		.seen = more(now->seen, head->total.seen),
		.missed = more(now->missed, head->total.missed),
		.uncounted = more(now->uncounted, head->total.uncounted),
		.skipped = more(now->skipped, head->total.skipped),
	};
	head->total = *now;
}

bool tables_audit_complete(const struct tables_audit *a)
{
	return a->missed == 0 && a->uncounted == 0 && a->skipped == 0;
}

/* ---- writing ---- */

json_t *tables_head_json(struct writer *w, const struct tables_view *view,
			 const struct tables_head *head)
{
	json_t *root = json_object();

	wr_put(w, root, "type", json_string(view->name));
	wr_put(w, root, "schema", wr_number(STREAM_SCHEMA));
	wr_put(w, root, "time", wr_time(head->time_ns));
	wr_put_fields(w, root, head_fields, head);
	wr_put_info(w, root, &head->info);
	wr_put_budget(w, root, &head->budget);
	return root;
}

json_t *tables_audit_json(struct writer *w, const struct tables_view *view,
			  const struct tables_audit *a)
{
	json_t *audit = json_object();

	if (view->kind)
		wr_put_fields(w, audit, seen_fields, a);
	else
		wr_put_nulls(w, audit, seen_fields);
	wr_put_fields(w, audit, audit_fields, a);
	wr_put(w, audit, "complete", json_boolean(tables_audit_complete(a)));
	return audit;
}

/* ---- reading ---- */

void tables_audit_read(struct reader *rd, const struct tables_view *view, const json_t *object,
		       struct tables_audit *a)
{
	if (view->kind)
		rd_get_section(rd, object, "audit", seen_fields, a);
	rd_get_section(rd, object, "audit", audit_fields, a);
}

/* Lines of other views may stand between the reports: false. */
static bool is_of(const struct tables_view *view, struct reader *rd, const json_t *root)
{
	char type[32];

	rd_get_string(rd, root, "type", type, sizeof(type));
	if (rd->failed || strcmp(type, view->name) == 0)
		return true;
	rd->err->view = stream_view_of(type);
	if (rd->err->view)
		return false;
	rd_fail(rd, "type", "\"%s\", which is none of a recording", type);
	return true;
}

static int parse_report(const struct tables_view *view, struct reader *rd, const json_t *root,
			struct tables_head *head)
{
	if (!is_of(view, rd, root))
		return -ENOMSG;
	rd_check_schema(rd, root);
	rd_get_fields(rd, root, head_fields, head);
	rd_get_info(rd, root, &head->info);
	rd_get_budget(rd, root, &head->budget);
	view->parse(rd, root, head);
	return rd->failed ? -EINVAL : 0;
}

int tables_parse(const struct tables_view *view, const char *line, size_t len, void *report,
		 struct stream_error *err)
{
	struct reader rd = {.err = err};
	json_t *root = rd_open(&rd, line, len);
	int r;

	view->drop(report);
	memset(report, 0, view->size);
	if (!root)
		return -EINVAL;
	r = parse_report(view, &rd, root, report);
	json_decref(root);
	return r;
}
