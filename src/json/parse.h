/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * parse.h - values out of JSON. Trusts no input: key, type and range are checked.
 *
 * The first thing that is wrong is kept in the reader, and every getter does nothing from then on
 * (numbers are 0, pointers NULL): the callers read straight down and look once, at the end.
 */
#ifndef LAB_JSON_PARSE_H
#define LAB_JSON_PARSE_H

#include <jansson.h>
#include <linux/types.h>
#include <stdbool.h>

/* What is wrong with a line: "interval.rows[2].class: "x" is not known". */
struct stream_error {
	char text[256];
	const char *view; /* nothing is wrong, but the line is of this other view */
};

struct reader {
	bool failed;
	struct stream_error *err;
	char path[96]; /* where it is, as a user would write it: "interval.rows[2]." */
	size_t path_len;
	const void *root;  /* the struct that is read */
	json_int_t schema; /* of the line */
	__u64 seen;	   /* bits of the entries of the list that is read: rd_twice() */
};

/* The object that a line is; NULL when it is none. The caller gives it back (json_decref). */
json_t *rd_open(struct reader *rd, const char *line, size_t len);

void rd_fail(struct reader *rd, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Was this entry (below 64) there before in the list that is read? Now it was. */
bool rd_twice(struct reader *rd, unsigned int entry);

/* Enters "key." or, with an index, "key[index]."; returns what rd_leave() needs to go back. */
size_t rd_enter(struct reader *rd, const char *key, long index);
void rd_leave(struct reader *rd, size_t before);

/* The value of a key that must be there. */
const json_t *rd_get(struct reader *rd, const json_t *object, const char *key);

/* A value that was found under key, as what it must be. */
const json_t *rd_as_object(struct reader *rd, const char *key, const json_t *v);
/* An array of at most max values. */
const json_t *rd_as_array(struct reader *rd, const char *key, const json_t *v, size_t max);
json_int_t rd_as_integer(struct reader *rd, const char *key, const json_t *v, json_int_t min,
			 json_int_t max);
bool rd_as_bool(struct reader *rd, const char *key, const json_t *v);
void rd_as_string(struct reader *rd, const char *key, const json_t *v, char *buf, size_t size);
/* RFC 3339 in UTC with nanoseconds, as the writer puts it: ns since 1970. */
__u64 rd_as_time(struct reader *rd, const char *key, const json_t *v);
/* The digits of a number as text, at most INT64_MAX. */
__u64 rd_as_digits(struct reader *rd, const char *key, const json_t *v);
/* The number v may be what a reader that keeps doubles made of exact. */
void rd_same(struct reader *rd, const char *key, const json_t *v, __u64 exact);
/* "0x" and at most so many digits, as the writer puts it. */
__u64 rd_as_hex(struct reader *rd, const char *key, const json_t *v, size_t digits);
/* Index of a string among the names of something, from least on. */
unsigned int rd_as_name(struct reader *rd, const char *key, const json_t *v,
			const char *(*name_of)(unsigned int), unsigned int least);

#endif
