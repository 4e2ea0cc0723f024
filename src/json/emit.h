/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * emit.h - a line of JSON written from its start to its end into one buffer. No tree is built: that
 * costs ten times as much, and a thousand allocations on a machine that has no memory.
 */
#ifndef LAB_JSON_EMIT_H
#define LAB_JSON_EMIT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

#define STREAM_SCHEMA 2	      /* what is written */
#define STREAM_SCHEMA_FIRST 1 /* the oldest that is read */

/* Readers keep numbers as doubles: beyond this they may be rounded, and are also given as text. */
#define JSON_EXACT (1ULL << 53)
/* The largest number that is written: the largest double below 2^63, so that one that was rounded
 * still fits into a signed integer. */
#define JSON_MOST 9223372036854774784ULL

/* Zero it before the first call. */
struct json_line {
	char *buf;
	size_t len, size;
	bool more;	  /* a value was written: a comma comes before the next */
	bool failed;	  /* no memory */
	bool cut;	  /* into parts where it is too long: cut.h */
	const void *root; /* the struct that is written */
	const void *arg;  /* what decides which entries of its lists are; NULL: all of them */
};

/* The key of the next value (of n bytes); inside an array there is none. */
void jl_key(struct json_line *l, const char *key);
void jl_key_len(struct json_line *l, const char *key, size_t n);

/* '{' or '[', and its end. */
void jl_open(struct json_line *l, char bracket);
void jl_close(struct json_line *l, char bracket);

void jl_null(struct json_line *l);
void jl_bool(struct json_line *l, bool v);
/* At most JSON_MOST. */
void jl_number(struct json_line *l, __u64 v);
/* "18446744073709551615" */
void jl_digits(struct json_line *l, __u64 v);
void jl_signed(struct json_line *l, __s64 v);
/* "0x820" */
void jl_hex(struct json_line *l, __u64 v);
/* A name may hold any byte, JSON may not: what is not UTF-8 becomes '?'. */
void jl_text(struct json_line *l, const char *s);
/* RFC 3339 in UTC, with nanoseconds. */
void jl_time(struct json_line *l, __u64 time_ns);
/* As it is: s is JSON already. */
void jl_raw(struct json_line *l, const char *s);
/* A new line, indented by so many steps: for text that is read by people. */
void jl_break(struct json_line *l, unsigned int depth);

/* Ends the line, puts it into f, and frees what it took; returns as out_put() does. */
int jl_write(struct json_line *l, FILE *f);

#endif
