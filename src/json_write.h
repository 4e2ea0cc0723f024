/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* json_write.h - model to JSON by the tables of keys; for views that write the stream. */
#ifndef LAB_JSON_WRITE_H
#define LAB_JSON_WRITE_H

#include <jansson.h>
#include <stdio.h>

#include "stream.h"

/*
 * Every helper here takes over the values it is given, and NULL (no memory) is passed on by jansson
 * as a failure of the enclosing set or append, which marks the line as broken.
 */
struct writer {
	bool failed;
};

void wr_put(struct writer *w, json_t *object, const char *key, json_t *value);
void wr_add(struct writer *w, json_t *array, json_t *value);
void wr_put_fields(struct writer *w, json_t *object, const struct field *fields, const void *base);
/* The same keys, all null: for what this object has not. */
void wr_put_nulls(struct writer *w, json_t *object, const struct field *fields);
json_t *wr_fields(struct writer *w, const struct field *fields, const void *base);

/* Counts under the names of what is counted. */
json_t *wr_named(struct writer *w, const char *(*name_of)(unsigned int), const __u64 *count);

/* JSON readers keep integers as signed 64 bit: 292 years of ns, and no counter comes near. */
json_t *wr_number(__u64 v);
/* A name may hold any byte; JSON may not. */
json_t *wr_text(const char *s);
json_t *wr_text_or_null(const char *s);
/* RFC 3339 in UTC, with nanoseconds. */
json_t *wr_time(__u64 time_ns);

/* What does not change during a run. */
void wr_put_info(struct writer *w, json_t *root, const struct run_info *info);

/* Takes over root, and writes it as a line; returns as view_write() does. */
int wr_line(FILE *f, const struct writer *w, json_t *root);

#endif
