// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_wrap.c - lines to the byte: where they break, what a name may not bring to a terminal, and
 * characters of several bytes.
 */
#include "test.h"
#include "view/wrap.h"

static char *text;
static size_t size;
static struct wrap w;

static void begin(unsigned int indent, unsigned int first)
{
	w = (struct wrap){.f = open_memstream(&text, &size), .indent = indent, .width = 100};
	if (!w.f)
		abort();
	wrap_begin(&w, first);
}

static void check(const char *expected)
{
	wrap_end(&w);
	fclose(w.f);
	CHECK_MSG(strcmp(text, expected) == 0, "\"%s\", not \"%s\"", text, expected);
	free(text);
	text = NULL;
}

/* n times the same. */
static const char *times(const char *s, unsigned int n)
{
	static char buf[4][2048];
	static unsigned int next;
	char *to = buf[next++ % 4];

	to[0] = '\0';
	while (n--)
		strcat(to, s);
	return to;
}

static const char *joined(const char *a, const char *b, const char *c)
{
	static char buf[2][4096];
	static unsigned int next;
	char *to = buf[next++ % 2];

	snprintf(to, sizeof(buf[0]), "%s%s%s", a, b, c);
	return to;
}

/* Escapes of a name reach no terminal, each of them is one column. */
static void control_characters(void)
{
	begin(2, 0);
	wrap_text(&w, "a\x1b[31mb");
	wrap_text(&w, "\x7f\x01\n\t|\x1f~");
	check("a?[31mb ????|?~\n");
	begin(0, 0);
	wrap_text(&w, "ends\x7f");
	check("ends?\n");
	begin(0, 0);
	wrap_format(&w, "%s and %d", "\x1b]0;x\a", 7);
	wrap_joined(&w, "<", "\x1b", ">");
	check("?]0;x? and 7 <?>\n");
}

/* 98 columns are begun: a word of two more, or of one and a space, is the last one. */
static void breaks(void)
{
	const char *line = times("x", 97);

	begin(4, 0);
	wrap_text(&w, line);
	wrap_text(&w, "yz");
	check(joined(line, " yz\n", ""));
	begin(4, 0);
	wrap_text(&w, line);
	wrap_text(&w, "xyz");
	check(joined(line, "\n    xyz\n", ""));
	/* Behind '|' there is no space, and a line may break. */
	begin(4, 0);
	wrap_text(&w, line);
	wrap_text(&w, "a|b");
	check(joined(line, " a|\n    b\n", ""));
	begin(0, 3);
	wrap_text(&w, "a|b|c  d ");
	wrap_text(&w, " e");
	check("   a|b|c d e\n");
	begin(3, 3);
	check("   \n");
}

/* A word that is longer than a line is cut where the line ends, indent and all. */
static void too_long(void)
{
	begin(4, 0);
	wrap_text(&w, times("x", 100));
	check(joined(times("x", 100), "\n", ""));
	begin(4, 0);
	wrap_text(&w, times("x", 101));
	check(joined(times("x", 100), "\n    x\n", ""));
	begin(4, 2);
	wrap_text(&w, times("x", 99));
	check(joined("  ", times("x", 98), "\n    x\n"));
	/* Not in the line that has words already: 96 columns to a line. */
	begin(4, 0);
	wrap_text(&w, "a");
	wrap_text(&w, times("x", 197));
	wrap_end(&w);
	fflush(w.f);
	CHECK_EQ(size, 2 + (4 + 97) * 2 + 4 + 5 + 1);
	check(joined(joined("a\n    ", times("x", 96), "\n    "), times("x", 96), "\n    xxxxx\n"));
}

/* Letters of two bytes are a column each, and none is cut in two. */
static void several_bytes(void)
{
	begin(4, 0);
	wrap_text(&w, times("\xc3\xa9", 100));
	check(joined(times("\xc3\xa9", 100), "\n", ""));
	begin(4, 0);
	wrap_text(&w, times("\xc3\xa9", 102));
	check(joined(times("\xc3\xa9", 100), "\n    \xc3\xa9\xc3\xa9\n", ""));
	begin(4, 0);
	wrap_text(&w, times("x", 97));
	wrap_text(&w, "\xc3\xa9\xc3\xa9");
	check(joined(times("x", 97), " \xc3\xa9\xc3\xa9\n", ""));
	/* 33 of three bytes, and what is between them. */
	begin(0, 0);
	wrap_text(&w, times("\xe2\x82\xac", 33));
	wrap_text(&w, times("\xe2\x82\xac", 66));
	wrap_text(&w, "x");
	check(joined(times("\xe2\x82\xac", 33), joined(" ", times("\xe2\x82\xac", 66), "\nx\n"),
		     ""));
}

/* What is kept back until the line ends is all there, however long. */
static void kept_back(void)
{
	static char expected[8192];
	size_t len = 0;

	begin(90, 0);
	for (int i = 0; i < 100; i++) {
		char word[16];

		snprintf(word, sizeof(word), "w%03d", i);
		wrap_text(&w, word);
	}
	/* 20 of five columns in the first line, two in each of the others: 90 + 4 + 5. */
	for (int i = 0; i < 100; i++) {
		const char *apart = i == 0 ? "" : " ";

		if (i >= 20 && i % 2 == 0)
			apart = "\n";
		len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%s%*sw%03d", apart,
					apart[0] == '\n' ? 90 : 0, "", i);
	}
	snprintf(expected + len, sizeof(expected) - len, "\n");
	check(expected);
}

static const struct test_case cases[] = {
	{"control_characters", control_characters},
	{"breaks", breaks},
	{"too_long", too_long},
	{"several_bytes", several_bytes},
	{"kept_back", kept_back},
};

TEST_MAIN("wrap", cases)
