// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_two_sides.c - one table of failures for both sides: as the kernel side records a request,
 * and as the log of that kernel tells it. Both say the same verdict, of the same zone, by the same
 * numbers.
 */
#include <string.h>

#include "model/alloc_verdict.h"
#include "model/verdict.h"
#include "test.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define ZONES 2

/* A machine of DMA32 and Normal; min is the share of what they manage, as the kernel sets it. */
static const char *const names[ZONES] = {"DMA32", "Normal"};
static const __u64 managed[ZONES] = {500000, 1500000}, min[ZONES] = {4000, 12000};
/* DMA32 keeps so much for those who cannot go higher. */
static const __u64 lowmem = 6000;

struct machine_case {
	const char *release, *gfp_names;
	__u32 gfp, order;
	__u64 free[ZONES], cma;
	__u32 ordinary; /* bit = order: free blocks of either zone */
	enum verdict verdict;
	const char *nearest, *closed; /* closed: by what another zone is that would serve it */
	__s64 margin;
};

#define ATOMIC "GFP_ATOMIC", 0x820
#define ATOMIC_OLD "GFP_ATOMIC", 0xa20
#define DMA32 "GFP_ATOMIC|GFP_DMA32", 0x824
#define DMA32_OLD "GFP_ATOMIC|GFP_DMA32", 0xa24
#define NOWAIT_DMA32 "GFP_NOWAIT|GFP_DMA32", 0x804

static const struct machine_case cases[] = {
	/* GFP_ATOMIC: 3/8 of min, and of DMA32 the reserve. */
	{"6.12.57", ATOMIC, 0, {7000, 4400}, 0, 1, VERDICT_EXHAUSTED, "Normal", NULL, -100},
	{"5.10.200", ATOMIC_OLD, 0, {7400, 4000}, 0, 1, VERDICT_EXHAUSTED, "DMA32", NULL, -100},
	/* Only DMA32 is open. Up to 6.1 the log has a line of Normal, since then its sums tell. */
	{"5.10.200",
	 DMA32_OLD,
	 0,
	 {1400, 90000},
	 0,
	 1,
	 VERDICT_CONSTRAINED,
	 "DMA32",
	 "__GFP_DMA32",
	 -100},
	{"6.12.57",
	 DMA32,
	 0,
	 {1400, 90000},
	 0,
	 1,
	 VERDICT_CONSTRAINED,
	 "DMA32",
	 "__GFP_DMA32",
	 -100},
	{"7.1.5",
	 NOWAIT_DMA32,
	 0,
	 {3999, 90000},
	 0,
	 1,
	 VERDICT_CONSTRAINED,
	 "DMA32",
	 "__GFP_DMA32",
	 -1},
	{"6.1.170",
	 DMA32_OLD,
	 0,
	 {1400, 90000},
	 0,
	 1,
	 VERDICT_CONSTRAINED,
	 "DMA32",
	 "__GFP_DMA32",
	 -100},
	{"5.10.200", DMA32_OLD, 0, {1400, 4400}, 0, 1, VERDICT_EXHAUSTED, "DMA32", NULL, -100},
	{"6.12.57", DMA32, 0, {1400, 4400}, 0, 1, VERDICT_EXHAUSTED, "DMA32", NULL, -100},
	/* What is free in Normal is CMA. */
	{"6.12.57", ATOMIC, 0, {7000, 9000}, 5000, 1, VERDICT_RESERVED, "Normal", NULL, -500},
	{"5.10.200", ATOMIC_OLD, 0, {7000, 9000}, 5000, 1, VERDICT_RESERVED, "Normal", NULL, -500},
	{"6.12.57", ATOMIC, 3, {7000, 9000}, 0, 3, VERDICT_FRAGMENTED, "Normal", NULL, 4493},
	{"5.10.200", ATOMIC_OLD, 3, {7000, 9000}, 0, 3, VERDICT_FRAGMENTED, "Normal", NULL, 4493},
};

static bool leaves_out(const struct machine_case *c, unsigned int zone)
{
	bool prints_all = strncmp(c->release, "5.", 2) == 0;

	return !prints_all && zone > 0 && c->gfp & LAB_GFP_DMA32;
}

/* ---- as the kernel side records it ---- */

static void record(struct event *e, const struct machine_case *c)
{
	const struct kernel_release kernel = release_parse(c->release, NULL);
	const struct verdict_rules rules = rules_of_release(&kernel);

	memset(e, 0, sizeof(*e));
	e->raw.head.gfp = c->gfp;
	e->raw.head.order = c->order;
	e->raw.highest_zone = c->gfp & LAB_GFP_DMA32 ? 1 : 2;
	e->raw.zones = ZONES;
	for (unsigned int i = 0; i < ZONES; i++) {
		struct lab_event_zone *z = &e->raw.zone[i];

		snprintf(e->zone_name[i], LAB_ZONE_NAME, "%s", names[i]);
		z->zone = i + 1;
		z->free = c->free[i];
		z->min = min[i];
		z->managed = managed[i];
		z->lowmem_reserve = i == 0 && e->raw.highest_zone == 2 ? lowmem : 0;
		z->free_cma = i == 1 ? c->cma : 0;
		z->ordinary = c->ordinary;
		for (unsigned int o = 0; o < 11 && c->ordinary >> o; o++)
			z->blocks[o] = (__u32)(c->free[i] >> o) / 2;
	}
	verdict_decide(e, &rules);
}

/* ---- as the log tells it ---- */

static void print_zone(struct alloc_report *r, const struct machine_case *c, unsigned int i)
{
	struct report_zone *z = alloc_report_zone(r, 0, names[i]);

	if (!z)
		return;
	z->has_free = z->has_min = z->has_managed = z->has_blocks = true;
	z->has_boost = release_parse(c->release, NULL).major > 5;
	z->free = c->free[i];
	z->min = min[i];
	z->managed = managed[i];
	z->free_cma = i == 1 ? c->cma : 0;
	z->reserves = 4;
	if (i == 0)
		z->lowmem_reserve[2] = z->lowmem_reserve[3] = lowmem;
	z->ordinary = c->ordinary;
	z->orders = 11;
	for (unsigned int o = 0; o < 11 && c->ordinary >> o; o++)
		z->count[o] = (__u32)(c->free[i] >> o) / 2;
}

static struct alloc_report *log_of(const struct machine_case *c)
{
	struct alloc_report *r = alloc_report_new();

	if (!r)
		abort();
	snprintf(r->release, sizeof(r->release), "%s", c->release);
	snprintf(r->gfp_names, sizeof(r->gfp_names), "%s", c->gfp_names);
	r->gfp_number = c->gfp;
	r->order = c->order;
	r->age_us = REPORT_UNKNOWN;
	r->total_cma = c->cma;
	r->ram_pages = 77777;
	r->reserved_pages = 77777;
	for (unsigned int i = 0; i < ZONES; i++) {
		r->total_free += c->free[i];
		r->ram_pages += managed[i];
		if (!leaves_out(c, i))
			print_zone(r, c, i);
	}
	alloc_verdict_decide(r);
	return r;
}

/* ---- the same ---- */

static void check_log(size_t i, const struct alloc_report *r)
{
	const struct machine_case *c = &cases[i];
	const char *closed = r->closed_zone.known ? r->closed_zone.closed : NULL;

	CHECK_MSG(strcmp(report_verdict_name(r->verdict), verdict_name(c->verdict)) == 0,
		  "case %zu: the log is %s", i, report_verdict_name(r->verdict));
	CHECK_MSG(r->nearest.known && strcmp(r->nearest.zone->name, c->nearest) == 0 &&
			  r->nearest.trial.margin == c->margin,
		  "case %zu: the log has a margin of %lld in %s", i,
		  (long long)r->nearest.trial.margin, r->nearest.zone->name);
	CHECK_MSG(!closed == !c->closed && (!closed || strcmp(closed, c->closed) == 0),
		  "case %zu: the log's zone is closed by %s", i, closed ?: "nothing");
}

static void check_event(size_t i, const struct event *e)
{
	const struct machine_case *c = &cases[i];

	CHECK_MSG(e->verdict == c->verdict, "case %zu: the event is %s", i,
		  verdict_name(e->verdict));
	CHECK_MSG(e->nearest.known && strcmp(e->nearest.zone, c->nearest) == 0 &&
			  e->nearest.margin == c->margin &&
			  e->nearest.usable - (__s64)e->nearest.need == c->margin,
		  "case %zu: the event has a margin of %lld in %s", i, (long long)e->nearest.margin,
		  e->nearest.zone);
	CHECK_MSG(!c->closed || strstr(e->evidence, c->closed), "case %zu: \"%s\"", i, e->evidence);
}

static void both_agree(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct alloc_report *r = log_of(&cases[i]);
		struct event e;

		record(&e, &cases[i]);
		check_event(i, &e);
		check_log(i, r);
		alloc_report_free(r);
	}
}

/* The sums say nothing for certain: what is closed to it stays unsaid. */
static void sums_lost(void)
{
	for (unsigned int i = 0; i < 3; i++) {
		struct alloc_report *r = log_of(&cases[3]);

		CHECK_EQ(r->verdict, REPORT_CONSTRAINED);
		r->total_free = i == 0 ? 0 : r->total_free;
		r->ram_pages = i == 1 ? 0 : r->ram_pages;
		r->movable_pages = i == 2 ? managed[1] : 0; /* all of it is for movable memory */
		alloc_verdict_decide(r);
		CHECK_MSG(r->verdict == REPORT_EXHAUSTED, "sum %u: %s", i,
			  report_verdict_name(r->verdict));
		alloc_report_free(r);
	}
}

static const struct test_case tests[] = {
	{"both-agree", both_agree},
	{"sums-lost", sums_lost},
};

TEST_MAIN("two_sides", tests)
