// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* schema.c - see schema.h. */
#include "json/schema.h"

#include <stdint.h>
#include <string.h>

#include "json/emit.h"

#define SHAPES 64 /* with a name of their own */

/* Each shape that stands in a line or in another shape, once. */
struct found {
	const struct shape *shape[SHAPES];
	size_t shapes;
	bool too_many;
};

static void key(struct json_line *l, const char *name)
{
	jl_key(l, name);
}

static void text(struct json_line *l, const char *name, const char *value)
{
	key(l, name);
	jl_text(l, value);
}

static void number(struct json_line *l, const char *name, __s64 value)
{
	key(l, name);
	jl_signed(l, value);
}

static void ref(struct json_line *l, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "#/$defs/%s", name);
	text(l, "$ref", path);
}

/* ---- values ---- */

/* "integer", or ["integer","null"] */
static void type(struct json_line *l, const struct field *f, const char *name)
{
	bool null =
		f->null || f->kind == FIELD_TEXT || f->kind == FIELD_MASK || f->kind == FIELD_INDEX;

	if (!null) {
		text(l, "type", name);
		return;
	}
	key(l, "type");
	jl_open(l, '[');
	jl_text(l, name);
	jl_text(l, "null");
	jl_close(l, ']');
}

static void integer(struct json_line *l, const struct field *f, __s64 max)
{
	type(l, f, "integer");
	number(l, "minimum", f->min);
	number(l, "maximum", max);
}

static void count(struct json_line *l, const struct field *f)
{
	if (f->null) {
		integer(l, f, JSON_MOST);
		return;
	}
	ref(l, "count");
	if (f->min)
		number(l, "minimum", f->min);
}

static void hex(struct json_line *l, const struct field *f)
{
	type(l, f, "string");
	text(l, "pattern", "^0x[0-9a-f]+$");
}

static void names(struct json_line *l, const struct field *f, bool null)
{
	const char *name;

	key(l, "enum");
	jl_open(l, '[');
	for (unsigned int i = f->min; (name = f->name_of(i)); i++)
		jl_text(l, name);
	if (null)
		jl_null(l);
	jl_close(l, ']');
}

/* A value that another definition describes, or null. */
static void referred(struct json_line *l, const struct field *f, const char *name)
{
	if (!f->null) {
		ref(l, name);
		return;
	}
	key(l, "oneOf");
	jl_open(l, '[');
	jl_open(l, '{');
	ref(l, name);
	jl_close(l, '}');
	jl_open(l, '{');
	text(l, "type", "null");
	jl_close(l, '}');
	jl_close(l, ']');
}

/* ---- arrays ---- */

static void counts(struct json_line *l, const struct field *f)
{
	type(l, f, "array");
	number(l, "minItems", f->arg);
	number(l, "maxItems", f->arg);
	key(l, "items");
	jl_open(l, '{');
	text(l, "type", "integer");
	number(l, "minimum", 0);
	number(l, "maximum", UINT32_MAX);
	jl_close(l, '}');
}

static void named(struct json_line *l, const struct field *f)
{
	const char *name;

	type(l, f, "object");
	key(l, "required");
	jl_open(l, '[');
	for (unsigned int i = 0; (name = f->name_of(i)); i++)
		jl_text(l, name);
	jl_close(l, ']');
	key(l, "properties");
	jl_open(l, '{');
	for (unsigned int i = 0; (name = f->name_of(i)); i++) {
		key(l, name);
		jl_open(l, '{');
		ref(l, "count");
		jl_close(l, '}');
	}
	jl_close(l, '}');
}

static void list_of_names(struct json_line *l, const struct field *f)
{
	type(l, f, "array");
	key(l, "uniqueItems");
	jl_bool(l, true);
	key(l, "items");
	jl_open(l, '{');
	names(l, f, false);
	jl_close(l, '}');
}

static void texts(struct json_line *l, const struct field *f)
{
	type(l, f, "array");
	number(l, "maxItems", f->max);
	key(l, "items");
	jl_open(l, '{');
	text(l, "type", "string");
	jl_close(l, '}');
}

static void objects(struct json_line *l, const struct field *f, const struct shape *of)
{
	type(l, f, "array");
	number(l, "maxItems", f->max);
	key(l, "items");
	jl_open(l, '{');
	ref(l, of->name);
	jl_close(l, '}');
}

static void value(struct json_line *l, const struct field *f)
{
	switch (f->kind) {
	case FIELD_U64:
	case FIELD_NANOS:
	case FIELD_SUM:
	case FIELD_NUMBER:
		return count(l, f);
	case FIELD_S64:
		return type(l, f, "integer");
	case FIELD_U32:
		return integer(l, f, f->max ?: UINT32_MAX);
	case FIELD_INDEX:
		return integer(l, f, INT32_MAX);
	case FIELD_BOOL:
	case FIELD_FLAG:
	case FIELD_TRUTH:
		return type(l, f, "boolean");
	case FIELD_HEX:
	case FIELD_MASK:
		return hex(l, f);
	case FIELD_NAME:
		return names(l, f, f->null);
	case FIELD_STRING:
	case FIELD_TEXT:
		return type(l, f, "string");
	case FIELD_WORDING:
		return f->name_of ? names(l, f, f->null) : type(l, f, "string");
	case FIELD_TIME:
		return referred(l, f, "time");
	case FIELD_COUNTS:
		return counts(l, f);
	case FIELD_NAMED:
		return named(l, f);
	case FIELD_NAMES:
		return list_of_names(l, f);
	case FIELD_TEXTS:
		return texts(l, f);
	case FIELD_PAIRS:
		return referred(l, f, "buckets");
	case FIELD_OBJECT:
		return referred(l, f, f->of->name);
	case FIELD_ARRAY:
		return objects(l, f, f->of);
	case FIELD_LIST:
		return objects(l, f, f->list->item);
	case FIELD_INLINE:
	case FIELD_BEHIND:
		return; /* no key of its own */
	}
}

/* ---- shapes ---- */

static bool is_inline(const struct field *f)
{
	return f->kind == FIELD_INLINE || f->kind == FIELD_BEHIND;
}

static void required(struct json_line *l, const struct field *fields)
{
	for (const struct field *f = fields; f->key; f++) {
		if (is_inline(f))
			required(l, f->of->fields);
		else if (!f->rare)
			jl_text(l, f->key);
	}
}

static void properties(struct json_line *l, const struct field *fields)
{
	static const char *const metric[METRICS] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_HISTOGRAM] = "histogram",
	};

	for (const struct field *f = fields; f->key; f++) {
		if (is_inline(f)) {
			properties(l, f->of->fields);
			continue;
		}
		jl_break(l, 4);
		key(l, f->key);
		jl_open(l, '{');
		value(l, f);
		if (metric[f->metric])
			text(l, "x-kind", metric[f->metric]);
		if (f->unit)
			text(l, "x-unit", f->unit);
		if (f->text)
			text(l, "description", f->text);
		jl_close(l, '}');
	}
}

static bool has_exact(const struct field *fields)
{
	for (const struct field *f = fields; f->key; f++)
		if (f->kind == FIELD_U64 || f->kind == FIELD_SUM || f->kind == FIELD_NUMBER ||
		    (is_inline(f) && has_exact(f->of->fields)))
			return true;
	return false;
}

/* The keys of numbers that what keeps doubles would round. */
static void exact(struct json_line *l, const struct field *fields)
{
	if (!has_exact(fields))
		return;
	jl_break(l, 3);
	key(l, "patternProperties");
	jl_open(l, '{');
	key(l, EXACT_KEY "$");
	jl_open(l, '{');
	ref(l, "exact");
	jl_close(l, '}');
	jl_close(l, '}');
}

/* What each line begins with. */
static void constants(struct json_line *l, const struct shape *shape)
{
	jl_break(l, 4);
	key(l, "type");
	jl_open(l, '{');
	text(l, "const", shape->type);
	jl_close(l, '}');
	jl_break(l, 4);
	key(l, "schema");
	jl_open(l, '{');
	number(l, "const", STREAM_SCHEMA);
	jl_close(l, '}');
}

static void definition(struct json_line *l, const struct shape *shape)
{
	jl_break(l, 2);
	key(l, shape->name);
	jl_open(l, '{');
	jl_break(l, 3);
	text(l, "type", "object");
	if (shape->text) {
		jl_break(l, 3);
		text(l, "description", shape->text);
	}
	jl_break(l, 3);
	key(l, "required");
	jl_open(l, '[');
	if (shape->type) {
		jl_text(l, "type");
		jl_text(l, "schema");
	}
	required(l, shape->fields);
	jl_close(l, ']');
	jl_break(l, 3);
	key(l, "properties");
	jl_open(l, '{');
	if (shape->type)
		constants(l, shape);
	properties(l, shape->fields);
	l->more = false;
	jl_break(l, 3);
	jl_close(l, '}');
	exact(l, shape->fields);
	l->more = false;
	jl_break(l, 2);
	jl_close(l, '}');
}

/* ---- which there are ---- */

static void find_fields(struct found *all, const struct field *fields);

static void find(struct found *all, const struct shape *shape)
{
	for (size_t i = 0; i < all->shapes; i++)
		if (strcmp(all->shape[i]->name, shape->name) == 0)
			return;
	if (all->shapes == SHAPES) {
		all->too_many = true;
		return;
	}
	all->shape[all->shapes++] = shape;
	find_fields(all, shape->fields);
}

static void find_fields(struct found *all, const struct field *fields)
{
	for (const struct field *f = fields; f->key; f++) {
		if (is_inline(f))
			find_fields(all, f->of->fields);
		else if (f->of)
			find(all, f->of);
		else if (f->list)
			find(all, f->list->item);
	}
}

/* ---- the document ---- */

static void head(struct json_line *l, const struct schema_about *about,
		 const struct shape *const *lines, size_t n)
{
	char title[64];

	snprintf(title, sizeof(title), "%s %d", about->title, STREAM_SCHEMA);
	jl_break(l, 1);
	text(l, "$schema", "https://json-schema.org/draft/2020-12/schema");
	jl_break(l, 1);
	text(l, "title", title);
	jl_break(l, 1);
	text(l, "description", about->text);
	jl_break(l, 1);
	text(l, "type", "object");
	jl_break(l, 1);
	key(l, "required");
	jl_open(l, '[');
	jl_text(l, "type");
	jl_text(l, "schema");
	jl_close(l, ']');
	jl_break(l, 1);
	key(l, "oneOf");
	jl_open(l, '[');
	for (size_t i = 0; i < n; i++) {
		jl_open(l, '{');
		ref(l, lines[i]->name);
		jl_close(l, '}');
	}
	if (about->cut) {
		jl_open(l, '{');
		ref(l, "part");
		jl_close(l, '}');
	}
	jl_close(l, ']');
}

/* What a long line may be cut into. */
static void part(struct json_line *l)
{
	jl_raw(l, "\"part\":{\"type\":\"object\",\"description\":\"A part of a long line, as "
		  "--split cuts it: its type is that of the line with _part behind it, and its "
		  "other keys are some of the keys of the line. Objects of all parts put together, "
		  "arrays one behind the other, are the line; continued: this object is the rest "
		  "of the last one of this array in the part before.\","
		  "\"required\":[\"type\",\"schema\",\"part\",\"parts\"],\"properties\":{"
		  "\"type\":{\"type\":\"string\",\"pattern\":\"_part$\"},\"part\":{\"$ref\":"
		  "\"#/$defs/count\"},\"parts\":{\"$ref\":\"#/$defs/count\"}}}");
	jl_break(l, 2);
}

/* What no shape describes. */
static void basics(struct json_line *l)
{
	jl_raw(l, "\"count\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9223372036854774784}");
	jl_break(l, 2);
	jl_raw(l, "\"exact\":{\"type\":\"string\",\"pattern\":\"^[0-9]{16,19}$\","
		  "\"description\":\"The number before it, which is beyond 2^53, as "
		  "text.\"}");
	jl_break(l, 2);
	jl_raw(l, "\"time\":{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T"
		  "[0-9]{2}:[0-9]{2}:[0-9]{2}\\\\.[0-9]{9}Z$\",\"description\":\"UTC, RFC 3339 "
		  "with nanoseconds.\"}");
	jl_break(l, 2);
	jl_raw(l, "\"buckets\":{\"type\":\"array\",\"items\":{\"type\":\"array\",\"prefixItems\":["
		  "{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"description\":\"Inclusive "
		  "upper bound; null: none.\"},"
		  "{\"$ref\":\"#/$defs/count\",\"description\":\"Requests.\"}],"
		  "\"items\":false,\"minItems\":2}}");
}

int schema_write(FILE *f, const struct schema_about *about, const struct shape *const *lines,
		 size_t n)
{
	struct found all = {.shapes = 0};
	struct json_line l = {.buf = NULL};

	for (size_t i = 0; i < n; i++)
		find(&all, lines[i]);
	jl_open(&l, '{');
	head(&l, about, lines, n);
	jl_break(&l, 1);
	key(&l, "$defs");
	jl_open(&l, '{');
	jl_break(&l, 2);
	if (about->cut)
		part(&l);
	basics(&l);
	for (size_t i = 0; i < all.shapes; i++)
		definition(&l, all.shape[i]);
	l.more = false;
	jl_break(&l, 1);
	jl_close(&l, '}');
	l.more = false;
	jl_break(&l, 0);
	jl_close(&l, '}');
	l.failed |= all.too_many;
	return jl_write(&l, f);
}
