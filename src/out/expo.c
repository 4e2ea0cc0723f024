// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* expo.c - see expo.h. */
#include "out/expo.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/*
 * As text, because a label is text: another spelling of the same number is another series. None
 * looks like a whole number, which some write with a point behind it. The upper bounds of
 * labyrinth's own buckets are inclusive, and so are these.
 */
static const char *const bounds[EXPO_BOUNDS] = {
	"2.55e-07",    "5.11e-07",    "1.023e-06",   "2.047e-06",   "4.095e-06",   "8.191e-06",
	"1.6383e-05",  "3.2767e-05",  "6.5535e-05",  "0.000131071", "0.000262143", "0.000524287",
	"0.001048575", "0.002097151", "0.004194303", "0.008388607", "0.016777215", "0.033554431",
	"0.067108863", "0.134217727", "0.268435455", "0.536870911", "1.073741823",
};

__u64 expo_bound_ns(unsigned int index)
{
	return (1ULL << (index + 8)) - 1;
}

/* ---- text ---- */

static void __attribute__((format(printf, 2, 3))) put(struct expo *x, const char *fmt, ...)
{
	size_t room = x->size - x->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(x->text + x->len, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room)
		x->full = true;
	else
		x->len += (size_t)n;
}

static void put_bytes(struct expo *x, const char *bytes, size_t n)
{
	if (x->size - x->len <= n) {
		x->full = true;
		return;
	}
	memcpy(x->text + x->len, bytes, n);
	x->len += n;
}

/* quotes: the text stands between them. */
static void put_escaped(struct expo *x, const char *text, bool quotes)
{
	for (const char *c = text; *c;) {
		size_t n = text_character(c);

		if (*c == '\\' || (*c == '"' && quotes))
			put_bytes(x, "\\", 1);
		if (*c == '\n')
			put_bytes(x, "\\n", 2);
		else if (n)
			put_bytes(x, c, n);
		else
			put_bytes(x, "?", 1);
		c += n ? n : 1;
	}
}

/* ---- families ---- */

static const char *prefix(const struct expo_family *f)
{
	return f->whole_name ? "" : "labyrinth_";
}

/* What its samples have behind the name of the family. */
static const char *suffix(const struct expo_family *f)
{
	return f->type == EXPO_COUNTER ? "_total" : f->type == EXPO_INFO ? "_info" : "";
}

/* The older format names a family as its samples, and knows no info. */
static void put_meta(struct expo *x, const char *what)
{
	const struct expo_family *f = x->family;

	put(x, "# %s %s%s%s ", what, prefix(f), f->name,
	    x->format == EXPO_OPENMETRICS ? "" : suffix(f));
}

static const char *type_name(const struct expo *x)
{
	static const char *const names[] = {
		[EXPO_COUNTER] = "counter",
		[EXPO_GAUGE] = "gauge",
		[EXPO_HISTOGRAM] = "histogram",
		[EXPO_INFO] = "info",
	};

	if (x->family->type == EXPO_INFO && x->format == EXPO_TEXT)
		return "gauge";
	return names[x->family->type];
}

static void put_help(struct expo *x)
{
	put_meta(x, "HELP");
	put_escaped(x, x->family->help, x->format == EXPO_OPENMETRICS);
	put(x, "\n");
}

static void put_type(struct expo *x)
{
	put_meta(x, "TYPE");
	put(x, "%s\n", type_name(x));
}

static void put_family(struct expo *x)
{
	x->begun = true;
	if (x->format == EXPO_TEXT) {
		put_help(x);
		put_type(x);
		return;
	}
	put_type(x);
	if (x->family->unit) {
		put_meta(x, "UNIT");
		put(x, "%s\n", x->family->unit);
	}
	put_help(x);
}

void expo_family(struct expo *x, const struct expo_family *family)
{
	x->family = family;
	x->begun = false;
}

/* ---- samples ---- */

static void put_name(struct expo *x, const char *behind, const struct expo_label *labels,
		     const char *le)
{
	bool any = false;

	if (!x->begun)
		put_family(x);
	x->series++;
	put(x, "%s%s%s", prefix(x->family), x->family->name, behind);
	for (const struct expo_label *l = labels; l && l->name; l++) {
		put(x, "%s%s=\"", any ? "," : "{", l->name);
		put_escaped(x, l->value, true);
		put(x, "\"");
		any = true;
	}
	if (le)
		put(x, "%sle=\"%s\"", any ? "," : "{", le);
	put(x, any || le ? "} " : " ");
}

/* The shortest decimal, without an exponent. */
static void put_billionths(struct expo *x, __u64 value)
{
	char digits[12];
	size_t n;

	n = (size_t)snprintf(digits, sizeof(digits), "%09llu",
			     (unsigned long long)(value % 1000000000));
	while (n > 1 && digits[n - 1] == '0')
		n--;
	put(x, "%llu.%.*s\n", (unsigned long long)(value / 1000000000), (int)n, digits);
}

void expo_sample(struct expo *x, const struct expo_label *labels, __s64 value)
{
	put_name(x, suffix(x->family), labels, NULL);
	put(x, "%lld\n", (long long)value);
}

void expo_billionths(struct expo *x, const struct expo_label *labels, __u64 value)
{
	put_name(x, suffix(x->family), labels, NULL);
	put_billionths(x, value);
}

void expo_seconds(struct expo *x, const struct expo_label *labels, __u64 ns)
{
	expo_billionths(x, labels, ns);
}

void expo_histogram(struct expo *x, const struct expo_label *labels,
		    const __u64 bucket[EXPO_BOUNDS + 1], __u64 sum_ns)
{
	unsigned long long count = 0;

	for (unsigned int i = 0; i <= EXPO_BOUNDS; i++) {
		count += bucket[i];
		put_name(x, "_bucket", labels, i < EXPO_BOUNDS ? bounds[i] : "+Inf");
		put(x, "%llu\n", count);
	}
	put_name(x, "_sum", labels, NULL);
	put_billionths(x, sum_ns);
	put_name(x, "_count", labels, NULL);
	put(x, "%llu\n", count);
}

/* ---- the whole ---- */

void expo_begin(struct expo *x, enum expo_format format, char *text, size_t size)
{
	*x = (struct expo){.format = format, .text = text, .size = size};
}

bool expo_end(struct expo *x)
{
	if (x->format == EXPO_OPENMETRICS)
		put(x, "# EOF\n");
	return !x->full;
}

const char *expo_content_type(enum expo_format format)
{
	return format == EXPO_OPENMETRICS
		       ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
		       : "text/plain; version=0.0.4; charset=utf-8";
}
