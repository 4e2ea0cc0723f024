// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_wrap.c - text that goes on in the next line, indented, where the width ends. */
#include "view_wrap.h"

#include <stdarg.h>
#include <string.h>

/* Bytes behind the first of a character of several take no column. */
static bool starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static unsigned int columns(const char *s, size_t len)
{
	unsigned int n = 0;

	for (size_t i = 0; i < len; i++)
		n += starts_character(s[i]);
	return n;
}

static void new_line(struct wrap *w)
{
	fprintf(w->f, "\n%*s", (int)w->indent, "");
	w->column = w->indent;
	w->begun = false;
}

void wrap_begin(struct wrap *w, unsigned int indent)
{
	fprintf(w->f, "%*s", (int)indent, "");
	w->column = indent;
	w->begun = false;
}

/* Nothing but what prints, a column each: as nearly all there is. */
static bool is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)(s[i] - ' ') >= 0x7f - ' ')
			return false;
	return true;
}

/* What does not fit into a line of its own is cut where the line ends. Names come out of kernels
 * and files: nothing but what prints. */
static void put_piece(struct wrap *w, const char *s, size_t len)
{
	if (w->column + len <= WRAP_WIDTH && is_plain(s, len)) {
		fwrite_unlocked(s, 1, len, w->f);
		w->column += (unsigned int)len;
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if (starts_character(s[i]) && w->column >= WRAP_WIDTH)
			new_line(w);
		fputc((unsigned char)s[i] < ' ' || s[i] == 0x7f ? '?' : s[i], w->f);
		w->column += starts_character(s[i]);
	}
}

static void put_word(struct wrap *w, const char *s, size_t len, bool apart)
{
	apart = apart && w->begun;
	if (w->begun && w->column + apart + columns(s, len) > WRAP_WIDTH)
		new_line(w);
	else if (apart)
		put_piece(w, " ", 1);
	put_piece(w, s, len);
	w->begun = true;
}

void wrap_text(struct wrap *w, const char *text)
{
	bool apart = true;

	while (*text) {
		size_t space = strspn(text, " "), len = strcspn(text + space, " |");

		text += space;
		len += text[len] == '|';
		if (len)
			put_word(w, text, len, apart || space);
		text += len;
		apart = false;
	}
}

void wrap_format(struct wrap *w, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	wrap_text(w, text);
}

void wrap_end(struct wrap *w)
{
	if (w->column)
		fputc('\n', w->f);
	w->column = 0;
	w->begun = false;
}
