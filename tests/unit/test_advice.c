// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_advice.c - what follows from a verdict, and that nothing follows from nothing. */
#include "view/advice.h"
#include "test.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define NOWAIT LAB_GFP_KSWAPD_RECLAIM

/* One failure of each kind, lost unless said otherwise. */
struct setup {
	const char *name;
	enum verdict verdict;
	__u32 gfp, order, context;
	enum aftermath aftermath;
	const char *driver, *via;
	__u64 verdict_lost, with_warning, open_task;
	struct why_facts facts;
	const char *first, *second; /* parts of the sentences; NULL: none */
};

static const struct advice_run run = {.requests = 3,
				      .pages = 3,
				      .need = 5,
				      .length_ns = 2000000,
				      .min = 1000,
				      .short_of = 3,
				      .share = 5,
				      .zone = "Normal"};
static const struct advice_machine machine = {.min_free_kbytes = 8000,
					      .min_pages = 2000,
					      .managed_pages = 1000000,
					      .page_bytes = 4096,
					      .has_context = true,
					      .has_preempt_off = true};

/* clang-format off */
static const struct setup setups[] = {
	{.name = "reserve", .verdict = VERDICT_EXHAUSTED, .gfp = ATOMIC, .context = LAB_CTX_SOFTIRQ,
	 .aftermath = AFTERMATH_LOST, .verdict_lost = 3, .facts = {.zone = "Normal"},
	 .first = "vm.min_free_kbytes of 8192 (now 8000) would have covered the worst run: 3 lost "
		  "requests within 2 ms, for 3 pages, 3 short in Normal (min 1000)."},
	{.name = "a mere try has no right to it", .verdict = VERDICT_EXHAUSTED,
	 .gfp = ATOMIC | LAB_GFP_NOMEMALLOC, .context = LAB_CTX_SOFTIRQ,
	 .aftermath = AFTERMATH_LOST, .verdict_lost = 3, .first = "__GFP_NOMEMALLOC marks it"},
	{.name = "nowait", .verdict = VERDICT_EXHAUSTED, .gfp = NOWAIT, .context = LAB_CTX_SOFTIRQ,
	 .aftermath = AFTERMATH_LOST, .verdict_lost = 2,
	 .facts = {.zone = "DMA32", .free = 90, .min = 100},
	 .first = "(DMA32: 90 free, min 100)"},
	{.name = "nowait without a zone", .verdict = VERDICT_EXHAUSTED, .gfp = NOWAIT,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 2},
	{.name = "may sleep", .verdict = VERDICT_EXHAUSTED, .gfp = ATOMIC, .context = LAB_CTX_TASK,
	 .aftermath = AFTERMATH_LOST, .verdict_lost = 1, .open_task = 1,
	 .first = "where labyrinth lint reports that it may sleep, GFP_KERNEL",
	 .second = "vm.min_free_kbytes of"},
	{.name = "page_pool", .verdict = VERDICT_EXHAUSTED, .gfp = ATOMIC, .driver = "e1000",
	 .context = LAB_CTX_SOFTIRQ, .via = "__napi_alloc_skb", .aftermath = AFTERMATH_LOST,
	 .verdict_lost = 1, .first = "vm.min_free_kbytes of",
	 .second = "A page_pool would recycle the receive buffers that napi_alloc_skb"},
	{.name = "has a page_pool", .verdict = VERDICT_EXHAUSTED, .gfp = ATOMIC, .driver = "e1000",
	 .context = LAB_CTX_SOFTIRQ, .via = "page_pool_alloc_pages < __napi_alloc_skb",
	 .aftermath = AFTERMATH_LOST, .verdict_lost = 1, .first = "vm.min_free_kbytes of"},
	{.name = "mempool", .verdict = VERDICT_EXHAUSTED, .gfp = ATOMIC, .driver = "[block]",
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 1,
	 .first = "vm.min_free_kbytes of", .second = "a mempool of 3 elements"},
	{.name = "smaller order", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 4,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 7,
	 .facts = {.zone = "Normal", .largest_order = 2},
	 .first = "Request order 2 at most, or fall back to it: blocks of that order were free when "
		  "order 4 was not, 7 times."},
	{.name = "no smaller order", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 1,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 7,
	 .facts = {.zone = "Normal", .largest_order = -1}},
	{.name = "cma", .verdict = VERDICT_RESERVED, .gfp = ATOMIC, .context = LAB_CTX_SOFTIRQ,
	 .aftermath = AFTERMATH_LOST, .verdict_lost = 1,
	 .facts = {.zone = "Normal", .free = 900, .cma = 800}, .first = "800 of the 900 free pages"},
	{.name = "exclusive", .verdict = VERDICT_RESERVED, .gfp = NOWAIT,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 1,
	 .facts = {.zone = "Normal", .free = 900, .exclusive = 512},
	 .first = "512 of the 900 free pages of Normal lay in exclusive blocks"},
	{.name = "dma", .verdict = VERDICT_CONSTRAINED, .gfp = ATOMIC | LAB_GFP_DMA,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 1,
	 .facts = {.closed_zone = "Normal", .closed_free = 120400, .closed_by = "by __GFP_DMA"},
	 .first = "zone Normal had 120400 pages free and was closed to it by __GFP_DMA, 1 time:"},
	{.name = "nothing was free elsewhere", .verdict = VERDICT_CONSTRAINED,
	 .gfp = ATOMIC | LAB_GFP_DMA, .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST,
	 .verdict_lost = 1},
	{.name = "oversize", .verdict = VERDICT_OVERSIZE, .gfp = ATOMIC, .order = 11,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 4,
	 .first = "Order 11 is above the maximum and never succeeds (4 times here)"},
	{.name = "charge", .verdict = VERDICT_CHARGE, .gfp = NOWAIT | LAB_GFP_ACCOUNT,
	 .context = LAB_CTX_TASK, .aftermath = AFTERMATH_LOST, .verdict_lost = 2, .open_task = 1,
	 .facts = {.comm = "redis"}, .first = "memory.max of the cgroup of redis, for one: it refused 2"},
	{.name = "no batch seen", .verdict = VERDICT_BULK_SHORT, .gfp = ATOMIC,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 1},
	{.name = "unexplained", .verdict = VERDICT_UNEXPLAINED, .gfp = ATOMIC,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST, .verdict_lost = 1},
	{.name = "noise", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 3,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_RECOVERED, .with_warning = 1,
	 .facts = {.largest_order = 1},
	 .first = "Add __GFP_NOWARN: the failed attempt was recovered (by order 0), 1 did not set it"},
	{.name = "quiet", .verdict = VERDICT_FRAGMENTED, .gfp = ATOMIC, .order = 3,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_RECOVERED, .facts = {.largest_order = 1}},
	{.name = "not known yet", .verdict = VERDICT_EXHAUSTED, .gfp = ATOMIC,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_PENDING, .with_warning = 1},
	{.name = "lost by another verdict", .verdict = VERDICT_OVERSIZE, .gfp = ATOMIC, .order = 11,
	 .context = LAB_CTX_SOFTIRQ, .aftermath = AFTERMATH_LOST},
};
/* clang-format on */

static void fill(struct why_site *s, const struct setup *from)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->site, sizeof(s->site), "refill");
	snprintf(s->driver, sizeof(s->driver), "%s", from->driver ?: "maze");
	s->has_example = true;
	s->example.failed = true;
	s->example.verdict = from->verdict;
	s->example.aftermath = from->aftermath;
	s->example.gfp = from->gfp;
	s->example.order = from->order;
	s->example.context = from->context;
	s->example.facts = from->facts;
	snprintf(s->example.via, sizeof(s->example.via), "%s", from->via ?: "");
	if (from->aftermath == AFTERMATH_RECOVERED)
		snprintf(s->example.how, sizeof(s->example.how), "by order 0");
	s->count.failed = 1;
	s->count.lost = from->aftermath == AFTERMATH_LOST;
	s->count.recovered = from->aftermath == AFTERMATH_RECOVERED;
	s->count.pending = from->aftermath == AFTERMATH_PENDING;
	s->count.verdict[from->verdict] = 1;
	s->count.printed[PRINTED_YES] = 1;
}

static void check_sentence(const struct setup *from, const char *got, const char *part)
{
	if (part)
		CHECK_MSG(strstr(got, part), "%s: says \"%s\"", from->name, got);
	else
		CHECK_MSG(!got[0], "%s: says \"%s\", without a reason", from->name, got);
}

static void table(void)
{
	static struct why_site site;

	for (size_t i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		const struct setup *from = &setups[i];
		const struct advice_told told = {.verdict_lost = from->verdict_lost,
						 .mask_lost = from->verdict_lost,
						 .with_warning = from->with_warning,
						 .open_task = from->open_task,
						 .longest_run = 3};

		fill(&site, from);
		memset(site.advice, 'x', sizeof(site.advice));
		advise(&(struct advice_input){&site, &told, &run, &machine}, site.advice);
		check_sentence(from, site.advice[0], from->first);
		check_sentence(from, site.advice[1], from->second);
	}
}

/* What a machine does not tell is no evidence. */
static void blind(void)
{
	const struct advice_machine dark = {.min_free_kbytes = 8000};
	const struct advice_told told = {.verdict_lost = 1, .open_task = 1};
	static struct why_site site;

	fill(&site, &setups[4]);
	advise(&(struct advice_input){&site, &told, &run, &dark}, site.advice);
	CHECK_MSG(!site.advice[0][0], "says \"%s\"", site.advice[0]);
	site.has_example = false;
	advise(&(struct advice_input){&site, &told, &run, &machine}, site.advice);
	CHECK_MSG(!site.advice[0][0], "without an example it says \"%s\"", site.advice[0]);
}

/* 5/8 of what min grows by is for urgent requests; each zone grows by the same part. */
static void min_free(void)
{
	struct advice_machine m = machine;
	struct advice_run r = run;
	__u64 now, target;

	r.need = 625;
	target = advice_min_free_kbytes(&r, &m, &now);
	CHECK_EQ(now, 8000);
	CHECK_EQ(target, 16384); /* twice, rounded up to a MiB */
	CHECK(target * 1000 / now * 5 / 8 >= 1000 * 5 / 8 + r.need);
	r.share = 8;
	CHECK_EQ(advice_min_free_kbytes(&r, &m, &now), 13312); /* 13000 */
	m.min_free_kbytes = 0;
	CHECK_EQ(advice_min_free_kbytes(&r, &m, &now), 13312);
	CHECK_EQ(now, 8000); /* 2000 pages */
	m.managed_pages = 60000;
	CHECK_EQ(advice_min_free_kbytes(&r, &m, &now), 0);
	CHECK_EQ(advice_min_free_kbytes(&(struct advice_run){0}, &machine, &now), 0);
	r.min = 0;
	CHECK_EQ(advice_min_free_kbytes(&r, &machine, &now), 0);
}

/* A fallback that was held back or dropped is not known to be missing; other masks do not count. */
static void held_back(void)
{
	const struct setup *opportunistic = &setups[1];
	struct advice_told told = {.verdict_lost = 588, .mask_lost = 3};
	struct advice_machine m = machine;
	static struct why_site site;

	fill(&site, opportunistic);
	advise(&(struct advice_input){&site, &told, &run, &m}, site.advice);
	CHECK_MSG(strstr(site.advice[0], "and 3 times no fallback"), "says \"%s\"", site.advice[0]);
	m.at_least = true;
	advise(&(struct advice_input){&site, &told, &run, &m}, site.advice);
	CHECK_MSG(!site.advice[0][0], "says \"%s\"", site.advice[0]);
}

/* Code that reclaim may wait for is not told to use GFP_KERNEL. */
static void frees_memory(void)
{
	const struct advice_told told = {.verdict_lost = 1, .open_task = 1};
	static struct why_site site;

	fill(&site, &setups[4]);
	site.example.frames = 1;
	strcpy(site.example.frame[0].symbol, "__ext4_journal_start");
	advise(&(struct advice_input){&site, &told, &run, &machine}, site.advice);
	CHECK_MSG(strstr(site.advice[0], "GFP_NOIO at most, never GFP_KERNEL"), "says \"%s\"",
		  site.advice[0]);
	strcpy(site.example.frame[0].symbol, "vfs_write");
	advise(&(struct advice_input){&site, &told, &run, &machine}, site.advice);
	CHECK_MSG(!strstr(site.advice[0], "NOIO"), "says \"%s\"", site.advice[0]);
}

static void at_least(void)
{
	struct advice_machine m = machine;
	const struct advice_told told = {.verdict_lost = 1};
	static struct why_site site;

	m.at_least = true;
	fill(&site, &setups[0]);
	advise(&(struct advice_input){&site, &told, &run, &m}, site.advice);
	CHECK_MSG(strstr(site.advice[0], "at least 3 lost requests"), "says \"%s\"",
		  site.advice[0]);
}

static const struct test_case cases[] = {
	{"table", table},	{"blind", blind},	  {"min_free", min_free},
	{"at_least", at_least}, {"held_back", held_back}, {"frees_memory", frees_memory},
};

TEST_MAIN("advice", cases)
