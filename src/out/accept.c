// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* accept.c - see accept.h. RFC 9110, 12.4.2 (weights) and 12.5. */
#include "out/accept.h"

#include <string.h>
#include <strings.h>

#define BLANKS " \t"

/* A part of a header, in place: not ended by a NUL. */
struct part {
	const char *at;
	size_t len;
};

static struct part trimmed(const char *at, size_t len)
{
	while (len && strchr(BLANKS, *at)) {
		at++;
		len--;
	}
	while (len && strchr(BLANKS, at[len - 1]))
		len--;
	return (struct part){at, len};
}

/* The next one up to that sign; *rest goes behind it, NULL at the end. */
static struct part next_part(struct part *rest, char sign)
{
	const char *end = memchr(rest->at, sign, rest->len);
	size_t len = end ? (size_t)(end - rest->at) : rest->len;
	struct part p = trimmed(rest->at, len);

	rest->at = end ? end + 1 : NULL;
	rest->len = end ? rest->len - len - 1 : 0;
	return p;
}

static bool is(struct part p, const char *word)
{
	return p.len == strlen(word) && strncasecmp(p.at, word, p.len) == 0;
}

/* "0.75" as thousandths; what is no weight is none. */
static unsigned int weight(struct part p)
{
	unsigned int q = 0, unit = 1000;

	if (p.len == 0 || p.len > 5 || (p.at[0] != '0' && p.at[0] != '1') ||
	    (p.len > 1 && p.at[1] != '.'))
		return 0;
	for (size_t i = 0; i < p.len; i++) {
		if (i == 1)
			continue;
		if (p.at[i] < '0' || p.at[i] > '9')
			return 0;
		q += unit * (unsigned int)(p.at[i] - '0');
		unit /= 10;
	}
	return q > 1000 ? 1000 : q;
}

/* One entry of a header: what it names, its version, its weight. */
struct entry {
	struct part name, version;
	unsigned int q;
};

static struct entry entry_of(struct part text)
{
	struct entry e = {.q = 1000};

	e.name = next_part(&text, ';');
	while (text.at) {
		struct part value = next_part(&text, ';');
		struct part key = next_part(&value, '=');

		if (!value.at)
			continue;
		value = trimmed(value.at, value.len);
		if (is(key, "q"))
			e.q = weight(value);
		else if (is(key, "version"))
			e.version = value;
	}
	return e;
}

static bool has_version(const struct entry *e, const char *a, const char *b)
{
	return !e->version.at || is(e->version, a) || is(e->version, b);
}

/* Does it name the format itself? 0.0.1 was OpenMetrics as it became 1.0. */
static bool names_openmetrics(const struct entry *e)
{
	return is(e->name, "application/openmetrics-text") && has_version(e, "1.0.0", "0.0.1");
}

static bool takes_text(const struct entry *e)
{
	return (is(e->name, "text/plain") && has_version(e, "0.0.4", "1.0.0")) ||
	       is(e->name, "text/*") || is(e->name, "*/*");
}

enum expo_format accept_format(const char *accept)
{
	struct part rest = {accept, accept ? strlen(accept) : 0};
	unsigned int text = 0, openmetrics = 0;

	while (rest.at) {
		struct entry e = entry_of(next_part(&rest, ','));

		if (names_openmetrics(&e) && e.q > openmetrics)
			openmetrics = e.q;
		if (takes_text(&e) && e.q > text)
			text = e.q;
	}
	return openmetrics && openmetrics >= text ? EXPO_OPENMETRICS : EXPO_TEXT;
}

/* "*" stands for those that are not named. */
bool accept_gzip(const char *encodings)
{
	struct part rest = {encodings, encodings ? strlen(encodings) : 0};
	bool others = false;

	while (rest.at) {
		struct entry e = entry_of(next_part(&rest, ','));

		if (is(e.name, "gzip") || is(e.name, "x-gzip"))
			return e.q > 0;
		if (is(e.name, "*"))
			others = e.q > 0;
	}
	return others;
}
