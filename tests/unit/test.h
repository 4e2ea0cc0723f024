/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * test.h - a test program is a list of cases and TEST_MAIN(name, cases). It prints "PASS
 * unit/name/case" or "FAIL unit/name/case: why" for each, and exits 1 when one failed.
 */
#ifndef LAB_TEST_H
#define LAB_TEST_H

#include <linux/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_case {
	const char *name;
	void (*run)(void);
};

/* The first thing that was wrong in the running case; empty: nothing. */
static char test_why[1024];

static inline void __attribute__((format(printf, 3, 4)))
test_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (test_why[0])
		return;
	n = snprintf(test_why, sizeof(test_why), "%s:%d: ", file, line);
	va_start(ap, fmt);
	vsnprintf(test_why + n, sizeof(test_why) - (size_t)n, fmt, ap);
	va_end(ap);
}

#define CHECK_MSG(cond, ...)                                                                       \
	do {                                                                                       \
		if (!(cond))                                                                       \
			test_fail(__FILE__, __LINE__, __VA_ARGS__);                                \
	} while (0)

#define CHECK(cond) CHECK_MSG(cond, "%s", #cond)

#define CHECK_EQ(a, b)                                                                             \
	do {                                                                                       \
		long long _a = (long long)(a), _b = (long long)(b);                                \
		CHECK_MSG(_a == _b, "%s is %lld, not %s (%lld)", #a, _a, #b, _b);                  \
	} while (0)

static inline int test_main(const char *program, const struct test_case *cases, size_t n)
{
	int failed = 0;

	for (size_t i = 0; i < n; i++) {
		test_why[0] = '\0';
		cases[i].run();
		if (test_why[0])
			printf("FAIL unit/%s/%s: %s\n", program, cases[i].name, test_why);
		else
			printf("PASS unit/%s/%s\n", program, cases[i].name);
		fflush(stdout);
		failed |= test_why[0] != '\0';
	}
	return failed;
}

#define TEST_MAIN(program, cases)                                                                  \
	int main(void)                                                                             \
	{                                                                                          \
		return test_main(program, cases, sizeof(cases) / sizeof((cases)[0]));              \
	}

/* xorshift64*: the same numbers on every machine, so that a failure comes again. */
static inline __u64 test_random(__u64 *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 2685821657736338717ULL;
}

#endif
