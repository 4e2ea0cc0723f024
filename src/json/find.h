/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* find.h - a key of a shape by its path, for those who use its sentence, its unit and its place. */
#ifndef LAB_JSON_FIND_H
#define LAB_JSON_FIND_H

#include "json/shape.h"

struct found {
	const struct field *field;
	/* Of the member: in the struct of the shape, or, behind an array or a list, in its entry.
	 */
	size_t at;
};

/* "total.audit.missed", "zones.free_pages". false: there is no such key, *ret is untouched. */
bool shape_find(const struct shape *shape, const char *path, struct found *ret);

/* The number there; base: the struct that found->at counts from. Of U64, U32, S64 and BOOL. */
__s64 found_number(const struct found *found, const void *base);

#endif
