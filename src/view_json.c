// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_json.c - a report as one JSON object on one line. Raw counts only; the same keys in the same
 * order every time. This line is also the recording that a replay reads.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "exits.h"
#include "options.h"
#include "stream.h"
#include "util.h"
#include "view.h"

/*
 * Every helper here takes over the values it is given, and NULL (no memory) is passed on by jansson
 * as a failure of the enclosing set or append, which marks the report as broken.
 */
struct writer {
	bool failed;
};

static void put(struct writer *w, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, value) < 0)
		w->failed = true;
}

static void add(struct writer *w, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		w->failed = true;
}

/* JSON readers keep integers as signed 64 bit: 292 years of ns, and no counter comes near. */
static json_t *number(__u64 v)
{
	return json_integer(v > INT64_MAX ? INT64_MAX : (json_int_t)v);
}

/* A host name may hold any byte; JSON may not. */
static json_t *text(const char *s)
{
	_cleanup_(freep) char *ascii = NULL;
	json_t *v = json_string(s);

	if (v)
		return v;
	ascii = strdup(s);
	if (!ascii)
		return NULL;
	for (char *p = ascii; *p; p++) {
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	}
	return json_string(ascii);
}

static void put_fields(struct writer *w, json_t *object, const struct field *fields,
		       const void *base)
{
	for (const struct field *f = fields; f->key; f++) {
		const void *p = (const char *)base + f->offset;
		json_t *v = NULL;

		switch (f->kind) {
		case FIELD_U64:
			v = number(*(const __u64 *)p);
			break;
		case FIELD_S64:
			v = json_integer(*(const __s64 *)p);
			break;
		case FIELD_U32:
			v = number(*(const __u32 *)p);
			break;
		case FIELD_BOOL:
			v = json_boolean(*(const bool *)p);
			break;
		}
		put(w, object, f->key, v);
	}
}

static json_t *fields_object(struct writer *w, const struct field *fields, const void *base)
{
	json_t *object = json_object();

	put_fields(w, object, fields, base);
	return object;
}

static json_t *latency_array(struct writer *w, const struct hist *h)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		json_t *pair;

		if (h->bucket[i] == 0)
			continue;
		pair = json_array();
		add(w, pair, number(hist_upper_ns(i)));
		add(w, pair, number(h->bucket[i]));
		add(w, array, pair);
	}
	return array;
}

static json_t *orders_array(struct writer *w, const struct row *row)
{
	static const struct order_row none;
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		json_t *object;

		if (memcmp(&row->order[i], &none, sizeof(none)) == 0)
			continue;
		object = json_object();
		put(w, object, "order", number(i));
		put_fields(w, object, stream_order_fields, &row->order[i]);
		add(w, array, object);
	}
	return array;
}

static json_t *row_object(struct writer *w, unsigned int class, unsigned int context,
			  const struct row *row)
{
	json_t *object = json_object();

	put(w, object, "class", json_string(class_name(class)));
	put(w, object, "context", json_string(context_name(context)));
	put_fields(w, object, stream_row_fields, row);
	put(w, object, "latency_count", number(hist_count(&row->latency)));
	put(w, object, "latency_sum_ns", number(row->latency.sum_ns));
	put(w, object, "latency_max_ns", number(row->latency.max_ns));
	put(w, object, "latency_ns", latency_array(w, &row->latency));
	put(w, object, "orders", orders_array(w, row));
	return object;
}

/* wanted: the figures whose rows decide what is listed, so that interval and total list the same.
 */
static json_t *rows_array(struct writer *w, const struct options *opt, const struct figures *fig,
			  const struct figures *wanted)
{
	json_t *array = json_array();

	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			if (view_wants_row(opt, c, &wanted->row[c][x]))
				add(w, array, row_object(w, c, x, &fig->row[c][x]));
		}
	}
	return array;
}

static json_t *failures_array(struct writer *w, const struct figures *fig)
{
	static const __u64 none[LAB_LEVELS];
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		json_t *object;

		if (memcmp(fig->failure[i], none, sizeof(none)) == 0)
			continue;
		object = json_object();
		put(w, object, "order", number(i));
		put_fields(w, object, stream_failure_fields, fig->failure[i]);
		add(w, array, object);
	}
	return array;
}

static json_t *figures_object(struct writer *w, const struct options *opt,
			      const struct figures *fig, const struct figures *wanted)
{
	json_t *object = json_object(), *audit;

	put(w, object, "rows", rows_array(w, opt, fig, wanted));
	put(w, object, "failures", failures_array(w, fig));
	put(w, object, "exclusive", fields_object(w, stream_exclusive_fields, &fig->exclusive));
	put(w, object, "bulk", fields_object(w, stream_bulk_fields, &fig->bulk));
	put(w, object, "anon_exclusive_pages", number(fig->anon_exclusive_pages));
	audit = fields_object(w, stream_audit_fields, &fig->audit);
	put(w, audit, "complete", json_boolean(audit_complete(&fig->audit)));
	put(w, object, "audit", audit);
	return object;
}

static json_t *zones_array(struct writer *w, const struct report *r)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < r->zones; i++) {
		json_t *object = json_object();

		put(w, object, "name", text(r->zone[i].name));
		put_fields(w, object, stream_zone_fields, &r->zone[i]);
		add(w, array, object);
	}
	return array;
}

static json_t *hooks_array(struct writer *w, const struct run_info *info)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < info->hooks; i++) {
		json_t *object = json_object();

		put(w, object, "name", text(info->hook[i].name));
		put(w, object, "target", text(info->hook[i].target));
		put(w, object, "attach", text(info->hook[i].attach));
		add(w, array, object);
	}
	return array;
}

static json_t *classes_array(struct writer *w, const struct run_info *info)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_CLASSES; i++) {
		if (info->class_mask & (1U << i))
			add(w, array, json_string(class_name(i)));
	}
	return array;
}

static json_t *missing_array(struct writer *w, const struct run_info *info)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < info->missings; i++)
		add(w, array, text(info->missing[i]));
	return array;
}

/* RFC 3339 in UTC, with the nanoseconds that strftime lacks. */
static json_t *time_string(__u64 time_ns)
{
	time_t seconds = (time_t)(time_ns / 1000000000U);
	char day[32], buf[64];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm))
		return NULL;
	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf, sizeof(buf), "%s.%09uZ", day, (unsigned int)(time_ns % 1000000000U));
	return json_string(buf);
}

static void put_info(struct writer *w, json_t *root, const struct run_info *info)
{
	put(w, root, "host", text(info->host));
	put(w, root, "kernel", text(info->kernel));
	put(w, root, "version", text(info->version));
	put(w, root, "classes", classes_array(w, info));
	put_fields(w, root, stream_info_fields, info);
	put(w, root, "cpu", info->cpu < 0 ? json_null() : json_integer(info->cpu));
	put(w, root, "hooks", hooks_array(w, info));
	put(w, root, "missing", missing_array(w, info));
	put(w, root, "available", fields_object(w, stream_available_fields, info));
}

static json_t *report_object(struct writer *w, const struct options *opt, const struct report *r)
{
	long long held = view_held_blocks(r);
	json_t *root = json_object();

	put(w, root, "type", json_string("stat"));
	put(w, root, "schema", number(STREAM_SCHEMA));
	put(w, root, "time", time_string(r->time_ns));
	put_fields(w, root, stream_head_fields, r);
	put_info(w, root, &r->info);
	put(w, root, "exclusive_held_blocks", held < 0 ? json_null() : json_integer(held));
	put(w, root, "interval", figures_object(w, opt, &r->interval, &r->total));
	put(w, root, "total", figures_object(w, opt, &r->total, &r->total));
	put(w, root, "zones", zones_array(w, r));
	return root;
}

/* The line with its newline; NULL when there is no memory for it. The caller frees it. */
static char *report_line(const struct options *opt, const struct report *r)
{
	struct writer w = {0};
	json_t *root = report_object(&w, opt, r);
	char *dump = w.failed ? NULL : json_dumps(root, JSON_COMPACT), *line;
	size_t len;

	json_decref(root);
	if (!dump)
		return NULL;
	len = strlen(dump);
	line = realloc(dump, len + 2);
	if (!line) {
		free(dump);
		return NULL;
	}
	memcpy(line + len, "\n", 2);
	return line;
}

static int json_report(FILE *f, const struct options *opt, const struct report *r)
{
	_cleanup_(freep) char *line = report_line(opt, r);

	if (!line)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a report as JSON");
	return view_write(f, line, strlen(line));
}

int view_json_record(FILE *f, const struct report *r)
{
	static const struct options everything = {.view = VIEW_STAT, .json = true};

	return json_report(f, &everything, r);
}

/* A stream needs no frame: each line stands for itself. */
static int json_frame(FILE *f, const struct options *opt)
{
	(void)f;
	(void)opt;
	return 0;
}

const struct view_ops view_json = {
	.name = "json",
	.begin = json_frame,
	.report = json_report,
	.end = json_frame,
};
