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
#include "json_line.h"
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
static void put_blocks(struct json_line *l, const struct event *e, const struct lab_event_zone *z)
{
	static const __u32 none[LAB_EVENT_ORDERS];

	jl_key(l, "blocks");
	if (e->raw.head.order == 0 && memcmp(z->blocks, none, sizeof(none)) == 0) {
		jl_null(l);
		return;
	}
	jl_open(l, '[');
	for (unsigned int i = 0; i < LAB_EVENT_ORDERS; i++)
		jl_number(l, z->blocks[i]);
	jl_close(l, ']');
}

static void put_zones(struct json_line *l, const struct event *e)
{
	jl_key(l, "zones");
	jl_open(l, '[');
	for (unsigned int i = 0; i < e->raw.zones; i++) {
		jl_open(l, '{');
		jl_key(l, "name");
		jl_text(l, e->zone_name[i]);
		jl_put_fields(l, event_zone_fields, &e->raw.zone[i]);
		put_blocks(l, e, &e->raw.zone[i]);
		jl_close(l, '}');
	}
	jl_close(l, ']');
}

static void put_stack(struct json_line *l, const struct event *e)
{
	jl_key(l, "stack");
	jl_open(l, '[');
	for (unsigned int i = 0; i < e->frames; i++) {
		jl_open(l, '{');
		jl_put_fields(l, event_symbol_fields, &e->frame[i]);
		jl_close(l, '}');
	}
	jl_close(l, ']');
}

static void put_bool(struct json_line *l, const char *key, bool v)
{
	jl_key(l, key);
	jl_bool(l, v);
}

static void put_text(struct json_line *l, const char *key, const char *text)
{
	jl_key(l, key);
	jl_text(l, text);
}

/* What the gfp mask says. */
static void put_gfp(struct json_line *l, const struct event *e)
{
	__u32 gfp = e->raw.head.gfp;
	char names[GFP_NAMES_TEXT];

	put_text(l, "class", class_name(lab_class_of(gfp)));
	put_bool(l, "final", !(gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC)));
	put_bool(l, "nowarn", gfp & LAB_GFP_NOWARN);
	put_bool(l, "memalloc", gfp & LAB_GFP_MEMALLOC);
	jl_put_fields(l, event_gfp_fields, e);
	put_text(l, "gfp_names", gfp_names(names, sizeof(names), gfp));
}

static void put_fields_if(struct json_line *l, bool has, const struct field *fields,
			  const struct event *e)
{
	if (has)
		jl_put_fields(l, fields, e);
	else
		jl_put_nulls(l, fields);
}

static void put_outcome(struct json_line *l, const struct event *e)
{
	bool failed = e->raw.head.kind == LAB_EVENT_FAILED;

	jl_key(l, "printed_by_kernel");
	if (failed)
		jl_bool(l, e->printed == PRINTED_YES);
	else
		jl_null(l);
	put_fields_if(l, failed, event_failed_fields, e);
	jl_put_fields(l, event_told_fields, e);
}

static void put_latency(struct json_line *l, const struct lab_event_head *h)
{
	jl_key(l, "latency_ns");
	if (h->flags & LAB_EVENT_HAS_START)
		jl_number(l, h->latency_ns);
	else
		jl_null(l);
}

static void put_event(struct json_line *l, const struct run_info *info, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;

	jl_open(l, '{');
	put_text(l, "type", "event");
	jl_key(l, "schema");
	jl_number(l, STREAM_SCHEMA);
	jl_key(l, "time");
	jl_time(l, e->time_ns);
	jl_key(l, "time_ns");
	jl_number(l, e->time_ns);
	put_text(l, "host", info->host);
	put_text(l, "kernel", info->kernel);
	jl_put_fields(l, event_kind_fields, e);
	put_outcome(l, e);
	jl_put_fields(l, event_site_fields, e);
	put_gfp(l, e);
	jl_put_fields(l, event_request_fields, e);
	put_bool(l, "task_is_owner", event_task_is_owner(e));
	put_fields_if(l, event_task_is_owner(e), event_owner_fields, e);
	jl_put_fields(l, event_path_fields, e);
	put_fields_if(l, h->flags & LAB_EVENT_BULK, event_bulk_fields, e);
	put_latency(l, h);
	put_zones(l, e);
	put_stack(l, e);
	jl_close(l, '}');
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
	struct json_line l = {0};

	(void)opt;
	put_event(&l, info, e);
	return jl_write(&l, f);
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
