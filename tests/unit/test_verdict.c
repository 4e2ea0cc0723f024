// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_verdict.c - the kernel's own test, redone: cases from the rules of each kernel, the floors
 * first, then every verdict with its evidence.
 */
#include "test.h"
#include "model/verdict.h"
#include "model/zone_trial.h"

#define ATOMIC_OLD 0xa20U
#define ATOMIC 0x820U
#define NOWAIT 0x800U
#define NOMEMALLOC LAB_GFP_NOMEMALLOC
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

enum rules_of { OLD, NEW, NEW_6_6 };

static struct verdict_rules rules_of(enum rules_of which)
{
	struct verdict_rules r = which == OLD ? verdict_rules_old() : verdict_rules_default();

	if (which == NEW_6_6)
		r.reserve_needs_high = false;
	return r;
}

/* ---- floors: min' of a request, with min = 1000 ---- */

static const struct {
	enum rules_of rules;
	__u32 gfp, order;
	__u64 boost, floor;
} floors[] = {
	{OLD, ATOMIC_OLD, 0, 0, 375},
	{NEW, ATOMIC, 0, 0, 375},
	{NEW, ATOMIC_OLD, 0, 0, 375}, /* the bit has no meaning any more */
	{OLD, ATOMIC, 0, 0, 500},     /* up to 6.2 the bit makes it, not the want of sleep */
	{OLD, ATOMIC_OLD | NOMEMALLOC, 0, 0, 500},
	{NEW, ATOMIC | NOMEMALLOC, 0, 0, 500},
	{OLD, ATOMIC_OLD & ~LAB_GFP_HIGH, 0, 0, 750},
	{OLD, NOWAIT, 0, 0, 1000},
	{NEW, NOWAIT, 0, 0, 1000}, /* no dip, whatever the comment in mm/internal.h says */
	{NEW, 0, 0, 0, 1000},
	{NEW, NOMEMALLOC, 0, 0, 1000},
	{OLD, 0xcc0, 0, 0, 1000},
	{OLD, 0xcc0 | LAB_GFP_HIGH, 0, 0, 500},
	{NEW, 0xcc0 | LAB_GFP_HIGH, 0, 0, 500},
	/* The boost: order 0 is tried once more without it. */
	{OLD, ATOMIC_OLD, 0, 800, 375},
	{NEW, ATOMIC, 0, 800, 375},
	{NEW, ATOMIC | NOMEMALLOC, 0, 800, 500},
	{NEW, NOWAIT, 0, 800, 1800},
	{NEW, ATOMIC, 1, 800, 675},
	{OLD, ATOMIC_OLD, 1, 800, 675},
	{OLD, ATOMIC, 0, 800, 900}, /* up to 6.2 by the bit, too */
};

/* Passes with one page more than floor + lowmem reserve, and with no less. */
static void floor_of_each(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(floors); i++) {
		struct verdict_rules rules = rules_of(floors[i].rules);
		struct lab_event_head h = {.gfp = floors[i].gfp, .order = floors[i].order};
		struct lab_event_zone z = {
			.min = 1000, .boost = floors[i].boost, .managed = 1 << 20};
		struct trial t;

		z.lowmem_reserve = 44;
		z.ordinary = 0x7ff;
		for (__s64 d = -1; d <= 1; d++) {
			__u64 tail = (1U << h.order) - 1;

			z.free = floors[i].floor + 44 + tail + (__u64)d;
			trial_request(&t, &z, &h, &rules);
			CHECK_MSG(t.floor == floors[i].floor, "case %zu: floor %llu, not %llu", i,
				  (unsigned long long)t.floor, (unsigned long long)floors[i].floor);
			CHECK_MSG(t.margin == d, "case %zu: margin %lld, not %lld", i,
				  (long long)t.margin, (long long)d);
			CHECK_MSG((t.margin > 0) == (t.fit != FIT_EXHAUSTED || t.near),
				  "case %zu: fit %d at margin %lld", i, t.fit, (long long)d);
		}
	}
}

/* The kernel rounds each step. */
static void floor_rounding(void)
{
	struct lab_event_head h = {.gfp = ATOMIC};
	struct verdict_rules rules = rules_of(NEW);
	struct lab_event_zone z = {.managed = 1};
	struct trial t;

	for (__u64 min = 0; min < 100; min++) {
		__u64 half = min - min / 2;

		z.min = min;
		trial_request(&t, &z, &h, &rules);
		CHECK_EQ(t.floor, half - half / 4);
	}
	z.min = 712793;
	trial_request(&t, &z, &h, &rules);
	CHECK_EQ(t.floor, 267298);
}

/* ---- the reserve and CMA: what counts, what may be taken ---- */

static const struct {
	enum rules_of rules;
	__u32 gfp, order;
	bool counts, takes, cma;
} allowed[] = {
	{OLD, ATOMIC_OLD, 0, true, false, false}, /* counted, but order 0 takes none */
	{OLD, ATOMIC_OLD, 2, true, true, false},
	{OLD, ATOMIC_OLD | NOMEMALLOC, 2, false, false, false},
	{OLD, NOWAIT, 2, false, false, false},
	{OLD, 0xcc0 | LAB_GFP_HIGH, 2, false, false, false},
	{OLD, ATOMIC_OLD | LAB_GFP_MOVABLE, 0, true, false, true},
	{NEW, ATOMIC, 0, true, true, false},
	{NEW, ATOMIC, 2, true, true, false},
	{NEW, ATOMIC | NOMEMALLOC, 0, true, false, false}, /* counted by HIGH, not to be taken */
	{NEW, ATOMIC | NOMEMALLOC, 2, true, false, false},
	{NEW, NOWAIT, 0, true, true, false},
	{NEW, NOWAIT, 2, true, false, false},
	{NEW_6_6, NOWAIT, 2, true, true, false},
	{NEW, NOMEMALLOC, 0, false, false, false},
	{NEW, 0xcc0, 0, false, false, false},
	{NEW, 0xcc0 | LAB_GFP_HIGH, 2, true, false, false},
	{NEW, NOWAIT | LAB_GFP_MOVABLE, 2, true, false, true},
};

static void rights_of_each(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++) {
		struct verdict_rules rules = rules_of(allowed[i].rules);
		struct lab_event_head h = {.gfp = allowed[i].gfp, .order = allowed[i].order};
		struct rights r = rights_of(&h, &rules);

		CHECK_MSG(r.counts_reserve == allowed[i].counts, "case %zu: counts", i);
		/* In old kernels HIGHATOMIC cannot be taken without being counted. */
		CHECK_MSG((allowed[i].order == 0 || r.takes_reserve == allowed[i].takes),
			  "case %zu: takes", i);
		CHECK_MSG(r.takes_reserve == allowed[i].takes, "case %zu: takes, order 0", i);
		CHECK_MSG(r.cma == allowed[i].cma, "case %zu: cma", i);
	}
}

/* ---- verdicts ---- */

#define NORMAL 2
#define MOVABLE_ZONE 3

/* A zone of min 1000, low 1250, with so many free pages in blocks of all orders. */
static struct lab_event_zone zone_with(__u32 zone, __u64 free)
{
	struct lab_event_zone z = {.min = 1000, .low = 1250, .managed = 1000000};

	z.zone = zone;
	z.free = free;
	for (int o = 0; o < LAB_EVENT_ORDERS; o++) {
		z.blocks[o] = 100;
		z.ordinary |= 1U << o;
	}
	return z;
}

static void only_orders_below(struct lab_event_zone *z, __u32 order)
{
	for (__u32 o = order; o < LAB_EVENT_ORDERS; o++)
		z->blocks[o] = 0;
	z->ordinary &= (1U << order) - 1;
}

static struct event request(__u32 gfp, __u32 order)
{
	struct event e = {.raw = {.head = {.gfp = gfp, .order = order}}};

	e.raw.highest_zone = NORMAL;
	return e;
}

static void add_zone(struct event *e, struct lab_event_zone z)
{
	static const char *const names[] = {"DMA", "DMA32", "Normal", "Movable"};
	__u32 i = e->raw.zones++;

	e->raw.zone[i] = z;
	snprintf(e->zone_name[i], LAB_ZONE_NAME, "%s", names[z.zone]);
}

static void check_text(struct event *e, const struct verdict_rules *rules, enum verdict v,
		       const char *evidence)
{
	snprintf(e->evidence, sizeof(e->evidence), "left over");
	verdict_decide(e, rules);
	CHECK_MSG(e->verdict == v, "%s, not %s: %s", verdict_name(e->verdict), verdict_name(v),
		  e->evidence);
	CHECK_MSG(strcmp(e->evidence, evidence) == 0, "\"%s\", not \"%s\"", e->evidence, evidence);
}

static void check_new(struct event *e, enum verdict v, const char *evidence)
{
	struct verdict_rules rules = rules_of(NEW);

	check_text(e, &rules, v, evidence);
}

static enum verdict verdict_new(struct event *e)
{
	struct verdict_rules rules = rules_of(NEW);

	verdict_decide(e, &rules);
	return e->verdict;
}

static void check_old(struct event *e, enum verdict v, const char *evidence)
{
	struct verdict_rules rules = rules_of(OLD);

	check_text(e, &rules, v, evidence);
}

static void exhausted(void)
{
	struct event e = request(ATOMIC, 0);
	struct lab_event_zone z = {.free = 226094, .min = 712793, .low = 713000, .managed = 900000};

	z.zone = 1;
	add_zone(&e, z);
	check_new(&e, VERDICT_EXHAUSTED,
		  "DMA32: 226094 free, needs more than 267298 (3/8 of min 712793) + 0 lowmem "
		  "reserve");
	e.raw.head.gfp |= NOMEMALLOC;
	check_new(&e, VERDICT_EXHAUSTED,
		  "DMA32: 226094 free, needs more than 356397 (1/2 of min 712793) + 0 lowmem "
		  "reserve");
	e.raw.head.gfp = ATOMIC;
	/* The small zone is held back for others; the large one came nearer. */
	z = zone_with(0, 600);
	z.lowmem_reserve = 3000;
	add_zone(&e, z);
	e.raw.zone[0].free = 267000;
	check_new(&e, VERDICT_EXHAUSTED,
		  "DMA32: 267000 free, needs more than 267298 (3/8 of min 712793) + 0 lowmem "
		  "reserve");
}

static void exhausted_terms(void)
{
	struct event e = request(NOWAIT, 3);
	struct lab_event_zone z = zone_with(NORMAL, 900);

	z.boost = 200;
	z.free_cma = 50;
	z.unusable_highatomic = 30; /* the old kernel has it counted for NOWAIT */
	z.lowmem_reserve = 7;
	add_zone(&e, z);
	check_old(&e, VERDICT_EXHAUSTED,
		  "order 3, Normal: 900 free - 50 CMA - 30 exclusive - 7 of its order, needs more "
		  "than 1200 (min 1000 + boost 200) + 7 lowmem reserve");
	check_new(&e, VERDICT_EXHAUSTED,
		  "order 3, Normal: 900 free - 50 CMA - 7 of its order, needs more than 1200 (min "
		  "1000 + boost 200) + 7 lowmem reserve");
}

/* Read a moment later, when another cpu has given back its batch: up to 64 pages do not count. */
static void nearly(void)
{
	struct event e = request(ATOMIC, 0);

	add_zone(&e, zone_with(NORMAL, 375 + 64));
	check_new(&e, VERDICT_EXHAUSTED,
		  "Normal: 439 free, needs more than 375 (3/8 of min 1000) + 0 lowmem reserve: "
		  "within 64 pages of it");
	e.raw.zone[0].free++;
	check_new(&e, VERDICT_UNEXPLAINED,
		  "Normal: 440 free, needs more than 375 (3/8 of min 1000) + 0 lowmem reserve, "
		  "which it passes");
	/* A hundredth of the floor, where that is more. */
	e.raw.zone[0].min = 712793;
	e.raw.zone[0].free = 267298 + 2672;
	check_new(&e, VERDICT_EXHAUSTED,
		  "Normal: 269970 free, needs more than 267298 (3/8 of min 712793) + 0 lowmem "
		  "reserve: within 2672 pages of it");
	e.raw.zone[0].free++;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
	/* A page in a microsecond of a request that took long; a day explains no more than 4 ms. */
	e = request(ATOMIC, 0);
	add_zone(&e, zone_with(NORMAL, 375 + 200));
	e.raw.head.flags = LAB_EVENT_HAS_START;
	e.raw.head.latency_ns = 199999;
	check_new(&e, VERDICT_UNEXPLAINED,
		  "Normal: 575 free, needs more than 375 (3/8 of min 1000) + 0 lowmem reserve, "
		  "which it passes, 199 us younger");
	CHECK_EQ(e.basis, BASIS_PASSED);
	e.raw.head.latency_ns = 200000;
	check_new(&e, VERDICT_EXHAUSTED,
		  "Normal: 575 free, needs more than 375 (3/8 of min 1000) + 0 lowmem reserve: "
		  "within 200 pages of it, 200 us younger");
	CHECK_EQ(e.basis, BASIS_WITHIN);
	e.raw.zone[0].free = 375;
	CHECK_EQ(verdict_new(&e), VERDICT_EXHAUSTED);
	CHECK_EQ(e.basis, BASIS_REFUSED);
	e.raw.zones = 0;
	verdict_new(&e);
	CHECK_EQ(e.basis, BASIS_NONE);
	e.raw.zones = 1;
	e.raw.zone[0].free = 375 + 4096 + 1;
	e.raw.head.latency_ns = 86400000000000ULL;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
}

/* An event of a zone with this min, 30 000 pages free, that ended then and took so long. */
static struct event at_marks(__u64 min, __u64 time_ns, __u64 latency_ns)
{
	struct event e = request(ATOMIC, 0);
	struct lab_event_zone z = zone_with(NORMAL, 30000);

	z.min = min;
	add_zone(&e, z);
	e.raw.head.time_ns = time_ns;
	e.raw.head.latency_ns = latency_ns;
	e.raw.head.flags = LAB_EVENT_HAS_START;
	return e;
}

static enum verdict verdict_seen(struct event *e, struct seen_marks *seen)
{
	struct verdict_rules rules = rules_of(NEW);

	marks_note(seen, &e->raw);
	verdict_decide_seen(e, &rules, seen);
	return e->verdict;
}

/*
 * vm.min_free_kbytes is raised and put back: who was refused meanwhile and read the zones after it
 * is explained by the marks of the event before, and nobody who began after they were put back.
 */
static void marks_put_back_since(void)
{
	struct seen_marks seen = {0};
	struct event e = at_marks(100000, 5000000, 2000);

	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_EXHAUSTED); /* 30 000 of 37 500 */
	CHECK_EQ(e.basis, BASIS_REFUSED);
	e = at_marks(1000, 5300000, 100000);
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_EXHAUSTED);
	CHECK_EQ(e.basis, BASIS_WITHIN);
	CHECK_MSG(strcmp(e.evidence,
			 "Normal: 30000 free, needs more than 37500 (3/8 of min 100000) + 0 "
			 "lowmem reserve: by the marks of 300 us before") == 0,
		  "%s", e.evidence);
	CHECK_EQ(e.raw.zone[0].min, 1000); /* the event itself is as it was read */
	/* Began before the new marks were seen, at 5.3 ms, and ended later. */
	e = at_marks(1000, 5400000, 100000);
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_EXHAUSTED);
	/* Began when they had been seen. */
	e = at_marks(1000, 5400001, 100000);
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_UNEXPLAINED);
	/* The marks before would not have refused it either. */
	e = at_marks(50000, 6000000, 1000);
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_UNEXPLAINED); /* 30 000 of 18 750 */
	/* A tenth of a second before it began is the most. */
	seen = (struct seen_marks){0};
	e = at_marks(100000, 5000000, 2000);
	verdict_seen(&e, &seen);
	e = at_marks(1000, 105001000, 1000);
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_EXHAUSTED);
	seen = (struct seen_marks){0};
	e = at_marks(100000, 5000000, 2000);
	verdict_seen(&e, &seen);
	e = at_marks(1000, 105001001, 1000);
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_UNEXPLAINED);
}

/* What is charged to a cgroup is not blamed on it while the marks stood high. */
static void marks_before_other_causes(void)
{
	struct seen_marks seen = {0};
	struct event e = at_marks(100000, 5000000, 2000);

	verdict_seen(&e, &seen);
	e = at_marks(1000, 5001000, 2000);
	e.raw.head.gfp = NOWAIT | LAB_GFP_ACCOUNT;
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_EXHAUSTED);
	e = at_marks(1000, 5004000, 2000);
	e.raw.head.gfp = NOWAIT | LAB_GFP_ACCOUNT;
	CHECK_EQ(verdict_seen(&e, &seen), VERDICT_CHARGE);
}

static void no_marks(void)
{
	struct event e = request(ATOMIC | LAB_GFP_MEMALLOC, 0);
	struct lab_event_zone z = zone_with(NORMAL, 0);

	z.lowmem_reserve = 500;
	add_zone(&e, z);
	check_new(&e, VERDICT_EXHAUSTED, "Normal: 0 free, and no mark applies to it");
	e.raw.zone[0].free = 300; /* below its floor, but that does not apply */
	check_new(&e, VERDICT_UNEXPLAINED,
		  "Normal: 300 free, and no mark applies to it, which it passes");
	e.raw.head.gfp |= NOMEMALLOC; /* wins over MEMALLOC */
	check_new(&e, VERDICT_EXHAUSTED,
		  "Normal: 300 free, needs more than 500 (1/2 of min 1000) + 500 lowmem reserve");
}

static void fragmented(void)
{
	struct event e = request(ATOMIC, 4);
	struct lab_event_zone z = zone_with(NORMAL, 375 + 15 + 812);

	only_orders_below(&z, 3);
	add_zone(&e, z);
	check_new(
		&e, VERDICT_FRAGMENTED,
		"order 4, Normal: 812 pages free above the floor, no free block of order 4 or more "
		"it may use (largest: order 2)");
	/* Nearer than a zone that has too few pages, whatever its blocks. */
	add_zone(&e, zone_with(1, 100));
	CHECK_EQ(verdict_new(&e), VERDICT_FRAGMENTED);
	/* One block has come since. */
	e.raw.zone[0].ordinary |= 1U << 4;
	e.raw.zone[0].blocks[4] = 1;
	check_new(&e, VERDICT_FRAGMENTED,
		  "order 4, Normal: 812 pages free above the floor, 16 pages in free blocks of "
		  "order 4 or more: within 16 pages of it");
	e.raw.zone[0].blocks[4] = 5;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
	/* In a request that took so long kswapd may have run, and made them. */
	e.raw.head.flags = LAB_EVENT_HAS_START;
	e.raw.head.latency_ns = 79999;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
	e.raw.head.latency_ns = 80000;
	check_new(&e, VERDICT_FRAGMENTED,
		  "order 4, Normal: 812 pages free above the floor, 80 pages in free blocks of "
		  "order 4 or more: within 80 pages of it, 80 us younger");
	e.raw.head.flags = 0;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
	e.raw.zone[0].ordinary = 0;
	check_new(
		&e, VERDICT_FRAGMENTED,
		"order 4, Normal: 812 pages free above the floor, no free block of order 4 or more "
		"it may use");
	/* Larger than what is recorded: nothing can be said of blocks. */
	e.raw.head.order = 11;
	e.raw.zone[0].free = 100000;
	CHECK_EQ(verdict_new(&e), VERDICT_FRAGMENTED);
}

static void reserved_by_count(void)
{
	struct event e = request(ATOMIC, 0);
	struct lab_event_zone z = zone_with(NORMAL, 1000);

	z.free_cma = 800;
	add_zone(&e, z);
	check_new(&e, VERDICT_RESERVED,
		  "Normal: 1000 free - 800 CMA, needs more than 375 (3/8 of min 1000) + 0 lowmem "
		  "reserve: with what is closed to it, enough");
	e.raw.zone[0].free_cma = 0;
	e.raw.zone[0].unusable_highatomic = 512;
	e.raw.head.gfp = ATOMIC_OLD | NOMEMALLOC;
	check_old(&e, VERDICT_RESERVED,
		  "Normal: 1000 free - 512 exclusive, needs more than 500 (1/2 of min 1000) + 0 "
		  "lowmem reserve: with what is closed to it, enough");
	e.raw.zone[0].free_cma = 200; /* both, and still too few without */
	check_old(&e, VERDICT_RESERVED,
		  "Normal: 1000 free - 200 CMA - 512 exclusive, needs more than 500 (1/2 of min "
		  "1000) + 0 lowmem reserve: with what is closed to it, enough");
	e.raw.zone[0].free = 400; /* too few with all of it */
	verdict_decide(&e, &(struct verdict_rules){.harder_by_bit = true});
	CHECK_EQ(e.verdict, VERDICT_EXHAUSTED);
}

/* By HIGH the blocks count as free since 6.3, but NOMEMALLOC may not take from them. */
static void reserved_when_taking(void)
{
	struct event e = request(ATOMIC | NOMEMALLOC, 0);
	struct lab_event_zone z = zone_with(NORMAL, 1000);

	z.free_highatomic = z.unusable_highatomic = 990;
	add_zone(&e, z);
	check_new(&e, VERDICT_RESERVED,
		  "Normal: 1000 free, all but 10 of them in exclusive blocks that it may not take "
		  "from");
	e.raw.head.gfp = ATOMIC; /* may */
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
}

static void reserved_blocks(void)
{
	struct event e = request(NOWAIT, 4);
	struct lab_event_zone z = zone_with(NORMAL, 1000 + 15 + 500);

	only_orders_below(&z, 3);
	z.highatomic = 1U << 6;
	z.blocks[6] = 50;
	add_zone(&e, z);
	check_new(&e, VERDICT_RESERVED,
		  "order 4, Normal: 500 pages free above the floor, blocks of order 4 or more only "
		  "in exclusive blocks, closed to it (largest: order 2)");
	e.raw.zone[0].cma = 1U << 9;
	verdict_new(&e);
	CHECK(strstr(e.evidence, "only in CMA and in exclusive blocks, closed to it"));
	e.raw.zone[0].highatomic = 0;
	verdict_new(&e);
	CHECK(strstr(e.evidence, "only in CMA, closed to it"));
	/* Blocks that are closed, but too small as well: no use in opening them. */
	e.raw.zone[0].cma = 1U << 3;
	CHECK_EQ(verdict_new(&e), VERDICT_FRAGMENTED);
	/* GFP_ATOMIC may take them. */
	e.raw.head.gfp = ATOMIC;
	e.raw.zone[0].highatomic = 1U << 6;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
}

/* A zone with more pages but no such block at all is no nearer; one that serves is. */
static void reserved_blocks_beside(void)
{
	struct event e = request(NOWAIT, 4);
	struct lab_event_zone z = zone_with(NORMAL, 1000 + 15 + 500), lower = zone_with(1, 5000);

	only_orders_below(&z, 3);
	z.highatomic = 1U << 6;
	add_zone(&e, z);
	only_orders_below(&lower, 2);
	add_zone(&e, lower);
	check_new(&e, VERDICT_RESERVED,
		  "order 4, Normal: 500 pages free above the floor, blocks of order 4 or more only "
		  "in exclusive blocks, closed to it (largest: order 2)");
	e.raw.zone[1] = zone_with(1, 5000);
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
	/* By count alone, it is not nearer: to open them would not make a block. */
	e.raw.zone[1] = lower;
	e.raw.zone[0].highatomic = 0;
	e.raw.zone[0].free_cma = 1000;
	CHECK_EQ(verdict_new(&e), VERDICT_FRAGMENTED);
}

static void constrained_by_zone(void)
{
	struct event e = request(ATOMIC | LAB_GFP_DMA, 0);

	e.raw.highest_zone = 0;
	add_zone(&e, zone_with(NORMAL, 912345));
	add_zone(&e, zone_with(0, 100));
	check_new(
		&e, VERDICT_CONSTRAINED,
		"DMA: 100 free, needs more than 375 (3/8 of min 1000) + 0 lowmem reserve; Normal, "
		"closed to it by __GFP_DMA, has 912345 free: enough");
	e.raw.zone[1].managed = 0; /* a machine without such memory */
	check_new(&e, VERDICT_CONSTRAINED,
		  "no zone that it may use has memory; Normal, closed to it by __GFP_DMA, has "
		  "912345 "
		  "free: enough");
	e.raw.zone[0].free = 200; /* the other one is no better */
	check_new(&e, VERDICT_EXHAUSTED, "no zone that it may use has memory");
	e.raw.zone[1].managed = 4000;
	CHECK_EQ(verdict_new(&e), VERDICT_EXHAUSTED);

	e = request(ATOMIC, 0);
	add_zone(&e, zone_with(MOVABLE_ZONE, 912345));
	add_zone(&e, zone_with(NORMAL, 100));
	CHECK_EQ(verdict_new(&e), VERDICT_CONSTRAINED);
	CHECK(strstr(e.evidence, "; Movable, closed to it as a zone for other memory, has"));
}

/*
 * Above 3.75 GB zone DMA holds back more than it has. It comes nearer by count (3 840 - 16 - 6 000
 * = -2 176, against 500 - 3 240 = -2 740), but no number of free pages makes it serve.
 */
static void closed_by_lowmem_reserve(void)
{
	struct event e = request(ATOMIC, 0);
	struct verdict_rules rules = rules_of(NEW);
	struct lab_event_zone z = zone_with(NORMAL, 500), dma = zone_with(0, 3840);

	z.min = 8640;
	add_zone(&e, z);
	dma.min = 42;
	dma.managed = 3840;
	dma.lowmem_reserve = 6000;
	add_zone(&e, dma);
	check_new(&e, VERDICT_EXHAUSTED,
		  "Normal: 500 free, needs more than 3240 (3/8 of min 8640) + 0 lowmem reserve");
	CHECK(strcmp(verdict_closed_by(&e.raw, &e.raw.zone[1], &rules), "by its lowmem reserve") ==
	      0);
	e.raw.zone[1].lowmem_reserve = 3840;
	CHECK(verdict_closed_by(&e.raw, &e.raw.zone[1], &rules));
	/* One page less, and it would do if it were empty of users and of marks. */
	e.raw.zone[1].lowmem_reserve = 3839;
	CHECK(!verdict_closed_by(&e.raw, &e.raw.zone[1], &rules));
	check_new(&e, VERDICT_EXHAUSTED,
		  "DMA: 3840 free, needs more than 16 (3/8 of min 42) + 3839 lowmem reserve");
	/* Who goes by no mark goes by no lowmem reserve. */
	e.raw.zone[0].free = 0;
	e.raw.zone[1].lowmem_reserve = 6000;
	e.raw.head.gfp |= LAB_GFP_MEMALLOC;
	CHECK(!verdict_closed_by(&e.raw, &e.raw.zone[1], &rules));
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
	e.raw.head.gfp |= NOMEMALLOC; /* wins */
	CHECK(verdict_closed_by(&e.raw, &e.raw.zone[1], &rules));
	/* A request for that zone is held back nothing. */
	e.raw.head.gfp = ATOMIC | LAB_GFP_DMA;
	e.raw.highest_zone = 0;
	e.raw.zone[1].lowmem_reserve = 0;
	CHECK(!verdict_closed_by(&e.raw, &e.raw.zone[1], &rules));
	e.raw.head.order = 4;
	e.raw.head.gfp = ATOMIC;
	e.raw.highest_zone = NORMAL;
	e.raw.zone[1].lowmem_reserve = 6000;
	e.raw.zone[0].free = 5000;
	only_orders_below(&e.raw.zone[0], 2);
	/* Its large blocks are nothing that the request could have had. */
	check_new(&e, VERDICT_FRAGMENTED,
		  "order 4, Normal: 1745 pages free above the floor, no free block of order 4 or "
		  "more it may use (largest: order 1)");
}

static struct event on_two_nodes(__u32 gfp)
{
	struct event e = request(gfp, 0);
	struct lab_event_zone z = zone_with(NORMAL, 100);

	add_zone(&e, z);
	z = zone_with(NORMAL, 500000);
	z.node = 1;
	add_zone(&e, z);
	return e;
}

static void constrained_by_node(void)
{
	struct event e = on_two_nodes(ATOMIC | LAB_GFP_THISNODE);

	check_new(&e, VERDICT_CONSTRAINED,
		  "0/Normal: 100 free, needs more than 375 (3/8 of min 1000) + 0 lowmem reserve; "
		  "1/Normal, closed to it by __GFP_THISNODE, has 500000 free: enough");
	e = on_two_nodes(NOWAIT);
	e.raw.nodes = 1;
	check_new(&e, VERDICT_CONSTRAINED,
		  "0/Normal: 100 free, needs more than 1000 (min 1000) + 0 lowmem reserve; "
		  "1/Normal, closed to it by its nodemask or cpuset, has 500000 free: enough");
	e.raw.nodes = 3;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
	/* Bound, but to what is not known. */
	e.raw.nodes = 0;
	e.raw.head.flags = LAB_SLOT_NODEMASK;
	CHECK_EQ(verdict_new(&e), VERDICT_CONSTRAINED);
	/* The last attempt of an atomic request goes by neither. */
	e = on_two_nodes(ATOMIC);
	e.raw.nodes = 1;
	e.raw.head.flags = LAB_SLOT_NODEMASK;
	CHECK_EQ(verdict_new(&e), VERDICT_UNEXPLAINED);
}

static void refused_at_once(void)
{
	struct event e = request(ATOMIC, 14);

	e.raw.head.flags = LAB_EVENT_OVERSIZE;
	check_new(&e, VERDICT_OVERSIZE, "order 14 is beyond the largest that the allocator has");
	e.raw.head.order = 200; /* nothing shifts by it */
	e.raw.head.flags = 0;
	add_zone(&e, zone_with(NORMAL, 100000));
	verdict_decide(&e, &(struct verdict_rules){0});
}

static void bulk_short(void)
{
	struct event e = request(ATOMIC, 0);

	e.raw.head.flags = LAB_EVENT_BULK;
	e.raw.bulk_asked = 64;
	e.raw.bulk_got = 1;
	check_new(&e, VERDICT_BULK_SHORT, "asked for 64 pages, got 1");
	add_zone(&e, zone_with(MOVABLE_ZONE, 90000)); /* closed to it: does not count */
	add_zone(&e, zone_with(NORMAL, 1314));
	check_new(
		&e, VERDICT_BULK_SHORT,
		"asked for 64 pages, got 1; Normal: 1314 free, a batch needs more than low 1250 + "
		"64 asked + 0 lowmem reserve");
	e.raw.zone[1].free++;
	check_new(&e, VERDICT_BULK_SHORT,
		  "asked for 64 pages, got 1; Normal: 1315 free, above low: accounting, "
		  "page_owner or "
		  "a busy per-cpu list ended it");
	e.raw.zone[1].free_cma = 40;
	verdict_decide(&e, &(struct verdict_rules){0});
	CHECK(strstr(e.evidence, " - 40 CMA and exclusive, a batch needs"));
}

/* A zone passes: the reason is not memory. */
static void not_memory(void)
{
	struct verdict_rules rules = rules_of(NEW);
	struct event e = request(NOWAIT | LAB_GFP_ACCOUNT, 0);

	add_zone(&e, zone_with(NORMAL, 50000));
	check_text(&e, &rules, VERDICT_CHARGE,
		   "Normal: 50000 free, needs more than 1000 (min 1000) + 0 lowmem reserve, which "
		   "it passes: charged to a memory cgroup at its limit");
	e.raw.head.gfp = ATOMIC | LAB_GFP_ACCOUNT; /* charged beyond the limit */
	verdict_decide(&e, &rules);
	CHECK_EQ(e.verdict, VERDICT_UNEXPLAINED);
	e.raw.head.gfp = LAB_GFP_NOMEMALLOC | LAB_GFP_ACCOUNT;
	verdict_decide(&e, &rules);
	CHECK_EQ(e.verdict, VERDICT_CHARGE); /* a kernel without trylock */
	rules.trylock_possible = rules.injection_possible = true;
	check_text(&e, &rules, VERDICT_CONTENDED,
		   "Normal: 50000 free, needs more than 1000 (min 1000) + 0 lowmem reserve, which "
		   "it passes: it may not wait for a lock");
	e.raw.head.gfp = ATOMIC;
	e.raw.head.order = 2;
	check_text(&e, &rules, VERDICT_INJECTED,
		   "order 2, Normal: 50000 free - 3 of its order, needs more than 375 (3/8 of min "
		   "1000) + 0 lowmem reserve (largest: order 10), which it passes: faults are "
		   "injected (fail_page_alloc)");
	e.raw.head.gfp |= LAB_GFP_NOFAIL;
	verdict_decide(&e, &rules);
	CHECK_EQ(e.verdict, VERDICT_UNEXPLAINED);
	/* A plain shortage stays one, whatever is possible. */
	e = request(ATOMIC, 0);
	add_zone(&e, zone_with(NORMAL, 5));
	verdict_decide(&e, &rules);
	CHECK_EQ(e.verdict, VERDICT_EXHAUSTED);
}

static void unreadable(void)
{
	struct event e = request(ATOMIC, 0);

	check_new(&e, VERDICT_UNEXPLAINED, "its zones could not be read");
	e.raw.head.kind = LAB_EVENT_SLOW; /* none of its business */
	snprintf(e.evidence, sizeof(e.evidence), "kept");
	verdict_decide(&e, &(struct verdict_rules){0});
	CHECK(strcmp(e.evidence, "kept") == 0);
}

/* What a damaged record may hold: numbers of any size, without harm. */
static void any_numbers(void)
{
	__u64 seed = 11;

	for (int i = 0; i < 20000; i++) {
		struct verdict_rules rules = rules_of((enum rules_of)(i % 3));
		struct event e = {0};
		__u64 *words = (__u64 *)&e.raw;

		for (size_t w = 0; w < sizeof(e.raw) / sizeof(*words); w++)
			words[w] = test_random(&seed) >> test_random(&seed) % 64;
		e.raw.head.kind = LAB_EVENT_FAILED;
		rules.trylock_possible = i & 1;
		verdict_decide(&e, &rules);
		CHECK(e.verdict < VERDICTS);
		CHECK(e.evidence[0] && memchr(e.evidence, '\0', sizeof(e.evidence)));
	}
}

static const struct test_case cases[] = {
	{"floor-of-each-request", floor_of_each},
	{"floor-rounding", floor_rounding},
	{"rights-of-each-request", rights_of_each},
	{"exhausted", exhausted},
	{"exhausted-terms", exhausted_terms},
	{"nearly", nearly},
	{"marks-put-back-since", marks_put_back_since},
	{"marks-before-other-causes", marks_before_other_causes},
	{"no-marks", no_marks},
	{"fragmented", fragmented},
	{"reserved-by-count", reserved_by_count},
	{"reserved-when-taking", reserved_when_taking},
	{"reserved-blocks", reserved_blocks},
	{"reserved-blocks-beside", reserved_blocks_beside},
	{"constrained-by-zone", constrained_by_zone},
	{"constrained-by-node", constrained_by_node},
	{"closed-by-lowmem-reserve", closed_by_lowmem_reserve},
	{"refused-at-once", refused_at_once},
	{"bulk-short", bulk_short},
	{"not-memory", not_memory},
	{"unreadable", unreadable},
	{"any-numbers", any_numbers},
};

TEST_MAIN("verdict", cases)
