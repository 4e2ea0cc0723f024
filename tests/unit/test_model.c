// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_model.c - bucket bounds, quantiles against true values, differences, floors, names. */
#include <stdint.h>

#include "model/figures.h"
#include "test.h"

static void bucket_bounds(void)
{
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		__u64 upper = hist_upper_ns(i), lower = i ? hist_upper_ns(i - 1) + 1 : 0;

		CHECK_EQ(lab_latency_bucket(upper), i);
		CHECK_EQ(lab_latency_bucket(lower), i);
		CHECK_MSG(i == 0 || upper > hist_upper_ns(i - 1), "bound %u does not grow", i);
		if (i == LAB_LAT_BUCKETS - 1)
			break;
		CHECK_EQ(lab_latency_bucket(upper + 1), i + 1);
		/* The bound is the answer for every value of its bucket: at most 1/16 too high. */
		CHECK_MSG((upper - lower) * 16 <= lower || upper == lower,
			  "bucket %u is wider than 1/16 of its values", i);
	}
	CHECK_EQ(hist_upper_ns(LAB_LAT_BUCKETS - 1), INT64_MAX);
	CHECK_EQ(hist_upper_ns(LAB_LAT_BUCKETS), INT64_MAX);
	CHECK_EQ(hist_upper_ns(LAB_LAT_BUCKETS - 2), (1ULL << LAB_LAT_MAX_BITS) - 1);
	CHECK_EQ(lab_latency_bucket(UINT64_MAX), LAB_LAT_BUCKETS - 1);
}

static void classes(void)
{
	CHECK_EQ(lab_class_of(0xa20), LAB_CLASS_ATOMIC); /* GFP_ATOMIC before 6.3 */
	CHECK_EQ(lab_class_of(0x820), LAB_CLASS_ATOMIC); /* and since */
	CHECK_EQ(lab_class_of(LAB_GFP_HIGH), LAB_CLASS_ATOMIC);
	CHECK_EQ(lab_class_of(0x2800), LAB_CLASS_NOWAIT); /* GFP_NOWAIT, with NOWARN */
	CHECK_EQ(lab_class_of(0), LAB_CLASS_NOLOCK);
	CHECK_EQ(lab_class_of(0xcc0), LAB_CLASS_BLOCKING); /* GFP_KERNEL */
	CHECK_EQ(lab_class_of(0xcc0 | LAB_GFP_HIGH), LAB_CLASS_HIGH);
}

static void hist_put(struct hist *h, __u64 ns)
{
	h->bucket[lab_latency_bucket(ns)]++;
	h->sum_ns += ns;
	if (ns > h->max_ns)
		h->max_ns = ns;
}

static int compare(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return (x > y) - (x < y);
}

/* value: sorted, and all of what h holds. */
static void check_quantiles(const __u64 *value, size_t n, const struct hist *h)
{
	static const unsigned int asked[] = {0, 1, 10, 100, 250, 500, 900, 990, 999, 1000};

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		size_t rank = (n * asked[i] + 999) / 1000;
		__u64 truth = value[rank ? rank - 1 : 0];
		__u64 got = hist_quantile_ns(h, asked[i]);

		if (truth >> LAB_LAT_MAX_BITS) {
			CHECK_EQ(got, h->max_ns); /* the last bucket knows only its maximum */
			continue;
		}
		CHECK_MSG(got >= truth, "p%u of %zu: %llu is below the true %llu", asked[i], n,
			  (unsigned long long)got, (unsigned long long)truth);
		CHECK_MSG((got - truth) * 16 <= truth, "p%u of %zu: %llu is over 1/16 above %llu",
			  asked[i], n, (unsigned long long)got, (unsigned long long)truth);
	}
}

static void quantiles(void)
{
	__u64 seed = 7, value[3001];

	for (unsigned int round = 0; round < 300; round++) {
		size_t n = 1 + test_random(&seed) % 3000;
		unsigned int spread = round % 37;
		struct hist h = {0};

		for (size_t i = 0; i < n; i++) {
			value[i] = test_random(&seed) >>
				   (63 - (spread ? test_random(&seed) % spread : 0));
			hist_put(&h, value[i]);
		}
		qsort(value, n, sizeof(value[0]), compare);
		CHECK_EQ(hist_count(&h), n);
		check_quantiles(value, n, &h);
	}
}

static void quantile_edges(void)
{
	struct hist h = {0};

	CHECK_EQ(hist_quantile_ns(&h, 500), 0);
	h.bucket[lab_latency_bucket(1000)] = 1ULL << 60; /* no overflow on the way */
	CHECK_EQ(hist_quantile_ns(&h, 990), hist_upper_ns(lab_latency_bucket(1000)));
	h.max_ns = 1000;
	CHECK_EQ(hist_quantile_ns(&h, 990), 1000);
	/* A maximum that belongs to another interval must not pull the answer down. */
	h.max_ns = 10;
	CHECK_EQ(hist_quantile_ns(&h, 990), hist_upper_ns(lab_latency_bucket(1000)));
}

static void adding(void)
{
	struct hist a = {0}, b = {0}, both = {0};
	__u64 seed = 3;

	for (int i = 0; i < 1000; i++) {
		__u64 ns = test_random(&seed) >> 40;

		hist_put(i % 3 ? &a : &b, ns);
		hist_put(&both, ns);
	}
	hist_add(&a, &b);
	CHECK(memcmp(&a, &both, sizeof(a)) == 0);
}

static void fill(struct figures *f, __u64 *seed)
{
	__u64 *p = (__u64 *)f;

	for (size_t i = 0; i < sizeof(*f) / sizeof(*p); i++)
		p[i] = test_random(seed) >> 20;
}

static void differences(void)
{
	struct figures *now = calloc(1, sizeof(*now)), *then = calloc(1, sizeof(*then));
	struct figures *out = calloc(1, sizeof(*out));
	__u64 seed = 11;

	if (!now || !then || !out)
		abort();
	fill(then, &seed);
	fill(now, &seed);
	/* Counters grow, but for one that may for a moment go back: that is no difference. */
	for (size_t i = 0; i < sizeof(*now) / sizeof(__u64); i++)
		((__u64 *)now)[i] += ((__u64 *)then)[i];
	now->exclusive.hit = then->exclusive.hit - 1;
	out->row[1][2].latency.max_ns = 4711;
	out->row[0][0].latency.max_ns = 815;
	figures_sub(out, now, then);
	CHECK_EQ(out->row[1][2].latency.max_ns, 4711);
	CHECK_EQ(out->row[0][0].latency.max_ns, 815);
	CHECK_EQ(out->row[2][2].latency.max_ns, 0);
	CHECK_EQ(out->row[0][0].requests, now->row[0][0].requests - then->row[0][0].requests);
	CHECK_EQ(out->row[4][4].latency.bucket[LAB_LAT_BUCKETS - 1],
		 now->row[4][4].latency.bucket[LAB_LAT_BUCKETS - 1] -
			 then->row[4][4].latency.bucket[LAB_LAT_BUCKETS - 1]);
	CHECK_EQ(out->row[3][1].order[11].failed_final,
		 now->row[3][1].order[11].failed_final - then->row[3][1].order[11].failed_final);
	CHECK_EQ(out->failure[11][4], now->failure[11][4] - then->failure[11][4]);
	CHECK_EQ(out->exclusive.hit, 0);
	CHECK_EQ(out->exclusive.leak, now->exclusive.leak - then->exclusive.leak);
	CHECK_EQ(out->bulk.short_calls, now->bulk.short_calls - then->bulk.short_calls);
	CHECK_EQ(out->anon_exclusive_pages, now->anon_exclusive_pages - then->anon_exclusive_pages);
	CHECK_EQ(out->audit.done_misses, now->audit.done_misses - then->audit.done_misses);
	free(now);
	free(then);
	free(out);
}

static void audits(void)
{
	CHECK(audit_complete(&(struct audit){.seen = 9, .alone = 3, .left = 2, .silent = 2}));
	CHECK(!audit_complete(&(struct audit){.missed = 1}));
	CHECK(!audit_complete(&(struct audit){.unpaired = 1}));
	CHECK(!audit_complete(&(struct audit){.dropped = 1}));
}

/*
 * The floor as the kernel would find it: the most free pages at which __zone_watermark_ok refuses
 * an order-0 GFP_ATOMIC request, tried one by one.
 */
static bool kernel_serves(const struct zone_row *z, __s64 free)
{
	__s64 min = (__s64)z->min;

	min -= min / 2;
	min -= min / 4;
	free -= (__s64)z->free_cma;
	return free > min + (__s64)z->lowmem_reserve;
}

static void floors(void)
{
	static const struct zone_row table[] = {
		{.min = 0},
		{.min = 1},
		{.min = 2},
		{.min = 3},
		{.min = 5},
		{.min = 67, .lowmem_reserve = 1},
		{.min = 5632, .lowmem_reserve = 15, .boost = 100},
		{.min = 10567, .free_cma = 256, .reserved_highatomic = 1024},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		__s64 floor = (__s64)zone_floor_pages(&table[i]);

		CHECK(!kernel_serves(&table[i], floor));
		CHECK(kernel_serves(&table[i], floor + 1));
	}
	CHECK_EQ(zone_floor_pages(&table[7]), 3963 + 256);
	CHECK_EQ(zone_floor_pages(&table[6]), 2112 + 15); /* the boost does not count */
}

/*
 * A 6 GB machine: lowmem_reserve_ratio 256 keeps (784 128 + 1 572 864 pages) / 256 = 9 207 of each
 * zone below for what could use those, which is more than zone DMA has.
 */
static void closed_zones(void)
{
	struct zone_row dma = {.name = "DMA", .free = 3840, .min = 43, .managed = 3840};
	struct zone_row normal = {.name = "Normal", .free = 5000, .min = 8000, .managed = 1572864};
	struct zone_row movable = {.name = "Movable", .free = 261970, .managed = 262144};

	dma.lowmem_reserve = 9207;
	dma.lowest_free = 3839;
	zone_fill_headroom(&dma);
	CHECK_EQ(dma.floor, ZONE_CLOSED);
	CHECK_EQ(dma.headroom, ZONE_CLOSED);
	CHECK_EQ(dma.lowest_headroom, ZONE_CLOSED);
	dma.lowmem_reserve = 3840; /* all of it is still not more than what is kept back */
	CHECK(zone_is_closed(&dma));
	dma.lowmem_reserve = 3839;
	zone_fill_headroom(&dma);
	CHECK_EQ(dma.floor, 3839 + 17); /* 43 - 21 - 5 */
	CHECK_EQ(dma.headroom, -16);
	CHECK_EQ(dma.lowest_headroom, -17);
	zone_fill_headroom(&normal);
	CHECK_EQ(normal.floor, 3000);
	CHECK_EQ(normal.headroom, 2000);
	CHECK_EQ(normal.lowest_headroom, -3000);
	zone_fill_headroom(&movable);
	CHECK_EQ(movable.floor, ZONE_CLOSED);
	CHECK_EQ(movable.headroom, ZONE_CLOSED);
	strcpy(movable.name, "HighMem");
	CHECK(zone_is_closed(&movable));
	strcpy(movable.name, "");
	CHECK(!zone_is_closed(&movable));
}

static void names(void)
{
	CHECK(strcmp(class_name(LAB_CLASS_NOLOCK), "nolock") == 0);
	CHECK(strcmp(context_name(LAB_CTX_HARDIRQ), "hardirq") == 0);
	CHECK(strcmp(level_name(LAB_LEVEL_RESERVE), "reserve") == 0);
	CHECK(!class_name(LAB_CLASSES) && !context_name(LAB_CONTEXTS) && !level_name(LAB_LEVELS));
}

static const struct test_case cases[] = {
	{"bucket_bounds", bucket_bounds},
	{"classes", classes},
	{"quantiles", quantiles},
	{"quantile_edges", quantile_edges},
	{"adding", adding},
	{"differences", differences},
	{"audits", audits},
	{"floors", floors},
	{"closed_zones", closed_zones},
	{"names", names},
};

TEST_MAIN("model", cases)
