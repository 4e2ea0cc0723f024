// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_flags.c - kinds of requests: differences, rights, probability, through JSON and back. */
#include "view/flags_report.h"

#include <errno.h>

#include "view/views.h"
#include "tables_trip.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define KERNEL (LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM)

static bool near(double a, double b)
{
	double d = a > b ? a - b : b - a;

	return d <= 1e-12 + 1e-9 * b;
}

/* Newcombe, Statistics in Medicine 17 (1998), has 15 of 148; the others by the closed formula. */
static void wilson(void)
{
	static const struct {
		__u64 k, n;
		double low, high;
	} known[] = {
		{0, 10, 0, 0.2775327998628892},
		{5, 10, 0.236593090512564, 0.7634069094874361},
		{10, 10, 0.7224672001371107, 1},
		{1, 100, 0.0017674320641406505, 0.054486196178705315},
		{15, 148, 0.0623863995307363, 0.16048724172330803},
		{3, 1000000000, 1.0202707288769236e-09, 8.821188054011642e-09},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct proportion p = proportion_of(known[i].k, known[i].n);

		CHECK(p.known);
		CHECK_MSG(near(p.low, known[i].low) && near(p.high, known[i].high),
			  "%llu of %llu: %.15g .. %.15g", known[i].k, known[i].n, p.low, p.high);
		CHECK(p.low <= p.estimate && p.estimate <= p.high);
	}
	CHECK(!proportion_of(0, 0).known);
}

static void rights(void)
{
	CHECK_EQ(flags_rights_of(KERNEL), FLAGS_RIGHTS_NONE);
	CHECK_EQ(flags_rights_of(LAB_GFP_KSWAPD_RECLAIM), FLAGS_RIGHTS_NONE);
	CHECK_EQ(flags_rights_of(KERNEL | LAB_GFP_HIGH), FLAGS_RIGHTS_HALF);
	CHECK_EQ(flags_rights_of(ATOMIC), FLAGS_RIGHTS_THREE_EIGHTH);
	CHECK_EQ(flags_rights_of(ATOMIC | LAB_GFP_ATOMIC), FLAGS_RIGHTS_THREE_EIGHTH);
	CHECK_EQ(flags_rights_of(ATOMIC | LAB_GFP_NOMEMALLOC), FLAGS_RIGHTS_HALF);
	CHECK_EQ(flags_rights_of(ATOMIC | LAB_GFP_MEMALLOC), FLAGS_RIGHTS_ALL);
	CHECK_EQ(flags_rights_of(ATOMIC | LAB_GFP_MEMALLOC | LAB_GFP_NOMEMALLOC),
		 FLAGS_RIGHTS_HALF);
	for (unsigned int i = 0; i < FLAGS_RIGHTS_NR; i++)
		CHECK(flags_rights_name(i) != NULL);
	CHECK(!flags_rights_name(FLAGS_RIGHTS_NR));
}

static void add_fast(struct kind_row *row, __u64 ns, __u64 n)
{
	row->count.fast[lab_latency_bucket(ns)] += n;
	row->count.fast_sum_ns += ns * n;
	if (ns > row->count.fast_max_ns)
		row->count.fast_max_ns = ns;
	row->count.served[LAB_LEVEL_LOW] += n;
}

static void take(struct flags_report *r, const struct kind_row *row)
{
	flags_begin(r);
	CHECK_EQ(flags_take(r, row), 0);
}

static void differences(void)
{
	struct flags_report r = {0};
	struct kind_row row = {.gfp = ATOMIC};
	const struct flags_kind *kind;

	add_fast(&row, 1000, 10);
	add_fast(&row, 50000, 1);
	take(&r, &row);
	kind = flags_find(&r, ATOMIC);
	CHECK_EQ(flags_requests(&kind->interval), 11);
	CHECK_EQ(kind->interval.fast.max_ns, 50000);
	/* The maximum did not grow: what is known of the interval is the end of its bucket. */
	add_fast(&row, 2000, 5);
	row.count.failed_opportunistic = 2;
	row.count.alone = 2;
	take(&r, &row);
	kind = flags_find(&r, ATOMIC);
	CHECK_EQ(flags_requests(&kind->interval), 7);
	CHECK_EQ(flags_failed(&kind->interval), 2);
	CHECK_EQ(kind->interval.alone, 2);
	CHECK_EQ(kind->interval.fast.max_ns, hist_upper_ns(lab_latency_bucket(2000)));
	CHECK_EQ(kind->interval.fast.sum_ns, 10000);
	CHECK_EQ(kind->total.fast.max_ns, 50000);
	CHECK_EQ(hist_quantile_ns(&kind->interval.fast, 500), kind->interval.fast.max_ns);
	/* Nothing new, and then no row at all: an empty interval. */
	take(&r, &row);
	CHECK_EQ(flags_requests(&flags_find(&r, ATOMIC)->interval), 0);
	CHECK_EQ(flags_find(&r, ATOMIC)->interval.fast.max_ns, 0);
	add_fast(&row, 60000, 1);
	take(&r, &row);
	CHECK_EQ(flags_find(&r, ATOMIC)->interval.fast.max_ns, 60000);
	flags_begin(&r);
	CHECK_EQ(flags_requests(&flags_find(&r, ATOMIC)->interval), 0);
	CHECK_EQ(flags_requests(&flags_find(&r, ATOMIC)->total), 19);
	flags_drop(&r);
}

/* Three kinds: one fails, one has most requests, one came in the first interval only. */
static void fill(struct flags_report *r)
{
	struct kind_row failing = {.gfp = ATOMIC | LAB_GFP_NOWARN}, most = {.gfp = KERNEL},
			first = {.gfp = LAB_GFP_KSWAPD_RECLAIM};

	add_fast(&first, 300, 500);
	add_fast(&failing, 900, 50);
	flags_begin(r);
	CHECK_EQ(flags_take(r, &first), 0);
	CHECK_EQ(flags_take(r, &failing), 0);
	failing.count.failed_final = 7;
	failing.count.served[LAB_LEVEL_RESERVE] = 3;
	failing.count.slow[lab_latency_bucket(123456)] = 10;
	failing.count.slow_sum_ns = 1234560;
	failing.count.slow_max_ns = 123456;
	failing.count.orders = 0x801;
	add_fast(&most, 400, 100);
	flags_begin(r);
	CHECK_EQ(flags_take(r, &first), 0);
	CHECK_EQ(flags_take(r, &failing), 0);
	CHECK_EQ(flags_take(r, &most), 0);
	r->head = (struct run_head){
		.info = {.host = "h",
			 .kernel = "k",
			 .version = "1",
			 .class_mask = 31,
			 .cpu = -1,
			 .order_mask = ~0U,
			 .has_latency = true,
			 .missings = 1,
			 .missing = {"bulk requests are not seen"}},
		.time_ns = 1795231595123456789ULL,
		.interval_ns = 1000000000,
		.total_ns = 2000000000,
		.sequence = 2,
		.interval = {.seen = 110},
		.total = {.seen = 660, .missed = 1},
	};
}

static size_t sorted(const struct flags_report *r, const struct show *opt, bool interval,
		     __u32 *first)
{
	const struct flags_kind **kind;
	size_t n = flags_sorted(r, opt, interval, &kind);

	*first = n ? kind[0]->gfp : 0;
	free(kind);
	return n;
}

static void order(void)
{
	const struct show failures = {.failures_only = true},
			  atomic = {.only_classes = 1 << LAB_CLASS_ATOMIC};
	struct flags_report r = {0};
	__u32 first;

	fill(&r);
	CHECK_EQ(sorted(&r, &trip_whole, true, &first), 2);
	CHECK_EQ(first, KERNEL);
	CHECK_EQ(sorted(&r, &trip_whole, false, &first), 3);
	CHECK_EQ(first, LAB_GFP_KSWAPD_RECLAIM);
	CHECK_EQ(sorted(&r, &failures, false, &first), 1);
	CHECK_EQ(first, ATOMIC | LAB_GFP_NOWARN);
	CHECK_EQ(sorted(&r, &atomic, false, &first), 1);
	CHECK_EQ(first, ATOMIC | LAB_GFP_NOWARN);
	flags_drop(&r);
}

static void there_and_back(void)
{
	const struct show plain = {0}, stamped = {.timestamp = true, .failures_only = true};
	struct flags_report r = {0};

	fill(&r);
	trip_there_and_back(&view_flags, &plain, &r);
	trip_there_and_back(&view_flags, &stamped, &r);
	r.head.final = true;
	trip_there_and_back(&view_flags, &plain, &r);
	flags_drop(&r);
	memset(&r, 0, sizeof(r));
	r.head.info.cpu = -1;
	r.head.sequence = 1;
	trip_there_and_back(&view_flags, &plain, &r);
}

static void damaged(void)
{
	struct flags_report r = {0};

	fill(&r);
	trip_refuses(&view_flags, &r, "\"type\":\"flags\"", "\"type\":\"x\"", "type: ");
	trip_refuses(&view_flags, &r, "\"schema\":2", "\"schema\":0", "schema: ");
	trip_refuses(&view_flags, &r, "\"gfp\":\"0x800\"", "\"gfp\":\"0x1\"",
		     "interval.kinds[0].gfp: 0x1 is not in total");
	trip_refuses(&view_flags, &r, "\"requests\":10,", "\"requests\":11,",
		     "requests: 11, and its parts come to 10");
	trip_refuses(&view_flags, &r, "\"fast\":{", "\"fast\":1,\"x\":{", "fast");
	trip_refuses(&view_flags, &r, "\"total\":{", "\"all\":{", "total: ");
	flags_drop(&r);
}

static void other_views(void)
{
	static const char line[] = "{\"type\":\"lint\",\"schema\":1}";
	struct flags_report r = {0};
	struct stream_error err = {0};

	CHECK_EQ(view_flags.parse(line, strlen(line), &r, &err), -ENOMSG);
	CHECK(err.view && strcmp(err.view, "lint") == 0);
	flags_drop(&r);
}

/* Any byte of a line may be another: it is read or refused, and nothing worse. */
static void mangled(void)
{
	struct flags_report r = {0};

	fill(&r);
	trip_mangle(&view_flags, &r);
	flags_drop(&r);
}

static const struct test_case cases[] = {
	{"wilson", wilson},
	{"rights", rights},
	{"differences", differences},
	{"order", order},
	{"there_and_back", there_and_back},
	{"damaged", damaged},
	{"mangled", mangled},
	{"other_views", other_views},
};

TEST_MAIN("flags", cases)
