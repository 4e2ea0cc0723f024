// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* emit.c - see emit.h. */
#include "json/emit.h"
#include "json/cut.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/exits.h"
#include "base/util.h"
#include "base/out.h"

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

void jl_key_len(struct json_line *l, const char *key, size_t n)
{
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

void jl_key(struct json_line *l, const char *key)
{
	jl_key_len(l, key, strlen(key));
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

/* The digits of v at the end of buf; returns where they begin. */
static size_t digits_of(__u64 v, char buf[20])
{
	size_t at = 20;

	do {
		buf[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return at;
}

void jl_number(struct json_line *l, __u64 v)
{
	char digits[20];
	size_t at = digits_of(v < JSON_MOST ? v : JSON_MOST, digits);

	begin_value(l);
	put(l, digits + at, sizeof(digits) - at);
}

void jl_digits(struct json_line *l, __u64 v)
{
	char digits[20];
	size_t at = digits_of(v, digits);

	begin_value(l);
	put_char(l, '"');
	put(l, digits + at, sizeof(digits) - at);
	put_char(l, '"');
}

void jl_signed(struct json_line *l, __s64 v)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%lld", (long long)v);

	begin_value(l);
	put(l, text, (size_t)n);
}

void jl_hex(struct json_line *l, __u64 v)
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

/* NULL: no memory. */
static json_t *utf8_of(const char *s)
{
	json_t *v = json_string(s);
	_cleanup_(freep) char *ascii = v ? NULL : strdup(s);

	if (v || !ascii)
		return v;
	for (char *p = ascii; *p; p++) {
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	}
	return json_string(ascii);
}

static void put_strange(struct json_line *l, const char *s)
{
	json_t *value = utf8_of(s);
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

void jl_raw(struct json_line *l, const char *s)
{
	begin_value(l);
	put(l, s, strlen(s));
}

void jl_break(struct json_line *l, unsigned int depth)
{
	if (l->more)
		put_char(l, ',');
	l->more = false;
	put_char(l, '\n');
	while (depth-- > 0)
		put(l, "  ", 2);
}

int jl_write(struct json_line *l, FILE *f)
{
	_cleanup_(freep) char *buf = NULL;

	put_char(l, '\n');
	buf = TAKE_PTR(l->buf);
	if (l->failed)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a line of JSON");
	return l->cut ? cut_put(f, buf, l->len) : out_put(f, buf, l->len);
}
