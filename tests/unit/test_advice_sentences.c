// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_advice_sentences.c - the sentences that test_advice does not say, each with the figures of
 * its site; and nothing where one figure less would make it wrong.
 */
#include "test.h"
#include "view/advice.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define NOWAIT LAB_GFP_KSWAPD_RECLAIM
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

struct setup {
	const char *name;
	enum verdict verdict;
	__u32 gfp, order;
	__u64 lost;
	struct why_facts facts;
	const char *part[3]; /* of the first sentence, in this order; NULL: no more */
};

/* clang-format off */
static const struct setup setups[] = {
	{.name = "nolock", .verdict = VERDICT_EXHAUSTED, .gfp = 0, .lost = 5,
	 .part = {"neither sleep nor wake kswapd", "5 were lost"}},
	{.name = "nolock, one", .verdict = VERDICT_EXHAUSTED, .gfp = 0, .lost = 1,
	 .part = {"1 was lost"}},
	{.name = "exclusive blocks and NOMEMALLOC", .verdict = VERDICT_RESERVED,
	 .gfp = ATOMIC | LAB_GFP_NOMEMALLOC, .lost = 2,
	 .facts = {.zone = "DMA32", .free = 900, .exclusive = 512, .cma = 511},
	 .part = {"512 of the 900 free pages of DMA32", "exclusive blocks", "__GFP_NOMEMALLOC"}},
	{.name = "as much CMA", .verdict = VERDICT_RESERVED,
	 .gfp = ATOMIC | LAB_GFP_NOMEMALLOC, .lost = 2,
	 .facts = {.zone = "DMA32", .free = 900, .exclusive = 512, .cma = 512},
	 .part = {"512 of the 900 free pages of DMA32", "CMA"}},
	{.name = "exclusive blocks, for the nolock", .verdict = VERDICT_RESERVED, .gfp = 0, .lost = 2,
	 .facts = {.zone = "DMA32", .free = 900, .exclusive = 300},
	 .part = {"300 of the 900 free pages of DMA32", "GFP_ATOMIC"}},
	{.name = "nothing for GFP_ATOMIC", .verdict = VERDICT_RESERVED, .gfp = ATOMIC, .lost = 2,
	 .facts = {.zone = "DMA32", .free = 900, .exclusive = 300}},
	{.name = "neither", .verdict = VERDICT_RESERVED, .gfp = NOWAIT, .lost = 2,
	 .facts = {.zone = "DMA32", .free = 900}},
	{.name = "DMA32", .verdict = VERDICT_CONSTRAINED, .gfp = ATOMIC | LAB_GFP_DMA32, .lost = 3,
	 .facts = {.closed_zone = "Normal", .closed_node = 2, .closed_free = 7777,
		   .closed_by = "by __GFP_DMA32"},
	 .part = {"Node 2, zone Normal had 7777 pages free", "by __GFP_DMA32, 3 times", "dma_set_mask()"}},
	{.name = "THISNODE", .verdict = VERDICT_CONSTRAINED, .gfp = ATOMIC | LAB_GFP_THISNODE, .lost = 1,
	 .facts = {.closed_zone = "Normal", .closed_node = 1, .closed_free = 7777,
		   .closed_by = "by __GFP_THISNODE"},
	 .part = {"by __GFP_THISNODE, 1 time:", "without it"}},
	{.name = "cpuset", .verdict = VERDICT_CONSTRAINED, .gfp = NOWAIT, .lost = 4,
	 .facts = {.closed_zone = "Normal", .closed_by = "by its nodemask or cpuset"},
	 .part = {"by its nodemask or cpuset, 4 times", "widen it"}},
	{.name = "nodemask", .verdict = VERDICT_CONSTRAINED, .gfp = NOWAIT, .lost = 4,
	 .facts = {.closed_zone = "Normal", .closed_by = "by its nodemask"},
	 .part = {"by its nodemask, 4 times", "widen it"}},
	{.name = "movable", .verdict = VERDICT_CONSTRAINED, .gfp = NOWAIT | LAB_GFP_HIGHMEM, .lost = 4,
	 .facts = {.closed_zone = "Movable", .closed_by = "for lack of __GFP_MOVABLE"},
	 .part = {"zone Movable", "for lack of __GFP_MOVABLE, 4 times", "movablecore="}},
	{.name = "closed for another reason", .verdict = VERDICT_CONSTRAINED, .gfp = NOWAIT, .lost = 4,
	 .facts = {.closed_zone = "Movable", .closed_by = "as a zone for other memory"}},
	{.name = "batch", .verdict = VERDICT_BULK_SHORT, .gfp = ATOMIC, .lost = 1,
	 .facts = {.zone = "Normal", .low = 4321},
	 .part = {"7 of 64 pages", "low", "(Normal: 4321)"}},
	{.name = "contended", .verdict = VERDICT_CONTENDED, .gfp = 0, .lost = 6,
	 .part = {"may not wait for a lock", "lost 6 times"}},
	{.name = "injected", .verdict = VERDICT_INJECTED, .gfp = ATOMIC, .lost = 8,
	 .part = {"fail_page_alloc", "8 requests"}},
	{.name = "injected, one", .verdict = VERDICT_INJECTED, .gfp = ATOMIC, .lost = 1,
	 .part = {"fail_page_alloc", "1 request fail"}},
	{.name = "charge without a name", .verdict = VERDICT_CHARGE, .gfp = NOWAIT, .lost = 1,
	 .part = {"memory.max of the cgroup: it refused 1 request "}},
	{.name = "one order less", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 4, .lost = 2,
	 .facts = {.largest_order = 3}, .part = {"order 3 at most", "order 4", "2 times"}},
	{.name = "order 0", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 4, .lost = 1,
	 .facts = {.largest_order = 0}, .part = {"order 0 at most", "order 4", "1 time."}},
	{.name = "the order itself", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 4, .lost = 2,
	 .facts = {.largest_order = 4}},
	{.name = "a larger one", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 4, .lost = 2,
	 .facts = {.largest_order = 5}},
	{.name = "NORETRY", .verdict = VERDICT_EXHAUSTED, .gfp = ATOMIC | LAB_GFP_NORETRY, .lost = 2,
	 .part = {"__GFP_NORETRY", "2 times"}},
	{.name = "nothing for who may sleep", .verdict = VERDICT_EXHAUSTED, .lost = 2,
	 .gfp = ATOMIC | LAB_GFP_DIRECT_RECLAIM},
};
/* clang-format on */

static struct why_site site;
static struct advice_told told;
static struct advice_run run;
static struct advice_machine machine;

static void fill(enum verdict verdict, __u32 gfp, __u64 lost)
{
	memset(&site, 0, sizeof(site));
	snprintf(site.site, sizeof(site.site), "take");
	snprintf(site.driver, sizeof(site.driver), "maze");
	site.has_example = site.example.failed = true;
	site.example.verdict = verdict;
	site.example.aftermath = AFTERMATH_LOST;
	site.example.gfp = gfp;
	site.example.context = LAB_CTX_SOFTIRQ;
	site.count.failed = site.count.lost = lost;
	site.count.verdict[verdict] = lost;
	told = (struct advice_told){.verdict_lost = lost,
				    .mask_lost = lost,
				    .bulk_asked = 64,
				    .bulk_got = 7,
				    .longest_run = 3};
	run = (struct advice_run){0};
	machine = (struct advice_machine){.min_free_kbytes = 8000,
					  .managed_pages = 1000000,
					  .page_bytes = 4096,
					  .has_context = true,
					  .has_preempt_off = true};
}

static const char *said(void)
{
	memset(site.advice, 'x', sizeof(site.advice));
	advise(&(struct advice_input){&site, &told, &run, &machine}, site.advice);
	return site.advice[0];
}

static void sentences(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(setups); i++) {
		const struct setup *from = &setups[i];
		const char *at;

		fill(from->verdict, from->gfp, from->lost);
		site.example.order = from->order;
		site.example.facts = from->facts;
		at = said();
		CHECK_MSG(!at[0] == !from->part[0], "%s: \"%s\"", from->name, at);
		for (int k = 0; k < 3 && from->part[k]; k++) {
			at = strstr(at, from->part[k]);
			CHECK_MSG(at != NULL, "%s: \"%s\"", from->name, site.advice[0]);
			if (!at)
				break;
		}
		CHECK_MSG(!site.advice[1][0], "%s: \"%s\"", from->name, site.advice[1]);
	}
}

/* How long a run was, in the unit that fits. 2 MiB of 8000 kB more. */
static void durations(void)
{
	static const struct {
		__u64 ns;
		const char *text;
	} lengths[] = {
		{0, "within 0 us,"},	       {999999, "within 999 us,"},
		{1000000, "within 1 ms,"},     {9999999999, "within 9999 ms,"},
		{10000000000, "within 10 s,"}, {3599999999999, "within 3599 s,"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		fill(VERDICT_EXHAUSTED, ATOMIC, 2);
		run = (struct advice_run){.requests = 2,
					  .pages = 2,
					  .need = 5,
					  .length_ns = lengths[i].ns,
					  .min = 1000,
					  .short_of = 4,
					  .share = 5,
					  .zone = "Normal"};
		CHECK_MSG(strstr(said(), lengths[i].text), "%llu: \"%s\"", lengths[i].ns,
			  site.advice[0]);
	}
	/* One request: it has no length, and is a page. */
	run.requests = run.pages = 1;
	CHECK_MSG(!strstr(said(), "within") &&
			  strstr(site.advice[0], "1 lost request, for 1 page,"),
		  "\"%s\"", site.advice[0]);
}

/* Up to a twentieth of all memory, 1 000 000 kB of 20 000 000. */
static void sane(void)
{
	__u64 now;

	fill(VERDICT_EXHAUSTED, ATOMIC, 1);
	machine.managed_pages = 5000000;
	run = (struct advice_run){.requests = 1, .min = 1000, .share = 8};
	/* 8000 kB for 1000 pages: need pages come to 8 kB each. 999424 is 976 MiB. */
	run.need = (999424 - 8000) / 8;
	CHECK_EQ(advice_min_free_kbytes(&run, &machine, &now), 999424);
	run.need++;
	CHECK_EQ(advice_min_free_kbytes(&run, &machine, &now), 0); /* 1 000 448 */
	/* Pages of less than a KiB are none. */
	run.need = 1;
	machine.page_bytes = 1024;
	CHECK_EQ(advice_min_free_kbytes(&run, &machine, &now), 8192);
	machine.page_bytes = 1023;
	CHECK_EQ(advice_min_free_kbytes(&run, &machine, &now), 0);
}

static void set_harmless(__u64 recovered, __u64 retried, __u64 failed)
{
	fill(VERDICT_FRAGMENTED, ATOMIC, 0);
	site.example.aftermath = AFTERMATH_RECOVERED;
	snprintf(site.example.how, sizeof(site.example.how), "by order 0");
	site.count.recovered = recovered;
	site.count.retried = retried;
	site.count.failed = failed;
	site.count.printed[PRINTED_YES] = 2;
	told.with_warning = 3;
}

/* All tries that failed were made good or tried again, and that is the end of it. */
static void harmless(void)
{
	set_harmless(1, 2, 3);
	CHECK_MSG(
		strstr(said(), "all failed attempts were recovered (by order 0), 3 did not set it"),
		"\"%s\"", site.advice[0]);
	CHECK(strstr(site.advice[0], "dmesg showed 2."));
	set_harmless(3, 2, 5);
	CHECK(said()[0]);
	set_harmless(1, 2, 4); /* of one it is not known */
	CHECK(!said()[0]);
	set_harmless(2, 1, 1); /* no sum: a damaged recording */
	CHECK(!said()[0]);
	set_harmless(0, 3, 3); /* tried again, and never had it */
	CHECK(!said()[0]);
	set_harmless(3, 0, 3);
	told.with_warning = 0; /* dmesg is quiet as it is */
	CHECK(!said()[0]);
	set_harmless(3, 0, 3);
	site.example.aftermath = AFTERMATH_RETRIED;
	CHECK(said()[0] && !strstr(site.advice[0], "by order 0"));
}

/* In task context, all of them, and with a kernel that tells what is off. */
static void may_sleep(void)
{
	fill(VERDICT_EXHAUSTED, ATOMIC, 2);
	told.open_task = 2;
	CHECK_MSG(strstr(said(), "All failures were in task context"), "\"%s\"", site.advice[0]);
	told.open_task = 1;
	CHECK(!strstr(said(), "task context"));
	told.open_task = 2;
	machine.has_preempt_off = false;
	CHECK(!strstr(said(), "task context"));
	machine.has_preempt_off = true;
	machine.has_context = false;
	CHECK(!strstr(said(), "task context"));
	machine.has_context = true;
	site.count.failed = 3; /* one was held back */
	CHECK(strstr(said(), "All failures that were reported were in task context"));
	site.count.failed = site.count.verdict[VERDICT_EXHAUSTED] = 1;
	told.open_task = 1;
	CHECK(strstr(said(), "It failed in task context"));
	/* No waiting helps against these. */
	fill(VERDICT_OVERSIZE, ATOMIC, 1);
	told.open_task = 1;
	CHECK(!strstr(said(), "task context"));
	fill(VERDICT_EXHAUSTED, ATOMIC | LAB_GFP_DIRECT_RECLAIM, 1); /* it does wait */
	told.open_task = 1;
	CHECK(!said()[0]);
}

/* ---- who asked ---- */

static void receive_helpers(void)
{
	static const struct {
		const char *via, *helper;
	} cases[] = {
		{"page_frag_alloc < __netdev_alloc_skb", "netdev_alloc_skb"},
		{"__napi_alloc_skb", "napi_alloc_skb"},
		{"__netdev_alloc_frag_align", "netdev_alloc_frag"},
		{"__napi_alloc_frag_align", "napi_alloc_frag"},
		{"dev_alloc_pages", "dev_alloc_pages"},
		{"dev_alloc_skb", "dev_alloc_skb"},
		{"kmalloc < __alloc_skb", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *helper = site_receive_helper(cases[i].via);

		CHECK_MSG(!helper == !cases[i].helper &&
				  (!helper || strcmp(helper, cases[i].helper) == 0),
			  "%s: %s", cases[i].via, helper ?: "none");
		CHECK_EQ(site_recycles("refill", "e1000", cases[i].via), helper != NULL);
		CHECK(!site_recycles("", "e1000", cases[i].via));
		CHECK(!site_recycles("refill", "", cases[i].via));
		CHECK(!site_recycles("refill", "[net]", cases[i].via));
	}
	CHECK(!site_recycles("refill", "e1000", "page_pool_alloc < __napi_alloc_skb"));
}

static void io(void)
{
	static const char *const drivers[] = {
		"[block]",  "[dm]",	"[md]",	   "[scsi]",	"[nvme]", "[ata]",
		"[mmc]",    "[nvdimm]", "nvme",	   "nvme_core", "dm_mod", "dm_crypt",
		"raid1",    "raid10",	"raid456", "md_mod",	"libata", "virtio_blk",
		"scsi_mod", "sd_mod",	"nbd",	   "loop"};

	for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
		CHECK_MSG(site_does_io(drivers[i], "kmalloc"), "%s", drivers[i]);
		CHECK_MSG(!site_does_io(drivers[i], "mempool_alloc"), "%s", drivers[i]);
	}
	CHECK(!site_does_io("[net]", "kmalloc") && !site_does_io("e1000", "bio_alloc"));
	CHECK(!site_does_io("loopback", "kmalloc") && !site_does_io("", "kmalloc"));
	CHECK(site_does_io("[fs]", "bio_alloc_bioset"));
	CHECK(!site_does_io("[fs]", "kmalloc"));
}

static const struct test_case cases[] = {
	{"sentences", sentences},
	{"durations", durations},
	{"sane", sane},
	{"harmless", harmless},
	{"may_sleep", may_sleep},
	{"receive_helpers", receive_helpers},
	{"io", io},
};

TEST_MAIN("advice_sentences", cases)
