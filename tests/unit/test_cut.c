// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_cut.c - reports of all sizes, cut into parts that fit and put together again; and names from
 * outside made clean.
 */
#include <errno.h>

#include "base/text.h"
#include "json/cut.h"
#include "json/join.h"
#include "json/write.h"
#include "random_report.h"
#include "view/views.h"

static struct report report, back;

static char *written(const struct report *r, bool cut)
{
	const struct show show = {.cut = cut};
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		abort();
	CHECK_EQ(view_stat.json(f, &show, r), 0);
	fclose(f);
	return text;
}

/* Reads the parts, line by line; how many. */
static unsigned int join_all(struct join *j, char *parts, const char **whole, size_t *len)
{
	struct stream_error err;
	unsigned int n = 0;
	int r = -EAGAIN;

	for (char *line = strtok(parts, "\n"); line; line = strtok(NULL, "\n")) {
		CHECK_EQ(r, -EAGAIN);
		*whole = line;
		*len = strlen(line);
		CHECK_MSG(*len < CUT_BYTES, "a line of %zu bytes", *len);
		r = join_take(j, whole, len, &err);
		CHECK_MSG(r == 0 || r == -EAGAIN, "%s", err.text);
		n++;
	}
	CHECK_EQ(r, 0);
	return n;
}

static void reports(void)
{
	struct stream_error err;
	__u64 seed = 20261130;
	unsigned int most = 0;

	for (unsigned int i = 0; i < 300; i++) {
		struct join j = {0};
		const char *whole = "";
		char *parts, *line, *again;
		unsigned int n;
		size_t len = 0;

		random_report(&report, LAB_ZONES, i % 3 ? i : 3000, &seed);
		line = written(&report, false);
		parts = written(&report, true);
		n = join_all(&j, parts, &whole, &len);
		most = n > most ? n : most;
		memset(&back, 0, sizeof(back));
		CHECK_MSG(view_stat.parse(whole, len, &back, &err) == 0, "%s", err.text);
		again = written(&back, false);
		CHECK(strcmp(line, again) == 0);
		CHECK(!join_open(&j, &err));
		join_free(&j);
		free(line);
		free(parts);
		free(again);
	}
	CHECK_MSG(most > 20, "no more than %u parts", most);
}

static void check_part(const char *first, const char *second, const char *said)
{
	struct stream_error err = {.text = ""};
	struct join j = {0};
	size_t len = strlen(first);
	int r = join_take(&j, &first, &len, &err);

	CHECK_EQ(r, second ? -EAGAIN : -EINVAL);
	if (second) {
		len = strlen(second);
		CHECK_EQ(join_take(&j, &second, &len, &err), -EINVAL);
	}
	CHECK_MSG(strcmp(err.text, said) == 0, "%s", err.text);
	join_free(&j);
}

#define PART(n, rest) "{\"type\":\"a_part\",\"time\":\"1\",\"part\":" #n ",\"parts\":3" rest "}"

static void refusals(void)
{
	check_part(PART(2, ""), NULL, "part: 2 of 3, and 0 came before it");
	check_part(PART(4, ""), NULL, "part: 4 is out of range");
	check_part(PART("x", ""), NULL, "part: a string where an integer belongs");
	check_part("{\"type\":\"a_part\"}", NULL, "parts: this key is missing");
	check_part(PART(1, ""), PART(3, ""), "part: 3 of 3, and 1 came before it");
	check_part(PART(1, ""), "{\"type\":\"a_part\",\"time\":\"2\",\"part\":2,\"parts\":3}",
		   "part: 2 is not of the line whose part 1 came before it");
	check_part(PART(1, ",\"k\":1"), PART(2, ",\"k\":1"), "k: comes in two parts");
	check_part(PART(1, ",\"k\":{}"), PART(2, ",\"k\":[]"), "k: comes in two parts");
	check_part(PART(1, ",\"k\":[]"), PART(2, ",\"k\":[{\"continued\":true}]"),
		   "continued: nothing is there that could go on");
}

static void names(void)
{
	static const char *const name[][2] = {
		{"plain ~", "plain ~"},
		{"a\x1b[31m", "a?[31m"},
		{"a\nb\tc\x7f", "a?b?c?"},
		{"\xc2\x9b"
		 "1m",
		 "??1m"},
		{"\xc3\xa4\xc2\xa0", "\xc3\xa4\xc2\xa0"},
		{"\xff\xc3", "??"},
		{"\xe2\x82", "??"},
		{"\xe2\x82\xac", "\xe2\x82\xac"},
		{"\xc0\x80", "??"},
		{"\xed\xa0\x80", "???"},
		{"\xf4\x90\x80\x80", "????"},
		{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
	};
	char text[16];

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		snprintf(text, sizeof(text), "%s", name[i][0]);
		text_clean(text);
		CHECK_MSG(strcmp(text, name[i][1]) == 0, "%zu: %s", i, text);
	}
}

static const struct test_case cases[] = {
	{"reports", reports},
	{"refusals", refusals},
	{"names", names},
};

TEST_MAIN("cut", cases)
