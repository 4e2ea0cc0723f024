// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* read.c - see read.h. */
#include "json/read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "model/figures.h"

static void read_fields(struct reader *rd, const json_t *object, const struct field *fields,
			void *base);

/* An object that was found under key; index: as that entry of it, -1: none of an array. */
static void read_object(struct reader *rd, const char *key, long index, const json_t *v,
			const struct shape *shape, void *to)
{
	const json_t *object = index < 0 ? rd_as_object(rd, key, v) : v;
	size_t before = rd_enter(rd, key, index);

	v = rd_as_object(rd, "", object);
	read_fields(rd, v, shape->fields, to);
	if (shape->check && !rd->failed)
		shape->check(rd, to);
	rd_leave(rd, before);
}

/* ---- numbers and names ---- */

static __u64 read_number(struct reader *rd, const struct field *f, const json_t *v, __u64 max)
{
	return (__u64)rd_as_integer(rd, f->key, v, f->min, (json_int_t)max);
}

/* What is null where it is the lowest cannot be that number. */
static __s64 read_signed(struct reader *rd, const struct field *f, const json_t *v)
{
	bool lowest = f->null == NULL_LOWEST;

	if (lowest && json_is_null(v))
		return INT64_MIN;
	return rd_as_integer(rd, f->key, v, INT64_MIN + lowest, INT64_MAX);
}

/* In schema 1 nothing else was read of a moment. */
static void read_nanos(struct reader *rd, const struct field *f, const json_t *v, __u64 *to)
{
	if (rd->schema > 1)
		rd_same(rd, f->key, v, *to);
	else
		*to = read_number(rd, f, v, INT64_MAX);
}

static void read_counts(struct reader *rd, const struct field *f, const json_t *v, __u32 *count)
{
	const json_t *array = rd_as_array(rd, f->key, v, f->arg);

	if (array && json_array_size(array) != f->arg)
		rd_fail(rd, f->key, "%zu entries, and there are %u of them", json_array_size(array),
			f->arg);
	for (size_t i = 0; i < f->arg && !rd->failed; i++)
		count[i] =
			(__u32)rd_as_integer(rd, f->key, json_array_get(array, i), 0, UINT32_MAX);
}

static void read_named(struct reader *rd, const struct field *f, const json_t *v, __u64 *count)
{
	const json_t *object = rd_as_object(rd, f->key, v);
	size_t before = rd_enter(rd, f->key, -1);
	const char *name;

	for (unsigned int i = 0; (name = f->name_of(i)) && !rd->failed; i++)
		count[i] = (__u64)rd_as_integer(rd, name, rd_get(rd, object, name), 0, INT64_MAX);
	rd_leave(rd, before);
}

static void read_names(struct reader *rd, const struct field *f, const json_t *v, __u32 *bits)
{
	const json_t *array = rd_as_array(rd, f->key, v, f->max);

	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++)
		*bits |= 1U << rd_as_name(rd, f->key, json_array_get(array, i), f->name_of, 0);
}

static void read_flag(struct reader *rd, const struct field *f, const json_t *v, __u32 *bits)
{
	if (rd_as_bool(rd, f->key, v))
		*bits |= f->arg;
}

static void read_index(struct reader *rd, const struct field *f, const json_t *v, __s32 *to)
{
	*to = json_is_null(v) ? -1 : (__s32)rd_as_integer(rd, f->key, v, 0, INT32_MAX);
}

static void read_pair(struct reader *rd, const char *key, const json_t *pair, struct hist *h)
{
	json_int_t upper, count;
	unsigned int bucket;

	if (json_array_size(pair) != 2)
		rd_fail(rd, key, "not a pair of a bound and a count");
	/* No bound: in schema 1 the largest number. */
	upper = INT64_MAX;
	if (!json_is_null(json_array_get(pair, 0)))
		upper = rd_as_integer(rd, key, json_array_get(pair, 0), 0, INT64_MAX);
	count = rd_as_integer(rd, key, json_array_get(pair, 1), 0, INT64_MAX);
	bucket = lab_latency_bucket((__u64)upper);
	if (hist_upper_ns(bucket) != (__u64)upper)
		rd_fail(rd, key, "%" JSON_INTEGER_FORMAT " is not the bound of a bucket", upper);
	if (h->bucket[bucket])
		rd_fail(rd, key, "the bucket up to %" JSON_INTEGER_FORMAT " comes twice", upper);
	h->bucket[bucket] = (__u64)count;
}

static void read_pairs(struct reader *rd, const struct field *f, const json_t *v, struct hist *h)
{
	const json_t *array = rd_as_array(rd, f->key, v, LAB_LAT_BUCKETS);
	char key[40];

	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++) {
		snprintf(key, sizeof(key), "%s[%zu]", f->key, i);
		read_pair(rd, key, json_array_get(array, i), h);
	}
}

/* ---- arrays ---- */

static void set_count(const struct field *f, void *base, size_t n)
{
	if (f->count_at)
		*(unsigned int *)((char *)base + f->count_at) = (unsigned int)n;
}

static void read_texts(struct reader *rd, const struct field *f, const json_t *v, void *base)
{
	const json_t *array = rd_as_array(rd, f->key, v, f->max);
	char *text = (char *)base + f->at;

	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++, text += f->arg)
		rd_as_string(rd, f->key, json_array_get(array, i), text, f->arg);
	set_count(f, base, json_array_size(array));
}

static void read_array(struct reader *rd, const struct field *f, const json_t *v, void *base)
{
	const json_t *array = rd_as_array(rd, f->key, v, f->max);
	char *item = (char *)base + f->at;

	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++, item += f->of->size)
		read_object(rd, f->key, (long)i, json_array_get(array, i), f->of, item);
	set_count(f, base, json_array_size(array));
}

static void read_item(struct reader *rd, const struct field *f, size_t i, const json_t *v,
		      void *base)
{
	__u64 lent[f->list->item->size / sizeof(__u64) + 1];
	__u64 seen = rd->seen;
	size_t before;

	memset(lent, 0, sizeof(lent));
	rd->seen = 0;
	read_object(rd, f->key, (long)i, v, f->list->item, lent);
	rd->seen = seen;
	before = rd_enter(rd, f->key, (long)i);
	if (!rd->failed)
		f->list->put(rd, base, lent);
	rd_leave(rd, before);
}

static void read_list(struct reader *rd, const struct field *f, const json_t *v, void *base)
{
	const json_t *array = rd_as_array(rd, f->key, v, f->max);

	rd->seen = 0;
	if (f->list->room && !rd->failed)
		f->list->room(rd, base, json_array_size(array));
	for (size_t i = 0; i < json_array_size(array) && !rd->failed; i++)
		read_item(rd, f, i, json_array_get(array, i), base);
}

/* ---- fields ---- */

static void read_value(struct reader *rd, const struct field *f, const json_t *v, void *base)
{
	void *p = (char *)base + f->at;

	switch (f->kind) {
	case FIELD_U64:
		*(__u64 *)p = read_number(rd, f, v, INT64_MAX);
		break;
	case FIELD_TIME:
		*(__u64 *)p = rd_as_time(rd, f->key, v);
		break;
	case FIELD_NANOS:
		read_nanos(rd, f, v, p);
		break;
	case FIELD_S64:
		*(__s64 *)p = read_signed(rd, f, v);
		break;
	case FIELD_U32:
		*(__u32 *)p = (__u32)read_number(rd, f, v, f->max ?: UINT32_MAX);
		break;
	case FIELD_INDEX:
		read_index(rd, f, v, p);
		break;
	case FIELD_BOOL:
		*(bool *)p = rd_as_bool(rd, f->key, v);
		break;
	case FIELD_FLAG:
		read_flag(rd, f, v, p);
		break;
	case FIELD_HEX:
		*(__u32 *)p = (__u32)rd_as_hex(rd, f->key, v, 8);
		break;
	case FIELD_MASK:
		*(__u64 *)p = json_is_null(v) ? 0 : rd_as_hex(rd, f->key, v, 16);
		break;
	case FIELD_NAME:
		*(__u32 *)p = rd_as_name(rd, f->key, v, f->name_of, f->min);
		break;
	case FIELD_STRING:
		rd_as_string(rd, f->key, v, p, f->arg);
		break;
	case FIELD_TEXT:
		if (!json_is_null(v))
			rd_as_string(rd, f->key, v, p, f->arg);
		break;
	case FIELD_COUNTS:
		read_counts(rd, f, v, p);
		break;
	case FIELD_NAMED:
		read_named(rd, f, v, p);
		break;
	case FIELD_NAMES:
		read_names(rd, f, v, p);
		break;
	case FIELD_TEXTS:
		read_texts(rd, f, v, base);
		break;
	case FIELD_PAIRS:
		read_pairs(rd, f, v, p);
		break;
	case FIELD_OBJECT:
		read_object(rd, f->key, -1, v, f->of, p);
		break;
	case FIELD_ARRAY:
		read_array(rd, f, v, base);
		break;
	case FIELD_LIST:
		read_list(rd, f, v, base);
		break;
	default: /* computed, or no value of its own */
		break;
	}
}

/* What the struct knows by itself, or by other keys. */
static bool is_read(const struct reader *rd, const struct field *f, const void *base)
{
	switch (f->kind) {
	case FIELD_TIME:
		return rd->schema > 1;
	case FIELD_SUM:
	case FIELD_NUMBER:
	case FIELD_TRUTH:
	case FIELD_WORDING:
		return false;
	default:
		return f->null != NULL_UNLESS || f->has(base, rd->root);
	}
}

/* What its text says, where a number is so large that it may come rounded; else the number. */
static __u64 read_exactly(struct reader *rd, const json_t *object, const struct field *f,
			  __u64 said)
{
	const json_t *text;
	char key[64];
	__u64 exact;

	if (rd->failed || said < JSON_EXACT)
		return said;
	snprintf(key, sizeof(key), "%s" EXACT_KEY, f->key);
	text = json_object_get(object, key);
	if (!text)
		return said;
	exact = rd_as_digits(rd, key, text);
	rd_same(rd, f->key, json_object_get(object, f->key), exact);
	return exact;
}

static void read_field(struct reader *rd, const json_t *object, const struct field *f, void *base)
{
	const json_t *v;

	if (!is_read(rd, f, base) || (f->optional && !json_object_get(object, f->key)))
		return;
	v = rd_get(rd, object, f->key);
	if (rd->failed || (json_is_null(v) && (f->null == NULL_ZERO || f->null == NULL_OR)))
		return;
	read_value(rd, f, v, base);
	if (f->kind == FIELD_U64) {
		__u64 *p = (__u64 *)((char *)base + f->at);

		*p = read_exactly(rd, object, f, *p);
	}
	if (f->mark)
		f->mark(base);
}

/* All that are late, or all that are not. */
static void read_some(struct reader *rd, const json_t *object, const struct field *fields,
		      bool late, void *base)
{
	for (const struct field *f = fields; f->key && !rd->failed; f++) {
		char *p = (char *)base + f->at;

		if (f->kind == FIELD_INLINE)
			read_some(rd, object, f->of->fields, late, p);
		else if (f->kind == FIELD_BEHIND)
			read_some(rd, object, f->of->fields, late, *(void *const *)p);
		else if (f->late == late)
			read_field(rd, object, f, base);
	}
}

/* Is a sum in the line the one that its parts give? */
static void check_sum(struct reader *rd, const json_t *object, const struct field *f,
		      const void *base)
{
	__u64 said, sum = f->number_of(base);

	said = (__u64)rd_as_integer(rd, f->key, rd_get(rd, object, f->key), 0, INT64_MAX);
	said = read_exactly(rd, object, f, said);
	if (!rd->failed && said != (sum > INT64_MAX ? INT64_MAX : sum))
		rd_fail(rd, f->key, "%" PRIu64 ", and its parts come to %" PRIu64, (uint64_t)said,
			(uint64_t)sum);
}

static void check_sums(struct reader *rd, const json_t *object, const struct field *fields,
		       const void *base)
{
	for (const struct field *f = fields; f->key && !rd->failed; f++) {
		if (f->kind == FIELD_INLINE)
			check_sums(rd, object, f->of->fields, (const char *)base + f->at);
		else if (f->kind == FIELD_SUM)
			check_sum(rd, object, f, base);
	}
}

static void read_fields(struct reader *rd, const json_t *object, const struct field *fields,
			void *base)
{
	read_some(rd, object, fields, false, base);
	read_some(rd, object, fields, true, base);
	check_sums(rd, object, fields, base);
}

/* ---- lines ---- */

json_t *shape_open(struct reader *rd, const char *line, size_t len, char type[LINE_TYPE])
{
	json_t *root = rd_open(rd, line, len);

	if (!root)
		return NULL;
	rd_as_string(rd, "type", rd_get(rd, root, "type"), type, LINE_TYPE);
	if (!rd->failed)
		return root;
	json_decref(root);
	return NULL;
}

int shape_read(struct reader *rd, const json_t *root, const struct shape *shape, void *to)
{
	rd->schema = rd_as_integer(rd, "schema", rd_get(rd, root, "schema"), INT64_MIN, INT64_MAX);
	if (rd->schema < STREAM_SCHEMA_FIRST || rd->schema > STREAM_SCHEMA)
		rd_fail(rd, "schema",
			"%" JSON_INTEGER_FORMAT ", and this labyrinth reads schemas %d to %d",
			rd->schema, STREAM_SCHEMA_FIRST, STREAM_SCHEMA);
	rd->root = to;
	read_fields(rd, root, shape->fields, to);
	if (shape->check && !rd->failed)
		shape->check(rd, to);
	return rd->failed ? -EINVAL : 0;
}

int shape_parse(const struct shape *shape, const char *line, size_t len, void *to,
		char type[LINE_TYPE], struct stream_error *err)
{
	struct reader rd = {.err = err};
	json_t *root = shape_open(&rd, line, len, type);
	int r;

	if (!root)
		return -EINVAL;
	r = strcmp(type, shape->type) == 0 ? shape_read(&rd, root, shape, to) : -ENOMSG;
	json_decref(root);
	return r;
}
