/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * shape.h - what a struct is in the JSON stream: one table that writes it (write.h), reads it
 * (read.h) and describes it to others (schema.h). It stands beside its struct, and nothing else
 * names a key.
 *
 *	struct -> shape_write() -> one line -> shape_parse() -> struct
 *
 * Order is output order.
 */
#ifndef LAB_JSON_SHAPE_H
#define LAB_JSON_SHAPE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct json_line;
struct reader;
struct shape;

/* What the member is, and what becomes of it. */
enum field_kind {
	FIELD_U64,    /* where it is beyond 2^53, KEY_exact behind it has its digits as text */
	FIELD_S64,    /* a number that may be negative */
	FIELD_U32,    /* also an enum that is shown as a number */
	FIELD_INDEX,  /* a __s32, null when negative */
	FIELD_BOOL,   /* a bool */
	FIELD_FLAG,   /* true or false; the bit arg of a __u32 */
	FIELD_HEX,    /* "0x820"; a __u32 */
	FIELD_MASK,   /* the same; a __u64, null when 0 */
	FIELD_NAME,   /* one of the names of name_of; a __u32 or enum */
	FIELD_STRING, /* a char array of arg bytes */
	FIELD_TEXT,   /* the same, null when empty */
	FIELD_TIME,   /* a __u64 of ns since 1970 as RFC 3339; read from schema 2 on */
	FIELD_NANOS,  /* the same moment as a number, which may come rounded: read in schema 1 */
	FIELD_COUNTS, /* an array of arg numbers, each a __u32 */
	FIELD_NAMED,  /* an object of counts, each a __u64, under the names of name_of */
	FIELD_NAMES,  /* an array of names; a __u32 with a bit for each */
	FIELD_TEXTS,  /* an array of strings; max char arrays of arg bytes, see count_at */
	FIELD_PAIRS,  /* an array of [bound, count]; a struct hist */
	FIELD_OBJECT, /* a struct with a shape of its own */
	FIELD_INLINE, /* the same, whose keys stand here; key is not used */
	FIELD_BEHIND, /* the same, behind a pointer */
	FIELD_ARRAY,  /* an array of at most max structs, see count_at */
	FIELD_LIST,   /* an array of objects that a struct list puts and takes */
	/* Computed of the struct. */
	FIELD_SUM,     /* as U64; a line in which it is another one is refused */
	FIELD_NUMBER,  /* the same, not read */
	FIELD_TRUTH,   /* true or false, not read */
	FIELD_WORDING, /* a string, not read */
};

/* What a measuring system makes of it. */
enum field_metric {
	METRIC_LABEL,	  /* names a row, or is said in words: no number to plot */
	METRIC_COUNTER,	  /* only grows in a run; in an interval, by how much it grew */
	METRIC_GAUGE,	  /* how it stands now */
	METRIC_HISTOGRAM, /* counts by upper bound */
	METRICS,
};

enum field_null {
	NULL_NEVER,
	NULL_ZERO,   /* where the number is 0 */
	NULL_LOWEST, /* where a S64 is INT64_MIN */
	NULL_UNLESS, /* unless has(), which goes by keys that come before: not read then */
	NULL_OR,     /* unless has(); read, null leaves the member as it is */
};

struct field {
	const char *key;
	const char *text; /* one sentence; NULL: the key says it all */
	const char *unit; /* "requests", "ns", "pages"; NULL: none */
	size_t at;	  /* of the member */
	size_t count_at;  /* of the unsigned int that counts the entries; 0: up to an empty text */
	enum field_kind kind;
	enum field_metric metric;
	enum field_null null;
	unsigned char key_len;
	bool optional; /* older recordings do not have the key: the member stays zero */
	bool rare;     /* a __u64 whose key is left out where it is 0 */
	bool late;     /* read when all others of the struct are */
	__u32 arg;
	__u32 max;		/* entries, or the largest U32; 0: all that fit */
	__u32 min;		/* the least number, or name */
	const struct shape *of; /* OBJECT, INLINE, BEHIND, ARRAY */
	const struct list *list;
	/* NULL behind the last. */
	const char *(*name_of)(unsigned int);
	/* root: the struct that is written or read as a whole. */
	bool (*has)(const void *base, const void *root);
	/* A value was read that is not null. */
	void (*mark)(void *base);
	__u64 (*number_of)(const void *base);
	bool (*truth_of)(const void *base);
	/* May use buf, of WORDING_MAX bytes. With name_of it returns one of those names. */
	const char *(*wording_of)(const void *base, char *buf);
};

#define WORDING_MAX 512

/* What is behind a key is the same number as text. */
#define EXACT_KEY "_exact"

/* Objects that do not lie in an array as they are written. item->size bytes are lent for one. */
struct list {
	const struct shape *item;
	/* Writing: the entry at *at or behind it, which becomes its index; NULL: there is none. */
	const void *(*get)(const struct json_line *l, const void *base, size_t *at, void *item);
	/* Reading: so many will come, max at most; NULL: no need to know. */
	void (*room)(struct reader *rd, void *base, size_t n);
	/* Reading: takes an entry over; what is wrong with it goes to rd_fail(). */
	void (*put)(struct reader *rd, void *base, const void *item);
};

struct shape {
	const char *name;  /* of the description; one name, one set of keys */
	const char *text;  /* one sentence */
	const char *type;  /* of a line of the stream; NULL: the shape is part of one */
	bool schema_first; /* the line begins with its schema, not with its type */
	size_t size;
	const struct field *fields; /* the last one has no key, and the kind U64 */
	/* Looks at what was read, and completes it; NULL: no need. What is wrong goes to
	 * rd_fail(). */
	void (*check)(struct reader *rd, void *base);
};

#endif
