/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* random_shape.h - a struct full of random figures that a stream can carry, by its shape. */
#ifndef LAB_TEST_RANDOM_SHAPE_H
#define LAB_TEST_RANDOM_SHAPE_H

#include <stdint.h>

#include "json/common.h"
#include "json/read.h"
#include "model/figures.h"
#include "test.h"

#define RANDOM_ENTRIES 30 /* of a list, at most */
#define RANDOM_BUCKETS 20 /* draws, some of the same bucket */

static inline __u64 random_count(__u64 *seed)
{
	return test_random(seed) >> (1 + test_random(seed) % 62); /* all sizes, at most 63 bits */
}

/* No quotes missing: letters, quotes, backslashes and a two-byte character. Controls are cleaned
 * where names come in. */
static inline void random_string(char *buf, size_t size, __u64 *seed)
{
	static const char letters[] = "abcXYZ019 .-_/\"\\";
	size_t len = test_random(seed) % size;

	for (size_t i = 0; i < len; i++)
		buf[i] = letters[test_random(seed) % (sizeof(letters) - 1)];
	if (len >= 2 && test_random(seed) % 4 == 0)
		memcpy(buf, "\xc3\xa4", 2);
	buf[len] = '\0';
}

static inline __u32 random_names(const struct field *f)
{
	__u32 names = f->min;

	while (f->name_of(names))
		names++;
	return names;
}

static inline void random_fields(const struct field *f, void *base, const void *root, __u64 *seed);

/* Sets the count and returns it. */
static inline unsigned int random_entries(const struct field *f, void *base, __u64 *seed)
{
	unsigned int n = (unsigned int)(test_random(seed) % (f->max + 1));

	if (f->count_at)
		*(unsigned int *)((char *)base + f->count_at) = n;
	return n;
}

static inline void random_texts(const struct field *f, void *base, __u64 *seed)
{
	char *text = (char *)base + f->at;

	for (unsigned int n = random_entries(f, base, seed); n > 0; n--, text += f->arg) {
		random_string(text, f->arg, seed);
		if (!f->count_at)
			text[0] = 'x'; /* an empty one would be the end */
	}
}

/* What its check has to say goes unsaid; what it completes is completed. */
static inline void random_object(const struct shape *shape, void *to, const void *root, __u64 *seed)
{
	struct stream_error err;
	struct reader rd = {.err = &err};

	random_fields(shape->fields, to, root, seed);
	if (shape->check)
		shape->check(&rd, to);
}

static inline void random_array(const struct field *f, void *base, const void *root, __u64 *seed)
{
	char *item = (char *)base + f->at;

	for (unsigned int n = random_entries(f, base, seed); n > 0; n--, item += f->of->size)
		random_object(f->of, item, root, seed);
}

/* An entry that there is already is refused, and goes unsaid. */
static inline void random_list(const struct field *f, void *base, const void *root, __u64 *seed)
{
	__u32 most = f->max < RANDOM_ENTRIES ? f->max : RANDOM_ENTRIES;
	size_t n = test_random(seed) % (most + 1);
	struct stream_error err;
	struct reader rd = {.err = &err};
	__u64 item[f->list->item->size / sizeof(__u64) + 1];

	if (f->list->room)
		f->list->room(&rd, base, n);
	while (n-- > 0) {
		memset(item, 0, sizeof(item));
		random_fields(f->list->item->fields, item, root, seed);
		rd.failed = false;
		if (f->list->item->check)
			f->list->item->check(&rd, item);
		if (!rd.failed)
			f->list->put(&rd, base, item);
	}
}

static inline void random_numbers(const struct field *f, void *p, __u64 *seed)
{
	for (__u32 i = 0; f->kind == FIELD_COUNTS && i < f->arg; i++)
		((__u32 *)p)[i] = test_random(seed) & 1 ? (__u32)test_random(seed) : 0;
	for (__u32 i = 0; f->kind == FIELD_NAMED && f->name_of(i); i++)
		((__u64 *)p)[i] = random_count(seed);
	for (__u32 i = 0; f->kind == FIELD_PAIRS && i < RANDOM_BUCKETS; i++)
		((struct hist *)p)->bucket[test_random(seed) % LAB_LAT_BUCKETS] =
			random_count(seed) >> 10;
}

static inline void random_value(const struct field *f, void *base, const void *root, __u64 *seed)
{
	void *p = (char *)base + f->at;

	switch (f->kind) {
	case FIELD_U64:
	case FIELD_NANOS:
		*(__u64 *)p = random_count(seed) | f->min;
		break;
	case FIELD_S64:
		*(__s64 *)p = (__s64)test_random(seed);
		break;
	case FIELD_U32:
		*(__u32 *)p = (__u32)(test_random(seed) % ((f->max ?: ~0U) + 1ULL)) | f->min;
		break;
	case FIELD_INDEX:
		*(__s32 *)p = (__s32)(test_random(seed) % 9) - 1;
		break;
	case FIELD_BOOL:
		*(bool *)p = test_random(seed) & 1;
		break;
	case FIELD_FLAG:
		*(__u32 *)p |= test_random(seed) & 1 ? f->arg : 0;
		break;
	case FIELD_HEX:
		*(__u32 *)p = (__u32)test_random(seed);
		break;
	case FIELD_MASK:
		*(__u64 *)p = test_random(seed) & 1 ? test_random(seed) : 0;
		break;
	case FIELD_NAME:
		*(__u32 *)p = f->min + (__u32)(test_random(seed) % (random_names(f) - f->min));
		break;
	case FIELD_NAMES:
		*(__u32 *)p = (__u32)(test_random(seed) & ((1U << random_names(f)) - 1));
		break;
	case FIELD_STRING:
	case FIELD_TEXT:
		random_string(p, f->arg, seed);
		break;
	case FIELD_TEXTS:
		random_texts(f, base, seed);
		break;
	case FIELD_OBJECT:
	case FIELD_INLINE:
		random_fields(f->of->fields, p, root, seed);
		if (f->of == &nearest_shape)
			f->of->check(NULL, p);
		break;
	case FIELD_BEHIND:
		random_fields(f->of->fields, *(void *const *)p, root, seed);
		break;
	case FIELD_ARRAY:
		random_array(f, base, root, seed);
		break;
	case FIELD_LIST:
		random_list(f, base, root, seed);
		break;
	default: /* computed, or a row of numbers */
		random_numbers(f, p, seed);
		break;
	}
}

/* What may be null is, one time in two. */
static inline void random_fields(const struct field *f, void *base, const void *root, __u64 *seed)
{
	for (; f->key; f++) {
		if (f->null == NULL_UNLESS && !f->has(base, root))
			continue;
		if (f->null == NULL_LOWEST && test_random(seed) & 1) {
			*(__s64 *)((char *)base + f->at) = INT64_MIN;
			continue;
		}
		if ((f->null == NULL_OR || f->null == NULL_ZERO) && test_random(seed) & 1)
			continue;
		random_value(f, base, root, seed);
		if (f->mark)
			f->mark(base);
	}
}

/* *to must be zero. */
static inline void random_shape(const struct shape *shape, void *to, __u64 *seed)
{
	random_fields(shape->fields, to, to, seed);
}

#endif
