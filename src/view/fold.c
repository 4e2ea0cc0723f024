// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* fold.c - see fold.h. */
#include "view/fold.h"

#include <string.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"

#define INDENT 4

/* How many of these bytes fill so many columns: those behind the first of a character, and those of
 * an escape sequence for a colour, take none. */
static size_t fitting(const char *s, size_t len, unsigned int columns)
{
	bool escaped = false;
	size_t i = 0;

	for (unsigned int used = 0; i < len; i++) {
		bool starts = ((unsigned char)s[i] & 0xc0) != 0x80;

		escaped |= s[i] == '\033';
		if (!escaped && starts && used == columns)
			break;
		used += !escaped && starts;
		escaped &= s[i] != 'm';
	}
	return i;
}

/* Where to break behind what a line begins with: at the last space that fits, else the first. */
static size_t break_at(const char *s, size_t len, size_t fits, size_t begin)
{
	size_t at = fits;

	while (at > begin && s[at] != ' ')
		at--;
	if (at > begin)
		return at;
	while (fits < len && s[fits] != ' ')
		fits++;
	return fits;
}

static void put_line(FILE *f, const char *s, size_t len, unsigned int columns)
{
	size_t begin = 0, at = fitting(s, len, columns);
	unsigned int indent;

	while (begin < len && s[begin] == ' ')
		begin++;
	indent = (begin < columns / 2 ? (unsigned int)begin : 0) + INDENT;
	while (at < len) {
		at = break_at(s, len, at, begin);
		fwrite(s, 1, at, f);
		while (at < len && s[at] == ' ')
			at++;
		s += at;
		len -= at;
		if (!len)
			return;
		fprintf(f, "\n%*s", (int)indent, "");
		begin = 0;
		at = fitting(s, len, columns - indent);
	}
	fwrite(s, 1, len, f);
}

static bool fits(const char *page, size_t len, unsigned int columns)
{
	const char *end = page + len;

	while (page < end) {
		const char *newline = memchr(page, '\n', (size_t)(end - page)) ?: end;

		if ((size_t)(newline - page) > columns)
			return false;
		page = newline + 1;
	}
	return true;
}

static void put_lines(FILE *f, const char *page, size_t len, unsigned int columns)
{
	const char *end = page + len;

	while (page < end) {
		const char *newline = memchr(page, '\n', (size_t)(end - page));

		put_line(f, page, (size_t)((newline ?: end) - page), columns);
		if (!newline)
			return;
		fputc('\n', f);
		page = newline + 1;
	}
}

int fold_put(FILE *f, const struct show *show, const char *page, size_t len)
{
	_cleanup_(freep) char *folded = NULL;
	size_t size = 0;
	FILE *to;

	/* Nearly every page. */
	if (fits(page, len, show_columns(show)))
		return out_put(f, page, len);
	to = open_memstream(&folded, &size);
	if (!to)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	put_lines(to, page, len, show_columns(show));
	if (fclose(to))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	return out_put(f, folded, size);
}
