// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_aftermath.c - what came of callers: the sequences of requests that the kernel's own callers
 * make, told apart from one allocation after the other; order and bounds of the queue; dmesg.
 */
#include "model/aftermath.h"
#include "test.h"

#define ATOMIC 0x820U
#define NORETRY LAB_GFP_NORETRY
#define NOMEMALLOC LAB_GFP_NOMEMALLOC
#define SLAB 1U	   /* the stack has allocate_slab */
#define PREFILL 2U /* and __pcs_replace_empty_main */
#define BLIND 4U   /* no symbols */
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The tracker, a clock, and what it gave back. */
struct world {
	struct aftermath_tracker *tracker;
	__u64 now, fed, back, follows;
	__u64 lost, recovered, retried, pending;
	char aftermath[256];	 /* of the first ones, a letter each: L R r p, . for others */
	char how[8][EVENT_TEXT]; /* of the first ones */
	__u64 last_number;
	bool disorder;
};

static void take_back(void *arg, struct event *e)
{
	struct world *w = arg;
	char letter = '.';

	if (e->raw.head.kind == LAB_EVENT_FOLLOW) {
		w->follows++;
		free(e);
		return;
	}
	if (e->raw.head.kind == LAB_EVENT_FAILED)
		letter = "pRrL"[e->aftermath];
	w->lost += letter == 'L';
	w->recovered += letter == 'R';
	w->retried += letter == 'r';
	w->pending += letter == 'p';
	/* time_ns is the number it was fed as */
	w->disorder |= w->back && e->time_ns <= w->last_number;
	w->last_number = e->time_ns;
	if (w->back < sizeof(w->aftermath) - 1)
		w->aftermath[w->back] = letter;
	if (w->back < ARRAY_SIZE(w->how))
		memcpy(w->how[w->back], e->how, EVENT_TEXT);
	w->back++;
	free(e);
}

static struct world begin(void)
{
	struct world w = {.now = 1000000000};

	return w;
}

/* The tracker keeps the address of the world: it is made when that has its place. */
static void start(struct world *w)
{
	w->tracker = aftermath_new(take_back, w);
	CHECK(w->tracker != NULL);
}

static void end(struct world *w)
{
	aftermath_expire(w->tracker, w->now + 2 * AFTERMATH_TRY_WINDOW_NS);
	aftermath_finish(w->tracker);
	CHECK_MSG(!w->disorder, "events came back out of order");
	CHECK_EQ(w->back + w->follows, w->fed);
	CHECK_EQ(aftermath_due_ns(w->tracker), 0);
	aftermath_free(w->tracker);
}

static void push_frame(struct event *e, const char *symbol)
{
	struct event_frame *f = &e->frame[e->frames++];

	f->address = 0xffffffff81000000ULL + e->frames * 64;
	f->offset = 16;
	snprintf(f->symbol, sizeof(f->symbol), "%s", symbol);
}

static struct event *new_event(struct world *w, __u32 kind, __u32 gfp, __u32 order,
			       unsigned int what, const char *site)
{
	struct event *e = calloc(1, sizeof(*e));

	if (!e)
		abort();
	e->time_ns = ++w->fed;
	e->raw.head.kind = kind;
	e->raw.head.time_ns = w->now += 1000;
	e->raw.head.task = 0xffff888000001000ULL;
	e->raw.head.gfp = gfp;
	e->raw.head.order = order;
	push_frame(e, "__alloc_frozen_pages_noprof");
	if (what & SLAB)
		push_frame(e, "allocate_slab");
	if (what & PREFILL)
		push_frame(e, "__pcs_replace_empty_main");
	push_frame(e, site);
	push_frame(e, "do_syscall_64");
	if (what & BLIND)
		for (unsigned int i = 0; i < e->frames; i++)
			e->frame[i].symbol[0] = '\0';
	else
		snprintf(e->site, sizeof(e->site), "%s", site);
	return e;
}

static void failed(struct world *w, __u32 gfp, __u32 order, unsigned int what)
{
	aftermath_feed(w->tracker, new_event(w, LAB_EVENT_FAILED, gfp, order, what, "caller"));
}

static void served(struct world *w, __u32 gfp, __u32 order, unsigned int what)
{
	aftermath_feed(w->tracker, new_event(w, LAB_EVENT_FOLLOW, gfp, order, what, "caller"));
}

/* ---- what is absorbed ---- */

/* Of a lone failure: frames from the site outwards, and what takes the place of the memory. */
static const struct {
	const char *frame[4];
	unsigned int site; /* index of it */
	const char *module, *how;
} absorbed[] = {
	{{"mempool_alloc_slab", "mempool_alloc_noprof", "bio_alloc_bioset", "submit"},
	 3,
	 NULL,
	 "by an element of its mempool"},
	{{"element_of_mine", "mempool_alloc", "take"}, 0, NULL, "by an element of its mempool"},
	{{"tlb_next_batch", "zap_pte_range"}, 0, NULL, "by a flush of what was gathered"},
	{{"__tlb_remove_page_size", "zap_pte_range"}, 0, NULL, "by a flush of what was gathered"},
	{{"xas_alloc", "xas_create", "xas_store", "filemap_add"},
	 3,
	 NULL,
	 "by a second try with its caller's rights (xas_nomem)"},
	{{"alloc_bulk", "bpf_mem_refill", "irq_work_single"},
	 0,
	 NULL,
	 "by the objects left in its cache"},
	{{"iova_magazine_alloc", "__iova_rcache_insert", "free_iova_fast"},
	 1,
	 NULL,
	 "by the tree of addresses"},
	{{"fill_pool", "__debug_object_init"}, 0, NULL, "by the objects left in its pool"},
	/* These give way to nobody. */
	{{"xas_nomem", "filemap_add"}, 1, NULL, NULL},
	{{"mempool_create", "setup"}, 1, NULL, NULL},
	{{"take", "handler", "mempool_alloc"}, 0, NULL, NULL},
	{{"fill_pool", "refill"}, 0, "maze", NULL},
	{{"take", "tlb_next_batch_of_mine"}, 0, NULL, NULL},
};

static void absorbs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(absorbed); i++) {
		struct world w = begin();
		struct event *e;

		start(&w);
		e = new_event(&w, LAB_EVENT_FAILED, ATOMIC & ~LAB_GFP_HIGH, 0, 0, "");
		e->frames = 1;
		for (unsigned int k = 0; k < 4 && absorbed[i].frame[k]; k++)
			push_frame(e, absorbed[i].frame[k]);
		if (absorbed[i].module)
			snprintf(e->frame[1].module, sizeof(e->frame[1].module), "%s",
				 absorbed[i].module);
		snprintf(e->site, sizeof(e->site), "%s", absorbed[i].frame[absorbed[i].site]);
		aftermath_feed(w.tracker, e);
		end(&w);
		CHECK_MSG(w.recovered == !!absorbed[i].how && w.lost == !absorbed[i].how,
			  "case %zu: %s", i, w.aftermath);
		CHECK_MSG(strcmp(w.how[0], absorbed[i].how ?: "") == 0, "case %zu: \"%s\"", i,
			  w.how[0]);
	}
}

/* ---- the table: sequences of one caller ---- */

/* f/s: failed, served; gfp beside GFP_ATOMIC; in their order. */
struct request {
	char outcome;
	__u32 gfp, order;
	unsigned int what;
};

static const struct sequence {
	const char *name, *aftermath;
	struct request request[8];
} sequences[] = {
	{"an object without a page", "rL", {{'f', NORETRY, 0, SLAB}, {'f', 0, 0, SLAB}}},
	{"SLUB served at its least order", "R", {{'f', NORETRY, 3, SLAB}, {'s', 0, 0, SLAB}}},
	{"SLUB served by its second try", "R", {{'f', NORETRY, 0, SLAB}, {'s', 0, 0, SLAB}}},
	{"two objects, none served",
	 "rLrL",
	 {{'f', NORETRY, 0, SLAB}, {'f', 0, 0, SLAB}, {'f', NORETRY, 0, SLAB}, {'f', 0, 0, SLAB}}},
	{"the second object served: the first one is lost all the same",
	 "rLR",
	 {{'f', NORETRY, 0, SLAB}, {'f', 0, 0, SLAB}, {'f', NORETRY, 0, SLAB}, {'s', 0, 0, SLAB}}},
	{"another object at once",
	 "rL",
	 {{'f', NORETRY, 1, SLAB}, {'f', 0, 1, SLAB}, {'s', NORETRY, 1, SLAB}}},
	{"another, smaller object of a slab",
	 "rL",
	 {{'f', NORETRY, 1, SLAB}, {'f', 0, 1, SLAB}, {'s', NORETRY, 0, SLAB}}},
	{"sheaf, then in earnest, all failed",
	 "rrrL",
	 {{'f', NOMEMALLOC | NORETRY, 0, SLAB | PREFILL},
	  {'f', NOMEMALLOC, 0, SLAB | PREFILL},
	  {'f', NORETRY, 0, SLAB},
	  {'f', 0, 0, SLAB}}},
	{"sheaf failed, served in earnest",
	 "rR",
	 {{'f', NOMEMALLOC | NORETRY, 0, SLAB | PREFILL},
	  {'f', NOMEMALLOC, 0, SLAB | PREFILL},
	  {'s', NORETRY, 0, SLAB}}},
	{"in earnest from the best order on",
	 "rR",
	 {{'f', NOMEMALLOC | NORETRY, 3, SLAB | PREFILL},
	  {'f', NOMEMALLOC, 0, SLAB | PREFILL},
	  {'s', NORETRY, 3, SLAB}}},
	{"sheaf failed, objects without a page, twice",
	 "rRrR",
	 {{'f', NOMEMALLOC | NORETRY, 0, SLAB | PREFILL},
	  {'f', NOMEMALLOC, 0, SLAB | PREFILL},
	  {'f', NOMEMALLOC | NORETRY, 0, SLAB | PREFILL},
	  {'f', NOMEMALLOC, 0, SLAB | PREFILL}}},
	{"skb head, spared from the reserves",
	 "rL",
	 {{'f', NOMEMALLOC | NORETRY, 0, SLAB}, {'f', NOMEMALLOC, 0, SLAB}}},
	{"the next skb is another one",
	 "rLR",
	 {{'f', NOMEMALLOC | NORETRY, 0, SLAB},
	  {'f', NOMEMALLOC, 0, SLAB},
	  {'f', NOMEMALLOC | NORETRY, 0, SLAB},
	  {'s', NOMEMALLOC, 0, SLAB}}},
	{"skb head, then from the reserves",
	 "rrR",
	 {{'f', NOMEMALLOC | NORETRY, 3, SLAB},
	  {'f', NOMEMALLOC, 0, SLAB},
	  {'f', NORETRY, 3, SLAB},
	  {'s', 0, 0, SLAB}}},
	{"skb head with a sheaf",
	 "rrrL",
	 {{'f', NOMEMALLOC | NORETRY, 0, SLAB | PREFILL},
	  {'f', NOMEMALLOC, 0, SLAB | PREFILL},
	  {'f', NOMEMALLOC | NORETRY, 0, SLAB},
	  {'f', NOMEMALLOC, 0, SLAB}}},
	{"page_frag by order 0", "R", {{'f', NOMEMALLOC | NORETRY, 3, 0}, {'s', 0, 0, 0}}},
	{"page_frag without", "rL", {{'f', NOMEMALLOC | NORETRY, 3, 0}, {'f', 0, 0, 0}}},
	{"a buffer of pages, down the orders",
	 "rrR",
	 {{'f', 0, 3, 0}, {'f', 0, 2, 0}, {'f', 0, 1, 0}, {'s', 0, 0, 0}}},
	{"down the orders to nothing", "rrL", {{'f', 0, 2, 0}, {'f', 0, 1, 0}, {'f', 0, 0, 0}}},
	{"the same order again is another page", "L", {{'f', 0, 0, 0}, {'s', 0, 0, 0}}},
	{"a larger order is another one", "L", {{'f', 0, 0, 0}, {'s', 0, 2, 0}}},
	{"a try, then a larger order in earnest: another page",
	 "L",
	 {{'f', NORETRY, 0, 0}, {'s', 0, 2, 0}}},
	{"without symbols: any try goes on",
	 "rrrR",
	 {{'f', NOMEMALLOC | NORETRY, 0, BLIND},
	  {'f', NOMEMALLOC, 0, BLIND},
	  {'f', NOMEMALLOC | NORETRY, 0, BLIND},
	  {'f', NOMEMALLOC, 0, BLIND},
	  {'s', NORETRY, 0, BLIND}}},
	{"without symbols: what is meant does not",
	 "rLrL",
	 {{'f', NORETRY, 0, BLIND},
	  {'f', 0, 0, BLIND},
	  {'f', NORETRY, 0, BLIND},
	  {'f', 0, 0, BLIND}}},
};

static void each_sequence(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++) {
		const struct sequence *q = &sequences[i];
		struct world w = begin();

		start(&w);
		for (size_t r = 0; r < ARRAY_SIZE(q->request) && q->request[r].outcome; r++) {
			const struct request *n = &q->request[r];

			if (n->outcome == 'f')
				failed(&w, ATOMIC | n->gfp, n->order, n->what);
			else
				served(&w, ATOMIC | n->gfp, n->order, n->what);
		}
		end(&w);
		CHECK_MSG(strcmp(w.aftermath, q->aftermath) == 0, "%s: %s, not %s", q->name,
			  w.aftermath, q->aftermath);
	}
}

static void how_it_recovered(void)
{
	struct world w = begin();

	start(&w);
	failed(&w, ATOMIC | NORETRY, 3, SLAB);
	w.now += 11000;
	served(&w, ATOMIC, 0, SLAB);
	failed(&w, ATOMIC | NORETRY, 0, SLAB);
	w.now -= 500;
	served(&w, ATOMIC, 0, SLAB);
	failed(&w, ATOMIC | NORETRY, 0, SLAB);
	w.now += 500000000;
	served(&w, ATOMIC, 0, SLAB);
	failed(&w, ATOMIC | NOMEMALLOC, 0, SLAB | PREFILL);
	w.now += 2 * AFTERMATH_WINDOW_NS;
	failed(&w, LAB_GFP_IO | LAB_GFP_FS | NORETRY, 3, SLAB);
	w.now += 2 * AFTERMATH_TRY_WINDOW_NS;
	failed(&w, ATOMIC, 0, 0);
	end(&w);
	CHECK(strcmp(w.aftermath, "RRRRRL") == 0);
	CHECK(strcmp(w.how[0], "by order 0 after 12 us") == 0);
	CHECK(strcmp(w.how[1], "by a second try after 500 ns") == 0);
	CHECK(strcmp(w.how[2], "by a second try after 500 ms") == 0);
	CHECK(strcmp(w.how[3], "by a free object of its slab cache") == 0);
	CHECK(strcmp(w.how[4], "by a request that may sleep, which was not seen") == 0);
	CHECK(strcmp(w.how[5], "") == 0);
}

/* ---- the watermark ladder ---- */

/* Step E of 6.12: 260 signals without memory, each by two requests. */
static void ladder_e_slub(void)
{
	struct world w = begin();

	start(&w);
	for (int i = 0; i < 260; i++) {
		failed(&w, ATOMIC | NORETRY, 0, SLAB);
		failed(&w, ATOMIC, 0, SLAB);
	}
	end(&w);
	CHECK_EQ(w.lost, 260);
	CHECK_EQ(w.retried, 260);
	CHECK_EQ(w.back, 520);
}

static void sheaf_failed(struct world *w)
{
	failed(w, ATOMIC | NOMEMALLOC | NORETRY, 0, SLAB | PREFILL);
	failed(w, ATOMIC | NOMEMALLOC, 0, SLAB | PREFILL);
}

/* Of 7.2: 40 signals out of slabs that had objects left, then 260 without: 860 tries. */
static void ladder_e_sheaves(void)
{
	struct world w = begin();

	start(&w);
	for (int i = 0; i < 300; i++) {
		sheaf_failed(&w);
		if (i < 40)
			continue;
		failed(&w, ATOMIC | NORETRY, 0, SLAB);
		failed(&w, ATOMIC, 0, SLAB);
	}
	end(&w);
	CHECK_EQ(w.back, 860 + 260);
	CHECK_EQ(w.lost, 260);
}

/* Step D of 7.2: every sheaf refill fails, every signal is sent; a slab's page serves 40. */
static void ladder_d_sheaves(void)
{
	struct world w = begin();

	start(&w);
	for (int i = 0; i < 1460; i++) {
		sheaf_failed(&w);
		if (i % 40 == 0)
			served(&w, ATOMIC | NORETRY, 0, SLAB);
	}
	end(&w);
	CHECK_EQ(w.back, 2920);
	CHECK_EQ(w.lost, 0);
	CHECK_EQ(w.retried, 1460);
	CHECK_EQ(w.recovered, 1460);
}

/* ---- whose request it is ---- */

/* Feeds a failed try, then a served request that change() made another caller's, or not. */
static bool is_same_caller(__u32 context, void (*change)(struct event *))
{
	struct world w = begin();
	struct event *e;

	start(&w);
	e = new_event(&w, LAB_EVENT_FAILED, ATOMIC | NORETRY, 0, SLAB, "caller");
	e->raw.head.context = context;
	aftermath_feed(w.tracker, e);
	e = new_event(&w, LAB_EVENT_FOLLOW, ATOMIC, 0, SLAB, "caller");
	e->raw.head.context = context;
	change(e);
	aftermath_feed(w.tracker, e);
	end(&w);
	return w.recovered;
}

static void other_cpu(struct event *e)
{
	e->raw.head.cpu = 3;
}

static void other_task(struct event *e)
{
	e->raw.head.task += 4096;
}

static void other_site(struct event *e)
{
	snprintf(e->site, sizeof(e->site), "another");
}

static void other_driver(struct event *e)
{
	snprintf(e->driver, sizeof(e->driver), "another");
}

static void other_class(struct event *e)
{
	e->raw.head.gfp = LAB_GFP_KSWAPD_RECLAIM;
}

static void other_context(struct event *e)
{
	e->raw.head.context = LAB_CTX_NMI;
}

static void nothing_else(struct event *e)
{
	e->raw.head.pid = 7; /* a bystander */
}

static void callers(void)
{
	CHECK(is_same_caller(LAB_CTX_TASK, nothing_else));
	CHECK(is_same_caller(LAB_CTX_TASK, other_cpu)); /* it migrated */
	CHECK(!is_same_caller(LAB_CTX_TASK, other_task));
	CHECK(!is_same_caller(LAB_CTX_TASK, other_site));
	CHECK(!is_same_caller(LAB_CTX_TASK, other_driver));
	CHECK(!is_same_caller(LAB_CTX_TASK, other_class));
	CHECK(!is_same_caller(LAB_CTX_TASK, other_context));
	for (__u32 c = LAB_CTX_SOFTIRQ; c <= LAB_CTX_NMI; c++) {
		CHECK(is_same_caller(c, nothing_else));
		CHECK(is_same_caller(c, other_task)); /* the task is a bystander */
		CHECK(!is_same_caller(c, other_cpu));
		CHECK(!is_same_caller(c, other_site));
	}
	CHECK(!is_same_caller(LAB_CTX_UNKNOWN, other_task));
	CHECK(!is_same_caller(LAB_CTX_UNKNOWN, other_cpu));
}

/* Without symbols callers are told apart by their outermost frames. */
static void blind_callers(void)
{
	for (int same = 0; same < 2; same++) {
		struct world w = begin();
		struct event *e;

		start(&w);
		failed(&w, ATOMIC | NORETRY, 0, SLAB | BLIND);
		e = new_event(&w, LAB_EVENT_FOLLOW, ATOMIC, 0, SLAB | BLIND, "caller");
		e->frame[e->frames - 2].address += !same;
		aftermath_feed(w.tracker, e);
		end(&w);
		CHECK_EQ(w.recovered, same);
	}
}

/* What an interrupt interrupted is none of the caller's: here, a refill of a sheaf. */
static void interrupted(void)
{
	struct world w = begin();
	struct event *e;

	start(&w);
	e = new_event(&w, LAB_EVENT_FAILED, ATOMIC, 0, SLAB, "napi_poll");
	push_frame(e, "asm_common_interrupt");
	push_frame(e, "__pcs_replace_empty_main");
	aftermath_feed(w.tracker, e);
	e = new_event(&w, LAB_EVENT_FAILED, ATOMIC, 0, SLAB | PREFILL, "napi_poll");
	e->raw.head.context = LAB_CTX_SOFTIRQ;
	snprintf(e->frame[2].symbol, EVENT_SYMBOL, "__pcs_replace_empty_main.constprop.0");
	snprintf(e->frame[3].symbol, EVENT_SYMBOL, "napi_poll.isra.0");
	aftermath_feed(w.tracker, e);
	end(&w);
	CHECK(strcmp(w.aftermath, "LR") == 0);
}

/* Who may sleep tries without first: its fallback is of another class. */
static void stripped(void)
{
	__u32 gfp = LAB_GFP_IO | LAB_GFP_FS;
	struct world w = begin();

	start(&w);
	failed(&w, gfp | NORETRY | NOMEMALLOC, 3, SLAB);
	served(&w, gfp | 0xc00, 0, SLAB);
	failed(&w, gfp | LAB_GFP_KSWAPD_RECLAIM | NORETRY, 3, 0);
	failed(&w, gfp | 0xc00, 0, 0);
	failed(&w, gfp | NOMEMALLOC, 9, 0); /* a huge page, again and again */
	failed(&w, gfp | NOMEMALLOC, 9, 0);
	end(&w);
	CHECK_MSG(strcmp(w.aftermath, "RrLRR") == 0, "%s", w.aftermath);
	CHECK(strcmp(w.how[0], "by order 0 after 1 us") == 0);
}

static void bulk(void)
{
	struct world w = begin();
	struct event *e;

	start(&w);
	/* Nothing on the per-cpu list, then a single page, then it gave up. */
	failed(&w, ATOMIC, 0, 0);
	e = new_event(&w, LAB_EVENT_FAILED, ATOMIC, 0, 0, "caller");
	e->raw.head.flags = LAB_EVENT_BULK;
	e->raw.bulk_asked = 64;
	aftermath_feed(w.tracker, e);
	e = new_event(&w, LAB_EVENT_FAILED, ATOMIC, 0, 0, "caller");
	e->raw.head.flags = LAB_EVENT_BULK;
	e->raw.bulk_asked = 64;
	e->raw.bulk_got = 1;
	aftermath_feed(w.tracker, e);
	end(&w);
	CHECK_MSG(strcmp(w.aftermath, "rLR") == 0, "%s", w.aftermath);
	CHECK(strcmp(w.how[2], "with 1 of 64 pages") == 0);
}

/* ---- the queue ---- */

/* The window is the time between the two; what is too late is another allocation. */
static void window_of(__u32 then, unsigned int order, __u64 window_ns)
{
	for (int late = 0; late < 2; late++) {
		struct world w = begin();
		__u64 due;

		start(&w);
		failed(&w, then, order, SLAB);
		due = aftermath_due_ns(w.tracker);
		CHECK_EQ(due, w.now + window_ns + 1);
		aftermath_expire(w.tracker, due - 1);
		CHECK_EQ(w.back, 0);
		w.now += window_ns - 1000 + (__u64)late;
		served(&w, ATOMIC, 0, SLAB);
		CHECK_EQ(w.back, 1);
		CHECK_EQ(w.recovered, !late);
		CHECK_EQ(w.lost, late);
		end(&w);
	}
}

static void window(void)
{
	window_of(ATOMIC | NORETRY, 0, AFTERMATH_TRY_WINDOW_NS);
	window_of(ATOMIC, 3, AFTERMATH_WINDOW_NS);
}

/* One that waits holds back all that came after it, so that they come in the order of time. */
static void order_kept(void)
{
	struct world w = begin();
	struct event *e;

	start(&w);
	failed(&w, ATOMIC, 0, 0);
	aftermath_feed(w.tracker, new_event(&w, LAB_EVENT_SLOW, ATOMIC, 0, 0, "someone"));
	e = new_event(&w, LAB_EVENT_FAILED, ATOMIC | NORETRY, 0, SLAB, "another");
	aftermath_feed(w.tracker, e);
	aftermath_feed(w.tracker, new_event(&w, LAB_EVENT_NEAR_MISS, ATOMIC, 0, SLAB, "another"));
	CHECK_EQ(w.back, 0);
	aftermath_expire(w.tracker, aftermath_due_ns(w.tracker));
	CHECK_EQ(w.back, 4);
	CHECK(strcmp(w.aftermath, "L.R.") == 0); /* a near miss is a served request, too */
	end(&w);
}

static void bounded(void)
{
	struct world w = begin();

	start(&w);
	for (int i = 0; i < AFTERMATH_LIMIT + 10; i++) {
		struct event *e = new_event(&w, LAB_EVENT_FAILED, ATOMIC, 0, 0, "caller");

		e->raw.head.time_ns = 1000;
		e->raw.head.task += (__u64)i * 4096;
		aftermath_feed(w.tracker, e);
	}
	CHECK_EQ(w.back, 10);
	CHECK_EQ(w.lost, 10);
	CHECK_EQ(aftermath_forced(w.tracker), 10);
	aftermath_finish(w.tracker);
	CHECK_EQ(w.pending, AFTERMATH_LIMIT);
	end(&w);
}

/* Whatever comes, each event comes back once, in order. */
static void any_events(void)
{
	static const char *const sites[] = {"a", "b", "c"};
	struct world w = begin();
	__u64 seed = 5;

	start(&w);
	for (int i = 0; i < 50000; i++) {
		__u64 r = test_random(&seed);
		struct event *e =
			new_event(&w, (__u32)(r % LAB_EVENT_KINDS), (__u32)(r >> 20) & 0xfffff,
				  (r >> 8) % 4, (r >> 12) & 7, sites[r % 3]);

		e->raw.head.context = (r >> 16) % (LAB_CONTEXTS + 1);
		e->raw.head.cpu = (r >> 40) % 4;
		e->raw.head.flags = (r >> 44) % 8 ? 0 : LAB_EVENT_BULK;
		e->raw.head.task += (r >> 48) % 8;
		e->frames = r >> 52 & 1 ? e->frames : 0;
		w.now += (r >> 56) * 1000 * (i % 5000 < 2500);
		aftermath_feed(w.tracker, e);
	}
	end(&w);
	CHECK(w.lost && w.recovered && w.retried && !w.pending);
}

/* ---- dmesg ---- */

static enum printed printed_at(struct printed_state *s, __u64 seconds, __u32 gfp, enum verdict v)
{
	struct event e = {.verdict = v};

	e.raw.head.time_ns = seconds * 1000000000;
	e.raw.head.gfp = gfp;
	aftermath_printed(s, &e);
	return e.printed;
}

static void printed(void)
{
	struct printed_state s = {0};
	struct event slow = {.printed = PRINTED_NEVER, .raw.head.kind = LAB_EVENT_SLOW};

	CHECK_EQ(printed_at(&s, 5, ATOMIC | LAB_GFP_NOWARN, VERDICT_EXHAUSTED), PRINTED_NOWARN);
	CHECK_EQ(printed_at(&s, 5, ATOMIC, VERDICT_CHARGE), PRINTED_NEVER);
	CHECK_EQ(printed_at(&s, 6, ATOMIC, VERDICT_EXHAUSTED), PRINTED_YES);
	CHECK_EQ(printed_at(&s, 7, ATOMIC, VERDICT_FRAGMENTED), PRINTED_RATELIMITED);
	CHECK_EQ(printed_at(&s, 16, ATOMIC | NORETRY, VERDICT_EXHAUSTED), PRINTED_RATELIMITED);
	/* The interval begins with the first report after the last one, not with each failure. */
	CHECK_EQ(printed_at(&s, 17, ATOMIC | NORETRY, VERDICT_EXHAUSTED), PRINTED_YES);
	CHECK_EQ(printed_at(&s, 27, ATOMIC, VERDICT_EXHAUSTED), PRINTED_RATELIMITED);
	CHECK_EQ(printed_at(&s, 28, ATOMIC, VERDICT_UNEXPLAINED), PRINTED_YES);
	CHECK_EQ(printed_at(&s, 29, ATOMIC, VERDICT_OVERSIZE), PRINTED_YES);
	CHECK_EQ(printed_at(&s, 99, ATOMIC, VERDICT_OVERSIZE), PRINTED_RATELIMITED);
	CHECK_EQ(printed_at(&s, 99, ATOMIC, VERDICT_BULK_SHORT), PRINTED_NEVER);
	CHECK_EQ(printed_at(&s, 99, ATOMIC, VERDICT_RESERVED), PRINTED_YES);
	aftermath_printed(&s, &slow);
	CHECK_EQ(slow.printed, PRINTED_NEVER);
}

static const struct test_case cases[] = {
	{"each-sequence", each_sequence},
	{"how-it-recovered", how_it_recovered},
	{"ladder-e-slub", ladder_e_slub},
	{"ladder-e-sheaves", ladder_e_sheaves},
	{"ladder-d-sheaves", ladder_d_sheaves},
	{"callers", callers},
	{"blind-callers", blind_callers},
	{"interrupted", interrupted},
	{"stripped", stripped},
	{"bulk", bulk},
	{"absorbs", absorbs},
	{"window", window},
	{"order-kept", order_kept},
	{"bounded", bounded},
	{"any-events", any_events},
	{"printed", printed},
};

TEST_MAIN("aftermath", cases)
