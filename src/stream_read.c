// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * stream_read.c - one line of a JSON stream back into a report. Believes nothing: the line may come
 * from anywhere. Keys it does not know are left alone, so that a newer writer can add some.
 *
 * The first thing that is wrong is kept in the reader, and every getter does nothing from then on:
 * the callers read straight down and look once, at the end.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "stream.h"
#include "util.h"

struct reader {
	bool failed;
	struct stream_error *err;
	char path[96]; /* where it is, as a user would write it: "interval.rows[2]." */
	size_t path_len;
};

static void __attribute__((format(printf, 3, 4)))
fail(struct reader *rd, const char *key, const char *fmt, ...)
{
	size_t size = sizeof(rd->err->text);
	va_list ap;
	int n;

	if (rd->failed)
		return;
	rd->failed = true;
	n = snprintf(rd->err->text, size, "%s%s: ", rd->path, key);
	if (n < 0 || (size_t)n >= size)
		return;
	va_start(ap, fmt);
	vsnprintf(rd->err->text + n, size - (size_t)n, fmt, ap);
	va_end(ap);
}

/* Enters "key." or, with an index, "key[index]."; returns what leave() needs to go back. */
static size_t enter(struct reader *rd, const char *key, long index)
{
	size_t before = rd->path_len, room = sizeof(rd->path) - before;
	int n;

	if (index < 0)
		n = snprintf(rd->path + before, room, "%s.", key);
	else
		n = snprintf(rd->path + before, room, "%s[%ld].", key, index);
	if (n > 0)
		rd->path_len += (size_t)n < room ? (size_t)n : room - 1;
	return before;
}

static void leave(struct reader *rd, size_t before)
{
	rd->path_len = before;
	rd->path[before] = '\0';
}

static const char *kind_name(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "an integer";
	case JSON_REAL:
		return "a number with a fraction";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		return "null";
	}
	return "something else";
}

/* The value of a key that must be there; NULL when the reader has failed. */
static const json_t *get(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = rd->failed ? NULL : json_object_get(object, key);

	if (!v)
		fail(rd, key, "this key is missing");
	return v;
}

static const json_t *get_object(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = get(rd, object, key);

	if (v && !json_is_object(v)) {
		fail(rd, key, "%s where an object belongs", kind_name(v));
		return NULL;
	}
	return v;
}

/* An array of at most max values. */
static const json_t *get_array(struct reader *rd, const json_t *object, const char *key, size_t max)
{
	const json_t *v = get(rd, object, key);

	if (v && !json_is_array(v)) {
		fail(rd, key, "%s where an array belongs", kind_name(v));
		return NULL;
	}
	if (v && json_array_size(v) > max) {
		fail(rd, key, "%zu entries, and there can be no more than %zu", json_array_size(v),
		     max);
		return NULL;
	}
	return v;
}

static json_int_t as_integer(struct reader *rd, const char *key, const json_t *v, json_int_t min,
			     json_int_t max)
{
	if (v && !json_is_integer(v))
		fail(rd, key, "%s where an integer belongs", kind_name(v));
	else if (v && (json_integer_value(v) < min || json_integer_value(v) > max))
		fail(rd, key, "%" JSON_INTEGER_FORMAT " is out of range", json_integer_value(v));
	return rd->failed ? 0 : json_integer_value(v);
}

static json_int_t get_integer(struct reader *rd, const json_t *object, const char *key,
			      json_int_t min, json_int_t max)
{
	return as_integer(rd, key, get(rd, object, key), min, max);
}

static __u64 get_u64(struct reader *rd, const json_t *object, const char *key)
{
	return (__u64)get_integer(rd, object, key, 0, INT64_MAX);
}

static void as_string(struct reader *rd, const char *key, const json_t *v, char *buf, size_t size)
{
	buf[0] = '\0';
	if (v && !json_is_string(v))
		fail(rd, key, "%s where a string belongs", kind_name(v));
	else if (v && json_string_length(v) >= size)
		fail(rd, key, "a string of more than %zu bytes", size - 1);
	if (!rd->failed)
		memcpy(buf, json_string_value(v), json_string_length(v) + 1);
}

static void get_string(struct reader *rd, const json_t *object, const char *key, char *buf,
		       size_t size)
{
	as_string(rd, key, get(rd, object, key), buf, size);
}

static bool get_bool(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = get(rd, object, key);

	if (v && !json_is_boolean(v))
		fail(rd, key, "%s where true or false belongs", kind_name(v));
	return json_is_true(v);
}

static void get_fields(struct reader *rd, const json_t *object, const struct field *fields,
		       void *base)
{
	for (const struct field *f = fields; f->key && !rd->failed; f++) {
		void *p = (char *)base + f->offset;

		switch (f->kind) {
		case FIELD_U64:
			*(__u64 *)p = get_u64(rd, object, f->key);
			break;
		case FIELD_S64:
			*(__s64 *)p = get_integer(rd, object, f->key, INT64_MIN, INT64_MAX);
			break;
		case FIELD_U32:
			*(__u32 *)p = (__u32)get_integer(rd, object, f->key, 0, UINT32_MAX);
			break;
		case FIELD_BOOL:
			*(bool *)p = get_bool(rd, object, f->key);
			break;
		}
	}
}

/* The object under key, read by a table. */
static void get_section(struct reader *rd, const json_t *parent, const char *key,
			const struct field *fields, void *base)
{
	const json_t *object = get_object(rd, parent, key);
	size_t before = enter(rd, key, -1);

	get_fields(rd, object, fields, base);
	leave(rd, before);
}

/* Calls item for each entry of an array of objects; returns how many there are. */
static unsigned int each_object(struct reader *rd, const json_t *parent, const char *key,
				size_t max,
				void (*item)(struct reader *, const json_t *, size_t, void *),
				void *to)
{
	const json_t *array = get_array(rd, parent, key, max);

	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++) {
		const json_t *v = json_array_get(array, i);
		size_t before = enter(rd, key, (long)i);

		if (json_is_object(v))
			item(rd, v, i, to);
		else
			fail(rd, "", "%s where an object belongs", kind_name(v));
		leave(rd, before);
	}
	return (unsigned int)json_array_size(array);
}

/* Index of a string among the names of something. */
static unsigned int as_name(struct reader *rd, const char *key, const json_t *v,
			    const char *(*name_of)(unsigned int))
{
	char name[32];

	as_string(rd, key, v, name, sizeof(name));
	for (unsigned int i = 0; name_of(i); i++) {
		if (strcmp(name, name_of(i)) == 0)
			return i;
	}
	fail(rd, key, "\"%s\" is not known", name);
	return 0;
}

static void read_bucket(struct reader *rd, const char *key, const json_t *pair, struct hist *h)
{
	json_int_t upper, count;
	unsigned int bucket;

	if (json_array_size(pair) != 2)
		fail(rd, key, "not a pair of a bound and a count");
	upper = as_integer(rd, key, json_array_get(pair, 0), 0, INT64_MAX);
	count = as_integer(rd, key, json_array_get(pair, 1), 0, INT64_MAX);
	bucket = lab_latency_bucket((__u64)upper);
	if (hist_upper_ns(bucket) != (__u64)upper)
		fail(rd, key, "%" JSON_INTEGER_FORMAT " is not the bound of a bucket", upper);
	if (h->bucket[bucket])
		fail(rd, key, "the bucket up to %" JSON_INTEGER_FORMAT " comes twice", upper);
	h->bucket[bucket] = (__u64)count;
}

static void read_latency(struct reader *rd, const json_t *object, struct hist *h)
{
	__u64 count = get_u64(rd, object, "latency_count");
	const json_t *array;
	char key[40];

	h->sum_ns = get_u64(rd, object, "latency_sum_ns");
	h->max_ns = get_u64(rd, object, "latency_max_ns");
	array = get_array(rd, object, "latency_ns", LAB_LAT_BUCKETS);
	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++) {
		snprintf(key, sizeof(key), "latency_ns[%zu]", i);
		read_bucket(rd, key, json_array_get(array, i), h);
	}
	if (hist_count(h) != count)
		fail(rd, "latency_count", "%" PRIu64 ", and the buckets hold %" PRIu64,
		     (uint64_t)count, (uint64_t)hist_count(h));
}

/* The order of an entry; each order comes once: bit in *seen. */
static unsigned int read_order(struct reader *rd, const json_t *object, __u32 *seen)
{
	unsigned int order = (unsigned int)get_integer(rd, object, "order", 0, LAB_ORDERS - 1);

	if (*seen & (1U << order))
		fail(rd, "order", "%u comes twice", order);
	*seen |= 1U << order;
	return order;
}

struct row_target {
	struct row *row;
	__u32 seen_orders;
};

static void read_row_order(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct row_target *t = to;
	unsigned int order = read_order(rd, object, &t->seen_orders);

	(void)i;
	get_fields(rd, object, stream_order_fields, &t->row->order[order]);
}

struct figures_target {
	struct figures *fig;
	__u32 seen_failures;
	bool seen_rows[LAB_CLASSES][LAB_CONTEXTS];
};

static void read_row(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct figures_target *t = to;
	struct row_target rt = {0};
	unsigned int class, context;

	(void)i;
	class = as_name(rd, "class", get(rd, object, "class"), class_name);
	context = as_name(rd, "context", get(rd, object, "context"), context_name);
	if (t->seen_rows[class][context])
		fail(rd, "class", "the row %s %s comes twice", class_name(class),
		     context_name(context));
	t->seen_rows[class][context] = true;
	rt.row = &t->fig->row[class][context];
	get_fields(rd, object, stream_row_fields, rt.row);
	read_latency(rd, object, &rt.row->latency);
	each_object(rd, object, "orders", LAB_ORDERS, read_row_order, &rt);
}

static void read_failure(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct figures_target *t = to;
	unsigned int order = read_order(rd, object, &t->seen_failures);

	(void)i;
	get_fields(rd, object, stream_failure_fields, t->fig->failure[order]);
}

static void read_figures(struct reader *rd, const json_t *root, const char *key,
			 struct figures *fig)
{
	const json_t *object = get_object(rd, root, key);
	struct figures_target t = {.fig = fig};
	size_t before = enter(rd, key, -1);

	each_object(rd, object, "rows", LAB_CLASSES * LAB_CONTEXTS, read_row, &t);
	each_object(rd, object, "failures", LAB_ORDERS, read_failure, &t);
	get_section(rd, object, "exclusive", stream_exclusive_fields, &fig->exclusive);
	get_section(rd, object, "bulk", stream_bulk_fields, &fig->bulk);
	fig->anon_exclusive_pages = get_u64(rd, object, "anon_exclusive_pages");
	get_section(rd, object, "audit", stream_audit_fields, &fig->audit);
	leave(rd, before);
}

static void read_zone(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct zone_row *z = &((struct report *)to)->zone[i];

	get_string(rd, object, "name", z->name, sizeof(z->name));
	get_fields(rd, object, stream_zone_fields, z);
}

static void read_hook(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct hook_use *h = &((struct run_info *)to)->hook[i];

	get_string(rd, object, "name", h->name, sizeof(h->name));
	get_string(rd, object, "target", h->target, sizeof(h->target));
	get_string(rd, object, "attach", h->attach, sizeof(h->attach));
}

static void read_info(struct reader *rd, const json_t *root, struct run_info *info)
{
	const json_t *array, *cpu;

	get_string(rd, root, "host", info->host, sizeof(info->host));
	get_string(rd, root, "kernel", info->kernel, sizeof(info->kernel));
	get_string(rd, root, "version", info->version, sizeof(info->version));
	array = get_array(rd, root, "classes", LAB_CLASSES);
	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++)
		info->class_mask |= 1U
				    << as_name(rd, "classes", json_array_get(array, i), class_name);
	get_fields(rd, root, stream_info_fields, info);
	cpu = get(rd, root, "cpu");
	info->cpu = json_is_null(cpu) ? -1 : (__s32)as_integer(rd, "cpu", cpu, 0, INT32_MAX);
	info->hooks = each_object(rd, root, "hooks", REPORT_HOOKS, read_hook, info);
	array = get_array(rd, root, "missing", REPORT_MISSING);
	info->missings = (unsigned int)json_array_size(array);
	for (size_t i = 0; i < info->missings && !rd->failed; i++)
		as_string(rd, "missing", json_array_get(array, i), info->missing[i],
			  sizeof(info->missing[i]));
	get_section(rd, root, "available", stream_available_fields, info);
}

static void check_type(struct reader *rd, const json_t *root)
{
	json_int_t schema;
	char type[32];

	get_string(rd, root, "type", type, sizeof(type));
	if (strcmp(type, "stat") != 0)
		fail(rd, "type", "\"%s\", and only \"stat\" reports can be replayed", type);
	schema = get_integer(rd, root, "schema", INT64_MIN, INT64_MAX);
	if (schema != STREAM_SCHEMA)
		fail(rd, "schema",
		     "%" JSON_INTEGER_FORMAT ", and this labyrinth reads schema %d only", schema,
		     STREAM_SCHEMA);
}

static void read_report(struct reader *rd, const json_t *root, struct report *ret)
{
	check_type(rd, root);
	get_fields(rd, root, stream_head_fields, ret);
	read_info(rd, root, &ret->info);
	read_figures(rd, root, "interval", &ret->interval);
	read_figures(rd, root, "total", &ret->total);
	ret->zones = each_object(rd, root, "zones", LAB_ZONES, read_zone, ret);
}

int stream_parse(const char *line, size_t len, struct report *ret, struct stream_error *err)
{
	struct reader rd = {.err = err};
	json_error_t je;
	json_t *root;

	memset(ret, 0, sizeof(*ret));
	root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &je);
	if (!root) {
		snprintf(err->text, sizeof(err->text), "cut or damaged at column %d: %s", je.column,
			 je.text);
		return -EINVAL;
	}
	if (json_is_object(root))
		read_report(&rd, root, ret);
	else
		fail(&rd, "line", "%s where an object belongs", kind_name(root));
	json_decref(root);
	return rd.failed ? -EINVAL : 0;
}
