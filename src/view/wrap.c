// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* wrap.c - text that goes on in the next line, indented, where the width ends. */
#include "view/wrap.h"

#include <stdarg.h>
#include <string.h>

/* A part of the text that is not broken, and what it takes. */
struct word {
	const char *text;
	size_t len;
	unsigned int columns;
	bool plain; /* nothing but what prints, a column each: as nearly all there is */
};

/* Bytes behind the first of a character of several take no column. */
static bool starts_character(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* A word goes to the next space or just behind the next '|'. */
static struct word word_at(const char *text)
{
	struct word word = {.text = text, .plain = true};
	const char *p = text;

	while (*p && *p != ' ') {
		word.columns += starts_character(*p);
		word.plain &= (unsigned char)(*p - ' ') < 0x7f - ' ';
		if (*p++ == '|')
			break;
	}
	word.len = (size_t)(p - text);
	return word;
}

static unsigned int width_of(const struct wrap *w)
{
	return w->width ? w->width : WRAP_WIDTH;
}

static void hand_over(struct wrap *w)
{
	if (w->held)
		fwrite_unlocked(w->text, 1, w->held, w->f);
	w->held = 0;
}

static void put(struct wrap *w, const char *s, size_t len)
{
	while (w->held + len > sizeof(w->text)) {
		size_t fits = sizeof(w->text) - w->held;

		memcpy(w->text + w->held, s, fits);
		w->held = sizeof(w->text);
		hand_over(w);
		s += fits;
		len -= fits;
	}
	memcpy(w->text + w->held, s, len);
	w->held += (unsigned int)len;
}

static void put_char(struct wrap *w, char c)
{
	if (w->held == sizeof(w->text))
		hand_over(w);
	w->text[w->held++] = c;
}

static void put_spaces(struct wrap *w, unsigned int n)
{
	while (n--)
		put_char(w, ' ');
}

static void new_line(struct wrap *w)
{
	put_char(w, '\n');
	wrap_begin(w, w->indent);
}

void wrap_begin(struct wrap *w, unsigned int indent)
{
	put_spaces(w, indent);
	w->column = indent;
	w->begun = false;
}

/* What does not fit into a line of its own is cut where the line ends. Names come out of kernels
 * and files: nothing but what prints. */
static void put_strange(struct wrap *w, const struct word *word)
{
	for (size_t i = 0; i < word->len; i++) {
		char c = word->text[i];

		if (starts_character(c) && w->column >= width_of(w))
			new_line(w);
		put_char(w, (unsigned char)c < ' ' || c == 0x7f ? '?' : c);
		w->column += starts_character(c);
	}
}

static void put_word(struct wrap *w, const struct word *word, bool apart)
{
	apart = apart && w->begun;
	if (w->begun && w->column + apart + word->columns > width_of(w)) {
		new_line(w);
	} else if (apart) {
		put_char(w, ' ');
		w->column++;
	}
	if (word->plain && w->column + word->columns <= width_of(w)) {
		put(w, word->text, word->len);
		w->column += word->columns;
	} else {
		put_strange(w, word);
	}
	w->begun = true;
}

void wrap_text(struct wrap *w, const char *text)
{
	bool apart = true;

	while (*text) {
		struct word word;

		for (; *text == ' '; text++)
			apart = true;
		word = word_at(text);
		if (word.len)
			put_word(w, &word, apart);
		text += word.len;
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

void wrap_joined(struct wrap *w, const char *before, const char *text, const char *after)
{
	const char *const parts[] = {before, text, after};
	char all[1024], *p = all, *end = all + sizeof(all) - 1;

	for (unsigned int i = 0; i < 3; i++)
		for (const char *s = parts[i]; *s && p < end; s++)
			*p++ = *s;
	*p = '\0';
	wrap_text(w, all);
}

void wrap_end(struct wrap *w)
{
	if (w->column)
		put_char(w, '\n');
	hand_over(w);
	w->column = 0;
	w->begun = false;
}
