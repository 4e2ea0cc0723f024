// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_verdict_old.c - what only the kernels up to 6.2 do, beside what those since do with the same
 * request: charges, nodes; what closes a zone, in words; and pages of other sizes.
 */
#include "model/verdict.h"
#include "test.h"

#define NOWAIT LAB_GFP_KSWAPD_RECLAIM
#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A request that its only zone, Normal, has 50 000 pages for. */
static struct event served(__u32 gfp)
{
	struct event e = {.raw = {.head = {.gfp = gfp}, .zones = 1, .highest_zone = 2}};

	e.raw.zone[0] = (struct lab_event_zone){
		.zone = 2, .free = 50000, .min = 1000, .low = 1250, .managed = 1000000};
	for (int order = 0; order < LAB_EVENT_ORDERS; order++) {
		e.raw.zone[0].blocks[order] = 20;
		e.raw.zone[0].ordinary |= 1U << order;
	}
	snprintf(e.zone_name[0], LAB_ZONE_NAME, "Normal");
	return e;
}

static enum verdict decided(__u32 gfp, struct verdict_rules rules, struct event *e)
{
	*e = served(gfp);
	verdict_decide(e, &rules);
	return e->verdict;
}

/* What another cpu gives back at once has 256 KiB: 4 pages of 64 KiB, 16 of 16. */
static void large_pages(void)
{
	static const struct {
		unsigned int kib;
		__u64 pages;
	} of[] = {{64, 4}, {16, 16}, {4, 64}, {0, 64}};

	for (size_t i = 0; i < ARRAY_SIZE(of); i++) {
		struct verdict_rules rules = verdict_rules_default();
		struct event e = served(ATOMIC);

		rules.page_kib = of[i].kib;
		e.raw.zone[0].free = 375 + of[i].pages; /* 3/8 of min */
		verdict_decide(&e, &rules);
		CHECK_EQ(e.verdict, VERDICT_EXHAUSTED);
		e.raw.zone[0].free++;
		verdict_decide(&e, &rules);
		CHECK_EQ(e.verdict, VERDICT_UNEXPLAINED);
	}
}

/*
 * try_charge() forces what has __GFP_HIGH, and up to 6.2 what has __GFP_ATOMIC (mm/memcontrol.c);
 * all else is refused at the limit.
 */
static void charges(void)
{
	static const struct {
		__u32 gfp;
		enum verdict up_to_6_2, since;
	} cases[] = {
		{NOWAIT | LAB_GFP_ACCOUNT, VERDICT_CHARGE, VERDICT_CHARGE},
		{NOWAIT, VERDICT_UNEXPLAINED, VERDICT_UNEXPLAINED},
		{NOWAIT | LAB_GFP_ATOMIC | LAB_GFP_ACCOUNT, VERDICT_UNEXPLAINED, VERDICT_CHARGE},
		{NOWAIT | LAB_GFP_HIGH | LAB_GFP_ACCOUNT, VERDICT_UNEXPLAINED, VERDICT_UNEXPLAINED},
		{ATOMIC | LAB_GFP_ATOMIC | LAB_GFP_ACCOUNT, VERDICT_UNEXPLAINED,
		 VERDICT_UNEXPLAINED},
	};
	struct event e;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CHECK_MSG(decided(cases[i].gfp, verdict_rules_old(), &e) == cases[i].up_to_6_2,
			  "case %zu, old: %s", i, verdict_name(e.verdict));
		CHECK_MSG(decided(cases[i].gfp, verdict_rules_default(), &e) == cases[i].since,
			  "case %zu, new: %s", i, verdict_name(e.verdict));
	}
	decided(NOWAIT | LAB_GFP_ACCOUNT, verdict_rules_old(), &e);
	CHECK_MSG(strstr(e.evidence, "Normal: 50000 free, needs more than 1000 (min 1000)") ==
			  e.evidence,
		  "%s", e.evidence);
}

/* Order 0 without the boost: by the bit up to 6.2, by __GFP_HIGH since. */
static void boost(void)
{
	static const struct {
		__u32 gfp;
		bool old, passes;
	} cases[] = {
		{ATOMIC | LAB_GFP_ATOMIC, true, true},
		{ATOMIC, true, false},
		{ATOMIC, false, true},
		{NOWAIT | LAB_GFP_ATOMIC, true, true},
		{NOWAIT, false, false},
		{NOWAIT | LAB_GFP_ATOMIC, false, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct verdict_rules rules =
			cases[i].old ? verdict_rules_old() : verdict_rules_default();
		struct event e = served(cases[i].gfp);

		/* min 20 000, of which even half is more than free less the boost allows */
		e.raw.zone[0].min = 20000;
		e.raw.zone[0].boost = 100000;
		verdict_decide(&e, &rules);
		CHECK_MSG((e.verdict == VERDICT_UNEXPLAINED) == cases[i].passes, "case %zu: %s", i,
			  e.evidence);
	}
}

/* ---- what closes a zone ---- */

static const char *closed_by(__u32 gfp, __u32 zone, __u32 node, __u64 nodes, __u32 flags, bool old)
{
	struct verdict_rules rules = old ? verdict_rules_old() : verdict_rules_default();
	struct event e = served(gfp);

	e.raw.zone[0].zone = (__u8)zone;
	e.raw.zone[0].node = (__u8)node;
	e.raw.nodes = nodes;
	e.raw.head.flags = flags;
	e.raw.head.node = 1;
	return verdict_closed_by(&e.raw, &e.raw.zone[0], &rules) ?: "open";
}

static void closed_zones(void)
{
	static const struct {
		__u32 gfp;
		const char *by;
	} cases[] = {
		{ATOMIC | LAB_GFP_DMA, "by __GFP_DMA"},
		{ATOMIC | LAB_GFP_DMA32, "by __GFP_DMA32"},
		{ATOMIC | LAB_GFP_HIGHMEM, "for lack of __GFP_MOVABLE"},
		{ATOMIC | LAB_GFP_MOVABLE, "for lack of __GFP_HIGHMEM"},
		{ATOMIC, "as a zone for other memory"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *by = closed_by(cases[i].gfp, 3, 1, 0, 0, false);

		CHECK_MSG(strcmp(by, cases[i].by) == 0, "case %zu: %s", i, by);
		/* The highest that it may use is open to it. */
		by = closed_by(cases[i].gfp, 2, 1, 0, 0, false);
		CHECK_MSG(strcmp(by, "open") == 0, "case %zu: %s", i, by);
	}
}

/* The request comes from node 1. */
static void closed_nodes(void)
{
	static const struct {
		__u32 gfp, node;
		__u64 nodes;
		__u32 flags;
		bool old;
		const char *by;
	} cases[] = {
		{NOWAIT | LAB_GFP_THISNODE, 1, 0, 0, false, "open"},
		{NOWAIT | LAB_GFP_THISNODE, 0, 0, 0, false, "by __GFP_THISNODE"},
		{NOWAIT, 0, 0, 0, false, "open"},
		{NOWAIT, 0, 2, 0, false, "by its nodemask or cpuset"},
		{NOWAIT, 0, 1, 0, false, "open"},
		{NOWAIT, 63, 1ULL << 63, 0, false, "open"},
		{NOWAIT, 64, ~0ULL, 0, false, "by its nodemask or cpuset"},
		{NOWAIT, 0, 0, LAB_SLOT_NODEMASK, false, "by its nodemask"},
		{NOWAIT, 1, 0, LAB_SLOT_NODEMASK, false, "open"},
		/* The last attempt of an atomic request goes by neither... */
		{ATOMIC, 0, 2, LAB_SLOT_NODEMASK, false, "open"},
		{ATOMIC | LAB_GFP_ATOMIC, 0, 2, 0, true, "open"},
		{NOWAIT | LAB_GFP_ATOMIC, 0, 2, 0, true, "open"},
		/* ... and up to 6.2 it is atomic by the bit alone. */
		{ATOMIC, 0, 2, 0, true, "by its nodemask or cpuset"},
		{NOWAIT | LAB_GFP_ATOMIC, 0, 2, 0, false, "by its nodemask or cpuset"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *by = closed_by(cases[i].gfp, 2, cases[i].node, cases[i].nodes,
					   cases[i].flags, cases[i].old);

		CHECK_MSG(strcmp(by, cases[i].by) == 0, "case %zu: %s", i, by);
	}
}

static const struct test_case cases[] = {
	{"large-pages", large_pages},	{"charges", charges},		{"boost", boost},
	{"closed_zones", closed_zones}, {"closed_nodes", closed_nodes},
};

TEST_MAIN("verdict_old", cases)
