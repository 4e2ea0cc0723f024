// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_settle.c - what became of all failures, out of rows and pairs as the kernel counts them. */
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "model/aftermath.h"
#include "model/settle.h"
#include "test.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define NORETRY LAB_GFP_NORETRY
#define SPARED LAB_GFP_NOMEMALLOC
#define SLEEPS (LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM | LAB_GFP_IO | LAB_GFP_FS)
#define STRIPPED (LAB_GFP_KSWAPD_RECLAIM | LAB_GFP_IO | LAB_GFP_FS | NORETRY)

/* A row of one stack: the allocator, perhaps a helper, the site. */
static struct site_row row(__u64 stack, __u32 gfp, __u32 order, const char *helper,
			   const char *site)
{
	struct site_row r = {
		.key = {.stack = stack, .gfp = gfp & ~LAB_GFP_UNSTABLE, .order = order},
		.frames = 3,
	};

	snprintf(r.frame[0].symbol, EVENT_SYMBOL, "__alloc_pages");
	snprintf(r.frame[1].symbol, EVENT_SYMBOL, "%s", helper ?: "alloc_pages_current");
	snprintf(r.frame[2].symbol, EVENT_SYMBOL, "%s", site);
	snprintf(r.site, sizeof(r.site), "%s", site);
	snprintf(r.driver, sizeof(r.driver), "maze");
	return r;
}

static struct site_row failed_row(__u64 stack, __u32 gfp, __u32 order, __u64 failed)
{
	struct site_row r = row(stack, gfp, order, NULL, "take");

	r.count.failed_final = failed;
	return r;
}

static const struct pair_case {
	const char *name;
	__u32 then_gfp, then_order;
	const char *then_helper;
	__u32 now_gfp, now_order;
	const char *now_site;
	enum site_pair_how how;
	bool then_bulk;
	enum aftermath expected;
} pairs[] = {
	{"smaller, served", ATOMIC, 3, NULL, ATOMIC, 0, "take", SITE_PAIR_SERVED, false,
	 AFTERMATH_RECOVERED},
	{"smaller, failed", ATOMIC | NORETRY, 3, NULL, ATOMIC, 0, "take", SITE_PAIR_FAILED, false,
	 AFTERMATH_RETRIED},
	{"less of a try", ATOMIC | SPARED, 0, NULL, ATOMIC, 0, "take", SITE_PAIR_SERVED, false,
	 AFTERMATH_RECOVERED},
	{"as much of a try", ATOMIC | NORETRY, 0, NULL, ATOMIC | NORETRY, 0, "take",
	 SITE_PAIR_SERVED, false, AFTERMATH_LOST},
	{"a sheaf, then an object", ATOMIC | NORETRY, 0, "__pcs_replace_empty_main",
	 ATOMIC | NORETRY, 0, "take", SITE_PAIR_FAILED, false, AFTERMATH_RETRIED},
	{"of another site", ATOMIC | NORETRY, 3, NULL, ATOMIC, 0, "other", SITE_PAIR_SERVED, false,
	 AFTERMATH_LOST},
	{"of another class", ATOMIC | NORETRY, 3, NULL, LAB_GFP_KSWAPD_RECLAIM, 0, "take",
	 SITE_PAIR_SERVED, false, AFTERMATH_LOST},
	{"asleep", STRIPPED, 0, NULL, SLEEPS, 0, "take", SITE_PAIR_SERVED, false,
	 AFTERMATH_RECOVERED},
	{"left, smaller", ATOMIC, 3, NULL, ATOMIC, 0, "", SITE_PAIR_LEFT, false,
	 AFTERMATH_RECOVERED},
	{"left, larger", ATOMIC | SPARED, 0, NULL, ATOMIC | SPARED, 2, "", SITE_PAIR_LEFT, false,
	 AFTERMATH_LOST},
	{"the end of a bulk request", ATOMIC, 0, NULL, ATOMIC, 0, "take", SITE_PAIR_BULK, false,
	 AFTERMATH_RETRIED},
	{"two bulk requests", ATOMIC, 0, NULL, ATOMIC, 0, "take", SITE_PAIR_BULK, true,
	 AFTERMATH_LOST},
	{"not yet", ATOMIC, 3, NULL, 0, 0, "", SITE_PAIR_PENDING, false, AFTERMATH_PENDING},
};

static struct site_pair pair_of(const struct pair_case *c, __u64 count)
{
	return (struct site_pair){
		.then = row(7, c->then_gfp, c->then_order, c->then_helper, "take"),
		.now = row(8, c->now_gfp, c->now_order, NULL, c->now_site),
		.then_gfp = c->then_gfp,
		.now_gfp = c->now_gfp,
		.then_bulk = c->then_bulk,
		.how = c->how,
		.count = count,
	};
}

static void decides(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct site_pair pair = pair_of(&pairs[i], 1);
		enum aftermath is = aftermath_of_pair(&pair);

		CHECK_MSG(is == pairs[i].expected, "%s: %s", pairs[i].name, aftermath_name(is));
	}
}

/* Lost is what is left, whatever was reported. */
static void remainder_is_lost(void)
{
	struct settlement s = {0};
	struct site_row r = failed_row(7, ATOMIC, 3, 100);
	struct site_pair pair;
	struct outcomes o;

	r.count.failed_opportunistic = 20;
	r.count.unknown = 9;
	settle_row(&s, &r);
	pair = pair_of(&pairs[0], 40); /* recovered */
	settle_pair(&s, &pair);
	pair = pair_of(&pairs[1], 30); /* retried */
	settle_pair(&s, &pair);
	pair = pair_of(&pairs[5], 1000); /* of another site: says nothing of this one */
	settle_pair(&s, &pair);
	pair = pair_of(&pairs[12], 1); /* pending */
	settle_pair(&s, &pair);
	o = settle_outcomes(&s);
	CHECK_EQ(o.failed, 120);
	CHECK_EQ(o.recovered, 40);
	CHECK_EQ(o.retried, 30);
	CHECK_EQ(o.unknown, 9);
	CHECK_EQ(o.pending, 1);
	CHECK_EQ(o.lost, 40);
}

/* What catches its own failure is recovered where it is left alone, and only there. */
static void absorbed_apart(void)
{
	struct settlement s = {0}, sum = {0};
	struct site_row felt = failed_row(7, ATOMIC, 0, 10),
			stripped = failed_row(8, STRIPPED, 1, 5);
	struct site_row pool = row(9, ATOMIC, 0, "mempool_alloc", "take");
	struct outcomes o;

	stripped.count.stripped = 5;
	pool.count.failed_opportunistic = 3;
	settle_row(&s, &felt);
	settle_row(&s, &stripped);
	settle_row(&s, &pool);
	o = settle_outcomes(&s);
	CHECK_EQ(o.failed, 18);
	CHECK_EQ(o.lost, 10);
	CHECK_EQ(o.recovered, 8);
	settle_add(&sum, &s);
	settle_add(&sum, &s);
	o = settle_outcomes(&sum);
	CHECK_EQ(o.lost, 20);
	CHECK_EQ(o.recovered, 16);
}

/* Served requests are not seen: who may have gone on with one is not said to have gone without. */
static void callers_unseen(void)
{
	struct settlement s = {0}, sum = {0};
	struct site_row meant = failed_row(7, ATOMIC, 0, 10), tried = failed_row(8, ATOMIC, 3, 20);
	struct site_row pool = row(9, ATOMIC, 3, "mempool_alloc", "take");
	struct site_pair pair = pair_of(&pairs[1], 5);
	struct outcomes o;

	tried.unseen = pool.unseen = pair.then.unseen = true;
	pool.count.failed_opportunistic = 3;
	settle_row(&s, &meant);
	settle_row(&s, &tried);
	settle_row(&s, &pool);
	settle_pair(&s, &pair);
	settle_add(&sum, &s);
	o = settle_outcomes(&sum);
	CHECK_EQ(o.failed, 33);
	CHECK_EQ(o.lost, 10);
	CHECK_EQ(o.retried, 5);
	CHECK_EQ(o.recovered, 3);
	CHECK_EQ(o.unknown, 15);
}

static void bulk_requests(void)
{
	struct settlement s = {0};
	struct site_row r = failed_row(7, ATOMIC, 0, 0);
	struct outcomes o;

	r.count.bulk_short = 12;
	r.count.bulk_some = 8;
	settle_row(&s, &r);
	o = settle_outcomes(&s);
	CHECK_EQ(o.failed, 12);
	CHECK_EQ(o.recovered, 8);
	CHECK_EQ(o.lost, 4);
}

/* No stack, nobody to follow: said, and not lost. */
static void without_a_stack(void)
{
	struct settlement s = {0};
	struct site_row r = {.count = {.failed_final = 6, .unknown = 2}};
	struct outcomes o;

	settle_row(&s, &r);
	o = settle_outcomes(&s);
	CHECK_EQ(o.failed, 6);
	CHECK_EQ(o.unknown, 6);
	CHECK_EQ(o.lost, 0);
}

/* Pairs are read after rows, and may be of failures that came later: never more than failed. */
static void read_while_counted(void)
{
	struct settlement s = {0};
	struct site_row r = failed_row(7, ATOMIC, 3, 10);
	struct site_pair pair = pair_of(&pairs[0], 8);
	struct outcomes o;

	r.count.unknown = 1;
	settle_row(&s, &r);
	settle_pair(&s, &pair);
	pair = pair_of(&pairs[1], 5);
	settle_pair(&s, &pair);
	o = settle_outcomes(&s);
	CHECK_EQ(o.lost, 0);
	CHECK_EQ(o.recovered, 8);
	CHECK_EQ(o.retried, 2);
	CHECK_EQ(o.failed, o.lost + o.recovered + o.retried + o.pending + o.unknown);
}

static const struct test_case cases[] = {
	{"decides", decides},
	{"remainder_is_lost", remainder_is_lost},
	{"absorbed_apart", absorbed_apart},
	{"callers_unseen", callers_unseen},
	{"bulk_requests", bulk_requests},
	{"without_a_stack", without_a_stack},
	{"read_while_counted", read_while_counted},
};

int main(void)
{
	return test_main("settle", cases, ARRAY_SIZE(cases));
}
