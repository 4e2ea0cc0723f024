// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* json_line.c - see json_line.h. */
#include "json_line.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "exits.h"
#include "json_write.h"
#include "util.h"
#include "view.h"

#define FIRST_SIZE 16384 /* an event with a whole stack fits in */

/* Makes the buffer so large that n more characters have room. */
static __attribute__((noinline)) char *grow(struct json_line *l, size_t n)
{
	size_t size = l->size ?: FIRST_SIZE;
	char *buf;

	while (size < l->len + n)
		size *= 2;
	buf = l->failed ? NULL : realloc(l->buf, size);
	if (!buf) {
		l->failed = true;
		return NULL;
	}
	l->buf = buf;
	l->size = size;
	return buf + l->len;
}

/* Room for n more characters; NULL: none. */
static inline char *room(struct json_line *l, size_t n)
{
	return l->len + n <= l->size ? l->buf + l->len : grow(l, n);
}

static void put(struct json_line *l, const char *s, size_t n)
{
	char *p = room(l, n);

	if (!p)
		return;
	memcpy(p, s, n);
	l->len += n;
}

static inline void put_char(struct json_line *l, char c)
{
	char *p = room(l, 1);

	if (!p)
		return;
	*p = c;
	l->len++;
}

static inline void begin_value(struct json_line *l)
{
	if (l->more)
		put_char(l, ',');
	l->more = true;
}

void jl_key(struct json_line *l, const char *key)
{
	size_t n = strlen(key);
	char *p = room(l, n + 4);

	if (!p)
		return;
	if (l->more)
		*p++ = ',';
	*p++ = '"';
	memcpy(p, key, n);
	memcpy(p + n, "\":", 2);
	l->len = (size_t)(p + n + 2 - l->buf);
	l->more = false;
}

void jl_open(struct json_line *l, char bracket)
{
	begin_value(l);
	put_char(l, bracket);
	l->more = false;
}

void jl_close(struct json_line *l, char bracket)
{
	put_char(l, bracket);
	l->more = true;
}

void jl_null(struct json_line *l)
{
	begin_value(l);
	put(l, "null", 4);
}

void jl_bool(struct json_line *l, bool v)
{
	begin_value(l);
	put(l, v ? "true" : "false", v ? 4 : 5);
}

void jl_number(struct json_line *l, __u64 v)
{
	char digits[20];
	size_t at = sizeof(digits);

	/* As wr_number(): readers keep integers as signed ones. */
	if (v > INT64_MAX)
		v = INT64_MAX;
	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	begin_value(l);
	put(l, digits + at, sizeof(digits) - at);
}

static void jl_hex(struct json_line *l, __u64 v)
{
	char digits[19];
	size_t at = sizeof(digits);

	digits[--at] = '"';
	do {
		digits[--at] = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v);
	begin_value(l);
	put(l, "\"0x", 3);
	put(l, digits + at, sizeof(digits) - at);
}

/* How much of it needs no escape and is UTF-8 for certain: all, in nearly all there is. */
static size_t plain_length(const char *s)
{
	static const bool strange[256] = {
		[0 ... ' ' - 1] = true,
		['"'] = true,
		['\\'] = true,
		[0x80 ... 0xff] = true,
	};
	const char *p = s;

	while (!strange[(unsigned char)*p])
		p++;
	return (size_t)(p - s);
}

static void put_strange(struct json_line *l, const char *s)
{
	json_t *value = wr_text(s);
	_cleanup_(freep) char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	json_decref(value);
	if (text)
		put(l, text, strlen(text));
	else
		l->failed = true;
}

void jl_text(struct json_line *l, const char *s)
{
	size_t n = plain_length(s);
	char *p;

	begin_value(l);
	if (s[n]) {
		put_strange(l, s);
		return;
	}
	p = room(l, n + 2);
	if (!p)
		return;
	*p++ = '"';
	memcpy(p, s, n);
	p[n] = '"';
	l->len += n + 2;
}

static char *put_digits(char *p, unsigned int v, unsigned int digits)
{
	for (unsigned int i = digits; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + digits;
}

void jl_time(struct json_line *l, __u64 time_ns)
{
	time_t seconds = (time_t)(time_ns / 1000000000U);
	char text[48], *p = text;
	struct tm tm;

	if (!gmtime_r(&seconds, &tm)) {
		l->failed = true;
		return;
	}
	*p++ = '"';
	p = put_digits(p, (unsigned int)tm.tm_year + 1900, 4);
	*p++ = '-';
	p = put_digits(p, (unsigned int)tm.tm_mon + 1, 2);
	*p++ = '-';
	p = put_digits(p, (unsigned int)tm.tm_mday, 2);
	*p++ = 'T';
	p = put_digits(p, (unsigned int)tm.tm_hour, 2);
	*p++ = ':';
	p = put_digits(p, (unsigned int)tm.tm_min, 2);
	*p++ = ':';
	p = put_digits(p, (unsigned int)tm.tm_sec, 2);
	*p++ = '.';
	p = put_digits(p, (unsigned int)(time_ns % 1000000000U), 9);
	*p++ = 'Z';
	*p++ = '"';
	begin_value(l);
	put(l, text, (size_t)(p - text));
}

/* ---- tables of keys ---- */

static void jl_name(struct json_line *l, const char *name)
{
	if (name)
		jl_text(l, name);
	else
		jl_null(l);
}

static void jl_signed(struct json_line *l, __s64 v)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%lld", (long long)v);

	begin_value(l);
	put(l, text, (size_t)n);
}

static void put_field(struct json_line *l, const struct field *f, const void *p)
{
	switch (f->kind) {
	case FIELD_U64:
	case FIELD_ADDED:
		return jl_number(l, *(const __u64 *)p);
	case FIELD_S64:
		return jl_signed(l, *(const __s64 *)p);
	case FIELD_U32:
		return jl_number(l, *(const __u32 *)p);
	case FIELD_BOOL:
		return jl_bool(l, *(const bool *)p);
	case FIELD_FLAG:
		return jl_bool(l, *(const __u32 *)p & f->arg);
	case FIELD_HEX:
		return jl_hex(l, *(const __u32 *)p);
	case FIELD_MASK:
		return *(const __u64 *)p ? jl_hex(l, *(const __u64 *)p) : jl_null(l);
	case FIELD_NAME:
		return jl_name(l, f->name_of(*(const __u32 *)p));
	case FIELD_TEXT:
		return jl_name(l, *(const char *)p ? p : NULL);
	}
}

void jl_put_fields(struct json_line *l, const struct field *fields, const void *base)
{
	for (const struct field *f = fields; f->key; f++) {
		jl_key(l, f->key);
		put_field(l, f, (const char *)base + f->offset);
	}
}

void jl_put_nulls(struct json_line *l, const struct field *fields)
{
	for (const struct field *f = fields; f->key; f++) {
		jl_key(l, f->key);
		jl_null(l);
	}
}

int jl_write(struct json_line *l, FILE *f)
{
	_cleanup_(freep) char *buf = NULL;

	put_char(l, '\n');
	buf = TAKE_PTR(l->buf);
	if (l->failed)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for a line of JSON");
	return view_put(f, buf, l->len);
}
