/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * fields.h - short words for the rows of a shape's table, one row a key. For files that hold such
 * tables, not for headers.
 */
#ifndef LAB_JSON_FIELDS_H
#define LAB_JSON_FIELDS_H

#include "json/shape.h"

/* The offset of a member, which must be of this type. */
#define AT(type, member, want)                                                                     \
	(offsetof(type, member) +                                                                  \
	 0 * sizeof(char[__builtin_types_compatible_p(typeof(((type *)0)->member), want) ? 1       \
											 : -1]))
#define SIZE(type, member) sizeof(((type *)0)->member)

#define FIELD(of_kind, of_key, of_metric, of_unit, said)                                           \
	.key = of_key, .key_len = sizeof(of_key) - 1, .kind = FIELD_##of_kind,                     \
	.metric = METRIC_##of_metric, .unit = of_unit, .text = said

/* U64(struct row, "requests", requests, COUNTER, "requests", "one sentence", more members) */
#define U64(type, key, member, metric, unit, text, ...)                                            \
	{                                                                                          \
		FIELD(U64, key, metric, unit, text), .at = AT(type, member, __u64), ##__VA_ARGS__  \
	}
#define S64(type, key, member, metric, unit, text, ...)                                            \
	{                                                                                          \
		FIELD(S64, key, metric, unit, text), .at = AT(type, member, __s64), ##__VA_ARGS__  \
	}
#define U32(type, key, member, metric, unit, text, ...)                                            \
	{                                                                                          \
		FIELD(U32, key, metric, unit, text), .at = AT(type, member, __u32), ##__VA_ARGS__  \
	}
/* What is a word or a yes or no is a label. */
#define BOOL(type, key, member, text, ...)                                                         \
	{                                                                                          \
		FIELD(BOOL, key, LABEL, NULL, text), .at = AT(type, member, bool), ##__VA_ARGS__   \
	}
#define FLAG(type, key, member, bit, text, ...)                                                    \
	{                                                                                          \
		FIELD(FLAG, key, LABEL, NULL, text), .at = AT(type, member, __u32), .arg = (bit),  \
						     ##__VA_ARGS__                                 \
	}
/* null when negative */
#define INDEX(type, key, member, text)                                                             \
	{                                                                                          \
		FIELD(INDEX, key, LABEL, NULL, text), .at = AT(type, member, __s32)                \
	}
#define HEX(type, key, member, text, ...)                                                          \
	{                                                                                          \
		FIELD(HEX, key, LABEL, NULL, text), .at = AT(type, member, __u32), ##__VA_ARGS__   \
	}
#define MASK(type, key, member, text, ...)                                                         \
	{                                                                                          \
		FIELD(MASK, key, LABEL, NULL, text), .at = AT(type, member, __u64), ##__VA_ARGS__  \
	}
#define NAME(type, key, member, names, text, ...)                                                  \
	{                                                                                          \
		FIELD(NAME, key, LABEL, NULL, text), .at = offsetof(type, member),                 \
						     .name_of = (names), ##__VA_ARGS__             \
	}
#define STRING(type, key, member, text, ...)                                                       \
	{                                                                                          \
		FIELD(STRING, key, LABEL, NULL, text), .at = offsetof(type, member),               \
						       .arg = SIZE(type, member), ##__VA_ARGS__    \
	}
#define TEXT(type, key, member, text, ...)                                                         \
	{                                                                                          \
		FIELD(TEXT, key, LABEL, NULL, text), .at = offsetof(type, member),                 \
						     .arg = SIZE(type, member), ##__VA_ARGS__      \
	}
#define TIME(type, key, member, text, ...)                                                         \
	{                                                                                          \
		FIELD(TIME, key, LABEL, NULL, text), .at = AT(type, member, __u64), ##__VA_ARGS__  \
	}
/* Behind the TIME of the same member. */
#define NANOS(type, key, member, metric, text, ...)                                                \
	{                                                                                          \
		FIELD(NANOS, key, metric, "ns", text), .at = AT(type, member, __u64),              \
						       ##__VA_ARGS__                               \
	}
#define NAMED(type, key, member, names, unit, text, ...)                                           \
	{                                                                                          \
		FIELD(NAMED, key, COUNTER, unit, text), .at = offsetof(type, member),              \
							.name_of = (names), ##__VA_ARGS__          \
	}
#define NAMES(type, key, member, names, most, text, ...)                                           \
	{                                                                                          \
		FIELD(NAMES, key, LABEL, NULL, text), .at = AT(type, member, __u32),               \
						      .name_of = (names), .max = (most),           \
						      ##__VA_ARGS__                                \
	}
#define TEXTS(type, key, member, text, ...)                                                        \
	{                                                                                          \
		FIELD(TEXTS, key, LABEL, NULL, text),                                              \
			.at = offsetof(type, member), .arg = SIZE(type, member[0]),                \
			.max = SIZE(type, member) / SIZE(type, member[0]), ##__VA_ARGS__           \
	}

#define OBJECT(type, key, member, shape, text, ...)                                                \
	{                                                                                          \
		FIELD(OBJECT, key, LABEL, NULL, text), .at = offsetof(type, member),               \
						       .of = &(shape), ##__VA_ARGS__               \
	}
/* Of the struct itself. */
#define PART(key, shape, text, ...)                                                                \
	{                                                                                          \
		FIELD(OBJECT, key, LABEL, NULL, text), .of = &(shape), ##__VA_ARGS__               \
	}
#define INLINE(type, member, shape)                                                                \
	{                                                                                          \
		FIELD(INLINE, "", LABEL, NULL, NULL), .at = offsetof(type, member), .of = &(shape) \
	}
/* The struct itself by another shape. */
#define ALL(shape)                                                                                 \
	{                                                                                          \
		FIELD(INLINE, "", LABEL, NULL, NULL), .of = &(shape)                               \
	}
#define BEHIND(type, member, shape)                                                                \
	{                                                                                          \
		FIELD(BEHIND, "", LABEL, NULL, NULL), .at = offsetof(type, member), .of = &(shape) \
	}
#define ARRAY(type, key, member, count, shape, text, ...)                                          \
	{                                                                                          \
		FIELD(ARRAY, key, LABEL, NULL, text),                                              \
			.at = offsetof(type, member), .count_at = AT(type, count, unsigned int),   \
			.max = SIZE(type, member) / SIZE(type, member[0]), .of = &(shape),         \
			##__VA_ARGS__                                                              \
	}
#define LIST(key, of_list, most, text, ...)                                                        \
	{                                                                                          \
		FIELD(LIST, key, LABEL, NULL, text), .list = &(of_list), .max = (most),            \
						     ##__VA_ARGS__                                 \
	}
#define SUM(key, function, metric, unit, text, ...)                                                \
	{                                                                                          \
		FIELD(SUM, key, metric, unit, text), .number_of = (function), ##__VA_ARGS__        \
	}
#define NUMBER(key, function, metric, unit, text, ...)                                             \
	{                                                                                          \
		FIELD(NUMBER, key, metric, unit, text), .number_of = (function), ##__VA_ARGS__     \
	}
#define TRUTH(key, function, text, ...)                                                            \
	{                                                                                          \
		FIELD(TRUTH, key, LABEL, NULL, text), .truth_of = (function), ##__VA_ARGS__        \
	}
#define WORDING(key, function, text, ...)                                                          \
	{                                                                                          \
		FIELD(WORDING, key, LABEL, NULL, text), .wording_of = (function), ##__VA_ARGS__    \
	}
#define END                                                                                        \
	{                                                                                          \
		.key = NULL                                                                        \
	}

#endif
