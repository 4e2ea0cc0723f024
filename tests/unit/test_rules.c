// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_rules.c - the allocator's rules by kernel release: releases read, and one zone tried by a
 * request under each generation, the floor and the margin worked out by hand.
 */
#include "model/rules.h"
#include "model/zone_trial.h"
#include "test.h"

static void releases(void)
{
	static const struct {
		const char *word, *package;
		unsigned int major, minor, patch;
		bool known, patch_known;
	} releases[] = {
		{"6.1.115", NULL, 6, 1, 115, true, true},
		{"6.1.77-vendor", NULL, 6, 1, 77, true, true},
		{"5.15.0-91-generic", NULL, 5, 15, 0, true, false},
		{"6.1.0-18-amd64", "#1 SMP Debian 6.1.76-1", 6, 1, 76, true, true},
		{"4.9.0-6-amd64", "#1 Debian 4.9.88-1", 4, 9, 88, true, true},
		{"4.18.0-513.el8.x86_64", NULL, 4, 18, 0, true, false},
		{"6.8.0-rc5-2.g91ab77c", NULL, 6, 8, 0, true, true},
		{"6.3.0", NULL, 6, 3, 0, true, true},
		{"5.13.x", NULL, 5, 13, 0, true, false},
		{"7.1", NULL, 7, 1, 0, true, false},
		{"custom", NULL, 0, 0, 0, false, false},
		{"", NULL, 0, 0, 0, false, false},
		{"6.", NULL, 0, 0, 0, false, false},
		{"99999999999.1.2", NULL, 100000, 1, 2, true, true},
	};

	for (size_t i = 0; i < sizeof(releases) / sizeof(releases[0]); i++) {
		struct kernel_release r = release_parse(releases[i].word, releases[i].package);

		CHECK_MSG(r.known == releases[i].known &&
				  r.patch_known == releases[i].patch_known &&
				  r.major == releases[i].major && r.minor == releases[i].minor &&
				  r.patch == releases[i].patch,
			  "%s: %u.%u.%u %d %d", releases[i].word, r.major, r.minor, r.patch,
			  r.known, r.patch_known);
	}
}

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM | LAB_GFP_ATOMIC)
#define NOWAIT LAB_GFP_KSWAPD_RECLAIM
#define KERNEL (LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM | LAB_GFP_IO | LAB_GFP_FS)

/* min 8000 with a boost of 4000 beside it, a lowmem reserve of 100, 512 pages in one reserved block
 * of which 300 are free. */
static const struct lab_event_zone zone = {
	.free = 10000,
	.min = 8000,
	.low = 10000,
	.boost = 4000,
	.lowmem_reserve = 100,
	.managed = 1000000,
	.free_highatomic = 300,
	.unusable_highatomic = 512,
	.blocks = {3000, 100, 50, 10, 0, 10},
	.ordinary = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3,
	.highatomic = 1 << 5,
};

static const struct {
	const char *release;
	__u32 order, gfp;
	enum fit fit;
	__u64 floor;
	__s64 margin;
} trials[] = {
	/* 12000/2 = 6000, less a quarter 4500; highatomic counts for HARDER. */
	{"4.19.80", 0, ATOMIC, FIT_SERVES, 4500, 10000 - 4600},
	{"5.4.30", 0, ATOMIC, FIT_SERVES, 4500, 10000 - 4600},
	/* From 5.9 on without the boost: 8000/2 = 4000, less a quarter 3000. */
	{"5.9.1", 0, ATOMIC, FIT_SERVES, 3000, 10000 - 3100},
	{"6.1.115", 0, ATOMIC, FIT_SERVES, 3000, 10000 - 3100},
	{"6.12.15", 0, ATOMIC, FIT_SERVES, 3000, 10000 - 3100},
	/* Order 1 and more: with it everywhere. */
	{"6.12.15", 1, ATOMIC, FIT_SERVES, 4500, 9999 - 4600},
	/* Order 5 lies in the exclusive block only: open to GFP_ATOMIC everywhere. */
	{"4.19.80", 5, ATOMIC, FIT_SERVES, 4500, 9969 - 4600},
	{"6.12.15", 5, ATOMIC, FIT_SERVES, 4500, 9969 - 4600},
	/* NOWAIT: min and the boost; the whole block is taken off up to 6.2. */
	{"5.4.30", 0, NOWAIT, FIT_EXHAUSTED, 12000, 10000 - 512 - 12100},
	{"5.15.170", 0, NOWAIT, FIT_EXHAUSTED, 12000, 10000 - 512 - 12100},
	{"5.15.171", 0, NOWAIT, FIT_EXHAUSTED, 12000, 10000 - 12100},
	{"6.1.115", 0, NOWAIT, FIT_EXHAUSTED, 12000, 10000 - 512 - 12100},
	{"6.1.116", 0, NOWAIT, FIT_EXHAUSTED, 12000, 10000 - 12100},
	{"6.2.16", 0, NOWAIT, FIT_EXHAUSTED, 12000, 10000 - 512 - 12100},
	{"6.3.1", 0, NOWAIT, FIT_EXHAUSTED, 12000, 10000 - 12100},
	/* HIGH that may sleep: half of min; up to 6.2 it has no second try. */
	{"6.1.115", 0, KERNEL | LAB_GFP_HIGH, FIT_SERVES, 6000, 10000 - 512 - 6100},
	{"6.1.116", 0, KERNEL | LAB_GFP_HIGH, FIT_SERVES, 4000, 10000 - 4100},
	{"6.6.5", 0, KERNEL | LAB_GFP_HIGH, FIT_SERVES, 4000, 10000 - 4100},
	/* __GFP_ATOMIC alone: 3/4 of min, while there is that bit. */
	{"5.10.200", 0, NOWAIT | LAB_GFP_ATOMIC, FIT_SERVES, 6000, 10000 - 6100},
	/* NOMEMALLOC: half of min, no exclusive pages up to 6.2. */
	{"5.15.160", 0, ATOMIC | LAB_GFP_NOMEMALLOC, FIT_SERVES, 4000, 10000 - 512 - 4100},
	{"5.15.176", 0, ATOMIC | LAB_GFP_NOMEMALLOC, FIT_SERVES, 4000, 10000 - 4100},
	/* May sleep: min as it is. */
	{"6.12.15", 0, KERNEL, FIT_EXHAUSTED, 12000, 10000 - 512 - 12100},
};

static void one_zone_by_generation(void)
{
	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++) {
		struct kernel_release r = release_parse(trials[i].release, NULL);
		struct verdict_rules rules = rules_of_release(&r);
		struct lab_event_head h = {.gfp = trials[i].gfp, .order = trials[i].order};
		struct trial t;

		trial_request(&t, &zone, &h, &rules);
		CHECK_MSG(t.fit == trials[i].fit && t.floor == trials[i].floor &&
				  t.margin == trials[i].margin,
			  "%s order %u gfp %x: fit %d, floor %llu, margin %lld", trials[i].release,
			  trials[i].order, trials[i].gfp, (int)t.fit, (unsigned long long)t.floor,
			  (long long)t.margin);
	}
}

/* Exclusive pages hold all that is free: who may take them, and from when on. */
static void reserved_at_order_0(void)
{
	static const struct {
		const char *release;
		__u32 gfp;
		enum fit fit;
	} cases[] = {
		{"4.9.61", ATOMIC, FIT_RESERVED},   {"5.10.160", ATOMIC, FIT_RESERVED},
		{"5.15.170", ATOMIC, FIT_RESERVED}, {"5.15.171", ATOMIC, FIT_SERVES},
		{"6.3.1", ATOMIC, FIT_RESERVED},    {"6.6.59", ATOMIC, FIT_RESERVED},
		{"6.6.60", ATOMIC, FIT_SERVES},	    {"6.12.1", ATOMIC, FIT_SERVES},
		{"6.12.1", NOWAIT, FIT_SERVES},
	};
	struct lab_event_zone closed = zone;

	closed.min = 100;
	closed.boost = 0;
	closed.free_highatomic = closed.free;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kernel_release r = release_parse(cases[i].release, NULL);
		struct verdict_rules rules = rules_of_release(&r);
		struct lab_event_head h = {.gfp = cases[i].gfp};
		struct trial t;

		trial_request(&t, &closed, &h, &rules);
		CHECK_MSG(t.fit == cases[i].fit, "%s gfp %x: %d", cases[i].release, cases[i].gfp,
			  (int)t.fit);
	}
}

/* Up to 4.3 each lower order is taken off, against half of the mark a step. */
static void halved_marks_up_to_4_3(void)
{
	struct lab_event_zone z = {
		.free = 1000 + 4 * 8, .min = 64, .managed = 100000, .blocks = {1000, 0, 0, 4}};
	struct lab_event_head h = {.gfp = KERNEL, .order = 3};
	struct kernel_release old = release_parse("4.1.21", NULL);
	struct kernel_release next = release_parse("4.4.1", NULL);
	struct verdict_rules rules = rules_of_release(&old);
	struct trial t;

	z.ordinary = 1 << 0 | 1 << 3;
	/* 1032 - 7 - 1000 = 25 against 32: refused at the first step. */
	trial_request(&t, &z, &h, &rules);
	CHECK_EQ(t.fit, FIT_FRAGMENTED);
	/* 8 more blocks: 89 against 32, 16, 8. */
	z.blocks[3] = 12;
	z.free += 64;
	trial_request(&t, &z, &h, &rules);
	CHECK_EQ(t.fit, FIT_SERVES);
	z.blocks[3] = 10;
	z.free -= 16 + 56;
	trial_request(&t, &z, &h, &rules);
	CHECK_EQ(t.fit, FIT_FRAGMENTED);
	rules = rules_of_release(&next);
	trial_request(&t, &z, &h, &rules);
	CHECK_EQ(t.fit, FIT_SERVES);
}

static void doubt(void)
{
	static const struct {
		const char *word;
		bool doubt;
	} words[] = {
		{"5.15.0-91-generic", true}, {"5.15.171", false},
		{"6.1.0-13-cloud", true},    {"5.14.0-427.el9.x86_64", true},
		{"6.8.0-45-generic", false}, {"5.4.0-1", false},
	};
	struct verdict_rules before, after;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct kernel_release r = release_parse(words[i].word, NULL);

		CHECK_MSG(rules_in_doubt(&r, &before, &after) == words[i].doubt, "%s",
			  words[i].word);
		if (words[i].doubt)
			CHECK(strcmp(rules_name(&before), "Linux up to 6.2") == 0 &&
			      strcmp(rules_name(&after), "Linux 6.3 and later") == 0);
		if (words[i].doubt)
			CHECK(before.harder_by_bit && !after.harder_by_bit);
	}
}

static const struct test_case cases[] = {
	{"releases", releases},
	{"one-zone-by-generation", one_zone_by_generation},
	{"reserved-at-order-0", reserved_at_order_0},
	{"halved-marks-up-to-4.3", halved_marks_up_to_4_3},
	{"doubt", doubt},
};

TEST_MAIN("rules", cases)
