/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * json_line.h - a line of JSON written from its start to its end, for lines that come by the
 * thousand: json_write.h builds a tree of them first, which costs ten times as much. What comes out
 * is the same.
 */
#ifndef LAB_JSON_LINE_H
#define LAB_JSON_LINE_H

#include <stdbool.h>
#include <stdio.h>

#include "stream.h"

/* Zero it before the first call. */
struct json_line {
	char *buf;
	size_t len, size;
	bool more;   /* a value was written: a comma comes before the next */
	bool failed; /* no memory */
};

/* The key of the next value; inside an array there is none. */
void jl_key(struct json_line *l, const char *key);

/* '{' or '[', and its end. */
void jl_open(struct json_line *l, char bracket);
void jl_close(struct json_line *l, char bracket);

void jl_null(struct json_line *l);
void jl_bool(struct json_line *l, bool v);
void jl_number(struct json_line *l, __u64 v);
void jl_text(struct json_line *l, const char *s);
/* RFC 3339 in UTC, with nanoseconds. */
void jl_time(struct json_line *l, __u64 time_ns);

void jl_put_fields(struct json_line *l, const struct field *fields, const void *base);
/* The same keys, all null. */
void jl_put_nulls(struct json_line *l, const struct field *fields);

/* Puts it into f, and frees what it took; returns as view_put() does. */
int jl_write(struct json_line *l, FILE *f);

#endif
