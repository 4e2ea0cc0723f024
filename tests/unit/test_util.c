// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_util.c - numbers, durations, small files, and what a log line may carry. */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "stderr.h"
#include "test.h"
#include "base/cpu_list.h"
#include "base/util.h"

static void numbers(void)
{
	__u64 v = 99;

	CHECK_EQ(parse_u64("0", 0, 5, &v), 0);
	CHECK_EQ(v, 0);
	CHECK_EQ(parse_u64("18446744073709551615", 0, UINT64_MAX, &v), 0);
	CHECK(v == UINT64_MAX);
	CHECK_EQ(parse_u64("007", 0, 7, &v), 0);
	CHECK_EQ(v, 7);
	CHECK_EQ(parse_u64("18446744073709551616", 0, UINT64_MAX, &v), -ERANGE);
	CHECK_EQ(parse_u64("6", 0, 5, &v), -ERANGE);
	CHECK_EQ(parse_u64("6", 7, 9, &v), -ERANGE);
	CHECK_EQ(parse_u64("", 0, 5, &v), -EINVAL);
	CHECK_EQ(parse_u64("-1", 0, 5, &v), -EINVAL);
	CHECK_EQ(parse_u64("+1", 0, 5, &v), -EINVAL);
	CHECK_EQ(parse_u64(" 1", 0, 5, &v), -EINVAL);
	CHECK_EQ(parse_u64("1 ", 0, 5, &v), -EINVAL);
	CHECK_EQ(parse_u64("0x1", 0, 5, &v), -EINVAL);
	CHECK_EQ(v, 7); /* untouched by all that failed */
}

static void durations(void)
{
	static const struct {
		const char *text;
		int ret;
		__u64 ns;
	} table[] = {
		{"2", 0, 2000000000},
		{"0.5", 0, 500000000},
		{".5", 0, 500000000},
		{"5.", 0, 5000000000},
		{"250ms", 0, 250000000},
		{"10us", 0, 10000},
		{"1s", 0, 1000000000},
		{"5m", 0, 300000000000},
		{"1h", 0, 3600000000000},
		{"1.5h", 0, 5400000000000},
		{"0.000000001", 0, 1},
		{"0.1234567899", 0, 123456789},
		{"9223372036.854775807", 0, INT64_MAX},
		{"9223372036.854775808", -ERANGE, 0},
		{"18446744073709551616", -ERANGE, 0},
		{"18446744073709551615h", -ERANGE, 0},
		{"0", -ERANGE, 0},
		{"0.0000000001", -ERANGE, 0},
		{"", -EINVAL, 0},
		{".", -EINVAL, 0},
		{".s", -EINVAL, 0},
		{"s", -EINVAL, 0},
		{"1.2.3", -EINVAL, 0},
		{"1..2", -EINVAL, 0},
		{"-1", -EINVAL, 0},
		{"+1", -EINVAL, 0},
		{" 1", -EINVAL, 0},
		{"1 s", -EINVAL, 0},
		{"1S", -EINVAL, 0},
		{"1e3", -EINVAL, 0},
		{"1d", -EINVAL, 0},
		{"nan", -EINVAL, 0},
		{"0x10", -EINVAL, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		__u64 ns = 0;
		int r = parse_duration(table[i].text, &ns);

		CHECK_MSG(r == table[i].ret, "\"%s\" returns %d", table[i].text, r);
		CHECK_MSG(ns == table[i].ns, "\"%s\" is %llu ns", table[i].text,
			  (unsigned long long)ns);
	}
}

static void files(void)
{
	char path[] = "/tmp/labyrinth-test-XXXXXX", buf[8];
	int fd = mkstemp(path);

	CHECK(fd >= 0 && write(fd, "12345\n", 6) == 6);
	CHECK_EQ(read_text(path, buf, sizeof(buf)), 5);
	CHECK(strcmp(buf, "12345") == 0);
	CHECK_EQ(read_text(path, buf, 4), 3);
	CHECK(strcmp(buf, "123") == 0);
	CHECK_EQ(read_text("/tmp/no/such/file", buf, sizeof(buf)), -ENOENT);
	CHECK_EQ(read_text("/tmp", buf, sizeof(buf)), -EISDIR);
	close(fd);
	unlink(path);
}

static void cpu_lists(void)
{
	CHECK(cpu_list_has("0", 0) && !cpu_list_has("0", 1));
	CHECK(cpu_list_has("0-3,8,10-11", 3) && cpu_list_has("0-3,8,10-11", 8) &&
	      cpu_list_has("0-3,8,10-11", 11));
	CHECK(!cpu_list_has("0-3,8,10-11", 4) && !cpu_list_has("0-3,8,10-11", 9) &&
	      !cpu_list_has("0-3,8,10-11", 12));
	CHECK(!cpu_list_has("", 0) && !cpu_list_has("x", 0) && !cpu_list_has("1-", 2));
}

static void log_lines(void)
{
	char said[4096];

	stderr_catch();
	CHECK_EQ(log_err(-3, "cannot %s: %d", "do\x1b[31m\nit", 7), -3);
	log_debug(1, "not to be seen");
	log_set_verbose(1);
	log_debug(1, "seen");
	log_set_verbose(0);
	log_warn("beware");
	stderr_release(said, sizeof(said));
	CHECK_MSG(strcmp(said, "labyrinth: cannot do?[31m?it: 7\nlabyrinth: seen\n"
			       "labyrinth: warning: beware\n") == 0,
		  "said %s", said);
}

static void cleanups(void)
{
	char *a = strdup("x");
	_cleanup_(freep) char *b = TAKE_PTR(a);
	_cleanup_(fclosep) FILE *none = NULL;
	_cleanup_(closep) int fd = -1;

	CHECK(a == NULL && b != NULL);
	CHECK(!none && fd == -1);
}

static const struct test_case cases[] = {
	{"numbers", numbers},	  {"durations", durations}, {"files", files},
	{"cpu_lists", cpu_lists}, {"log_lines", log_lines}, {"cleanups", cleanups},
};

TEST_MAIN("util", cases)
