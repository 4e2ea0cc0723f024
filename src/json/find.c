// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* find.c - see find.h. */
#include "json/find.h"

#include <string.h>

static bool is_end(const struct field *f)
{
	return !f->key;
}

/* What the keys behind this one are keys of; NULL: it has none. */
static const struct shape *inner(const struct field *f)
{
	return f->kind == FIELD_LIST ? f->list->item : f->of;
}

/* Is what lies behind it an entry of its own, whose members are counted from its beginning? */
static bool is_entry(const struct field *f)
{
	return f->kind == FIELD_LIST || f->kind == FIELD_ARRAY;
}

static bool find(const struct shape *shape, const char *path, size_t at, struct found *ret);

/* The key is that of the field, or lies behind it. */
static bool try_field(const struct field *f, const char *path, size_t at, struct found *ret)
{
	size_t len = strcspn(path, ".");

	if (f->kind == FIELD_INLINE)
		return find(f->of, path, at + f->at, ret);
	if (len != f->key_len || memcmp(f->key, path, len) != 0)
		return false;
	if (path[len])
		return inner(f) &&
		       find(inner(f), path + len + 1, is_entry(f) ? 0 : at + f->at, ret);
	*ret = (struct found){f, at + f->at};
	return true;
}

static bool find(const struct shape *shape, const char *path, size_t at, struct found *ret)
{
	for (const struct field *f = shape->fields; !is_end(f); f++)
		if (try_field(f, path, at, ret))
			return true;
	return false;
}

bool shape_find(const struct shape *shape, const char *path, struct found *ret)
{
	return find(shape, path, 0, ret);
}

__s64 found_number(const struct found *found, const void *base)
{
	const char *at = (const char *)base + found->at;

	switch (found->field->kind) {
	case FIELD_U32:
		return *(const __u32 *)at;
	case FIELD_BOOL:
		return *(const bool *)at;
	case FIELD_NUMBER:
	case FIELD_SUM:
		return (__s64)found->field->number_of(base);
	default:
		return *(const __s64 *)at;
	}
}
