// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* event_read.c - one line of the view events back into what it was. Believes nothing. */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "event_stream.h"
#include "json_read.h"
#include "stream_budget.h"

static void read_blocks(struct reader *rd, const json_t *object, struct lab_event_zone *z)
{
	const json_t *array = rd_get(rd, object, "blocks");

	if (json_is_null(array))
		return;
	array = rd_get_array(rd, object, "blocks", LAB_EVENT_ORDERS);
	if (array && json_array_size(array) != LAB_EVENT_ORDERS)
		rd_fail(rd, "blocks", "%zu entries, and there are %d orders",
			json_array_size(array), LAB_EVENT_ORDERS);
	for (size_t i = 0; i < LAB_EVENT_ORDERS && !rd->failed; i++)
		z->blocks[i] =
			(__u32)rd_as_integer(rd, "blocks", json_array_get(array, i), 0, UINT32_MAX);
}

static void read_zone(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct event *e = to;

	rd_get_string(rd, object, "name", e->zone_name[i], sizeof(e->zone_name[i]));
	rd_get_fields(rd, object, event_zone_fields, &e->raw.zone[i]);
	read_blocks(rd, object, &e->raw.zone[i]);
}

static void read_frame(struct reader *rd, const json_t *object, size_t i, void *to)
{
	rd_get_fields(rd, object, event_symbol_fields, &((struct event *)to)->frame[i]);
}

static void read_latency(struct reader *rd, const json_t *root, struct lab_event_head *h)
{
	const json_t *v = rd_get(rd, root, "latency_ns");

	if (json_is_null(v))
		return;
	h->latency_ns = (__u64)rd_as_integer(rd, "latency_ns", v, 0, INT64_MAX);
	h->flags |= LAB_EVENT_HAS_START;
}

static void read_bulk(struct reader *rd, const json_t *root, struct event *e)
{
	if (json_is_null(rd_get(rd, root, "bulk_asked_pages")))
		return;
	rd_get_fields(rd, root, event_bulk_fields, e);
	e->raw.head.flags |= LAB_EVENT_BULK;
}

static void read_event(struct reader *rd, const json_t *root, struct event_line *ret)
{
	struct event *e = &ret->event;

	rd_get_string(rd, root, "host", ret->info.host, sizeof(ret->info.host));
	rd_get_string(rd, root, "kernel", ret->info.kernel, sizeof(ret->info.kernel));
	e->time_ns = rd_get_u64(rd, root, "time_ns");
	rd_get_fields(rd, root, event_kind_fields, e);
	rd_get_fields(rd, root, event_gfp_fields, e);
	rd_get_fields(rd, root, event_request_fields, e);
	if (event_task_is_owner(e))
		rd_get_fields(rd, root, event_owner_fields, e);
	rd_get_fields(rd, root, event_site_fields, e);
	rd_get_fields(rd, root, event_path_fields, e);
	read_bulk(rd, root, e);
	read_latency(rd, root, &e->raw.head);
	if (e->raw.head.kind == LAB_EVENT_FAILED)
		rd_get_fields(rd, root, event_failed_fields, e);
	rd_get_fields(rd, root, event_told_fields, e);
	e->raw.zones = rd_each_object(rd, root, "zones", LAB_EVENT_ZONES, read_zone, e);
	e->frames = rd_each_object(rd, root, "stack", LAB_EVENT_FRAMES, read_frame, e);
}

static void read_summary(struct reader *rd, const json_t *root, struct event_summary *s)
{
	rd_get_fields(rd, root, event_final_fields, s);
	rd_get_fields(rd, root, event_count_fields, s);
	rd_get_named(rd, root, "verdicts", event_verdict_name, s->verdict);
	rd_get_named(rd, root, "printed_by_kernel", event_printed_name, s->printed);
	if (s->final)
		rd_get_fields(rd, root, event_audit_fields, s);
	rd_get_budget(rd, root, &s->budget);
}

static enum event_line_type read_type(struct reader *rd, const json_t *root, struct event_line *ret)
{
	static const char *const types[] = {
		[EVENT_LINE_START] = "event_start",
		[EVENT_LINE_EVENT] = "event",
		[EVENT_LINE_SUMMARY] = "event_summary",
	};
	char type[32];

	rd_get_string(rd, root, "type", type, sizeof(type));
	for (size_t i = EVENT_LINE_START; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(type, types[i]) == 0)
			return (enum event_line_type)i;
	}
	ret->view = stream_view_of(type);
	if (!ret->view)
		rd_fail(rd, "type", "\"%s\", which is none of a recording", type);
	return EVENT_LINE_OTHER;
}

static void read_line(struct reader *rd, const json_t *root, struct event_line *ret)
{
	ret->type = read_type(rd, root, ret);
	if (ret->type == EVENT_LINE_OTHER)
		return;
	rd_check_schema(rd, root);
	if (ret->type == EVENT_LINE_START)
		rd_get_info(rd, root, &ret->info);
	else if (ret->type == EVENT_LINE_EVENT)
		read_event(rd, root, ret);
	else
		read_summary(rd, root, &ret->summary);
}

int event_line_parse(const char *line, size_t len, struct event_line *ret, struct stream_error *err)
{
	struct reader rd = {.err = err};
	json_t *root = rd_open(&rd, line, len);

	memset(ret, 0, sizeof(*ret));
	if (!root)
		return -EINVAL;
	read_line(&rd, root, ret);
	json_decref(root);
	return rd.failed ? -EINVAL : 0;
}
