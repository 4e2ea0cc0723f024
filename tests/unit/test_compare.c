// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_compare.c - differences between recordings, and whether they exceed noise. */
#include <math.h>

#include "out/compare.h"
#include "out/interval.h"
#include "test.h"

#define SECOND 1000000000ULL
#define START (1700000000ULL * SECOND)

#define CHECK_NEAR(a, b, by)                                                                       \
	do {                                                                                       \
		double _a = (a), _b = (b);                                                         \
		CHECK_MSG(fabs(_a - _b) <= (by), "%s is %.9g, not %.9g", #a, _a, _b);              \
	} while (0)

/* ---- the interval ---- */

/* As printed tables of Student's t have it: two-sided, 0.05. */
static void test_t(void)
{
	static const struct {
		double degrees, t;
	} table[] = {{1, 12.7062},  {2, 4.30265},   {3, 3.18245},  {4, 2.77645},  {5, 2.57058},
		     {7, 2.36462},  {10, 2.22814},  {15, 2.13145}, {20, 2.08596}, {30, 2.04227},
		     {60, 2.00030}, {120, 1.97993}, {1e9, 1.95996}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		CHECK_NEAR(interval_t(table[i].degrees), table[i].t, 0.00006);
	for (double d = 1; d < 50; d += 0.1)
		CHECK(interval_t(d) >= interval_t(d + 0.1));
}

/* 15 of 5 is 3; the blocks differ from that by -1, 1 and 0: (1 + 1) * 3/2 / 25. */
static void test_ratio(void)
{
	const struct block block[] = {{2, 1}, {4, 1}, {9, 3}};
	struct estimate e = interval_ratio(block, 3);

	CHECK_NEAR(e.figure, 3, 1e-12);
	CHECK_NEAR(e.variance, 0.12, 1e-12);
	CHECK_EQ(e.blocks, 3);
	CHECK_NEAR(interval_ratio(block, 0).figure, 0, 0);
}

/*
 * 1 to 10 and 11 to 20: variances of 55/6 each, of the means 11/12 each, 18 degrees of freedom, and
 * so 10 +- 2.100922 * sqrt(11/6), which is 2.844661.
 */
static void test_difference(void)
{
	struct block a[10], b[10];
	struct estimate before, after;
	struct difference d;

	for (unsigned int i = 0; i < 10; i++) {
		a[i] = (struct block){1 + i, 1};
		b[i] = (struct block){11 + i, 1};
	}
	before = interval_ratio(a, 10);
	after = interval_ratio(b, 10);
	d = interval_difference(&before, &after);
	CHECK(d.known && d.exceeds);
	CHECK_NEAR(d.change, 10, 1e-9);
	CHECK_NEAR(d.low, 10 - 2.844661, 1e-4);
	CHECK_NEAR(d.high, 10 + 2.844661, 1e-4);
	/* With itself there is none. */
	d = interval_difference(&before, &before);
	CHECK(d.known && !d.exceeds);
	CHECK_NEAR(d.change, 0, 0);
	/* One block tells nothing of noise. */
	before = interval_ratio(a, 1);
	CHECK(!interval_difference(&before, &after).known);
}

static double uniform(__u64 *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (double)(*seed >> 11) / 9007199254740992.0;
}

/* Twelve of them are nearly normal. */
static double normal(__u64 *seed)
{
	double sum = -6;

	for (unsigned int i = 0; i < 12; i++)
		sum += uniform(seed);
	return sum;
}

/* Of 4000 pairs that do not differ, but in how noisy they are, one in twenty exceeds noise. */
static void test_coverage(void)
{
	unsigned int exceeded = 0;
	__u64 seed = 7;

	for (unsigned int n = 0; n < 4000; n++) {
		struct block a[8], b[14];
		struct estimate before, after;

		for (unsigned int i = 0; i < 8; i++)
			a[i] = (struct block){100 + normal(&seed), 1};
		for (unsigned int i = 0; i < 14; i++)
			b[i] = (struct block){100 + 5 * normal(&seed), 1};
		before = interval_ratio(a, 8);
		after = interval_ratio(b, 14);
		exceeded += interval_difference(&before, &after).exceeds;
	}
	CHECK_MSG(exceeded > 150 && exceeded < 250, "%u of 4000 exceed noise", exceeded);
}

/* ---- recordings ---- */

/* 600 seconds; in each storm of 25 that many are lost a second. */
static void make(struct recording *r, unsigned int storms, __u64 lost, __u64 *seed)
{
	memset(r, 0, sizeof(*r));
	for (unsigned int i = 0; i < 600; i++) {
		struct column c = column_of(START + i * SECOND, START + (i + 1) * SECOND);
		bool storm = storms && i % (600 / storms) < 25;

		c.sum[TIMELINE_REQUESTS] = 1000 + (__u64)(50 * uniform(seed));
		c.sum[TIMELINE_FAILED] = c.sum[TIMELINE_LOST] =
			storm ? (__u64)(2 * (double)lost * uniform(seed)) : 0;
		CHECK_EQ(timeline_add(&r->time, &c), 0);
	}
	r->stats = 600;
	r->whys = 1; /* lost is known */
	r->stat_info = (struct run_info){.class_mask = 7, .order_mask = ~0U, .cpu = -1};
}

static struct difference lost_of(unsigned int storms, __u64 before, __u64 after)
{
	static struct recording a, b;
	static struct compare c;
	__u64 seed = 99;

	make(&a, storms, before, &seed);
	make(&b, storms, after, &seed);
	CHECK_EQ(compare_make(&c, &a, &b), 0);
	CHECK(c.alike);
	CHECK(c.figure[COMPARE_LOST].known && c.figure[COMPARE_REQUESTS].known);
	CHECK(!c.figure[COMPARE_REQUESTS].is.exceeds);
	timeline_free(&a.time);
	timeline_free(&b.time);
	return c.figure[COMPARE_LOST].is;
}

/* A single storm on each side may be chance, however large; six of them are not. */
static void test_storms(void)
{
	struct difference one = lost_of(1, 30, 3), six = lost_of(6, 30, 3),
			  same = lost_of(6, 30, 30);

	CHECK(one.change < 0 && !one.exceeds);
	CHECK(six.change < 0 && six.exceeds && six.high < 0);
	CHECK(!same.exceeds);
}

static void test_unlike(void)
{
	static struct recording a, b;
	static struct compare c;
	__u64 seed = 3;

	make(&a, 0, 0, &seed);
	make(&b, 0, 0, &seed);
	b.stat_info.cpu = 3;
	CHECK_EQ(compare_make(&c, &a, &b), 0);
	CHECK(!c.alike && !compare_is_alike(&c, COMPARE_CPUS) &&
	      compare_is_alike(&c, COMPARE_CLASSES));
	CHECK(!c.figure[COMPARE_LOST].known);
	b.stat_info.cpu = -1;
	b.stats = COMPARE_LEAST_REPORTS - 1;
	CHECK_EQ(compare_make(&c, &a, &b), 0);
	CHECK(!c.alike && !compare_is_alike(&c, COMPARE_REPORTS));
	timeline_free(&a.time);
	timeline_free(&b.time);
}

static const struct test_case cases[] = {
	{"t", test_t},
	{"ratio", test_ratio},
	{"difference", test_difference},
	{"coverage", test_coverage},
	{"storms", test_storms},
	{"unlike", test_unlike},
};

TEST_MAIN("compare", cases)
