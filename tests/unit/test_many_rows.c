// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_many_rows.c - kinds and mistakes beyond the first room of their tables, each with every
 * figure of its own, as they are taken from what the kernel side counted.
 */
#include "test.h"
#include "view/flags_report.h"
#include "view/lint_report.h"

#define KINDS 200
#define MISTAKES 100

/* Every member from n, and no two alike. */
static struct kind_row kind(__u32 n)
{
	struct kind_row row = {.gfp = 0x100 + n};
	struct lab_kind *c = &row.count;

	for (unsigned int level = 0; level < LAB_LEVELS; level++)
		c->served[level] = n * 100 + level;
	c->failed_final = n * 100 + 11;
	c->failed_opportunistic = n * 100 + 13;
	c->alone = n * 100 + 17;
	c->orders = 1ULL << n % LAB_ORDERS;
	c->fast_sum_ns = n * 100 + 19;
	c->slow_sum_ns = n * 100 + 23;
	c->fast[3] = n * 100 + 29;
	c->slow[LAB_LAT_BUCKETS - 1] = n * 100 + 31;
	c->fast_max_ns = 3;
	c->slow_max_ns = (1ULL << LAB_LAT_MAX_BITS) + n;
	return row;
}

static void check_kind(const struct flags_count *c, __u32 n, __u64 add)
{
	__u64 sum = 0;

	for (unsigned int level = 0; level < LAB_LEVELS; level++) {
		CHECK_EQ(c->served[level], n * 100 + level + add);
		sum += c->served[level];
	}
	CHECK_EQ(c->failed_final, n * 100 + 11 + add);
	CHECK_EQ(c->failed_opportunistic, n * 100 + 13 + add);
	CHECK_EQ(c->alone, n * 100 + 17 + add);
	CHECK_EQ(c->orders, 1ULL << n % LAB_ORDERS);
	CHECK_EQ(c->fast.sum_ns, n * 100 + 19 + add);
	CHECK_EQ(c->slow.sum_ns, n * 100 + 23 + add);
	CHECK_EQ(c->fast.bucket[3], n * 100 + 29 + add);
	CHECK_EQ(c->slow.bucket[LAB_LAT_BUCKETS - 1], n * 100 + 31 + add);
	CHECK_EQ(c->fast.max_ns, 3);
	CHECK_EQ(c->slow.max_ns, (1ULL << LAB_LAT_MAX_BITS) + n);
	CHECK_EQ(flags_failed(c), 2 * (n * 100 + add) + 24);
	CHECK_EQ(flags_requests(c), sum + flags_failed(c));
}

static void many_kinds(void)
{
	struct flags_report r = {0};

	for (int reading = 0; reading < 2; reading++) {
		flags_begin(&r);
		for (__u32 n = 0; n < KINDS; n++) {
			struct kind_row row = kind(n);

			CHECK_EQ(flags_take(&r, &row), 0);
		}
		CHECK_EQ(r.kinds, KINDS);
		CHECK(r.room >= KINDS);
	}
	for (__u32 n = 0; n < KINDS; n++) {
		check_kind(&flags_find(&r, 0x100 + n)->total, n, 0);
		CHECK_EQ(flags_requests(&flags_find(&r, 0x100 + n)->interval), 0);
	}
	CHECK_EQ(r.kinds, KINDS); /* all were there */
	flags_drop(&r);
	CHECK(!r.kind && !r.kinds && !r.room);
}

/* What came between two readings: 1000 of each. */
static void interval(void)
{
	struct flags_report r = {0};
	struct kind_row row = kind(7);

	CHECK_EQ(flags_take(&r, &row), 0);
	check_kind(&flags_find(&r, row.gfp)->interval, 7, 0);
	for (unsigned int level = 0; level < LAB_LEVELS; level++)
		row.count.served[level] += 1000;
	row.count.failed_final += 1000;
	row.count.failed_opportunistic += 1000;
	row.count.alone += 1000;
	row.count.fast_sum_ns += 1000;
	row.count.slow_sum_ns += 1000;
	row.count.fast[3] += 1000;
	row.count.slow[LAB_LAT_BUCKETS - 1] += 1000;
	flags_begin(&r);
	CHECK_EQ(flags_take(&r, &row), 0);
	check_kind(&flags_find(&r, row.gfp)->total, 7, 1000);
	for (unsigned int level = 0; level < LAB_LEVELS; level++)
		CHECK_EQ(flags_find(&r, row.gfp)->interval.served[level], 1000);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.failed_final, 1000);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.failed_opportunistic, 1000);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.alone, 1000);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.fast.sum_ns, 1000);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.slow.sum_ns, 1000);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.fast.bucket[3], 1000);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.slow.bucket[LAB_LAT_BUCKETS - 1], 1000);
	/* No more than the bucket is known of the longest one of the interval. */
	CHECK_EQ(flags_find(&r, row.gfp)->interval.fast.max_ns, 3);
	CHECK_EQ(flags_find(&r, row.gfp)->interval.slow.max_ns, (1ULL << LAB_LAT_MAX_BITS) + 7);
	flags_drop(&r);
}

/* ---- mistakes ---- */

static struct site_row mistake(unsigned int n, unsigned int stack)
{
	struct site_row row = {.key = {.gfp = 0xcc0,
				       .order = (__u16)(n % 20),
				       .context = (__u8)(n % 7),
				       .mistake = LAB_MISTAKE_SLEEP_BH_OFF},
			       .count = {.sampled = n + stack},
			       .frames = 1 + stack};

	snprintf(row.site, sizeof(row.site), "site%u", n);
	snprintf(row.driver, sizeof(row.driver), "driver%u", n);
	snprintf(row.via, sizeof(row.via), "via%u", stack);
	snprintf(row.frame[0].symbol, sizeof(row.frame[0].symbol), "stack%u", stack);
	return row;
}

/* Three stacks of each, n, n + 1 and n + 2 requests: the last one stands for the site. */
static void many_mistakes(void)
{
	static const unsigned int order[] = {1, 2, 0};
	struct lint_report r = {0};

	lint_begin(&r);
	for (unsigned int n = 0; n < MISTAKES; n++)
		for (unsigned int i = 0; i < 3; i++) {
			struct site_row row = mistake(n, order[i]);

			CHECK_EQ(lint_take(&r, &row), 0);
		}
	CHECK_EQ(r.findings, MISTAKES);
	CHECK(r.room >= MISTAKES);
	for (unsigned int n = 0; n < MISTAKES; n++) {
		struct lint_finding like = {.mistake = LAB_MISTAKE_SLEEP_BH_OFF, .gfp = 0xcc0};
		const struct lint_finding *f;

		snprintf(like.site, sizeof(like.site), "site%u", n);
		snprintf(like.driver, sizeof(like.driver), "driver%u", n);
		f = lint_find(&r, &like);
		CHECK_EQ(f->total, 3 * n + 3);
		CHECK_EQ(f->interval, 3 * n + 3);
		CHECK_EQ(f->stack_times, n + 2);
		CHECK_EQ(f->frames, 3);
		CHECK(strcmp(f->frame[0].symbol, "stack2") == 0 && strcmp(f->via, "via2") == 0);
		CHECK_EQ(f->orders, 1ULL << (n % 20 < LAB_ORDERS ? n % 20 : LAB_ORDERS - 1));
		CHECK_EQ(f->contexts, 1U << (n % 7 < LAB_CONTEXTS ? n % 7 : LAB_CTX_UNKNOWN));
	}
	CHECK_EQ(r.findings, MISTAKES); /* all were there */
	lint_drop(&r);
}

/* Another gfp mask, mistake, site or driver is another finding; what is no mistake is none. */
static void apart(void)
{
	struct lint_report r = {0};
	struct site_row row = mistake(1, 0);

	for (int i = 0; i < 5; i++) {
		row = mistake(1, 0);
		if (i == 1)
			row.key.gfp = 0xc40;
		if (i == 2)
			row.key.mistake = LAB_MISTAKE_SLEEP_IN_NMI;
		if (i == 3)
			row.site[0] = 'S';
		if (i == 4)
			row.driver[0] = 'D';
		CHECK_EQ(lint_take(&r, &row), 0);
		CHECK_EQ(r.findings, i + 1);
	}
	row = mistake(2, 0);
	row.key.mistake = LAB_MISTAKE_NONE;
	CHECK_EQ(lint_take(&r, &row), 0);
	row.key.mistake = LAB_MISTAKES;
	CHECK_EQ(lint_take(&r, &row), 0);
	CHECK_EQ(r.findings, 5);
	row.key.mistake = LAB_MISTAKE_NEEDLESSLY_ATOMIC;
	CHECK_EQ(lint_take(&r, &row), 0);
	CHECK_EQ(r.findings, 6);
	lint_drop(&r);
}

static const struct test_case cases[] = {
	{"many_kinds", many_kinds},
	{"interval", interval},
	{"many_mistakes", many_mistakes},
	{"apart", apart},
};

TEST_MAIN("many_rows", cases)
