// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_alloc_verdict.c - reports of a machine with nodes: which of them the request could have had.
 * Every node has one zone, Normal, of min 8000.
 */
#include <string.h>

#include "model/alloc_verdict.h"
#include "test.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define NODES 3

/* GFP_ATOMIC needs more than 3000 of it, GFP_NOWAIT more than 8000. */
static struct report_zone normal(int node, __u64 free)
{
	return (struct report_zone){
		.name = "Normal",
		.node = node,
		.has_free = true,
		.has_min = true,
		.has_low = true,
		.has_managed = true,
		.has_boost = true,
		.has_blocks = true,
		.free = free,
		.min = 8000,
		.low = 10000,
		.managed = 1000000,
		.reserves = 1,
		.orders = 1,
		.count = {(__u32)free},
		.ordinary = 1,
	};
}

/* Free pages of the nodes; 0: there is no such node. Nodes are apart in the report as in a log. */
static struct alloc_report *decided(const char *names, const __u64 *free, const char *mems)
{
	struct alloc_report *r = alloc_report_new();

	if (!r)
		return NULL;
	snprintf(r->release, sizeof(r->release), "6.6.30");
	snprintf(r->gfp_names, sizeof(r->gfp_names), "%s", names);
	node_set_parse(&r->mems_allowed, mems);
	r->age_us = REPORT_UNKNOWN;
	for (int node = 0; node < NODES; node++) {
		struct report_zone *z = free[node] ? alloc_report_zone(r, node, "Normal") : NULL;

		if (z)
			*z = normal(node, free[node]);
	}
	alloc_verdict_decide(r);
	return r;
}

static const struct {
	const char *names, *mems;
	__u64 free[NODES];
	enum report_verdict verdict;
	int nearest, closed; /* node; -1: none */
} cases[] = {
	/* Without the flag a node that serves it leaves no reason. */
	{"GFP_ATOMIC", "0-2", {90000, 2900}, REPORT_UNEXPLAINED, 0, -1},
	/* With it the other node is the one that refused. */
	{"GFP_ATOMIC|__GFP_THISNODE", "0-2", {90000, 2900}, REPORT_CONSTRAINED, 1, 0},
	{"GFP_ATOMIC|__GFP_THISNODE", "0-2", {2900, 90000}, REPORT_CONSTRAINED, 0, 1},
	/* Either may have refused it: the one that came nearer is shown. */
	{"GFP_ATOMIC|__GFP_THISNODE", "0-2", {2900, 2950}, REPORT_EXHAUSTED, 1, -1},
	{"GFP_ATOMIC|__GFP_THISNODE", "0-2", {2900, 90000, 2950}, REPORT_CONSTRAINED, 2, 1},
	/* None did, by these numbers. */
	{"GFP_ATOMIC|__GFP_THISNODE", "0-2", {90000, 80000}, REPORT_UNEXPLAINED, 0, -1},
	/* The only node. */
	{"GFP_ATOMIC|__GFP_THISNODE", "0-2", {90000}, REPORT_UNEXPLAINED, 0, -1},
	/* A node that its cpuset closes could not have been the one. */
	{"GFP_NOWAIT|__GFP_THISNODE", "0,2", {90000, 100}, REPORT_UNEXPLAINED, 0, -1},
	{"GFP_NOWAIT|__GFP_THISNODE", "0,2", {90000, 100, 7000}, REPORT_CONSTRAINED, 2, 0},
};

static void nodes(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct alloc_report *r = decided(cases[i].names, cases[i].free, cases[i].mems);
		int nearest = r->nearest.known ? r->nearest.zone->node : -1;
		int closed = r->closed_zone.known ? r->closed_zone.zone->node : -1;

		CHECK_MSG(r->verdict == cases[i].verdict, "case %zu: %s", i,
			  report_verdict_name(r->verdict));
		CHECK_MSG(nearest == cases[i].nearest, "case %zu: nearest %d", i, nearest);
		CHECK_MSG(closed == cases[i].closed, "case %zu: closed %d", i, closed);
		if (closed >= 0)
			CHECK(strcmp(r->closed_zone.closed, "__GFP_THISNODE") == 0);
		alloc_report_free(r);
	}
}

/* Each zone by itself says the same. */
static void zone_by_zone(void)
{
	const __u64 free[NODES] = {90000, 2900};
	struct alloc_report *r = decided("GFP_ATOMIC|__GFP_THISNODE", free, "0-1");
	struct report_sum s;

	CHECK(alloc_verdict_zone(r, &r->zone[0], &s));
	CHECK(s.closed && strcmp(s.closed, "__GFP_THISNODE") == 0);
	CHECK(alloc_verdict_zone(r, &r->zone[1], &s));
	CHECK(!s.closed);
	alloc_report_free(r);
}

static const struct test_case tests[] = {
	{"nodes", nodes},
	{"zone-by-zone", zone_by_zone},
};

TEST_MAIN("alloc_verdict", tests)
