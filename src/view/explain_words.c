// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* explain_words.c - numbers of a report as its sentences have them. */
#include "view/explain_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct digits digits_of(__u64 v)
{
	struct digits d;

	snprintf(d.text, sizeof(d.text), "%llu", (unsigned long long)v);
	return d;
}

struct digits signed_digits_of(__s64 v)
{
	struct digits d;

	snprintf(d.text, sizeof(d.text), "%lld", (long long)v);
	return d;
}

struct site_text report_site_text(const struct alloc_report *r)
{
	struct site_text s = {""};
	size_t len = strlen(r->driver);

	if (!r->driver[0])
		snprintf(s.text, sizeof(s.text), "%s", r->site);
	else if (r->driver[0] == '[')
		snprintf(s.text, sizeof(s.text), "%s (%.*s)", r->site, (int)len - 2, r->driver + 1);
	else
		snprintf(s.text, sizeof(s.text), "%s [%s]", r->site, r->driver);
	return s;
}

void explain_printable(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x7f ||
		    ((unsigned char)text[i] < ' ' && text[i] != '\n'))
			text[i] = '?';
}

const char *explain_verdict_word(const struct alloc_report *r)
{
	return r->verdict == REPORT_NONE ? "no verdict" : report_verdict_name(r->verdict);
}

bool report_has_many_nodes(const struct alloc_report *r)
{
	for (unsigned int i = 1; i < r->zones; i++)
		if (r->zone[i].node != r->zone[0].node)
			return true;
	return false;
}

__u64 report_closed_pages(const struct report_sum *s)
{
	return s->trial.cma + s->trial.exclusive;
}

__s64 report_usable(const struct report_sum *s)
{
	return (__s64)(s->zone->free - report_closed_pages(s) - s->trial.tail);
}

__u64 report_need(const struct report_sum *s)
{
	return s->trial.floor + (s->trial.rights.no_marks ? 0 : s->reserve);
}

/* Up to where a line may break: behind '|', and at a blank, but not at one inside a number. */
static size_t word_length(const char *text)
{
	size_t len = strcspn(text, " |");

	if (text[len] == '|')
		return len + 1;

	while (len && text[len] == ' ' && isdigit((unsigned char)text[len - 1]) &&
	       isdigit((unsigned char)text[len + 1]) && strspn(text + len + 1, "0123456789") == 3)
		len += 4 + strcspn(text + len + 4, " ");
	return len;
}

/* A word that is wider than a line is cut. */
static size_t fitting_length(const char *text)
{
	size_t len = word_length(text);

	return len < EXPLAIN_WIDTH - EXPLAIN_LABEL ? len : EXPLAIN_WIDTH - EXPLAIN_LABEL;
}

void explain_paragraph(FILE *f, const char *label, const char *text)
{
	size_t column = EXPLAIN_LABEL, blank = 0;

	if (!*text)
		return;
	fprintf(f, "%-*s", EXPLAIN_LABEL, label);
	while (*text) {
		size_t len = fitting_length(text);

		if (column > EXPLAIN_LABEL && column + blank + len > EXPLAIN_WIDTH) {
			fprintf(f, "\n%*s", EXPLAIN_LABEL, "");
			column = EXPLAIN_LABEL;
			blank = 0;
		}
		fprintf(f, "%*s%.*s", (int)blank, "", (int)len, text);
		column += blank + len;
		text += len;
		blank = *text == ' ';
		text += strspn(text, " ");
	}
	fputc('\n', f);
}
