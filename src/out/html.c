// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* html.c - see html.h. */
#include "out/html.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "view/page.h"

#define NO_BREAK "\u00a0"
#define DASH "–"
#define MINUS "\u2212"

/* ---- text ---- */

static void put_char(FILE *f, unsigned char c)
{
	switch (c) {
	case '&':
		fputs("&amp;", f);
		break;
	case '<':
		fputs("&lt;", f);
		break;
	case '>':
		fputs("&gt;", f);
		break;
	case '"':
		fputs("&quot;", f);
		break;
	case '\'':
		fputs("&#39;", f);
		break;
	default:
		/* Control characters have no place in HTML. */
		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			fputs("\uFFFD", f);
		else
			fputc(c, f);
	}
}

static void put_text(FILE *f, const char *s, size_t most)
{
	for (; s && *s && most; s++, most--)
		put_char(f, (unsigned char)*s);
}

/* One conversion of a format, without its text: "%-8.1f". */
struct conversion {
	char spec[24];
	int longs; /* l */
	bool size; /* z */
	bool stars;
	char type;
};

/* Reads one from behind its '%'; returns what follows it. */
static const char *read_conversion(struct conversion *c, const char *fmt)
{
	size_t n = 0;

	*c = (struct conversion){.spec = "%"};
	for (; *fmt && strchr("-+ #0123456789.*lhz", *fmt); fmt++) {
		c->longs += *fmt == 'l';
		c->size |= *fmt == 'z';
		c->stars |= *fmt == '*';
		if (n + 3 < sizeof(c->spec))
			c->spec[++n] = *fmt;
	}
	c->type = *fmt;
	c->spec[++n] = *fmt;
	return *fmt ? fmt + 1 : fmt;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void put_integer(FILE *f, const struct conversion *c, va_list *ap)
{
	if (c->size)
		fprintf(f, c->spec, va_arg(*ap, size_t));
	else if (c->longs > 1)
		fprintf(f, c->spec, va_arg(*ap, unsigned long long));
	else if (c->longs)
		fprintf(f, c->spec, va_arg(*ap, unsigned long));
	else
		fprintf(f, c->spec, va_arg(*ap, unsigned int));
}

static void put_real(FILE *f, const struct conversion *c, va_list *ap)
{
	fprintf(f, c->spec, va_arg(*ap, double));
}
#pragma GCC diagnostic pop

static void put_conversion(FILE *f, const struct conversion *c, va_list *ap)
{
	size_t most = (size_t)-1;

	switch (c->type) {
	case 's':
		if (c->stars)
			most = (size_t)va_arg(*ap, int);
		put_text(f, va_arg(*ap, const char *), most);
		break;
	case 'c':
		put_char(f, (unsigned char)va_arg(*ap, int));
		break;
	case 'f':
	case 'g':
		put_real(f, c, ap);
		break;
	case '%':
		fputc('%', f);
		break;
	default:
		put_integer(f, c, ap);
	}
}

void html_put(struct html *h, const char *fmt, ...)
{
	struct conversion c;
	va_list ap;

	va_start(ap, fmt);
	while (*fmt) {
		size_t len = strcspn(fmt, "%");

		fwrite(fmt, 1, len, h->f);
		fmt += len;
		if (*fmt != '%')
			continue;
		fmt = read_conversion(&c, fmt + 1);
		put_conversion(h->f, &c, &ap);
	}
	va_end(ap);
}

void html_raw(struct html *h, const char *markup)
{
	fputs(markup, h->f);
}

unsigned int html_id(struct html *h)
{
	return ++h->ids;
}

/* ---- figures ---- */

static struct cell unknown(void)
{
	return (struct cell){DASH};
}

/* "45.1us" of the other views, as a page has room for. */
struct cell cell_ns(bool known, __u64 ns)
{
	char text[TEXT_CELL], *unit;
	struct cell c = unknown();
	size_t len;

	if (!known)
		return c;
	text_ns(text, true, ns);
	len = strcspn(text, "num"); /* a unit, or its prefix */
	unit = text[len] ? text + len : text + strcspn(text, "s");
	snprintf(c.text, sizeof(c.text), "%.*s" NO_BREAK "%s%s", (int)(unit - text), text,
		 *unit == 'u' ? "µ" : "", *unit == 'u' ? unit + 1 : unit);
	return c;
}

struct cell cell_bytes(__u64 bytes)
{
	char text[TEXT_CELL];
	struct cell c;
	size_t len;

	if (bytes < 1024) {
		snprintf(c.text, sizeof(c.text), "%" PRIu64 NO_BREAK "B", (uint64_t)bytes);
		return c;
	}
	text_bytes(text, true, bytes);
	len = strlen(text) - 1;
	snprintf(c.text, sizeof(c.text), "%.*s" NO_BREAK "%ciB", (int)len, text, text[len]);
	return c;
}

static __u64 magnitude(__s64 n)
{
	return n < 0 ? 0 - (__u64)n : (__u64)n;
}

struct cell cell_pages(__s64 pages, __u64 page_bytes)
{
	struct cell c = cell_bytes(magnitude(pages) * page_bytes), all;

	if (!page_bytes)
		return unknown();
	snprintf(all.text, sizeof(all.text), "%s%.40s", pages < 0 ? MINUS : "", c.text);
	return all;
}

struct cell cell_signed(__s64 n)
{
	struct cell c;

	snprintf(c.text, sizeof(c.text), "%s%" PRIu64, n < 0 ? MINUS : "", (uint64_t)magnitude(n));
	return c;
}

struct cell cell_count(bool known, __u64 n)
{
	struct cell c = unknown();

	if (known)
		snprintf(c.text, sizeof(c.text), "%" PRIu64, (uint64_t)n);
	return c;
}

struct cell cell_percent(double part)
{
	struct cell c;

	part *= 100;
	if (part > 0 && part < 0.0001)
		snprintf(c.text, sizeof(c.text), "<0.0001" NO_BREAK "%%");
	else if (part < 100 && part >= 99.95)
		snprintf(c.text, sizeof(c.text), ">99.9" NO_BREAK "%%");
	else
		snprintf(c.text, sizeof(c.text), "%.3g" NO_BREAK "%%", part);
	return c;
}

struct cell cell_duration(__u64 ns)
{
	uint64_t s = (ns + 500000000) / 1000000000;
	struct cell c;

	if (ns < 9950000000ULL)
		return cell_ns(true, ns);
	if (s < 120)
		snprintf(c.text, sizeof(c.text), "%" PRIu64 NO_BREAK "s", s);
	else if (s < 7200)
		snprintf(c.text, sizeof(c.text), "%" PRIu64 NO_BREAK "min %" PRIu64 NO_BREAK "s",
			 s / 60, s % 60);
	else
		snprintf(c.text, sizeof(c.text), "%" PRIu64 NO_BREAK "h %" PRIu64 NO_BREAK "min",
			 s / 3600, s / 60 % 60);
	return c;
}

static struct cell when(const struct html *h, __u64 time_ns, const char *fmt)
{
	struct cell c = unknown();
	struct tm tm;

	if (time_zone_clock(&h->zone, time_ns, &tm) && !strftime(c.text, sizeof(c.text), fmt, &tm))
		return unknown();
	return c;
}

struct cell cell_clock(const struct html *h, __u64 time_ns)
{
	return when(h, time_ns, "%H:%M:%S");
}

struct cell cell_date(const struct html *h, __u64 time_ns)
{
	return when(h, time_ns, "%Y-%m-%d %H:%M:%S");
}

struct cell cell_zone(const struct html *h, __u64 time_ns)
{
	return when(h, time_ns, "%Z");
}

/* ---- tables ---- */

void html_table(struct html *h, const char *class, const char *caption,
		const struct html_column *column, size_t columns)
{
	unsigned int id = html_id(h);

	html_put(h, "<p class=\"cap\" id=\"f%u\">%s</p>\n", id, caption);
	html_put(h,
		 "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"f%u\">"
		 "<table class=\"%s\" aria-labelledby=\"f%u\"><thead><tr>",
		 id, class ?: "", id);
	for (size_t i = 0; i < columns; i++)
		html_put(h,
			 column[i].words ? "<th scope=\"col\" class=\"t\">%s</th>"
					 : "<th scope=\"col\">%s</th>",
			 column[i].head);
	html_put(h, "</tr></thead><tbody>\n");
}

void html_table_end(struct html *h)
{
	html_put(h, "</tbody></table></div>\n");
}
