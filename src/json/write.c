// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* write.c - see write.h. */
#include "json/write.h"

#include <stdint.h>
#include <stdio.h>

#include "model/figures.h"

static void put_fields(struct json_line *l, const struct field *fields, const void *base);

static void put_object(struct json_line *l, const struct shape *shape, const void *base)
{
	jl_open(l, '{');
	put_fields(l, shape->fields, base);
	jl_close(l, '}');
}

static void put_name(struct json_line *l, const char *name)
{
	if (name)
		jl_text(l, name);
	else
		jl_null(l);
}

/* A number, and behind it as text what doubles do not hold. */
static void put_exactly(struct json_line *l, const struct field *f, __u64 v)
{
	char key[64];

	jl_number(l, v);
	if (v <= JSON_EXACT)
		return;
	snprintf(key, sizeof(key), "%s" EXACT_KEY, f->key);
	jl_key(l, key);
	jl_digits(l, v < INT64_MAX ? v : INT64_MAX);
}

static void put_index(struct json_line *l, __s32 v)
{
	if (v < 0)
		jl_null(l);
	else
		jl_number(l, (__u64)v);
}

static void put_counts(struct json_line *l, const struct field *f, const __u32 *count)
{
	jl_open(l, '[');
	for (__u32 i = 0; i < f->arg; i++)
		jl_number(l, count[i]);
	jl_close(l, ']');
}

static void put_named(struct json_line *l, const struct field *f, const __u64 *count)
{
	const char *name;

	jl_open(l, '{');
	for (unsigned int i = 0; (name = f->name_of(i)); i++) {
		jl_key(l, name);
		jl_number(l, count[i]);
	}
	jl_close(l, '}');
}

static void put_names(struct json_line *l, const struct field *f, __u32 bits)
{
	const char *name;

	jl_open(l, '[');
	for (unsigned int i = 0; (name = f->name_of(i)); i++)
		if (bits & 1U << i)
			jl_text(l, name);
	jl_close(l, ']');
}

static unsigned int count_of(const struct field *f, const void *base)
{
	return *(const unsigned int *)((const char *)base + f->count_at);
}

static void put_texts(struct json_line *l, const struct field *f, const void *base)
{
	const char *text = (const char *)base + f->at;
	unsigned int n = f->count_at ? count_of(f, base) : f->max;

	jl_open(l, '[');
	for (unsigned int i = 0; i < n && (f->count_at || *text); i++, text += f->arg)
		jl_text(l, text);
	jl_close(l, ']');
}

static void put_pairs(struct json_line *l, const struct hist *h)
{
	jl_open(l, '[');
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		if (h->bucket[i] == 0)
			continue;
		jl_open(l, '[');
		if (i < LAB_LAT_BUCKETS - 1)
			jl_number(l, hist_upper_ns(i));
		else
			jl_null(l);
		jl_number(l, h->bucket[i]);
		jl_close(l, ']');
	}
	jl_close(l, ']');
}

static void put_array(struct json_line *l, const struct field *f, const void *base)
{
	const char *item = (const char *)base + f->at;
	unsigned int n = count_of(f, base);

	jl_open(l, '[');
	for (unsigned int i = 0; i < n; i++, item += f->of->size)
		put_object(l, f->of, item);
	jl_close(l, ']');
}

static void put_list(struct json_line *l, const struct list *list, const void *base)
{
	__u64 lent[list->item->size / sizeof(__u64) + 1];
	const void *item;

	jl_open(l, '[');
	for (size_t at = 0; (item = list->get(l, base, &at, lent)); at++)
		put_object(l, list->item, item);
	jl_close(l, ']');
}

static void put_wording(struct json_line *l, const struct field *f, const void *base)
{
	char buf[WORDING_MAX];

	put_name(l, f->wording_of(base, buf));
}

static void put_value(struct json_line *l, const struct field *f, const void *base)
{
	const void *p = (const char *)base + f->at;

	switch (f->kind) {
	case FIELD_U64:
		return put_exactly(l, f, *(const __u64 *)p);
	case FIELD_NANOS:
		return jl_number(l, *(const __u64 *)p);
	case FIELD_S64:
		return jl_signed(l, *(const __s64 *)p);
	case FIELD_U32:
		return jl_number(l, *(const __u32 *)p);
	case FIELD_INDEX:
		return put_index(l, *(const __s32 *)p);
	case FIELD_BOOL:
		return jl_bool(l, *(const bool *)p);
	case FIELD_FLAG:
		return jl_bool(l, *(const __u32 *)p & f->arg);
	case FIELD_HEX:
		return jl_hex(l, *(const __u32 *)p);
	case FIELD_MASK:
		return *(const __u64 *)p ? jl_hex(l, *(const __u64 *)p) : jl_null(l);
	case FIELD_NAME:
		return put_name(l, f->name_of(*(const __u32 *)p));
	case FIELD_STRING:
		return jl_text(l, p);
	case FIELD_TEXT:
		return *(const char *)p ? jl_text(l, p) : jl_null(l);
	case FIELD_TIME:
		return jl_time(l, *(const __u64 *)p);
	case FIELD_COUNTS:
		return put_counts(l, f, p);
	case FIELD_NAMED:
		return put_named(l, f, p);
	case FIELD_NAMES:
		return put_names(l, f, *(const __u32 *)p);
	case FIELD_TEXTS:
		return put_texts(l, f, base);
	case FIELD_PAIRS:
		return put_pairs(l, p);
	case FIELD_OBJECT:
		return put_object(l, f->of, p);
	case FIELD_INLINE:
		return put_fields(l, f->of->fields, p);
	case FIELD_BEHIND:
		return put_fields(l, f->of->fields, *(const void *const *)p);
	case FIELD_ARRAY:
		return put_array(l, f, base);
	case FIELD_LIST:
		return put_list(l, f->list, base);
	case FIELD_SUM:
	case FIELD_NUMBER:
		return put_exactly(l, f, f->number_of(base));
	case FIELD_TRUTH:
		return jl_bool(l, f->truth_of(base));
	case FIELD_WORDING:
		return put_wording(l, f, base);
	}
}

static bool is_zero(const struct field *f, const void *base)
{
	const char *p = (const char *)base + f->at;

	return f->kind == FIELD_U32 ? *(const __u32 *)p == 0 : *(const __u64 *)p == 0;
}

static bool is_null(const struct json_line *l, const struct field *f, const void *base)
{
	switch (f->null) {
	case NULL_NEVER:
		return false;
	case NULL_ZERO:
		return is_zero(f, base);
	case NULL_LOWEST:
		return *(const __s64 *)((const char *)base + f->at) == INT64_MIN;
	case NULL_UNLESS:
	case NULL_OR:
		return !f->has(base, l->root);
	}
	return false;
}

static void put_fields(struct json_line *l, const struct field *fields, const void *base)
{
	for (const struct field *f = fields; f->key; f++) {
		if (f->rare && is_zero(f, base))
			continue;
		if (f->key_len)
			jl_key_len(l, f->key, f->key_len);
		if (f->null && is_null(l, f, base))
			jl_null(l);
		else
			put_value(l, f, base);
	}
}

static void put_type(struct json_line *l, const struct shape *shape)
{
	jl_key(l, "type");
	jl_text(l, shape->type);
}

int shape_write(FILE *f, const struct shape *shape, const void *base, const void *arg)
{
	return shape_write_cut(f, shape, base, arg, false);
}

int shape_write_cut(FILE *f, const struct shape *shape, const void *base, const void *arg, bool cut)
{
	struct json_line l = {.root = base, .arg = arg, .cut = cut};

	jl_open(&l, '{');
	if (!shape->schema_first)
		put_type(&l, shape);
	jl_key(&l, "schema");
	jl_number(&l, STREAM_SCHEMA);
	if (shape->schema_first)
		put_type(&l, shape);
	put_fields(&l, shape->fields, base);
	jl_close(&l, '}');
	return jl_write(&l, f);
}
