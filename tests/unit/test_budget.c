// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_budget.c - windows and what they come to: down at once, up after quiet ones, longer waits
 * where that was in vain; and the mean of what comes in lumps.
 */
#include "model/budget.h"

#include "test.h"
#include "view/page.h"
#include "view/show.h"

#define LIMIT 1000000ULL
#define ALL (1U << BUDGET_NO_STACKS | 1U << BUDGET_COARSE_SITES)

/*
 * A letter a window: 'o' over the limit, 'h' more than half of it, 'q' quiet; '!' what was asked
 * for is refused. The step behind each as a digit, "!" as it is.
 */
static void play(struct budget *b, const char *windows, char *steps, size_t size)
{
	size_t n = 0;

	for (const char *w = windows; *w && n + 1 < size; w++) {
		__u64 used = *w == 'o' ? LIMIT + 1 : *w == 'h' ? LIMIT / 2 + 1 : LIMIT / 2;
		enum budget_step to = budget_next(b, used);

		if (to != b->step && *w == '!')
			budget_refused(b);
		else if (to != b->step)
			budget_taken(b, to);
		steps[n++] = (char)('0' + b->step);
	}
	steps[n] = '\0';
}

static void table(void)
{
	static const struct {
		unsigned int steps;
		const char *windows, *expected;
	} rows[] = {
		/* never without a need */
		{ALL, "qqhqqqqhhhqqqqqqqq", "000000000000000000"},
		/* one step a window, and no further than the last */
		{ALL, "ooooo", "12333"},
		{0, "ooo", "333"},
		{1U << BUDGET_NO_STACKS, "ooo", "133"},
		/* stays where it is enough */
		{ALL, "ohhhhhhhhhhhh", "1111111111111"},
		/* up after five quiet windows in a row, a step at a time */
		{ALL, "ooqqqqqqqqqq", "122222111110"},
		{0, "oqqqqhqqqqqqq", "3333333333000"},
		/* in vain: twice as many */
		{0, "oqqqqqoqqqqqqqqqqqq", "3333303333333333000"},
		/* it held: few again */
		{0, "oqqqqqqqqqqqqqqqqoqqqqqq", "333330000000000003333300"},
		/* refused: after as many again */
		{0, "oqqqq!qqqqqq", "333333333300"},
		/* too much once more at the last step: the quiet ones before it do not count */
		{0, "oqqqqoqqqqq", "33333333330"},
		/* in vain, then ten windows that held: the next step up waits for few */
		{ALL, "ooqqqqqoqqqqqqqqqqhhhhhhhhhhqqqqq", "122222122222222221111111111111110"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct budget b;
		char steps[64];

		budget_init(&b, LIMIT, rows[i].steps);
		play(&b, rows[i].windows, steps, sizeof(steps));
		CHECK_MSG(strcmp(steps, rows[i].expected) == 0, "%s is %s, not %s", rows[i].windows,
			  steps, rows[i].expected);
	}
}

static void counts(void)
{
	struct budget b;
	char steps[64];

	budget_init(&b, LIMIT, ALL);
	play(&b, "oooqqqqqqqqqqqqqqq", steps, sizeof(steps));
	CHECK_EQ(b.steps_down, 3);
	CHECK_EQ(b.steps_up, 3);
	CHECK_EQ(b.step, BUDGET_EVERYTHING);
}

static void says_when_over(void)
{
	struct budget b;

	budget_init(&b, LIMIT, 0);
	budget_taken(&b, budget_next(&b, LIMIT * 2));
	CHECK(!b.over);
	CHECK_EQ(budget_next(&b, LIMIT * 2), BUDGET_FAILURES_ONLY);
	CHECK(b.over);
	budget_next(&b, LIMIT);
	CHECK(!b.over);
}

/* A load that goes on: the waits double up to their bound, and it always ends up high again. */
static void waits_longer(void)
{
	struct budget b;
	unsigned int waits[8] = {0};

	budget_init(&b, LIMIT, 0);
	for (size_t i = 0; i < 8; i++) {
		budget_taken(&b, budget_next(&b, LIMIT * 9));
		for (; b.step != BUDGET_EVERYTHING && waits[i] < 1000; waits[i]++)
			budget_taken(&b, budget_next(&b, 0));
	}
	CHECK_EQ(waits[0], BUDGET_QUIET_LEAST);
	CHECK_EQ(waits[1], 2 * BUDGET_QUIET_LEAST);
	CHECK_EQ(waits[2], 4 * BUDGET_QUIET_LEAST);
	CHECK_EQ(waits[7], BUDGET_QUIET_MOST);
}

static void mean_of_lumps(void)
{
	const __u64 s = 1000000000ULL;
	struct budget_mean m = {0};
	__u64 used = 7, mean = 0;

	CHECK_EQ(budget_mean_add(&m, 100 * s, used), 0);
	/* a lump of 160 ms is 10 ms a second, for as long as it is within the time */
	used += 160000000;
	for (__u64 t = 101; t < 116; t++)
		CHECK_EQ(budget_mean_add(&m, t * s, used), 10000000);
	CHECK_EQ(budget_mean_add(&m, 116 * s, used), 10000000);
	CHECK_EQ(budget_mean_add(&m, 117 * s, used), 0);
	/* a steady load is what it is */
	for (__u64 t = 118; t < 400; t++)
		mean = budget_mean_add(&m, t * s, used += 3000000);
	CHECK_EQ(mean, 3000000);
	/* and so it is when it is looked at rarely */
	used += 400 * 3000000ULL;
	CHECK_EQ(budget_mean_add(&m, 800 * s, used), 0);
}

/* Sampled more often than there is room for: what is kept is of a shorter time, and taken for all.
 */
static void mean_of_many(void)
{
	struct budget_mean m = {0};
	__u64 used = 0, mean = 0;

	for (__u64 i = 0; i < 1000; i++)
		mean = budget_mean_add(&m, i * 1000000, used += 1000);
	CHECK_EQ(mean, 31 * 1000 / 16);
}

static void text_of(const struct budget_report *b, char *buf, size_t size)
{
	FILE *f = fmemopen(buf, size, "w");

	memset(buf, 0, size);
	if (!f)
		return;
	view_budget(f, &(struct show){.columns = 100}, b);
	fclose(f);
}

static void text(void)
{
	struct budget_report b = {0};
	char buf[256];

	text_of(&b, buf, sizeof(buf));
	CHECK(!buf[0]);
	b.limit_ns = 5000000;
	b.process_ns = 1000000;
	text_of(&b, buf, sizeof(buf));
	CHECK_MSG(strcmp(buf, "budget: used 0.10 % of the 0.50 % of a processor (programs -, "
			      "process 0.10): full detail\n") == 0,
		  "%s", buf);
	b.programs_known = true;
	b.programs_ns = 9000000;
	b.step = BUDGET_FAILURES_ONLY;
	b.over = true;
	b.steps_down = 3;
	b.steps_up = 1;
	b.skipped = 4711;
	text_of(&b, buf, sizeof(buf));
	CHECK_MSG(strcmp(buf, "budget: used 1.00 % of the 0.50 % of a processor (programs 0.90, "
			      "process 0.10): OVER with failures\n    only (steps down 3, up 1) - "
			      "skipped 4711 since start\n") == 0,
		  "%s", buf);
	b.step = BUDGET_COARSE_SITES;
	b.sites_sampled = 1024;
	text_of(&b, buf, sizeof(buf));
	CHECK_MSG(strstr(buf, "sites sampled one in 1024"), "%s", buf);
}

static const struct test_case cases[] = {
	{"table", table},
	{"counts", counts},
	{"says_when_over", says_when_over},
	{"waits_longer", waits_longer},
	{"mean_of_lumps", mean_of_lumps},
	{"mean_of_many", mean_of_many},
	{"text", text},
};

TEST_MAIN("budget", cases)
