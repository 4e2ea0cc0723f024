// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_why_case.c - what a request says as the example of its site, fact by fact; which request is
 * the example; what is summed up behind the last site; and the zones that a run of losses saw.
 */
#include "test.h"
#include "view/why.h"
#include "view/why_runs.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define NOWAIT LAB_GFP_KSWAPD_RECLAIM

static struct event event;
static struct why_case example;
static struct why_report report;

/* A failed request, in task context, whose only zone is Normal on node 3. */
static void set_event(__u32 gfp, __u32 order, __u64 free)
{
	memset(&event, 0, sizeof(event));
	event.raw.head.gfp = gfp;
	event.raw.head.order = order;
	event.raw.highest_zone = 2;
	event.raw.zones = 1;
	event.raw.zone[0] = (struct lab_event_zone){
		.zone = 2, .node = 3, .free = free, .min = 2000, .low = 2500, .managed = 1000000};
	snprintf(event.zone_name[0], LAB_ZONE_NAME, "Normal");
	snprintf(event.raw.head.comm, sizeof(event.raw.head.comm), "redis-server-15");
}

static const struct why_facts *facts(void)
{
	why_case_of_event(&example, &event);
	return &example.facts;
}

/*
 * NOWAIT of order 3, min 2000 and a boost of 300: it needs more than 2300 and the 7 other pages of
 * its order, and 500 CMA pages do not count. Exclusive pages count, but are not for it.
 */
static void open_zone(void)
{
	const struct why_facts *f;

	set_event(NOWAIT, 3, 3000);
	event.raw.zone[0].boost = 300;
	event.raw.zone[0].free_cma = 500;
	event.raw.zone[0].free_highatomic = 512;
	event.raw.zone[0].unusable_highatomic = 1024;
	event.raw.zone[0].ordinary = 0x7;
	event.raw.zone[0].cma = 0x10;
	event.raw.zone[0].highatomic = 0x20;
	f = facts();
	CHECK(strcmp(f->zone, "Normal") == 0);
	CHECK_EQ(f->free, 3000);
	CHECK_EQ(f->min, 2000);
	CHECK_EQ(f->low, 2800);
	CHECK_EQ(f->cma, 500);
	CHECK_EQ(f->exclusive, 512);
	CHECK_EQ(f->need, 1); /* enough by count: of a block it lacked one at least */
	CHECK_EQ(f->largest_order, 2);
	CHECK(strcmp(f->comm, "redis-server-15") == 0);
	CHECK(!f->closed_zone[0]);
	/* 2807 - 7 - 500 = 2300 is none too many, 2806 one less, 2700 107 less than that. */
	event.raw.zone[0].free = 2807;
	CHECK_EQ(facts()->need, 1);
	event.raw.zone[0].free = 2806;
	CHECK_EQ(facts()->need, 2);
	event.raw.zone[0].free = 2700;
	CHECK_EQ(facts()->need, 108);
	event.raw.head.context = LAB_CTX_SOFTIRQ;
	CHECK(!facts()->comm[0]);
}

/* What is closed to it follows from its rights. */
static void closed_pages(void)
{
	set_event(NOWAIT | LAB_GFP_MOVABLE, 3, 3000);
	event.raw.zone[0].free_cma = 500;
	event.raw.zone[0].ordinary = 0x7;
	event.raw.zone[0].cma = 0x10;
	CHECK_EQ(facts()->cma, 0);
	CHECK_EQ(facts()->largest_order, 4);
	/* GFP_ATOMIC takes from exclusive blocks. */
	set_event(ATOMIC, 0, 100);
	event.raw.zone[0].free_highatomic = event.raw.zone[0].unusable_highatomic = 50;
	CHECK_EQ(facts()->exclusive, 0);
	/* How many pages of the blocks are free is not known before 6.12: all of them count. */
	set_event(LAB_GFP_NOMEMALLOC, 0, 100);
	event.raw.zone[0].unusable_highatomic = 1024;
	CHECK_EQ(facts()->exclusive, 1024);
	CHECK_EQ(facts()->largest_order, -1);
}

static void add_zone(__u32 zone, __u32 node, __u64 free, __u32 ordinary, const char *name)
{
	__u32 i = event.raw.zones++;

	event.raw.zone[i] = (struct lab_event_zone){.zone = zone,
						    .node = node,
						    .free = free,
						    .min = 2000,
						    .low = 2500,
						    .managed = 1000000,
						    .ordinary = ordinary};
	for (int order = 0; order < LAB_EVENT_ORDERS; order++)
		event.raw.zone[i].blocks[order] = ordinary >> order & 1 ? 40 : 0;
	snprintf(event.zone_name[i], LAB_ZONE_NAME, "%s", name);
}

/* By __GFP_DMA it has the last zone alone; of the other two the larger one would do. */
static void closed_zone(void)
{
	const struct why_facts *f;

	set_event(ATOMIC | LAB_GFP_DMA, 1, 100);
	event.raw.highest_zone = 0;
	event.raw.zone[0].free = 50000;
	event.raw.zone[0].ordinary = 0x7ff;
	for (int order = 0; order < LAB_EVENT_ORDERS; order++)
		event.raw.zone[0].blocks[order] = 40;
	add_zone(1, 2, 40000, 0x3ff, "DMA32");
	add_zone(0, 1, 300, 0x1, "DMA");
	f = facts();
	CHECK(strcmp(f->zone, "DMA") == 0);
	CHECK_EQ(f->free, 300);
	CHECK(strcmp(f->closed_zone, "Normal") == 0);
	CHECK_MSG(strcmp(f->closed_by, "by __GFP_DMA") == 0, "%s", f->closed_by);
	CHECK_EQ(f->closed_free, 50000);
	CHECK_EQ(f->closed_node, 3);
	CHECK_EQ(f->largest_order, 0); /* of what is open to it */
	/* Where the others would not do either, nothing is said of them. */
	event.raw.zone[0].free = event.raw.zone[1].free = 200;
	f = facts();
	CHECK(!f->closed_zone[0] && !f->closed_by[0]);
	CHECK_EQ(f->closed_free, 0);
	/* A zone that has no name in the record. */
	event.zone_name[2][0] = '\0';
	CHECK(strcmp(facts()->zone, "zone 0") == 0);
}

static void of_event(void)
{
	set_event(ATOMIC, 2, 100);
	event.time_ns = 77;
	event.verdict = VERDICT_RESERVED;
	event.aftermath = AFTERMATH_RETRIED;
	event.raw.head.context = LAB_CTX_HARDIRQ;
	event.raw.head.flags = LAB_EVENT_BH_OFF | LAB_EVENT_HAS_START;
	snprintf(event.via, sizeof(event.via), "kmalloc");
	snprintf(event.evidence, sizeof(event.evidence), "few");
	snprintf(event.how, sizeof(event.how), "by order 0");
	event.frames = 2;
	snprintf(event.frame[1].symbol, EVENT_SYMBOL, "outer");
	facts();
	CHECK(example.failed);
	CHECK_EQ(example.verdict, VERDICT_RESERVED);
	CHECK_EQ(example.aftermath, AFTERMATH_RETRIED);
	CHECK_EQ(example.time_ns, 77);
	CHECK_EQ(example.gfp, ATOMIC);
	CHECK_EQ(example.order, 2);
	CHECK_EQ(example.context, LAB_CTX_HARDIRQ);
	CHECK_EQ(example.flags, LAB_EVENT_BH_OFF);
	CHECK(strcmp(example.via, "kmalloc") == 0 && strcmp(example.evidence, "few") == 0);
	CHECK(strcmp(example.how, "by order 0") == 0);
	CHECK_EQ(example.frames, 2);
	CHECK(strcmp(example.frame[1].symbol, "outer") == 0);
	event.raw.head.flags = LAB_EVENT_PREEMPT_OFF;
	event.frames = LAB_EVENT_FRAMES + 5; /* a damaged record */
	facts();
	CHECK_EQ(example.flags, LAB_EVENT_PREEMPT_OFF);
	CHECK_EQ(example.frames, LAB_EVENT_FRAMES);
}

/* ---- the example of a site ---- */

static struct site_row row_of(const char *site)
{
	struct site_row r = {.key = {.gfp = NOWAIT, .order = 4, .context = LAB_CTX_HARDIRQ},
			     .frames = 2};

	snprintf(r.site, sizeof(r.site), "%s", site);
	snprintf(r.driver, sizeof(r.driver), "maze");
	snprintf(r.via, sizeof(r.via), "kmalloc < helper");
	snprintf(r.frame[0].symbol, EVENT_SYMBOL, "inner");
	snprintf(r.frame[1].symbol, EVENT_SYMBOL, "outer");
	return r;
}

static void of_row(void)
{
	struct site_row r = row_of("take");

	why_case_of_row(&example, &r);
	CHECK(!example.failed);
	CHECK_EQ(example.gfp, NOWAIT);
	CHECK_EQ(example.order, 4);
	CHECK_EQ(example.context, LAB_CTX_HARDIRQ);
	CHECK_EQ(example.flags, 0);
	CHECK(strcmp(example.via, "kmalloc < helper") == 0);
	CHECK_EQ(example.frames, 2);
	CHECK(strcmp(example.frame[1].symbol, "outer") == 0);
	CHECK_EQ(example.facts.largest_order, -1);
	CHECK_EQ(example.time_ns, 0);
	r.count.bh_off = 1;
	why_case_of_row(&example, &r);
	CHECK_EQ(example.flags, LAB_EVENT_BH_OFF);
	r.count.bh_off = 0;
	r.count.preempt_off = 3;
	r.frames = LAB_EVENT_FRAMES + 1;
	why_case_of_row(&example, &r);
	CHECK_EQ(example.flags, LAB_EVENT_PREEMPT_OFF);
	CHECK_EQ(example.frames, LAB_EVENT_FRAMES);
}

/* What came of it first; then what it fell short by. */
static void worse(void)
{
	static const enum aftermath order[] = {AFTERMATH_RECOVERED, AFTERMATH_RETRIED,
					       AFTERMATH_PENDING, AFTERMATH_LOST};

	for (unsigned int i = 0; i < 4; i++)
		for (unsigned int k = 0; k < 4; k++) {
			struct why_case a = {.aftermath = order[i], .facts.need = 4};
			struct why_case b = {.aftermath = order[k], .facts.need = 40};

			CHECK_MSG(why_case_worse(&a, &b) == (i > k), "%u, %u", i, k);
			CHECK_MSG(why_case_worse(&b, &a) == (k >= i), "%u, %u", k, i);
		}
}

static const struct why_case *example_of(struct why *w)
{
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK(report.total.sites == 1 && report.total.site[0].has_example);
	return &report.total.site[0].example;
}

static void add_failure(struct why *w, enum aftermath aftermath, __u64 free, __u64 time_ns)
{
	set_event(ATOMIC, 0, free);
	snprintf(event.site, sizeof(event.site), "take");
	event.verdict = VERDICT_EXHAUSTED;
	event.aftermath = aftermath;
	event.time_ns = time_ns;
	CHECK_EQ(why_add_event(w, &event), 0);
}

/* min 2000: floor 750. One that was retried is no example beside one that was lost. */
static void lost_before_retried(void)
{
	struct why *w = why_new();

	add_failure(w, AFTERMATH_RETRIED, 710, 1);
	add_failure(w, AFTERMATH_LOST, 746, 2);
	add_failure(w, AFTERMATH_PENDING, 100, 3);
	add_failure(w, AFTERMATH_RECOVERED, 50, 4);
	CHECK_EQ(example_of(w)->time_ns, 2);
	CHECK_EQ(example_of(w)->facts.need, 5);
	add_failure(w, AFTERMATH_LOST, 745, 5);
	CHECK_EQ(example_of(w)->time_ns, 5);
	CHECK_EQ(example_of(w)->facts.need, 6);
	why_report_free(&report);
	why_free(w);
}

/* A site that the counts alone tell of: the stack with the most trouble stands for it. */
static void counted_alone(void)
{
	static const struct {
		__u64 failed, below_min, slow;
	} counts[] = {
		{0, 0, 0}, {0, 0, 7}, {0, 1, 0}, {0, 2, 5}, {1, 0, 0}, {0, 9, 9}, {2, 0, 1},
	};
	/* Which of the rows so far it is, by its order; the first has no trouble. */
	static const __u32 expected[] = {~0U, 1, 2, 3, 4, 4, 6};

	for (unsigned int n = 1; n < 7; n++) {
		struct why *w = why_new();
		const struct why_case *c;

		why_begin_rows(w);
		for (unsigned int i = 0; i <= n; i++) {
			struct site_row r = row_of("take");

			r.key.order = (__u16)i;
			r.count.sampled = 1;
			r.count.failed_final = counts[i].failed;
			r.count.below_min = counts[i].below_min;
			r.count.slow = counts[i].slow;
			CHECK_EQ(why_add_row(w, &r), 0);
		}
		c = example_of(w);
		CHECK_EQ(c->order, expected[n]);
		CHECK(!c->failed);
		CHECK_EQ(c->gfp, NOWAIT);
		CHECK_EQ(c->context, LAB_CTX_HARDIRQ);
		CHECK_EQ(c->frames, 2);
		CHECK(strcmp(c->frame[0].symbol, "inner") == 0);
		CHECK(strcmp(c->via, "kmalloc < helper") == 0);
		why_report_free(&report);
		why_free(w);
	}
}

/* ---- figures ---- */

/* Every count of a row, of two stacks of one site. */
static void counts_of_rows(void)
{
	struct site_row r = row_of("take");
	const struct why_figures *f;
	struct why *w = why_new();

	r.count = (struct lab_site){.sampled = 100,
				    .failed_final = 2,
				    .failed_opportunistic = 3,
				    .bulk_short = 5,
				    .below_min = 7,
				    .slow = 11,
				    .latency_max_ns = 900};
	why_begin_rows(w);
	CHECK_EQ(why_add_row(w, &r), 0);
	/* Not meant as a last try: its batch that fell short is no final failure. */
	r.key.gfp |= LAB_GFP_NORETRY;
	r.count.latency_max_ns = 800;
	CHECK_EQ(why_add_row(w, &r), 0);
	CHECK_EQ(why_fill(w, &report), 0);
	f = &report.total.site[0].count;
	CHECK_EQ(f->requests_sampled, 200);
	CHECK_EQ(f->failed, 20);
	CHECK_EQ(f->failed_final, 9);
	CHECK_EQ(f->not_followed, 20);
	CHECK_EQ(f->below_min, 14);
	CHECK_EQ(f->slow, 22);
	CHECK_EQ(f->latency_max_ns, 900);
	CHECK_EQ(f->lost, 0);
	why_report_free(&report);
	why_free(w);
}

/* 88 sites behind the last: counts are added, of latencies the longest is kept. */
static void other_sites(void)
{
	struct why *w = why_new();
	struct why_figures sum;
	char name[16];

	why_begin_rows(w);
	for (unsigned int i = 0; i < WHY_SITES + 88; i++) {
		struct site_row r;

		snprintf(name, sizeof(name), "site%u", i);
		r = row_of(name);
		r.count = (struct lab_site){.sampled = 2,
					    .below_min = WHY_SITES + 88 - i,
					    .slow = 3,
					    .latency_max_ns = 1000 + i};
		CHECK_EQ(why_add_row(w, &r), 0);
	}
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_EQ(report.total.sites, WHY_SITES);
	CHECK_EQ(report.total.other_sites, 88);
	CHECK(strcmp(report.total.site[0].site, "site0") == 0);
	CHECK_EQ(report.total.other.requests_sampled, 176);
	CHECK_EQ(report.total.other.slow, 264);
	CHECK_EQ(report.total.other.below_min, 88 * 89 / 2);
	CHECK_EQ(report.total.other.latency_max_ns, 1599);
	sum = why_list_sum(&report.total);
	CHECK_EQ(sum.below_min, 600 * 601 / 2);
	CHECK_EQ(sum.latency_max_ns, 1599);
	why_report_free(&report);
	why_free(w);
}

static void sums(void)
{
	struct why_figures a = {.failed = 10, .not_followed = 4, .latency_max_ns = 5};
	const struct why_figures b = {.failed = 1,
				      .failed_final = 2,
				      .lost = 3,
				      .recovered = 4,
				      .retried = 5,
				      .pending = 6,
				      .not_followed = 7,
				      .below_min = 8,
				      .slow = 9,
				      .latency_max_ns = 6};

	CHECK_EQ(why_told(&(struct why_figures){.failed = 9, .verdict = {1, 2, 3}}), 6);
	CHECK_EQ(why_requests(&(struct why_figures){.requests_sampled = 3, .failed = 190}, 64),
		 192);
	CHECK_EQ(
		why_requests(
			&(struct why_figures){.requests_sampled = 3, .failed = 190, .below_min = 5},
			64),
		195);
	why_figures_add(&a, &b);
	why_figures_add(&a, &(struct why_figures){.latency_max_ns = 6});
	CHECK_EQ(a.failed, 11);
	CHECK_EQ(a.failed_final, 2);
	CHECK_EQ(a.lost, 3);
	CHECK_EQ(a.recovered, 4);
	CHECK_EQ(a.retried, 5);
	CHECK_EQ(a.pending, 6);
	CHECK_EQ(a.not_followed, 11);
	CHECK_EQ(a.below_min, 8);
	CHECK_EQ(a.slow, 9);
	CHECK_EQ(a.latency_max_ns, 6);
}

/* ---- the run of losses ---- */

static struct reserve_runs runs;

/* Eight zones, each as large as its number in hundreds; a later reading replaces one before. */
static void zones_of_runs(void)
{
	__u64 min, managed;

	memset(&runs, 0, sizeof(runs));
	set_event(ATOMIC, 0, 0);
	event.verdict = VERDICT_EXHAUSTED;
	for (__u32 i = 0; i < LAB_EVENT_ZONES; i++)
		event.raw.zone[i] = (struct lab_event_zone){
			.zone = i % 4, .node = i / 4, .min = 1 + i, .managed = 100 + i};
	event.raw.zones = LAB_EVENT_ZONES;
	reserve_runs_add(&runs, &event);
	reserve_runs_zones(&runs, &min, &managed);
	CHECK_EQ(min, 36);
	CHECK_EQ(managed, 828);
	event.raw.zone[7].min = 20;
	event.raw.zone[7].managed = 1000;
	reserve_runs_add(&runs, &event);
	reserve_runs_zones(&runs, &min, &managed);
	CHECK_EQ(min, 36 - 8 + 20);
	CHECK_EQ(managed, 828 - 107 + 1000);
}

static void add_loss(__u32 gfp, __u32 order, __u64 free, __u64 time_ns)
{
	set_event(gfp, order, free);
	event.verdict = VERDICT_EXHAUSTED;
	event.aftermath = AFTERMATH_LOST;
	event.time_ns = time_ns;
	reserve_runs_add(&runs, &event);
}

/*
 * min 2000, so 750 are the floor. Of order 1 one page more is needed: 740 are 12 too few. Then one
 * page at 750 - 30, 31 too few: with the two pages of the first one that is the need.
 */
static void run_of_losses(void)
{
	const struct advice_run *total = &runs.worst[1];

	memset(&runs, 0, sizeof(runs));
	add_loss(ATOMIC, 1, 740, 1000);
	CHECK_EQ(total->requests, 1);
	CHECK_EQ(total->pages, 2);
	CHECK_EQ(total->short_of, 12);
	CHECK_EQ(total->need, 12);
	CHECK_EQ(total->length_ns, 0);
	CHECK_EQ(total->share, 5);
	CHECK_EQ(total->min, 2000);
	add_loss(ATOMIC, 0, 720, 1000 + WHY_RUN_GAP_NS);
	CHECK_EQ(total->requests, 2);
	CHECK_EQ(total->pages, 3);
	CHECK_EQ(total->short_of, 31);
	CHECK_EQ(total->need, 32);
	CHECK_EQ(total->length_ns, WHY_RUN_GAP_NS);
	/* A run of its own, and no worse; then one that is. */
	add_loss(ATOMIC, 0, 720, 1001 + 2 * WHY_RUN_GAP_NS);
	CHECK_EQ(total->requests, 2);
	reserve_runs_next(&runs);
	CHECK_EQ(runs.worst[0].requests, 0);
	CHECK_EQ(total->requests, 2);
	add_loss(ATOMIC, 0, 0, 2 + 9 * WHY_RUN_GAP_NS);
	CHECK_EQ(runs.worst[0].requests, 1);
	CHECK_EQ(runs.worst[0].short_of, 751);
	CHECK_EQ(total->short_of, 751);
}

/* Of these none draws on the reserve. */
static void no_run(void)
{
	memset(&runs, 0, sizeof(runs));
	add_loss(NOWAIT, 0, 0, 1);
	add_loss(ATOMIC | LAB_GFP_NORETRY, 0, 0, 1);
	add_loss(ATOMIC | LAB_GFP_NOMEMALLOC, 0, 0, 1);
	add_loss(ATOMIC, LAB_EVENT_ORDERS, 0, 1);
	event.raw.head.order = 0;
	event.aftermath = AFTERMATH_RECOVERED;
	reserve_runs_add(&runs, &event);
	event.aftermath = AFTERMATH_LOST;
	event.verdict = VERDICT_FRAGMENTED;
	reserve_runs_add(&runs, &event);
	CHECK_EQ(runs.worst[1].requests, 0);
	add_loss(ATOMIC | LAB_GFP_MEMALLOC, LAB_EVENT_ORDERS - 1, 0, 1);
	CHECK_EQ(runs.worst[1].requests, 1);
	CHECK_EQ(runs.worst[1].share, 8);
	CHECK_EQ(runs.worst[1].pages, 1024);
}

static const struct test_case cases[] = {
	{"open_zone", open_zone},
	{"closed_pages", closed_pages},
	{"closed_zone", closed_zone},
	{"of_event", of_event},
	{"of_row", of_row},
	{"worse", worse},
	{"lost_before_retried", lost_before_retried},
	{"counted_alone", counted_alone},
	{"counts_of_rows", counts_of_rows},
	{"other_sites", other_sites},
	{"sums", sums},
	{"zones_of_runs", zones_of_runs},
	{"run_of_losses", run_of_losses},
	{"no_run", no_run},
};

TEST_MAIN("why_case", cases)
