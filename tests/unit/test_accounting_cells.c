// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_accounting_cells.c - each count of a cell, of a cpu and of an open slot against the figure
 * that it belongs to. The counts are distinct primes where they can be, so that none can stand for
 * another; the sums were added by hand.
 */
#include "test.h"

#include "model/accounting.h"

#define GFP_ATOMIC 0x820U /* HIGH, KSWAPD_RECLAIM */
#define GFP_NOWAIT 0x800U /* KSWAPD_RECLAIM */

enum { LAST_ORDER = LAB_ORDERS - 1 };

static struct accounting acc;
static struct figures fig;
static struct lab_cell cell;
static struct lab_cpu cpu;

static void reset(void)
{
	memset(&acc, 0, sizeof(acc));
	memset(&cell, 0, sizeof(cell));
	memset(&cpu, 0, sizeof(cpu));
	/* What a reading leaves as it was shows. */
	memset(&fig, 0x55, sizeof(fig));
}

/* One reading of one cell, atomic in softirq. */
static const struct row *read_cell(__u64 entry_misses, __u64 done_misses)
{
	accounting_begin(&acc, &fig, entry_misses, done_misses);
	accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_SOFTIRQ);
	accounting_add_cpu(&acc, &fig, &cpu);
	accounting_finish(&acc, &fig, STARTS_COUNTED, done_misses, false);
	return &fig.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ];
}

/* Nearly all requests: a latency and nothing else. 5 + 6 = 11, of which 3 + 1 are told apart. */
static void test_plain_requests(void)
{
	const struct row *row;

	reset();
	cell.latency[0] = 5;
	cell.latency[LAB_LAT_BUCKETS - 1] = 6;
	cell.told_apart = 4;
	cell.outcome[2][LAB_OUT_SERVED + LAB_LEVEL_MIN] = 3;
	cell.outcome[0][LAB_OUT_FAILED_FINAL + LAB_LEVEL_NONE] = 1;
	row = read_cell(0, 0);
	CHECK_EQ(row->requests, 11);
	CHECK_EQ(row->served[LAB_LEVEL_LOW], 7);
	CHECK_EQ(row->served[LAB_LEVEL_MIN], 3);
	CHECK_EQ(row->order[0].requests, 8);
	CHECK_EQ(row->order[1].requests, 0);
	CHECK_EQ(row->order[2].requests, 3);
	CHECK_EQ(row->latency.bucket[0], 5);
	CHECK_EQ(row->latency.bucket[LAB_LAT_BUCKETS - 1], 6);
	CHECK_EQ(fig.audit.seen, 11);
	CHECK_EQ(fig.audit.closed, 11);
	CHECK_EQ(fig.audit.alone, 0);
	CHECK_EQ(fig.audit.left, 0);
	CHECK_EQ(fig.audit.silent, 0);
	CHECK_EQ(fig.audit.endless, 0);
	CHECK_EQ(fig.audit.missed, 0);
	CHECK_EQ(fig.audit.unpaired, 0);
}

/* Two orders with every outcome; nothing is explained by a miss, so quiet ones failed. */
static void fill_outcomes(void)
{
	static const __u64 first[LAB_OUTCOMES] = {
		[LAB_OUT_SERVED] = 2,
		3,
		5,
		7,
		11,
		[LAB_OUT_FAILED_FINAL] = 13,
		17,
		19,
		23,
		29,
		[LAB_OUT_FAILED_OPPORTUNISTIC] = 31,
		37,
		41,
		43,
		47,
		[LAB_OUT_OVERSIZE_FINAL] = 53,
		59,
		[LAB_OUT_LEFT_WOKEN] = 61,
		[LAB_OUT_LEFT_QUIET_FINAL] = 157,
		[LAB_OUT_LEFT_QUIET_OPPORTUNISTIC] = 163,
	};
	static const __u64 last[LAB_OUTCOMES] = {
		[LAB_OUT_SERVED] = 67,
		71,
		73,
		79,
		83,
		[LAB_OUT_FAILED_FINAL] = 89,
		97,
		101,
		103,
		107,
		[LAB_OUT_FAILED_OPPORTUNISTIC] = 109,
		113,
		127,
		131,
		137,
		[LAB_OUT_OVERSIZE_FINAL] = 139,
		149,
		[LAB_OUT_LEFT_WOKEN] = 151,
		[LAB_OUT_LEFT_QUIET_FINAL] = 167,
		[LAB_OUT_LEFT_QUIET_OPPORTUNISTIC] = 173,
	};

	reset();
	memcpy(cell.outcome[1], first, sizeof(first));
	memcpy(cell.outcome[LAST_ORDER], last, sizeof(last));
	/* Those that have an end: 28 + 101 + 199 of order 1, 373 + 497 + 617 of the last. */
	cell.told_apart = cell.latency[77] = 328 + 1487;
}

static void test_outcomes_of_an_order(void)
{
	const struct row *row;

	fill_outcomes();
	row = read_cell(0, 0);
	/* 101 + 53 + 157; 199 + 59 + 163; 28 + those two + 61 */
	CHECK_EQ(row->order[1].failed_final, 311);
	CHECK_EQ(row->order[1].failed_opportunistic, 421);
	CHECK_EQ(row->order[1].requests, 821);
	/* 497 + 139 + 167; 617 + 149 + 173; 373 + those two + 151 */
	CHECK_EQ(row->order[LAST_ORDER].failed_final, 803);
	CHECK_EQ(row->order[LAST_ORDER].failed_opportunistic, 939);
	CHECK_EQ(row->order[LAST_ORDER].requests, 2266);
	CHECK_EQ(row->order[0].requests, 0);
}

static void test_outcomes_of_a_row(void)
{
	static const __u64 served[LAB_LEVELS] = {2 + 67, 3 + 71, 5 + 73, 7 + 79, 11 + 83};
	const struct row *row;

	fill_outcomes();
	row = read_cell(0, 0);
	for (unsigned int level = 0; level < LAB_LEVELS; level++)
		CHECK_EQ(row->served[level], served[level]);
	CHECK_EQ(row->failed_final, 311 + 803);
	CHECK_EQ(row->failed_opportunistic, 421 + 939);
	/* oversize 53 + 59 + 139 + 149, quiet 157 + 163 + 167 + 173 */
	CHECK_EQ(row->failed_silent, 1060);
	CHECK_EQ(row->no_outcome, 61 + 151);
	CHECK_EQ(row->requests, 821 + 2266);
}

static void test_outcomes_by_order_and_level(void)
{
	/* final + opportunistic; the last with oversize (112, 288) and quiet (320, 340) */
	static const __u64 first[LAB_LEVELS] = {44, 54, 60, 66, 76 + 112 + 320};
	static const __u64 last[LAB_LEVELS] = {198, 210, 228, 234, 244 + 288 + 340};

	fill_outcomes();
	read_cell(0, 0);
	for (unsigned int level = 0; level < LAB_LEVELS; level++) {
		CHECK_EQ(fig.failure[1][level], first[level]);
		CHECK_EQ(fig.failure[LAST_ORDER][level], last[level]);
		CHECK_EQ(fig.failure[0][level], 0);
	}
}

static void test_outcomes_audit(void)
{
	fill_outcomes();
	read_cell(0, 0);
	CHECK_EQ(fig.audit.silent, 1060);
	CHECK_EQ(fig.audit.left, 212);
	/* oversize ones have told it at their start */
	CHECK_EQ(fig.audit.endless, 212 + 660);
	CHECK_EQ(fig.audit.closed, 1815);
	CHECK_EQ(fig.audit.seen, 1815 + 212 + 1060);
	CHECK_EQ(fig.audit.unpaired, 212);
}

static void test_cell_without_an_outcome(void)
{
	const struct row *row;

	reset();
	cell.alone = 2;
	cell.outcome[0][LAB_OUT_SERVED + LAB_LEVEL_LOW] = 2;
	cell.bh_off = 3;
	cell.preempt_off = 5;
	cell.latency_sum_ns = 7;
	accounting_begin(&acc, &fig, 11, 13);
	for (int i = 0; i < 3; i++)
		accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_SOFTIRQ);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 13, false);
	row = &fig.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ];
	CHECK_EQ(row->alone, 6);
	CHECK_EQ(row->bh_off, 9);
	CHECK_EQ(row->preempt_off, 15);
	CHECK_EQ(row->latency.sum_ns, 21);
	CHECK_EQ(row->latency.max_ns, 0);
	CHECK_EQ(fig.audit.alone, 6);
	CHECK_EQ(fig.audit.unpaired, 6);
	CHECK_EQ(fig.audit.entry_misses, 11);
	CHECK_EQ(fig.audit.done_misses, 13);
}

/* What a cpu counts without a class: twice each. */
static void test_cpu(void)
{
	reset();
	cpu = (struct lab_cpu){.eligible = 2,
			       .hit = 3,
			       .miss = 5,
			       .leak = 7,
			       .grown = 11,
			       .shrunk = 13,
			       .bulk_calls = 17,
			       .bulk_asked = 19,
			       .bulk_got = 23,
			       .bulk_short = 29,
			       .anon_exclusive = 31,
			       .migrated = 37,
			       .dropped = 41,
			       .skipped = 43};
	accounting_begin(&acc, &fig, 0, 0);
	accounting_add_cpu(&acc, &fig, &cpu);
	accounting_add_cpu(&acc, &fig, &cpu);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 0, true);
	CHECK_EQ(fig.exclusive.eligible, 4);
	CHECK_EQ(fig.exclusive.hit, 6);
	CHECK_EQ(fig.exclusive.miss, 10);
	CHECK_EQ(fig.exclusive.leak, 14);
	CHECK_EQ(fig.exclusive.grown_blocks, 22);
	CHECK_EQ(fig.exclusive.shrunk_blocks, 26);
	CHECK_EQ(fig.bulk.calls, 34);
	CHECK_EQ(fig.bulk.asked_pages, 38);
	CHECK_EQ(fig.bulk.got_pages, 46);
	CHECK_EQ(fig.bulk.short_calls, 58);
	CHECK_EQ(fig.anon_exclusive_pages, 62);
	CHECK_EQ(fig.audit.migrated, 74);
	CHECK_EQ(fig.audit.dropped, 82);
	CHECK_EQ(fig.audit.skipped, 86);
	CHECK_EQ(fig.audit.seen, 0);
}

/* 1 to 25 of each class and context: 325 paired, twice that alone, three times that quiet. */
static void read_every_row(__u64 done_misses)
{
	accounting_begin(&acc, &fig, 0, done_misses);
	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
			__u64 n = 1 + LAB_CONTEXTS * cls + context;

			memset(&cell, 0, sizeof(cell));
			cell.latency[9] = n;
			cell.alone = cell.outcome[0][LAB_OUT_SERVED] = 2 * n;
			cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 3 * n;
			accounting_add_cell(&acc, &fig, &cell, cls, context);
		}
	accounting_finish(&acc, &fig, STARTS_UNCOUNTED, done_misses, false);
}

/* A second reading of the same counts says the same. */
static void read_every_row_twice(__u64 done_misses)
{
	reset();
	read_every_row(done_misses);
	read_every_row(done_misses);
}

static void test_every_class_and_context(void)
{
	read_every_row_twice(0);
	CHECK_EQ(fig.audit.seen, 6 * 325);
	CHECK_EQ(fig.audit.closed, 325);
	CHECK_EQ(fig.audit.alone, 2 * 325);
	CHECK_EQ(fig.audit.silent, 3 * 325);
	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
			const struct row *row = &fig.row[cls][context];
			__u64 n = 1 + LAB_CONTEXTS * cls + context;

			CHECK_EQ(row->requests, 6 * n);
			CHECK_EQ(row->alone, 2 * n);
			CHECK_EQ(row->served[LAB_LEVEL_LOW], 3 * n);
			CHECK_EQ(row->failed_final, 3 * n);
			CHECK_EQ(row->failed_silent, 3 * n);
		}
}

/* The same where misses explain them all: only a nolock one has no outcome. */
static void test_every_class_and_context_skipped(void)
{
	read_every_row_twice(3 * 325);
	CHECK_EQ(fig.audit.silent, 0);
	CHECK_EQ(fig.audit.left, 3 * 325);
	CHECK_EQ(fig.audit.missed, 0);
	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++)
		for (unsigned int context = 0; context < LAB_CONTEXTS; context++) {
			const struct row *row = &fig.row[cls][context];
			__u64 n = 1 + LAB_CONTEXTS * cls + context;
			bool nolock = cls == LAB_CLASS_NOLOCK;

			CHECK_EQ(row->requests, 6 * n);
			CHECK_EQ(row->served[LAB_LEVEL_LOW], nolock ? 3 * n : 6 * n);
			CHECK_EQ(row->no_outcome, nolock ? 3 * n : 0);
			CHECK_EQ(row->failed_silent, 0);
		}
}

/* What one miss explains once is explained for good, and no other one by the same miss. */
static void test_misses_are_spent_once(void)
{
	const struct row *row;

	reset();
	cell.outcome[3][LAB_OUT_LEFT_QUIET_FINAL] = 5;
	cell.outcome[3][LAB_OUT_LEFT_QUIET_OPPORTUNISTIC] = 4;
	row = read_cell(0, 7);
	/* all 5 final ones and 2 of the others */
	CHECK_EQ(row->served[LAB_LEVEL_LOW], 7);
	CHECK_EQ(row->failed_final, 0);
	CHECK_EQ(row->failed_opportunistic, 2);
	CHECK_EQ(fig.audit.left, 7);
	CHECK_EQ(fig.audit.silent, 2);
	CHECK_EQ(fig.audit.endless, 9);
	/* 1 and 3 more, 2 misses more: one of each */
	cell.outcome[3][LAB_OUT_LEFT_QUIET_FINAL] = 6;
	cell.outcome[3][LAB_OUT_LEFT_QUIET_OPPORTUNISTIC] = 7;
	row = read_cell(0, 9);
	CHECK_EQ(row->served[LAB_LEVEL_LOW], 9);
	CHECK_EQ(row->failed_final, 0);
	CHECK_EQ(row->failed_opportunistic, 4);
	CHECK_EQ(row->failed_silent, 4);
	CHECK_EQ(row->order[3].requests, 13);
	CHECK_EQ(row->order[3].failed_final, 0);
	CHECK_EQ(row->order[3].failed_opportunistic, 4);
	CHECK_EQ(fig.failure[3][LAB_LEVEL_UNKNOWN], 4);
	CHECK_EQ(fig.audit.left, 9);
	CHECK_EQ(fig.audit.endless, 13);
	CHECK_EQ(fig.audit.missed, 0);
	/* 2 more, no miss more */
	cell.outcome[3][LAB_OUT_LEFT_QUIET_FINAL] = 8;
	row = read_cell(0, 9);
	CHECK_EQ(row->served[LAB_LEVEL_LOW], 9);
	CHECK_EQ(row->failed_final, 2);
	CHECK_EQ(row->order[3].failed_final, 2);
	CHECK_EQ(fig.failure[3][LAB_LEVEL_UNKNOWN], 6);
	CHECK_EQ(fig.audit.silent, 6);
}

/* A woken one did reach the tracepoint: it was one of the misses. 4 less 3 explain one of two. */
static void test_woken_ones_use_up_misses(void)
{
	const struct row *row;

	reset();
	cell.outcome[2][LAB_OUT_LEFT_WOKEN] = 3;
	cell.outcome[2][LAB_OUT_LEFT_QUIET_FINAL] = 2;
	for (int i = 0; i < 2; i++) {
		row = read_cell(0, 4);
		CHECK_EQ(row->no_outcome, 3);
		CHECK_EQ(row->served[LAB_LEVEL_LOW], 1);
		CHECK_EQ(row->failed_final, 1);
		CHECK_EQ(fig.audit.left, 4);
		CHECK_EQ(fig.audit.silent, 1);
		CHECK_EQ(fig.audit.missed, 0);
	}
}

/* Of 5 misses 2 were while starts were off: 3 of 4 are explained, and those 2 are missed. */
static void test_blind_misses_explain_none(void)
{
	const struct row *row;

	reset();
	accounting_begin(&acc, &fig, 0, 5);
	accounting_blind(&acc, 2);
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 4;
	accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_SOFTIRQ);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 5, false);
	row = &fig.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ];
	CHECK_EQ(row->served[LAB_LEVEL_LOW], 3);
	CHECK_EQ(row->failed_final, 1);
	CHECK_EQ(fig.audit.missed, 2);
	/* A reading is told anew what was blind: of 7 misses, 3 are spent, and 4 explain 4 more. */
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 8;
	row = read_cell(0, 7);
	CHECK_EQ(row->served[LAB_LEVEL_LOW], 7);
	CHECK_EQ(row->failed_final, 1);
}

/* ---- open slots ---- */

static void add_slot(__u32 gfp, __u32 order, __u32 flags, unsigned int context, bool over)
{
	struct lab_slot slot = {.start_ns = 1, .key = lab_slot_key(gfp, order)};

	slot.flags |= (__u8)flags;
	accounting_add_open(&acc, &fig, &slot, context, over);
}

/* Final, NORETRY and NOMEMALLOC, none woken and no miss: they failed, the last two as tries. */
static void test_open_tries(void)
{
	const struct row *row = &fig.row[LAB_CLASS_ATOMIC][LAB_CTX_HARDIRQ];

	reset();
	accounting_begin(&acc, &fig, 0, 0);
	add_slot(GFP_ATOMIC, 0, 0, LAB_CTX_HARDIRQ, true);
	add_slot(GFP_ATOMIC, 0, 0, LAB_CTX_HARDIRQ, true);
	add_slot(GFP_ATOMIC, 0, 0, LAB_CTX_HARDIRQ, true);
	add_slot(GFP_ATOMIC | LAB_GFP_NORETRY, 1, 0, LAB_CTX_HARDIRQ, true);
	add_slot(GFP_ATOMIC | LAB_GFP_NOMEMALLOC, LAST_ORDER, 0, LAB_CTX_HARDIRQ, true);
	add_slot(GFP_NOWAIT, 0, 0, LAB_CTX_NMI, true);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 0, true);
	CHECK_EQ(row->failed_final, 3);
	CHECK_EQ(row->failed_opportunistic, 2);
	CHECK_EQ(row->order[0].failed_final, 3);
	CHECK_EQ(row->order[1].failed_opportunistic, 1);
	CHECK_EQ(row->order[LAST_ORDER].failed_opportunistic, 1);
	CHECK_EQ(fig.row[LAB_CLASS_NOWAIT][LAB_CTX_NMI].failed_final, 1);
	CHECK_EQ(fig.audit.silent, 6);
	CHECK_EQ(fig.audit.seen, 6);
	CHECK_EQ(fig.audit.left, 0);
	CHECK_EQ(fig.audit.missed, 0);
}

/* Woken ones did reach the tracepoint, whatever came of them there. */
static void test_open_woken(void)
{
	const struct row *row = &fig.row[LAB_CLASS_ATOMIC][LAB_CTX_TASK];

	reset();
	accounting_begin(&acc, &fig, 0, 3);
	add_slot(GFP_ATOMIC, 4, LAB_SLOT_WOKEN, LAB_CTX_TASK, true);
	add_slot(GFP_ATOMIC, 4, LAB_SLOT_WOKEN | LAB_SLOT_HIT, LAB_CTX_TASK, true);
	add_slot(GFP_ATOMIC, 4, LAB_SLOT_HIT, LAB_CTX_TASK, true);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 3, true);
	CHECK_EQ(row->no_outcome, 2);
	CHECK_EQ(row->served[LAB_LEVEL_LOW], 1);
	CHECK_EQ(row->requests, 3);
	CHECK_EQ(row->order[4].requests, 3);
	CHECK_EQ(fig.audit.left, 3);
	CHECK_EQ(fig.audit.endless, 3);
	CHECK_EQ(fig.audit.missed, 0);
}

/* What may still end explains a miss each, and is nowhere in the figures. */
static void test_open_pending(void)
{
	reset();
	accounting_begin(&acc, &fig, 9, 5);
	add_slot(GFP_ATOMIC, 0, 0, LAB_CTX_TASK, false);
	add_slot(GFP_NOWAIT, LAST_ORDER, LAB_SLOT_WOKEN, LAB_CTX_NMI, false);
	add_slot(GFP_NOWAIT, LAB_ORDERS, 0, LAB_CTX_NMI, false); /* no such order */
	add_slot(GFP_NOWAIT, LAB_ORDERS, 0, LAB_CTX_NMI, true);
	add_slot(GFP_NOWAIT, LAB_ORDERS, LAB_SLOT_WOKEN, LAB_CTX_NMI, true);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 5, false);
	CHECK_EQ(fig.audit.missed, 3);
	CHECK_EQ(fig.audit.seen, 0);
	CHECK_EQ(fig.audit.left, 0);
	CHECK_EQ(fig.audit.endless, 0);
	/* Resolved meanwhile: nothing of it is carried on. */
	accounting_begin(&acc, &fig, 9, 5);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 5, false);
	CHECK_EQ(fig.audit.missed, 5);
}

/* ---- what left no trace ---- */

/* A first reading while only the end program is there, then one with both. */
static void read_base(void)
{
	reset();
	cell.alone = cell.outcome[0][LAB_OUT_SERVED] = 8;
	cpu.displaced = 4;
	cpu.strays = 6;
	read_cell(3, 0);
	CHECK_EQ(fig.audit.missed, 0);
	accounting_set_base(&acc, &fig);
}

static void read_after_base(__u64 alone, __u64 displaced, __u64 strays, __u64 blind)
{
	cell.alone = cell.outcome[0][LAB_OUT_SERVED] = 8 + alone;
	cpu.displaced = 4 + displaced;
	cpu.strays = 6 + strays;
	cpu.blind = blind;
	read_cell(3 + 5, 100);
}

/* The starts bound it: 5 skipped and 7 displaced, less 3 whose ends came alone. */
static void test_missed_since_the_base(void)
{
	read_base();
	read_after_base(3, 7, 2, 0);
	CHECK_EQ(fig.audit.missed, 9);
	/* 7 stray ends tell as much. */
	read_base();
	read_after_base(3, 2, 7, 0);
	CHECK_EQ(fig.audit.missed, 9);
	/* 2 more ends alone, both of a time without starts. */
	read_base();
	read_after_base(3 + 2, 7, 2, 2);
	CHECK_EQ(fig.audit.missed, 9);
	read_after_base(3 + 2, 7, 2, 2); /* and again: nothing came */
	CHECK_EQ(fig.audit.missed, 9);
	/* More ends alone than starts that are missing: none. */
	read_base();
	read_after_base(13, 7, 2, 0);
	CHECK_EQ(fig.audit.missed, 0);
}

/* Where starts are not counted, or there are none, the misses of ends are all that is known. */
static void test_missed_by_ends_alone(void)
{
	static const enum starts how[] = {STARTS_NONE, STARTS_UNCOUNTED};

	for (int i = 0; i < 2; i++) {
		reset();
		cell.outcome[0][LAB_OUT_LEFT_WOKEN] = 2;
		accounting_begin(&acc, &fig, 1, 10);
		accounting_blind(&acc, 3);
		accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_SOFTIRQ);
		/* Those counted meanwhile explain more, and are missed in the next reading. */
		accounting_finish(&acc, &fig, how[i], 17, true);
		CHECK_EQ(fig.audit.missed, how[i] == STARTS_NONE ? 10 : 8);
		CHECK_EQ(fig.audit.unpaired, how[i] == STARTS_NONE ? 0 : 2);
	}
}

/* Starts displaced, less those whose ends strayed: unpaired, but only once nothing can come. */
static void test_unpaired_at_the_end(void)
{
	for (int last = 0; last < 2; last++) {
		reset();
		cell.alone = cell.outcome[0][LAB_OUT_SERVED] = 3;
		cell.outcome[0][LAB_OUT_LEFT_WOKEN] = 2;
		cpu.displaced = 11;
		cpu.strays = 4;
		accounting_begin(&acc, &fig, 0, 0);
		accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_SOFTIRQ);
		accounting_add_cpu(&acc, &fig, &cpu);
		accounting_finish(&acc, &fig, STARTS_COUNTED, 0, last);
		CHECK_EQ(fig.audit.unpaired, last ? 12 : 5);
	}
}

/*
 * Failures whose starts were skipped: 6 starts more than ends explain, while others failed before
 * the tracepoint. Of the 4 more while none did nothing is known.
 */
static void test_missed_failures_without_a_start(void)
{
	reset();
	cell.outcome[0][LAB_OUT_OVERSIZE_FINAL] = 20;
	read_cell(6, 0);
	CHECK_EQ(fig.audit.missed, 6);
	/* Those of the next reading may be of this one. */
	read_cell(6, 0);
	read_cell(10, 0);
	CHECK_EQ(fig.audit.missed, 6);
	/* One more failure; 5 starts and 2 ends more: 3 of them such, and 2 that left no trace. */
	cell.outcome[0][LAB_OUT_OVERSIZE_FINAL] = 21;
	read_cell(15, 2);
	CHECK_EQ(fig.audit.missed, 6 + 3 + 2);
	/* Nothing more: what was told stays. */
	read_cell(15, 2);
	CHECK_EQ(fig.audit.missed, 11);
}

static const struct test_case cases[] = {
	{"plain_requests", test_plain_requests},
	{"outcomes_of_an_order", test_outcomes_of_an_order},
	{"outcomes_of_a_row", test_outcomes_of_a_row},
	{"outcomes_by_order_and_level", test_outcomes_by_order_and_level},
	{"outcomes_audit", test_outcomes_audit},
	{"cell_without_an_outcome", test_cell_without_an_outcome},
	{"cpu", test_cpu},
	{"every_class_and_context", test_every_class_and_context},
	{"every_class_and_context_skipped", test_every_class_and_context_skipped},
	{"misses_are_spent_once", test_misses_are_spent_once},
	{"woken_ones_use_up_misses", test_woken_ones_use_up_misses},
	{"blind_misses_explain_none", test_blind_misses_explain_none},
	{"open_tries", test_open_tries},
	{"open_woken", test_open_woken},
	{"open_pending", test_open_pending},
	{"missed_since_the_base", test_missed_since_the_base},
	{"missed_by_ends_alone", test_missed_by_ends_alone},
	{"unpaired_at_the_end", test_unpaired_at_the_end},
	{"missed_failures_without_a_start", test_missed_failures_without_a_start},
};

TEST_MAIN("accounting_cells", cases)
