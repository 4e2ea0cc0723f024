// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_event_json.c - an event as one JSON object on one line, between a line that tells of the run
 * and one that sums it up. The same keys in the same order every time; null where a key has no
 * meaning. These lines are also the recording that a replay reads.
 */
#include <string.h>

#include "event_stream.h"
#include "event_view.h"
#include "gfp_names.h"
#include "json_write.h"
#include "options.h"
#include "stream_budget.h"

static void put_type(struct writer *w, json_t *root, const char *type)
{
	wr_put(w, root, "type", json_string(type));
	wr_put(w, root, "schema", wr_number(STREAM_SCHEMA));
}

static void put_where(struct writer *w, json_t *root, const struct run_info *info)
{
	wr_put(w, root, "host", wr_text(info->host));
	wr_put(w, root, "kernel", wr_text(info->kernel));
}

/* Free blocks are looked at for requests of an order above 0. */
static json_t *blocks_array(struct writer *w, const struct event *e, const struct lab_event_zone *z)
{
	static const __u32 none[LAB_EVENT_ORDERS];
	json_t *array;

	if (e->raw.head.order == 0 && memcmp(z->blocks, none, sizeof(none)) == 0)
		return json_null();
	array = json_array();
	for (unsigned int i = 0; i < LAB_EVENT_ORDERS; i++)
		wr_add(w, array, wr_number(z->blocks[i]));
	return array;
}

static json_t *zones_array(struct writer *w, const struct event *e)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < e->raw.zones; i++) {
		json_t *object = json_object();

		wr_put(w, object, "name", wr_text(e->zone_name[i]));
		wr_put_fields(w, object, event_zone_fields, &e->raw.zone[i]);
		wr_put(w, object, "blocks", blocks_array(w, e, &e->raw.zone[i]));
		wr_add(w, array, object);
	}
	return array;
}

static json_t *stack_array(struct writer *w, const struct event *e)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < e->frames; i++)
		wr_add(w, array, wr_fields(w, event_symbol_fields, &e->frame[i]));
	return array;
}

/* What the gfp mask says. */
static void put_gfp(struct writer *w, json_t *root, const struct event *e)
{
	__u32 gfp = e->raw.head.gfp;
	char names[GFP_NAMES_TEXT];

	gfp_names(names, sizeof(names), gfp);
	wr_put(w, root, "class", json_string(class_name(lab_class_of(gfp))));
	wr_put(w, root, "final", json_boolean(!(gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC))));
	wr_put(w, root, "nowarn", json_boolean(gfp & LAB_GFP_NOWARN));
	wr_put(w, root, "memalloc", json_boolean(gfp & LAB_GFP_MEMALLOC));
	wr_put_fields(w, root, event_gfp_fields, e);
	wr_put(w, root, "gfp_names", wr_text(names));
}

static void put_fields_if(struct writer *w, json_t *root, bool has, const struct field *fields,
			  const struct event *e)
{
	if (has)
		wr_put_fields(w, root, fields, e);
	else
		wr_put_nulls(w, root, fields);
}

static void put_outcome(struct writer *w, json_t *root, const struct event *e)
{
	bool failed = e->raw.head.kind == LAB_EVENT_FAILED;

	wr_put(w, root, "printed_by_kernel",
	       failed ? json_boolean(e->printed == PRINTED_YES) : json_null());
	put_fields_if(w, root, failed, event_failed_fields, e);
	wr_put_fields(w, root, event_told_fields, e);
}

static json_t *event_object(struct writer *w, const struct run_info *info, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;
	json_t *root = json_object();

	put_type(w, root, "event");
	wr_put(w, root, "time", wr_time(e->time_ns));
	wr_put(w, root, "time_ns", wr_number(e->time_ns));
	put_where(w, root, info);
	wr_put_fields(w, root, event_kind_fields, e);
	put_outcome(w, root, e);
	wr_put_fields(w, root, event_site_fields, e);
	put_gfp(w, root, e);
	wr_put_fields(w, root, event_request_fields, e);
	wr_put(w, root, "task_is_owner", json_boolean(event_task_is_owner(e)));
	put_fields_if(w, root, event_task_is_owner(e), event_owner_fields, e);
	wr_put_fields(w, root, event_path_fields, e);
	put_fields_if(w, root, h->flags & LAB_EVENT_BULK, event_bulk_fields, e);
	wr_put(w, root, "latency_ns",
	       h->flags & LAB_EVENT_HAS_START ? wr_number(h->latency_ns) : json_null());
	wr_put(w, root, "zones", zones_array(w, e));
	wr_put(w, root, "stack", stack_array(w, e));
	return root;
}

static json_t *summary_object(struct writer *w, const struct run_info *info,
			      const struct event_summary *s)
{
	json_t *root = json_object();

	put_type(w, root, "event_summary");
	wr_put(w, root, "time", wr_time(s->time_ns));
	put_where(w, root, info);
	wr_put_fields(w, root, event_final_fields, s);
	wr_put_fields(w, root, event_count_fields, s);
	wr_put(w, root, "verdicts", wr_named(w, event_verdict_name, s->verdict));
	wr_put(w, root, "printed_by_kernel", wr_named(w, event_printed_name, s->printed));
	if (s->final)
		wr_put_fields(w, root, event_audit_fields, s);
	else
		wr_put_nulls(w, root, event_audit_fields);
	wr_put_budget(w, root, &s->budget);
	return root;
}

static int json_begin(FILE *f, const struct options *opt, const struct run_info *info)
{
	struct writer w = {0};
	json_t *root;

	(void)opt;
	if (!info->version[0])
		return 0; /* a part of a recording, without its start: there is nothing to tell */
	root = json_object();
	put_type(&w, root, "event_start");
	wr_put_info(&w, root, info);
	return wr_line(f, &w, root);
}

static int json_event(FILE *f, const struct options *opt, const struct run_info *info,
		      const struct event *e)
{
	struct writer w = {0};
	json_t *root = event_object(&w, info, e);

	(void)opt;
	return wr_line(f, &w, root);
}

static int json_end(FILE *f, const struct options *opt, const struct run_info *info,
		    const struct event_summary *s)
{
	struct writer w = {0};
	json_t *root = summary_object(&w, info, s);

	(void)opt;
	return wr_line(f, &w, root);
}

const struct event_view_ops event_view_json = {
	.name = "json",
	.begin = json_begin,
	.event = json_event,
	.end = json_end,
};
