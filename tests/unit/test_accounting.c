// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_accounting.c - known sets of requests, as the programs would have counted them, against the
 * figures that come out. The truth is the number of requests put in.
 */
#include "test.h"

#include "model/accounting.h"

#define GFP_ATOMIC_OLD 0xa20U /* up to 6.2, with __GFP_ATOMIC */
#define GFP_ATOMIC_NEW 0x820U

static struct accounting acc;
static struct figures fig;
static struct lab_cell cell;
static struct lab_cpu cpu;

static void reset(void)
{
	memset(&acc, 0, sizeof(acc));
	memset(&cell, 0, sizeof(cell));
	memset(&cpu, 0, sizeof(cpu));
	cell.used = 1;
}

/* One reading of one cell (class, hardirq) and one cpu. */
static void read_once(unsigned int class, __u64 entry_misses, __u64 done_misses, bool last)
{
	accounting_begin(&acc, &fig, entry_misses, done_misses);
	accounting_add_cell(&acc, &fig, &cell, class, LAB_CTX_HARDIRQ);
	accounting_add_cpu(&acc, &fig, &cpu);
	accounting_finish(&acc, &fig, STARTS_COUNTED, fig.audit.done_misses, last);
}

static const struct row *row_of(unsigned int class)
{
	return &fig.row[class][LAB_CTX_HARDIRQ];
}

static void closed(__u64 n)
{
	cell.outcome[0][LAB_OUT_SERVED + LAB_LEVEL_LOW] += n;
	cell.told_apart += n;
	cell.latency[100] += n;
}

static void alone(__u64 n)
{
	cell.outcome[0][LAB_OUT_SERVED + LAB_LEVEL_LOW] += n;
	cell.alone += n;
}

static void test_half_counted_request_shows(void)
{
	reset();
	CHECK(accounting_cell_is_whole(&cell));
	closed(3);
	alone(2);
	cell.outcome[1][LAB_OUT_LEFT_QUIET_FINAL] += 5;
	cell.outcome[1][LAB_OUT_LEFT_WOKEN] += 5;
	cell.outcome[LAB_ORDERS - 1][LAB_OUT_OVERSIZE_FINAL] += 5;
	CHECK(accounting_cell_is_whole(&cell));
	cell.told_apart++;
	CHECK(!accounting_cell_is_whole(&cell));
	cell.latency[100]++;
	CHECK(!accounting_cell_is_whole(&cell));
	cell.outcome[2][LAB_OUT_FAILED_FINAL + LAB_LEVEL_NONE]++;
	CHECK(accounting_cell_is_whole(&cell));
	cell.alone++;
	CHECK(!accounting_cell_is_whole(&cell));
}

static void test_quiet_run_is_complete(void)
{
	reset();
	closed(1000);
	read_once(LAB_CLASS_ATOMIC, 0, 0, true);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->requests, 1000);
	CHECK_EQ(fig.audit.seen, 1000);
	CHECK_EQ(fig.audit.closed, 1000);
	CHECK_EQ(fig.audit.missed, 0);
	CHECK(audit_complete(&fig.audit));
}

/* An interrupt in the entry program: its own start is skipped, its end is seen. */
static void test_alone_explains_entry_misses(void)
{
	reset();
	closed(1000);
	alone(7);
	read_once(LAB_CLASS_ATOMIC, 7, 0, true);
	CHECK_EQ(fig.audit.seen, 1007);
	CHECK_EQ(fig.audit.alone, 7);
	CHECK_EQ(fig.audit.missed, 0);
	CHECK_EQ(fig.audit.unpaired, 7);
	CHECK(!audit_complete(&fig.audit));
}

/*
 * Nolock requests that begin in another function are all there, and no gap: what others missed is
 * found beside any number of them.
 */
static void test_nolock_hides_nothing(void)
{
	reset();
	closed(1000);
	alone(300);
	cpu.nolock = 300;
	read_once(LAB_CLASS_NOLOCK, 0, 0, true);
	CHECK_EQ(fig.audit.seen, 1300);
	CHECK_EQ(fig.audit.nolock, 300);
	CHECK_EQ(fig.audit.alone, 0);
	CHECK_EQ(fig.audit.unpaired, 0);
	CHECK(audit_complete(&fig.audit));
	/* 50 of others were skipped whole, and 4 ends have no start. */
	reset();
	closed(1000);
	alone(304);
	cpu.nolock = 300;
	read_once(LAB_CLASS_NOLOCK, 54, 50, true);
	CHECK_EQ(fig.audit.missed, 50);
	CHECK_EQ(fig.audit.alone, 4);
	CHECK_EQ(fig.audit.unpaired, 4);
}

/* What any program was skipped for may be another level, or a count, that is not seen. */
static void test_all_programs_are_audited(void)
{
	reset();
	closed(1000);
	read_once(LAB_CLASS_ATOMIC, 0, 0, true);
	CHECK(audit_complete(&fig.audit));
	fig.audit.wake_misses = 1;
	CHECK(!audit_complete(&fig.audit));
	fig.audit.wake_misses = 0;
	fig.audit.other_misses = 1;
	CHECK(!audit_complete(&fig.audit));
}

/* An interrupt in the end program: served above low, as it woke nobody; no failure is invented. */
static void test_left_is_served_when_misses_have_room(void)
{
	reset();
	closed(1000);
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 5;
	cell.outcome[0][LAB_OUT_LEFT_QUIET_OPPORTUNISTIC] = 2;
	read_once(LAB_CLASS_ATOMIC, 0, 7, true);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->requests, 1007);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->served[LAB_LEVEL_LOW], 1007);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_silent, 0);
	CHECK_EQ(fig.audit.left, 7);
	CHECK_EQ(fig.audit.endless, 7);
	CHECK_EQ(fig.audit.missed, 0);
}

/* Without a miss, a start without an end failed before the tracepoint. */
static void test_left_is_silent_without_misses(void)
{
	reset();
	closed(10);
	cell.outcome[3][LAB_OUT_LEFT_QUIET_FINAL] = 5;
	cell.outcome[0][LAB_OUT_LEFT_QUIET_OPPORTUNISTIC] = 2;
	read_once(LAB_CLASS_ATOMIC, 0, 0, true);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_final, 5);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_opportunistic, 2);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_silent, 7);
	CHECK_EQ(fig.failure[3][LAB_LEVEL_UNKNOWN], 5);
	CHECK_EQ(fig.audit.silent, 7);
	CHECK_EQ(fig.audit.endless, 7);
	CHECK_EQ(fig.audit.left, 0);
	CHECK(audit_complete(&fig.audit));
}

static void test_woken_without_end_has_no_outcome(void)
{
	reset();
	cell.outcome[0][LAB_OUT_LEFT_WOKEN] = 3;
	read_once(LAB_CLASS_ATOMIC, 0, 3, true);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->no_outcome, 3);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->requests, 3);
	CHECK_EQ(fig.audit.left, 3);
	CHECK_EQ(fig.audit.missed, 0);
}

/* A nolock request wakes nobody anyway: that its end was skipped says nothing of its level. */
static void test_nolock_left_has_no_outcome(void)
{
	reset();
	cell.outcome[0][LAB_OUT_LEFT_QUIET_OPPORTUNISTIC] = 3;
	read_once(LAB_CLASS_NOLOCK, 0, 3, true);
	CHECK_EQ(row_of(LAB_CLASS_NOLOCK)->no_outcome, 3);
	CHECK_EQ(row_of(LAB_CLASS_NOLOCK)->served[LAB_LEVEL_LOW], 0);
}

static void test_oversize_is_silent_and_final(void)
{
	reset();
	cell.outcome[LAB_ORDERS - 1][LAB_OUT_OVERSIZE_FINAL] = 4;
	read_once(LAB_CLASS_ATOMIC, 0, 0, true);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_final, 4);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_silent, 4);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->order[LAB_ORDERS - 1].requests, 4);
	CHECK_EQ(fig.audit.seen, 4);
	CHECK_EQ(fig.audit.silent, 4);
	CHECK_EQ(fig.audit.endless, 0); /* the start told all of them */
}

/* A decision once made is not revised when later misses make room. */
static void test_silent_stays_silent(void)
{
	reset();
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 2;
	read_once(LAB_CLASS_ATOMIC, 0, 0, false);
	CHECK_EQ(fig.audit.silent, 2);
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 5;
	read_once(LAB_CLASS_ATOMIC, 0, 3, false);
	CHECK_EQ(fig.audit.silent, 2);
	CHECK_EQ(fig.audit.left, 3);
	CHECK_EQ(fig.audit.endless, 5);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->requests, 5);
	CHECK_EQ(fig.audit.missed, 0);
}

/* An open slot explains a miss while attached, and is one start without an end at the last reading.
 */
static void open_slot(bool last)
{
	struct lab_slot slot = {.start_ns = 1, .key = lab_slot_key(GFP_ATOMIC_OLD, 2)};

	accounting_begin(&acc, &fig, 1, 1);
	accounting_add_open(&acc, &fig, &slot, LAB_CTX_SOFTIRQ, last);
	accounting_finish(&acc, &fig, STARTS_COUNTED, fig.audit.done_misses, last);
}

static void test_open_slot(void)
{
	reset();
	open_slot(false);
	CHECK_EQ(fig.audit.missed, 0);
	CHECK_EQ(fig.audit.seen, 0);
	open_slot(true);
	CHECK_EQ(fig.audit.seen, 1);
	CHECK_EQ(fig.audit.left, 1);
	CHECK_EQ(fig.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ].order[2].requests, 1);
}

/* One that may sleep can be under way for as long as it likes: it failed no more than it ended. */
static void test_open_sleeper(void)
{
	struct lab_slot slot = {.start_ns = 1, .key = lab_slot_key(0xcc0U /* GFP_KERNEL */, 0)};

	reset();
	for (int last = 0; last <= 1; last++) {
		accounting_begin(&acc, &fig, 0, 2);
		accounting_add_open(&acc, &fig, &slot, LAB_CTX_TASK, last);
		accounting_finish(&acc, &fig, STARTS_COUNTED, fig.audit.done_misses, last);
		CHECK_EQ(fig.audit.seen, 0);
		CHECK_EQ(fig.audit.left, 0);
		CHECK_EQ(fig.audit.missed, 0); /* by the starts */
	}
}

/* Five starts were parked, three have returned, on another cpu; one of the rest has ended unseen.
 */
static void test_missed_parked(void)
{
	static struct lab_cpu other;

	reset();
	cpu.parked = 5;
	other.returned = 3;
	accounting_begin(&acc, &fig, 0, 4);
	accounting_add_cpu(&acc, &fig, &other);
	accounting_add_cpu(&acc, &fig, &cpu);
	accounting_finish(&acc, &fig, STARTS_COUNTED, fig.audit.done_misses, true);
	CHECK_EQ(fig.audit.missed, 2);
	CHECK_EQ(fig.audit.unpaired, 0);
}

static void test_missed_never_goes_back(void)
{
	reset();
	read_once(LAB_CLASS_ATOMIC, 4, 4, false);
	CHECK_EQ(fig.audit.missed, 4);
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 3;
	read_once(LAB_CLASS_ATOMIC, 4, 4, false);
	CHECK_EQ(fig.audit.missed, 4);
}

/* A failure before the tracepoint whose start was skipped: nothing else of it is ever skipped. */
static void test_missed_silent_failures(void)
{
	reset();
	read_once(LAB_CLASS_ATOMIC, 7, 0, false); /* of requests that may sleep */
	CHECK_EQ(fig.audit.missed, 0);
	cell.outcome[LAB_ORDERS - 1][LAB_OUT_OVERSIZE_FINAL] = 1999;
	read_once(LAB_CLASS_ATOMIC, 8, 0, false);
	CHECK_EQ(fig.audit.seen, 1999);
	CHECK_EQ(fig.audit.missed, 1);
	read_once(LAB_CLASS_ATOMIC, 8, 0, false);
	read_once(LAB_CLASS_ATOMIC, 12, 0, false);
	CHECK_EQ(fig.audit.missed, 1);
	/* Never more than starts that nothing explains. */
	cell.outcome[LAB_ORDERS - 1][LAB_OUT_OVERSIZE_FINAL]++;
	alone(12);
	read_once(LAB_CLASS_ATOMIC, 14, 3, false);
	CHECK_EQ(fig.audit.missed, 2);
}

/* The reader was stopped after it had read the kernel's counters, and all of them came then. */
static void test_missed_silent_failures_of_a_torn_reading(void)
{
	reset();
	read_once(LAB_CLASS_ATOMIC, 7, 0, false);
	cell.outcome[LAB_ORDERS - 1][LAB_OUT_OVERSIZE_FINAL] = 92018;
	read_once(LAB_CLASS_ATOMIC, 7, 0, false);
	CHECK_EQ(fig.audit.missed, 0);
	read_once(LAB_CLASS_ATOMIC, 1132, 0, false);
	CHECK_EQ(fig.audit.missed, 1125);
}

/* The kernel does not count the kprobes that it skipped: such failures cannot be told. */
static void test_missed_silent_failures_of_kprobes(void)
{
	reset();
	cell.outcome[LAB_ORDERS - 1][LAB_OUT_OVERSIZE_FINAL] = 1999;
	accounting_begin(&acc, &fig, 0, 0);
	accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_HARDIRQ);
	accounting_finish(&acc, &fig, STARTS_UNCOUNTED, 0, true);
	CHECK_EQ(fig.audit.missed, 0);
}

static void test_displaced_starts_count_at_the_end(void)
{
	reset();
	cpu.displaced = 5;
	cpu.strays = 3;
	alone(3);
	read_once(LAB_CLASS_ATOMIC, 0, 0, false);
	CHECK_EQ(fig.audit.unpaired, 3);
	read_once(LAB_CLASS_ATOMIC, 0, 0, true);
	CHECK_EQ(fig.audit.unpaired, 5);
}

/* A start was seen and taken over, its end skipped: neither half tells of the request. */
static void test_missed_displaced_starts(void)
{
	reset();
	cpu.displaced = 5;
	cpu.strays = 4; /* three of those displaced, and one whose start was skipped */
	alone(4);
	read_once(LAB_CLASS_ATOMIC, 1, 2, false);
	CHECK_EQ(fig.audit.missed, 2);
}

/* Ends that came alone before the entry program was attached are no skipped starts. */
static void test_missed_since_the_base(void)
{
	reset();
	alone(30);
	cpu.strays = 10;
	read_once(LAB_CLASS_ATOMIC, 0, 0, false);
	accounting_set_base(&acc, &fig);
	alone(4);
	read_once(LAB_CLASS_ATOMIC, 11, 9, false);
	CHECK_EQ(fig.audit.missed, 7);
}

static void test_raw_tp_expects_no_start(void)
{
	reset();
	alone(9);
	accounting_begin(&acc, &fig, 0, 2);
	accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_TASK);
	accounting_finish(&acc, &fig, STARTS_NONE, fig.audit.done_misses, true);
	CHECK_EQ(fig.audit.unpaired, 0);
	CHECK_EQ(fig.audit.missed, 2);
}

/* A miss and its start without an end, both counted between the two readings of the misses. */
static void test_miss_counted_meanwhile(void)
{
	reset();
	cell.outcome[3][LAB_OUT_LEFT_QUIET_FINAL] = 2;
	accounting_begin(&acc, &fig, 0, 1);
	accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_HARDIRQ);
	accounting_finish(&acc, &fig, STARTS_COUNTED, 2, false);
	CHECK_EQ(fig.audit.silent, 0);
	CHECK_EQ(fig.audit.left, 2);
	CHECK_EQ(fig.audit.missed, 0);
}

/* The kernel does not count the kprobes that it skipped: what the ends tell is all there is. */
static void test_kprobe_misses_by_ends(void)
{
	reset();
	closed(10);
	alone(3);
	accounting_begin(&acc, &fig, 0, 2);
	accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_HARDIRQ);
	accounting_finish(&acc, &fig, STARTS_UNCOUNTED, fig.audit.done_misses, true);
	CHECK_EQ(fig.audit.missed, 2);
	CHECK_EQ(fig.audit.unpaired, 3);
}

static void blind(__u64 n)
{
	alone(n);
	cpu.blind += n;
}

/* The same as read_once(), with some of the misses while starts were off. */
static void read_blind(__u64 entry_misses, __u64 done_misses, __u64 blind_misses)
{
	accounting_begin(&acc, &fig, entry_misses, done_misses);
	accounting_blind(&acc, blind_misses);
	accounting_add_cell(&acc, &fig, &cell, LAB_CLASS_ATOMIC, LAB_CTX_HARDIRQ);
	accounting_add_cpu(&acc, &fig, &cpu);
	accounting_finish(&acc, &fig, STARTS_COUNTED, fig.audit.done_misses, true);
}

/* Ends without a start explain no miss of a start while starts are off. */
static void test_blind_ends_explain_nothing(void)
{
	reset();
	alone(2);
	blind(50);
	read_blind(3, 1, 0);
	CHECK_EQ(fig.audit.missed, 1);
	CHECK_EQ(fig.audit.unpaired, 52);
	reset();
	alone(2);
	blind(50);
	read_blind(3, 9, 0);
	CHECK_EQ(fig.audit.missed, 1);
}

/* A miss of an end while starts are off is no start's without an end: those stay silent. */
static void test_blind_misses_are_missed(void)
{
	reset();
	closed(10);
	blind(5);
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = 2;
	read_blind(0, 7, 7);
	CHECK_EQ(fig.audit.missed, 7);
	CHECK_EQ(fig.audit.silent, 2);
	CHECK_EQ(fig.audit.left, 0);
}

static void test_passed_over_is_not_seen(void)
{
	reset();
	closed(10);
	cpu.skipped = 4711;
	read_once(LAB_CLASS_ATOMIC, 0, 0, true);
	CHECK_EQ(fig.audit.seen, 10);
	CHECK_EQ(fig.audit.skipped, 4711);
	CHECK(!audit_complete(&fig.audit));
}

/*
 * What an interrupt can meet, in any mixture: nothing, the entry program, the end program, both,
 * and an end that closes the slot of a request whose own end was skipped. seen + missed is always
 * the number of requests, and no failure is invented.
 */
static __u64 seed = 23;

static void one_random_mixture(void)
{
	__u64 both = test_random(&seed) % 20, only_start = test_random(&seed) % 50;
	__u64 only_end = test_random(&seed) % 50, whole = test_random(&seed) % 1000;
	__u64 fewer = only_start < only_end ? only_start : only_end;
	__u64 merged = test_random(&seed) % (fewer + 1);
	__u64 requests = both + only_start + only_end + whole;

	reset();
	closed(whole + merged);
	alone(only_end - merged);
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = only_start - merged;
	read_once(LAB_CLASS_ATOMIC, only_end + both, only_start + both, true);
	CHECK_EQ(fig.audit.seen + fig.audit.missed, requests);
	CHECK_EQ(fig.audit.missed, both + merged);
	CHECK_EQ(fig.audit.seen, fig.audit.closed + fig.audit.alone + fig.audit.left);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_silent, 0);
}

/* And some time with failures only in between: nothing more is missed than an end skipped then. */
static void one_random_budget(void)
{
	__u64 both = test_random(&seed) % 20, only_start = test_random(&seed) % 50;
	__u64 only_end = test_random(&seed) % 50, whole = test_random(&seed) % 1000;
	__u64 failed = test_random(&seed) % 100, lost = test_random(&seed) % 10;
	__u64 skipped = test_random(&seed) % 1000;
	__u64 requests = both + only_start + only_end + whole + failed + lost + skipped;

	reset();
	closed(whole);
	alone(only_end);
	blind(failed);
	cpu.skipped = skipped;
	cell.outcome[0][LAB_OUT_LEFT_QUIET_FINAL] = only_start;
	read_blind(only_end + both, only_start + both + lost, lost);
	CHECK_EQ(fig.audit.seen + fig.audit.skipped + fig.audit.missed, requests);
	CHECK_EQ(row_of(LAB_CLASS_ATOMIC)->failed_silent, 0);
}

static void test_every_request_has_its_place(void)
{
	for (int i = 0; i < 10000; i++) {
		one_random_mixture();
		one_random_budget();
	}
}

static void test_slot_key(void)
{
	struct lab_slot slot = {.key = lab_slot_key(GFP_ATOMIC_NEW | LAB_GFP_HARDWALL, 9)};

	CHECK_EQ(lab_slot_gfp(&slot), GFP_ATOMIC_NEW);
	CHECK_EQ(lab_slot_order(&slot), 9);
	CHECK(lab_slot_key(GFP_ATOMIC_NEW, 1) != lab_slot_key(GFP_ATOMIC_NEW, 2));
	CHECK(lab_slot_key(GFP_ATOMIC_NEW, 1) != lab_slot_key(GFP_ATOMIC_NEW | LAB_GFP_NORETRY, 1));
}

static const struct test_case cases[] = {
	{"half_counted_request_shows", test_half_counted_request_shows},
	{"quiet_run_is_complete", test_quiet_run_is_complete},
	{"alone_explains_entry_misses", test_alone_explains_entry_misses},
	{"nolock_hides_nothing", test_nolock_hides_nothing},
	{"all_programs_are_audited", test_all_programs_are_audited},
	{"left_is_served_when_misses_have_room", test_left_is_served_when_misses_have_room},
	{"left_is_silent_without_misses", test_left_is_silent_without_misses},
	{"woken_without_end_has_no_outcome", test_woken_without_end_has_no_outcome},
	{"nolock_left_has_no_outcome", test_nolock_left_has_no_outcome},
	{"oversize_is_silent_and_final", test_oversize_is_silent_and_final},
	{"silent_stays_silent", test_silent_stays_silent},
	{"open_slot", test_open_slot},
	{"open_sleeper", test_open_sleeper},
	{"missed_parked", test_missed_parked},
	{"missed_never_goes_back", test_missed_never_goes_back},
	{"missed_silent_failures", test_missed_silent_failures},
	{"missed_silent_failures_of_a_torn_reading", test_missed_silent_failures_of_a_torn_reading},
	{"missed_silent_failures_of_kprobes", test_missed_silent_failures_of_kprobes},
	{"displaced_starts_count_at_the_end", test_displaced_starts_count_at_the_end},
	{"missed_displaced_starts", test_missed_displaced_starts},
	{"missed_since_the_base", test_missed_since_the_base},
	{"raw_tp_expects_no_start", test_raw_tp_expects_no_start},
	{"miss_counted_meanwhile", test_miss_counted_meanwhile},
	{"kprobe_misses_by_ends", test_kprobe_misses_by_ends},
	{"blind_ends_explain_nothing", test_blind_ends_explain_nothing},
	{"blind_misses_are_missed", test_blind_misses_are_missed},
	{"passed_over_is_not_seen", test_passed_over_is_not_seen},
	{"every_request_has_its_place", test_every_request_has_its_place},
	{"slot_key", test_slot_key},
};

TEST_MAIN("accounting", cases)
