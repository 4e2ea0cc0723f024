// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* parse.c - see parse.h. */
#include "json/parse.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/util.h"

void rd_fail(struct reader *rd, const char *key, const char *fmt, ...)
{
	size_t size = sizeof(rd->err->text);
	va_list ap;
	int n;

	if (rd->failed)
		return;
	rd->failed = true;
	n = snprintf(rd->err->text, size, "%s%s: ", rd->path, key);
	if (n < 0 || (size_t)n >= size)
		return;
	va_start(ap, fmt);
	vsnprintf(rd->err->text + n, size - (size_t)n, fmt, ap);
	va_end(ap);
}

bool rd_twice(struct reader *rd, unsigned int entry)
{
	bool twice = rd->seen & 1ULL << entry;

	rd->seen |= 1ULL << entry;
	return twice;
}

size_t rd_enter(struct reader *rd, const char *key, long index)
{
	size_t before = rd->path_len, room = sizeof(rd->path) - before;
	int n;

	if (index < 0)
		n = snprintf(rd->path + before, room, "%s.", key);
	else
		n = snprintf(rd->path + before, room, "%s[%ld].", key, index);
	if (n > 0)
		rd->path_len += (size_t)n < room ? (size_t)n : room - 1;
	return before;
}

void rd_leave(struct reader *rd, size_t before)
{
	rd->path_len = before;
	rd->path[before] = '\0';
}

static const char *kind_name(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "an integer";
	case JSON_REAL:
		return "a number with a fraction";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		return "null";
	}
	return "something else";
}

const json_t *rd_get(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = rd->failed ? NULL : json_object_get(object, key);

	if (!v)
		rd_fail(rd, key, "this key is missing");
	return v;
}

const json_t *rd_as_object(struct reader *rd, const char *key, const json_t *v)
{
	if (!v || json_is_object(v))
		return v;
	rd_fail(rd, key, "%s where an object belongs", kind_name(v));
	return NULL;
}

const json_t *rd_as_array(struct reader *rd, const char *key, const json_t *v, size_t max)
{
	if (v && !json_is_array(v)) {
		rd_fail(rd, key, "%s where an array belongs", kind_name(v));
		return NULL;
	}
	if (v && json_array_size(v) > max) {
		rd_fail(rd, key, "%zu entries, and there can be no more than %zu",
			json_array_size(v), max);
		return NULL;
	}
	return v;
}

json_int_t rd_as_integer(struct reader *rd, const char *key, const json_t *v, json_int_t min,
			 json_int_t max)
{
	if (v && !json_is_integer(v))
		rd_fail(rd, key, "%s where an integer belongs", kind_name(v));
	else if (v && (json_integer_value(v) < min || json_integer_value(v) > max))
		rd_fail(rd, key, "%" JSON_INTEGER_FORMAT " is out of range", json_integer_value(v));
	return rd->failed ? 0 : json_integer_value(v);
}

void rd_as_string(struct reader *rd, const char *key, const json_t *v, char *buf, size_t size)
{
	buf[0] = '\0';
	if (v && !json_is_string(v))
		rd_fail(rd, key, "%s where a string belongs", kind_name(v));
	else if (v && json_string_length(v) >= size)
		rd_fail(rd, key, "a string of more than %zu bytes", size - 1);
	if (!rd->failed)
		memcpy(buf, json_string_value(v), json_string_length(v) + 1);
	text_clean(buf);
}

bool rd_as_bool(struct reader *rd, const char *key, const json_t *v)
{
	if (v && !json_is_boolean(v))
		rd_fail(rd, key, "%s where true or false belongs", kind_name(v));
	return json_is_true(v);
}

unsigned int rd_as_name(struct reader *rd, const char *key, const json_t *v,
			const char *(*name_of)(unsigned int), unsigned int least)
{
	char name[32];

	rd_as_string(rd, key, v, name, sizeof(name));
	for (unsigned int i = least; name_of(i); i++) {
		if (strcmp(name, name_of(i)) == 0)
			return i;
	}
	rd_fail(rd, key, "\"%s\" is not known", name);
	return least;
}

__u64 rd_as_hex(struct reader *rd, const char *key, const json_t *v, size_t digits)
{
	char hex[24];

	rd_as_string(rd, key, v, hex, sizeof(hex));
	if (strncmp(hex, "0x", 2) != 0 || hex[2] == '\0' || strlen(hex) > 2 + digits ||
	    hex[2 + strspn(hex + 2, "0123456789abcdef")] != '\0') {
		rd_fail(rd, key, "\"%s\" is not a number as 0x820", hex);
		return 0;
	}
	return strtoull(hex + 2, NULL, 16);
}

__u64 rd_as_digits(struct reader *rd, const char *key, const json_t *v)
{
	char digits[24];
	__u64 n;

	rd_as_string(rd, key, v, digits, sizeof(digits));
	if (rd->failed || parse_u64(digits, 0, INT64_MAX, &n) == 0)
		return rd->failed ? 0 : n;
	rd_fail(rd, key, "\"%s\" is not the digits of a number", digits);
	return 0;
}

void rd_same(struct reader *rd, const char *key, const json_t *v, __u64 exact)
{
	__u64 said = (__u64)rd_as_integer(rd, key, v, 0, INT64_MAX);
	__u64 off = said > exact ? said - exact : exact - said;

	/* 17 digits are as good as a double. */
	if (!rd->failed && off > exact >> 50)
		rd_fail(rd, key, "%" PRIu64 ", where its text says %" PRIu64, (uint64_t)said,
			(uint64_t)exact);
}

/* The number that is all of so many characters; -1: they are not digits. */
static long digits_at(const char *s, size_t n)
{
	long v = 0;

	for (; n > 0; n--, s++) {
		if (*s < '0' || *s > '9')
			return -1;
		v = v * 10 + (*s - '0');
	}
	return v;
}

/* -1: none that exists. */
static __s64 seconds_of(const char *s)
{
	struct tm tm = {
		.tm_year = (int)digits_at(s, 4) - 1900,
		.tm_mon = (int)digits_at(s + 5, 2) - 1,
		.tm_mday = (int)digits_at(s + 8, 2),
		.tm_hour = (int)digits_at(s + 11, 2),
		.tm_min = (int)digits_at(s + 14, 2),
		.tm_sec = (int)digits_at(s + 17, 2),
	};
	const struct tm said = tm;
	time_t t = timegm(&tm);
	bool same = tm.tm_year == said.tm_year && tm.tm_mon == said.tm_mon &&
		    tm.tm_mday == said.tm_mday && tm.tm_hour == said.tm_hour &&
		    tm.tm_min == said.tm_min && tm.tm_sec == said.tm_sec;

	return same ? t : -1;
}

__u64 rd_as_time(struct reader *rd, const char *key, const json_t *v)
{
	static const char form[] = "0000-00-00T00:00:00.000000000Z";
	char text[sizeof(form)];
	__s64 seconds = -1;

	rd_as_string(rd, key, v, text, sizeof(text));
	if (rd->failed)
		return 0;
	if (strlen(text) == sizeof(form) - 1 && text[4] == '-' && text[7] == '-' &&
	    text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == '.' &&
	    text[29] == 'Z' && digits_at(text + 20, 9) >= 0)
		seconds = seconds_of(text);
	if (seconds >= 0 && seconds < INT64_MAX / 1000000000)
		return (__u64)seconds * 1000000000 + (__u64)digits_at(text + 20, 9);
	rd_fail(rd, key, "\"%s\" is not a time as %s", text, form);
	return 0;
}

json_t *rd_open(struct reader *rd, const char *line, size_t len)
{
	json_error_t je;
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &je);

	if (!root) {
		rd->failed = true;
		if (je.line > 1)
			snprintf(rd->err->text, sizeof(rd->err->text),
				 "cut or damaged at line %d of this object: %s", je.line, je.text);
		else
			snprintf(rd->err->text, sizeof(rd->err->text),
				 "cut or damaged at column %d: %s", je.column, je.text);
		return NULL;
	}
	if (json_is_object(root))
		return root;
	rd_fail(rd, "line", "%s where an object belongs", kind_name(root));
	json_decref(root);
	return NULL;
}
