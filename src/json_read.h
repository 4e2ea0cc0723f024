/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * json_read.h - JSON to model by the tables of keys; for readers of the stream. Believes nothing.
 *
 * The first thing that is wrong is kept in the reader, and every getter does nothing from then on
 * (numbers are 0, pointers NULL): the callers read straight down and look once, at the end.
 */
#ifndef LAB_JSON_READ_H
#define LAB_JSON_READ_H

#include <jansson.h>

#include "stream.h"

struct reader {
	bool failed;
	struct stream_error *err;
	char path[96]; /* where it is, as a user would write it: "interval.rows[2]." */
	size_t path_len;
};

/* The object that a line is; NULL when it is none. The caller gives it back (json_decref). */
json_t *rd_open(struct reader *rd, const char *line, size_t len);
void rd_check_schema(struct reader *rd, const json_t *root);

void rd_fail(struct reader *rd, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Enters "key." or, with an index, "key[index]."; returns what rd_leave() needs to go back. */
size_t rd_enter(struct reader *rd, const char *key, long index);
void rd_leave(struct reader *rd, size_t before);

/* The value of a key that must be there. */
const json_t *rd_get(struct reader *rd, const json_t *object, const char *key);
const json_t *rd_get_object(struct reader *rd, const json_t *object, const char *key);
/* An array of at most max values. */
const json_t *rd_get_array(struct reader *rd, const json_t *object, const char *key, size_t max);
json_int_t rd_get_integer(struct reader *rd, const json_t *object, const char *key, json_int_t min,
			  json_int_t max);
__u64 rd_get_u64(struct reader *rd, const json_t *object, const char *key);
void rd_get_string(struct reader *rd, const json_t *object, const char *key, char *buf,
		   size_t size);

json_int_t rd_as_integer(struct reader *rd, const char *key, const json_t *v, json_int_t min,
			 json_int_t max);
void rd_as_string(struct reader *rd, const char *key, const json_t *v, char *buf, size_t size);
/* Index of a string among the names of something. */
unsigned int rd_as_name(struct reader *rd, const char *key, const json_t *v,
			const char *(*name_of)(unsigned int));

void rd_get_fields(struct reader *rd, const json_t *object, const struct field *fields, void *base);
/* The object under key, read by a table. */
void rd_get_section(struct reader *rd, const json_t *parent, const char *key,
		    const struct field *fields, void *base);
/* Counts under the names of what is counted. */
void rd_get_named(struct reader *rd, const json_t *parent, const char *key,
		  const char *(*name_of)(unsigned int), __u64 *count);
/* Calls item for each entry of an array of objects; returns how many there are. */
unsigned int rd_each_object(struct reader *rd, const json_t *parent, const char *key, size_t max,
			    void (*item)(struct reader *, const json_t *, size_t, void *),
			    void *to);

/* What does not change during a run. */
void rd_get_info(struct reader *rd, const json_t *root, struct run_info *info);

#endif
