// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json_read.c - values, tables of keys and what every line has in common, out of JSON. */
#include "json_read.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void rd_fail(struct reader *rd, const char *key, const char *fmt, ...)
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

size_t rd_enter(struct reader *rd, const char *key, long index)
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

void rd_leave(struct reader *rd, size_t before)
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

const json_t *rd_get(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = rd->failed ? NULL : json_object_get(object, key);

	if (!v)
		rd_fail(rd, key, "this key is missing");
	return v;
}

const json_t *rd_get_object(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = rd_get(rd, object, key);

	if (v && !json_is_object(v)) {
		rd_fail(rd, key, "%s where an object belongs", kind_name(v));
		return NULL;
	}
	return v;
}

const json_t *rd_get_array(struct reader *rd, const json_t *object, const char *key, size_t max)
{
	const json_t *v = rd_get(rd, object, key);

	if (v && !json_is_array(v)) {
		rd_fail(rd, key, "%s where an array belongs", kind_name(v));
		return NULL;
	}
	if (v && json_array_size(v) > max) {
		rd_fail(rd, key, "%zu entries, and there can be no more than %zu",
			json_array_size(v), max);
		return NULL;
	}
	return v;
}

json_int_t rd_as_integer(struct reader *rd, const char *key, const json_t *v, json_int_t min,
			 json_int_t max)
{
	if (v && !json_is_integer(v))
		rd_fail(rd, key, "%s where an integer belongs", kind_name(v));
	else if (v && (json_integer_value(v) < min || json_integer_value(v) > max))
		rd_fail(rd, key, "%" JSON_INTEGER_FORMAT " is out of range", json_integer_value(v));
	return rd->failed ? 0 : json_integer_value(v);
}

json_int_t rd_get_integer(struct reader *rd, const json_t *object, const char *key, json_int_t min,
			  json_int_t max)
{
	return rd_as_integer(rd, key, rd_get(rd, object, key), min, max);
}

__u64 rd_get_u64(struct reader *rd, const json_t *object, const char *key)
{
	return (__u64)rd_get_integer(rd, object, key, 0, INT64_MAX);
}

void rd_as_string(struct reader *rd, const char *key, const json_t *v, char *buf, size_t size)
{
	buf[0] = '\0';
	if (v && !json_is_string(v))
		rd_fail(rd, key, "%s where a string belongs", kind_name(v));
	else if (v && json_string_length(v) >= size)
		rd_fail(rd, key, "a string of more than %zu bytes", size - 1);
	if (!rd->failed)
		memcpy(buf, json_string_value(v), json_string_length(v) + 1);
}

void rd_get_string(struct reader *rd, const json_t *object, const char *key, char *buf, size_t size)
{
	rd_as_string(rd, key, rd_get(rd, object, key), buf, size);
}

static bool get_bool(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = rd_get(rd, object, key);

	if (v && !json_is_boolean(v))
		rd_fail(rd, key, "%s where true or false belongs", kind_name(v));
	return json_is_true(v);
}

unsigned int rd_as_name(struct reader *rd, const char *key, const json_t *v,
			const char *(*name_of)(unsigned int))
{
	char name[32];

	rd_as_string(rd, key, v, name, sizeof(name));
	for (unsigned int i = 0; name_of(i); i++) {
		if (strcmp(name, name_of(i)) == 0)
			return i;
	}
	rd_fail(rd, key, "\"%s\" is not known", name);
	return 0;
}

static void get_flag(struct reader *rd, const json_t *object, const struct field *f, __u32 *p)
{
	if (get_bool(rd, object, f->key))
		*p |= f->arg;
}

/* A number as the writer puts it: "0x" and at most so many digits. */
static __u64 get_hex(struct reader *rd, const json_t *object, const char *key, size_t digits)
{
	char hex[24];

	rd_get_string(rd, object, key, hex, sizeof(hex));
	if (strncmp(hex, "0x", 2) != 0 || hex[2] == '\0' || strlen(hex) > 2 + digits ||
	    hex[2 + strspn(hex + 2, "0123456789abcdef")] != '\0') {
		rd_fail(rd, key, "\"%s\" is not a number as 0x820", hex);
		return 0;
	}
	return strtoull(hex + 2, NULL, 16);
}

static __u64 get_mask(struct reader *rd, const json_t *object, const char *key)
{
	return json_is_null(rd_get(rd, object, key)) ? 0 : get_hex(rd, object, key, 16);
}

static void get_text(struct reader *rd, const json_t *object, const struct field *f, char *p)
{
	const json_t *v = rd_get(rd, object, f->key);

	if (json_is_null(v))
		p[0] = '\0';
	else
		rd_as_string(rd, f->key, v, p, f->arg);
}

static void get_field(struct reader *rd, const json_t *object, const struct field *f, void *p)
{
	switch (f->kind) {
	case FIELD_U64:
		*(__u64 *)p = rd_get_u64(rd, object, f->key);
		break;
	case FIELD_ADDED:
		*(__u64 *)p = json_object_get(object, f->key) ? rd_get_u64(rd, object, f->key) : 0;
		break;
	case FIELD_S64:
		*(__s64 *)p = rd_get_integer(rd, object, f->key, INT64_MIN, INT64_MAX);
		break;
	case FIELD_U32:
		*(__u32 *)p = (__u32)rd_get_integer(rd, object, f->key, 0, UINT32_MAX);
		break;
	case FIELD_BOOL:
		*(bool *)p = get_bool(rd, object, f->key);
		break;
	case FIELD_FLAG:
		get_flag(rd, object, f, p);
		break;
	case FIELD_HEX:
		*(__u32 *)p = (__u32)get_hex(rd, object, f->key, 8);
		break;
	case FIELD_MASK:
		*(__u64 *)p = get_mask(rd, object, f->key);
		break;
	case FIELD_NAME:
		*(__u32 *)p = rd_as_name(rd, f->key, rd_get(rd, object, f->key), f->name_of);
		break;
	case FIELD_TEXT:
		get_text(rd, object, f, p);
		break;
	}
}

void rd_get_fields(struct reader *rd, const json_t *object, const struct field *fields, void *base)
{
	for (const struct field *f = fields; f->key && !rd->failed; f++)
		get_field(rd, object, f, (char *)base + f->offset);
}

void rd_get_section(struct reader *rd, const json_t *parent, const char *key,
		    const struct field *fields, void *base)
{
	const json_t *object = rd_get_object(rd, parent, key);
	size_t before = rd_enter(rd, key, -1);

	rd_get_fields(rd, object, fields, base);
	rd_leave(rd, before);
}

void rd_get_named(struct reader *rd, const json_t *root, const char *key,
		  const char *(*name_of)(unsigned int), __u64 *count)
{
	const json_t *object = rd_get_object(rd, root, key);
	size_t before = rd_enter(rd, key, -1);

	for (unsigned int i = 0; name_of(i); i++)
		count[i] = rd_get_u64(rd, object, name_of(i));
	rd_leave(rd, before);
}

unsigned int rd_each_object(struct reader *rd, const json_t *parent, const char *key, size_t max,
			    void (*item)(struct reader *, const json_t *, size_t, void *), void *to)
{
	const json_t *array = rd_get_array(rd, parent, key, max);

	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++) {
		const json_t *v = json_array_get(array, i);
		size_t before = rd_enter(rd, key, (long)i);

		if (json_is_object(v))
			item(rd, v, i, to);
		else
			rd_fail(rd, "", "%s where an object belongs", kind_name(v));
		rd_leave(rd, before);
	}
	return (unsigned int)json_array_size(array);
}

static void read_hook(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct hook_use *h = &((struct run_info *)to)->hook[i];

	rd_get_string(rd, object, "name", h->name, sizeof(h->name));
	rd_get_string(rd, object, "target", h->target, sizeof(h->target));
	rd_get_string(rd, object, "attach", h->attach, sizeof(h->attach));
}

void rd_get_info(struct reader *rd, const json_t *root, struct run_info *info)
{
	const json_t *array, *cpu;

	rd_get_string(rd, root, "host", info->host, sizeof(info->host));
	rd_get_string(rd, root, "kernel", info->kernel, sizeof(info->kernel));
	rd_get_string(rd, root, "version", info->version, sizeof(info->version));
	array = rd_get_array(rd, root, "classes", LAB_CLASSES);
	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++)
		info->class_mask |=
			1U << rd_as_name(rd, "classes", json_array_get(array, i), class_name);
	rd_get_fields(rd, root, stream_info_fields, info);
	cpu = rd_get(rd, root, "cpu");
	info->cpu = json_is_null(cpu) ? -1 : (__s32)rd_as_integer(rd, "cpu", cpu, 0, INT32_MAX);
	info->hooks = rd_each_object(rd, root, "hooks", REPORT_HOOKS, read_hook, info);
	array = rd_get_array(rd, root, "missing", REPORT_MISSING);
	info->missings = (unsigned int)json_array_size(array);
	for (size_t i = 0; i < info->missings && !rd->failed; i++)
		rd_as_string(rd, "missing", json_array_get(array, i), info->missing[i],
			     sizeof(info->missing[i]));
	rd_get_section(rd, root, "available", stream_available_fields, info);
}

json_t *rd_open(struct reader *rd, const char *line, size_t len)
{
	json_error_t je;
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &je);

	if (!root) {
		rd->failed = true;
		snprintf(rd->err->text, sizeof(rd->err->text), "cut or damaged at column %d: %s",
			 je.column, je.text);
		return NULL;
	}
	if (json_is_object(root))
		return root;
	rd_fail(rd, "line", "%s where an object belongs", kind_name(root));
	json_decref(root);
	return NULL;
}

void rd_check_schema(struct reader *rd, const json_t *root)
{
	json_int_t schema = rd_get_integer(rd, root, "schema", INT64_MIN, INT64_MAX);

	if (schema != STREAM_SCHEMA)
		rd_fail(rd, "schema",
			"%" JSON_INTEGER_FORMAT ", and this labyrinth reads schema %d only", schema,
			STREAM_SCHEMA);
}
