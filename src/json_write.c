// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json_write.c - values, tables of keys and what every line has in common, as JSON. */
#include "json_write.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "exits.h"
#include "util.h"
#include "view.h"

void wr_put(struct writer *w, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new_nocheck(object, key, value) < 0)
		w->failed = true;
}

void wr_add(struct writer *w, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		w->failed = true;
}

json_t *wr_number(__u64 v)
{
	return json_integer(v > INT64_MAX ? INT64_MAX : (json_int_t)v);
}

json_t *wr_text(const char *s)
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

json_t *wr_text_or_null(const char *s)
{
	return s[0] ? wr_text(s) : json_null();
}

static json_t *field_value(const struct field *f, const void *p)
{
	const char *name;
	char hex[24];

	switch (f->kind) {
	case FIELD_U64:
	case FIELD_ADDED:
		return wr_number(*(const __u64 *)p);
	case FIELD_S64:
		return json_integer(*(const __s64 *)p);
	case FIELD_U32:
		return wr_number(*(const __u32 *)p);
	case FIELD_BOOL:
		return json_boolean(*(const bool *)p);
	case FIELD_FLAG:
		return json_boolean(*(const __u32 *)p & f->arg);
	case FIELD_HEX:
		snprintf(hex, sizeof(hex), "0x%x", *(const __u32 *)p);
		return json_string(hex);
	case FIELD_MASK:
		snprintf(hex, sizeof(hex), "0x%llx", (unsigned long long)*(const __u64 *)p);
		return *(const __u64 *)p ? json_string(hex) : json_null();
	case FIELD_NAME:
		name = f->name_of(*(const __u32 *)p);
		return name ? json_string(name) : json_null();
	case FIELD_TEXT:
		return wr_text_or_null(p);
	}
	return NULL;
}

void wr_put_fields(struct writer *w, json_t *object, const struct field *fields, const void *base)
{
	for (const struct field *f = fields; f->key; f++)
		wr_put(w, object, f->key, field_value(f, (const char *)base + f->offset));
}

void wr_put_nulls(struct writer *w, json_t *object, const struct field *fields)
{
	for (const struct field *f = fields; f->key; f++)
		wr_put(w, object, f->key, json_null());
}

json_t *wr_fields(struct writer *w, const struct field *fields, const void *base)
{
	json_t *object = json_object();

	wr_put_fields(w, object, fields, base);
	return object;
}

json_t *wr_named(struct writer *w, const char *(*name_of)(unsigned int), const __u64 *count)
{
	json_t *object = json_object();

	for (unsigned int i = 0; name_of(i); i++)
		wr_put(w, object, name_of(i), wr_number(count[i]));
	return object;
}

static json_t *hooks_array(struct writer *w, const struct run_info *info)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < info->hooks; i++) {
		json_t *object = json_object();

		wr_put(w, object, "name", wr_text(info->hook[i].name));
		wr_put(w, object, "target", wr_text(info->hook[i].target));
		wr_put(w, object, "attach", wr_text(info->hook[i].attach));
		wr_add(w, array, object);
	}
	return array;
}

static json_t *classes_array(struct writer *w, const struct run_info *info)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_CLASSES; i++) {
		if (info->class_mask & (1U << i))
			wr_add(w, array, json_string(class_name(i)));
	}
	return array;
}

static json_t *missing_array(struct writer *w, const struct run_info *info)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < info->missings; i++)
		wr_add(w, array, wr_text(info->missing[i]));
	return array;
}

json_t *wr_time(__u64 time_ns)
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

void wr_put_info(struct writer *w, json_t *root, const struct run_info *info)
{
	wr_put(w, root, "host", wr_text(info->host));
	wr_put(w, root, "kernel", wr_text(info->kernel));
	wr_put(w, root, "version", wr_text(info->version));
	wr_put(w, root, "classes", classes_array(w, info));
	wr_put_fields(w, root, stream_info_fields, info);
	wr_put(w, root, "cpu", info->cpu < 0 ? json_null() : json_integer(info->cpu));
	wr_put(w, root, "hooks", hooks_array(w, info));
	wr_put(w, root, "missing", missing_array(w, info));
	wr_put(w, root, "available", wr_fields(w, stream_available_fields, info));
}

int wr_line(FILE *f, const struct writer *w, json_t *root)
{
	_cleanup_(freep) char *line = w->failed ? NULL : json_dumps(root, JSON_COMPACT);
	size_t len = line ? strlen(line) : 0;

	json_decref(root);
	if (!line)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a line of JSON");
	line[len++] = '\n'; /* in place of the end: view_write() goes by the length */
	return view_write(f, line, len);
}
