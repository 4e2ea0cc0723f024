// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_json_line.c - a line of JSON to the byte, beyond the size of the first buffer; and strings
 * and numbers as they are read, at the ends of what fits.
 */
#include "json/emit.h"
#include "json/parse.h"
#include "test.h"

/* ---- writing ---- */

/* Writes the line and gives it back; freed by the caller. */
static char *written(struct json_line *l, size_t *ret_len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, ret_len);

	if (!f)
		abort();
	CHECK_EQ(jl_write(l, f), 0);
	fclose(f);
	return text;
}

static void check_line(struct json_line *l, const char *expected)
{
	size_t len;
	char *text = written(l, &len);

	CHECK_MSG(strcmp(text, expected) == 0, "\"%s\", not \"%s\"", text, expected);
	CHECK_EQ(len, strlen(expected));
	free(text);
}

static void values(void)
{
	struct json_line l = {0};

	jl_open(&l, '[');
	jl_number(&l, 0);
	jl_number(&l, 7);
	jl_number(&l, 10);
	jl_number(&l, 9223372036854774784ULL);
	jl_number(&l, 9223372036854774785ULL); /* readers keep integers as signed ones */
	jl_number(&l, ~0ULL);
	jl_bool(&l, true);
	jl_bool(&l, false);
	jl_null(&l);
	jl_open(&l, '[');
	jl_close(&l, ']');
	jl_open(&l, '{');
	jl_close(&l, '}');
	jl_null(&l);
	jl_close(&l, ']');
	check_line(&l, "[0,7,10,9223372036854774784,9223372036854774784,9223372036854774784,"
		       "true,false,null,[],{},null]\n");
}

static void texts(void)
{
	struct json_line l = {0};

	jl_open(&l, '[');
	jl_text(&l, "");
	jl_text(&l, "plain ~!");
	jl_text(&l, "a\"b\\c");
	jl_text(&l, "\x01[31m\x7f\n");
	jl_text(&l, "\xc3\xa9");     /* UTF-8 */
	jl_text(&l, "x\xff\xc3y z"); /* none */
	jl_close(&l, ']');
	check_line(&l, "[\"\",\"plain ~!\",\"a\\\"b\\\\c\",\"\\u0001[31m\x7f\\n\",\"\xc3\xa9\","
		       "\"x??y z\"]\n");
}

/* By `date -u -d @...`: 951782400 is February 29, 2000. */
static void times(void)
{
	struct json_line l = {0};

	jl_open(&l, '[');
	jl_time(&l, 0);
	jl_time(&l, 951782400ULL * 1000000000 + 1);
	jl_time(&l, 1700000000ULL * 1000000000 + 987654321);
	jl_time(&l, 4102444799ULL * 1000000000 + 999999999);
	jl_close(&l, ']');
	check_line(&l, "[\"1970-01-01T00:00:00.000000000Z\",\"2000-02-29T00:00:00.000000001Z\","
		       "\"2023-11-14T22:13:20.987654321Z\",\"2099-12-31T23:59:59.999999999Z\"]\n");
}

/*
 * One text of n characters in a list: the line is n + 5 bytes. Every length around the first
 * buffer's (16 KiB) and its double, twice: plain, and with a character that needs an escape, which
 * makes it one byte longer.
 */
static void long_text(size_t n, bool escape)
{
	struct json_line l = {0};
	char *text = malloc(n + 1), *line;
	size_t len;

	if (!text)
		abort();
	memset(text, 'x', n);
	text[n] = '\0';
	if (escape)
		text[n / 2] = '"';
	jl_open(&l, '[');
	jl_text(&l, text);
	jl_close(&l, ']');
	line = written(&l, &len);
	CHECK_EQ(len, n + 5 + escape);
	CHECK_EQ(strlen(line), n + 5 + escape);
	CHECK(memcmp(line, "[\"x", 3) == 0 && strcmp(line + len - 4, "x\"]\n") == 0);
	CHECK_EQ(strspn(line + 2, "x"), escape ? n / 2 : n);
	free(line);
	free(text);
}

static void larger_than_the_buffer(void)
{
	for (size_t n = 16384 - 8; n <= 16384 + 2; n++) {
		long_text(n, false);
		long_text(n, true);
		long_text(n + 16384, false);
	}
	long_text(200000, false);
	long_text(200000, true);
}

/* The same by small steps: each value may be the one that makes the buffer grow. */
static void many_values(void)
{
	struct json_line l = {0};
	size_t len, at = 1;
	char *line;

	jl_open(&l, '[');
	for (unsigned int i = 0; i < 40000; i++) {
		jl_number(&l, i % 10);
		jl_bool(&l, i % 2);
		jl_null(&l);
	}
	jl_close(&l, ']');
	line = written(&l, &len);
	/* 2 + 5 + 5.5 characters for each three, commas with them, less one, and "[", "]\n" */
	CHECK_EQ(len, 40000 / 2 * 25 - 1 + 3);
	for (unsigned int i = 0; i < 40000; i++) {
		char expected[32];
		int n = snprintf(expected, sizeof(expected), "%u,%s,null", i % 10,
				 i % 2 ? "true" : "false");

		CHECK_MSG(strncmp(line + at, expected, (size_t)n) == 0, "entry %u", i);
		at += (size_t)n + 1;
	}
	CHECK(strcmp(line + at - 1, "]\n") == 0);
	free(line);
}

/* ---- reading ---- */

/* A line with one value, and the reader at it. */
static struct stream_error error;
static struct reader reader;

static json_t *opened(const char *value)
{
	char line[512];
	json_t *root;

	snprintf(line, sizeof(line), "{\"k\":%s}", value);
	reader = (struct reader){.err = &error};
	memset(&error, 0, sizeof(error));
	root = rd_open(&reader, line, strlen(line));
	CHECK_MSG(root != NULL, "%s: %s", line, error.text);
	return root;
}

/* "" when it is refused. */
static const char *string_of(const char *value, size_t size)
{
	static char buf[64];
	json_t *root = opened(value);

	memset(buf, '#', sizeof(buf));
	rd_as_string(&reader, "k", rd_get(&reader, root, "k"), buf, size);
	CHECK_MSG(strlen(buf) < size && buf[size] == '#', "written beyond %zu bytes", size);
	json_decref(root);
	return buf;
}

static void strings(void)
{
	CHECK(strcmp(string_of("\"\"", 1), "") == 0 && !reader.failed);
	CHECK(strcmp(string_of("\"a\"", 1), "") == 0 && reader.failed);
	CHECK(strstr(error.text, "k: ") == error.text && strstr(error.text, "than 0 bytes"));
	CHECK(strcmp(string_of("\"abcdefg\"", 8), "abcdefg") == 0 && !reader.failed);
	CHECK(strcmp(string_of("\"abcdefgh\"", 8), "") == 0 && reader.failed);
	CHECK(strstr(error.text, "than 7 bytes"));
	CHECK(strcmp(string_of("\"abcdefghi\"", 8), "") == 0 && reader.failed);
	/* Bytes count, not letters: seven and eight of them. */
	CHECK(strcmp(string_of("\"\xc3\xa9\xc3\xa9\xc3\xa9x\"", 8), "\xc3\xa9\xc3\xa9\xc3\xa9x") ==
		      0 &&
	      !reader.failed);
	string_of("\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"", 8);
	CHECK(reader.failed);
	string_of("7", 8);
	CHECK(reader.failed && strstr(error.text, "an integer where a string belongs"));
	string_of("null", 8);
	CHECK(reader.failed && strstr(error.text, "null where a string belongs"));
}

static json_int_t integer_of(const char *value, json_int_t min, json_int_t max)
{
	json_t *root = opened(value);
	json_int_t v = rd_as_integer(&reader, "k", rd_get(&reader, root, "k"), min, max);

	json_decref(root);
	return v;
}

static void integers(void)
{
	CHECK_EQ(integer_of("3", 3, 5), 3);
	CHECK(!reader.failed);
	CHECK_EQ(integer_of("5", 3, 5), 5);
	CHECK(!reader.failed);
	CHECK_EQ(integer_of("2", 3, 5), 0);
	CHECK(reader.failed && strcmp(error.text, "k: 2 is out of range") == 0);
	CHECK_EQ(integer_of("6", 3, 5), 0);
	CHECK(reader.failed);
	CHECK_EQ(integer_of("-1", 0, 5), 0);
	CHECK(reader.failed);
	CHECK_EQ(integer_of("-7", -7, 5), -7);
	CHECK(!reader.failed);
	CHECK_EQ(integer_of("3.0", 0, 5), 0);
	CHECK(strstr(error.text, "a number with a fraction where an integer belongs"));
	CHECK_EQ(integer_of("\"3\"", 0, 5), 0);
	CHECK(strstr(error.text, "a string where an integer belongs"));
	CHECK_EQ(integer_of("true", 0, 5), 0);
	CHECK(strstr(error.text, "a boolean where an integer belongs"));
	CHECK_EQ(integer_of("[3]", 0, 5), 0);
	CHECK(strstr(error.text, "an array where an integer belongs"));
	CHECK_EQ(integer_of("{}", 0, 5), 0);
	CHECK(strstr(error.text, "an object where an integer belongs"));
}

/* Only the first thing that is wrong is said, and nothing is read behind it. */
static void first_error(void)
{
	json_t *root = opened("3");
	char buf[8] = "old";

	CHECK(!rd_get(&reader, root, "missing"));
	CHECK(strcmp(error.text, "missing: this key is missing") == 0);
	CHECK(!rd_get(&reader, root, "k"));
	CHECK_EQ(rd_as_integer(&reader, "k", json_object_get(root, "k"), 0, 9), 0);
	rd_as_string(&reader, "k", json_object_get(root, "k"), buf, sizeof(buf));
	CHECK(buf[0] == '\0');
	CHECK(strcmp(error.text, "missing: this key is missing") == 0);
	json_decref(root);
}

static void paths(void)
{
	size_t outer, inner;

	reader = (struct reader){.err = &error};
	outer = rd_enter(&reader, "interval", -1);
	inner = rd_enter(&reader, "rows", 0);
	CHECK(strcmp(reader.path, "interval.rows[0].") == 0);
	rd_leave(&reader, inner);
	inner = rd_enter(&reader, "rows", 12);
	rd_fail(&reader, "key", "%d is wrong", 7);
	CHECK_MSG(strcmp(error.text, "interval.rows[12].key: 7 is wrong") == 0, "%s", error.text);
	rd_leave(&reader, inner);
	rd_leave(&reader, outer);
	CHECK(reader.path[0] == '\0' && reader.path_len == 0);
	/* Far deeper than any line: cut, and never beyond its buffer. */
	for (int i = 0; i < 40; i++)
		rd_enter(&reader, "deeper", -1);
	CHECK_EQ(strlen(reader.path), sizeof(reader.path) - 1);
	CHECK_EQ(reader.path_len, sizeof(reader.path) - 1);
}

static void no_line(void)
{
	static const struct {
		const char *line, *error;
	} cases[] = {
		{"", "cut or damaged"},
		{"{", "cut or damaged"},
		{"{\"a\":1,\"a\":2}", "duplicate"},
		{"[]", "an array where an object belongs"},
		{"{} {}", "cut or damaged"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		reader = (struct reader){.err = &error};
		memset(&error, 0, sizeof(error));
		CHECK(!rd_open(&reader, cases[i].line, strlen(cases[i].line)));
		CHECK(reader.failed);
		CHECK_MSG(strstr(error.text, cases[i].error), "%s: %s", cases[i].line, error.text);
	}
}

static const struct test_case cases[] = {
	{"values", values},
	{"texts", texts},
	{"times", times},
	{"larger_than_the_buffer", larger_than_the_buffer},
	{"many_values", many_values},
	{"strings", strings},
	{"integers", integers},
	{"first_error", first_error},
	{"paths", paths},
	{"no_line", no_line},
};

TEST_MAIN("json_line", cases)
