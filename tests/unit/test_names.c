// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_names.c - each word of the output for what it stands for: the lists here are in the order of
 * the enums, so that two neighbours exchanged show.
 */
#include "model/event_summary.h"
#include "model/site_row.h"
#include "test.h"

static void check_names(const char *(*name_of)(unsigned int), const char *words, unsigned int n)
{
	char copy[512];
	unsigned int i = 0;

	snprintf(copy, sizeof(copy), "%s", words);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "), i++)
		CHECK_MSG(name_of(i) && strcmp(name_of(i), w) == 0, "%u is %s, not %s", i,
			  name_of(i) ?: "none", w);
	CHECK_EQ(i, n);
	CHECK(!name_of(n) && !name_of(n + 1) && !name_of(~0U));
}

static void figures(void)
{
	check_names(class_name, "atomic nowait nolock high blocking", LAB_CLASSES);
	check_names(context_name, "task softirq hardirq nmi unknown", LAB_CONTEXTS);
	check_names(level_name, "low min reserve none unknown", LAB_LEVELS);
	check_names(budget_step_name, "everything no_stacks coarse_sites failures_only",
		    BUDGET_STEPS);
}

static const char *verdict_word(unsigned int v)
{
	return verdict_name((enum verdict)v);
}

static const char *aftermath_word(unsigned int a)
{
	return aftermath_name((enum aftermath)a);
}

static const char *printed_word(unsigned int p)
{
	return printed_name((enum printed)p);
}

static const char *kind_word(unsigned int k)
{
	return event_kind_name((enum lab_event_kind)k);
}

static void events(void)
{
	check_names(verdict_word,
		    "exhausted fragmented reserved constrained oversize injected charge contended "
		    "bulk_short unexplained",
		    VERDICTS);
	check_names(aftermath_word, "pending recovered retried lost", AFTERMATHS);
	check_names(printed_word, "yes nowarn ratelimited never", PRINTEDS);
	check_names(kind_word, "failed slow near_miss follow", LAB_EVENT_KINDS);
}

static void mistakes(void)
{
	check_names(mistake_name,
		    "none sleep_in_nmi sleep_in_hardirq sleep_in_softirq sleep_irqs_off "
		    "sleep_bh_off sleep_preempt_off sleep_rcu_reader needlessly_atomic",
		    LAB_MISTAKES);
}

/* The order of the enums themselves, by which the words above go; the kernel side has it too. */
static void order(void)
{
	CHECK(LAB_CLASS_ATOMIC == 0 && LAB_CLASS_NOWAIT == 1 && LAB_CLASS_NOLOCK == 2 &&
	      LAB_CLASS_HIGH == 3 && LAB_CLASS_BLOCKING == 4);
	CHECK(LAB_CTX_TASK == 0 && LAB_CTX_SOFTIRQ == 1 && LAB_CTX_HARDIRQ == 2 &&
	      LAB_CTX_NMI == 3 && LAB_CTX_UNKNOWN == 4);
	CHECK(LAB_LEVEL_LOW == 0 && LAB_LEVEL_MIN == 1 && LAB_LEVEL_RESERVE == 2 &&
	      LAB_LEVEL_NONE == 3 && LAB_LEVEL_UNKNOWN == 4);
	CHECK(LAB_MISTAKE_SLEEP_IN_NMI == 1 && LAB_MISTAKE_SLEEP_IN_HARDIRQ == 2 &&
	      LAB_MISTAKE_SLEEP_IN_SOFTIRQ == 3 && LAB_MISTAKE_SLEEP_IRQS_OFF == 4 &&
	      LAB_MISTAKE_SLEEP_BH_OFF == 5 && LAB_MISTAKE_SLEEP_PREEMPT_OFF == 6 &&
	      LAB_MISTAKE_SLEEP_RCU_READER == 7 && LAB_MISTAKE_NEEDLESSLY_ATOMIC == 8);
	CHECK(VERDICT_EXHAUSTED == 0 && VERDICT_FRAGMENTED == 1 && VERDICT_RESERVED == 2 &&
	      VERDICT_CONSTRAINED == 3 && VERDICT_OVERSIZE == 4 && VERDICT_INJECTED == 5 &&
	      VERDICT_CHARGE == 6 && VERDICT_CONTENDED == 7 && VERDICT_BULK_SHORT == 8 &&
	      VERDICT_UNEXPLAINED == 9);
	CHECK(AFTERMATH_PENDING == 0 && AFTERMATH_RECOVERED == 1 && AFTERMATH_RETRIED == 2 &&
	      AFTERMATH_LOST == 3);
	CHECK(PRINTED_YES == 0 && PRINTED_NOWARN == 1 && PRINTED_RATELIMITED == 2 &&
	      PRINTED_NEVER == 3);
	CHECK(LAB_EVENT_FAILED == 0 && LAB_EVENT_SLOW == 1 && LAB_EVENT_NEAR_MISS == 2 &&
	      LAB_EVENT_FOLLOW == 3);
}

/* ---- counts under these names ---- */

static void summary(void)
{
	struct event_summary s = {0};
	static const struct {
		__u32 kind;
		enum aftermath aftermath;
		unsigned int times;
	} events[] = {
		{LAB_EVENT_FAILED, AFTERMATH_LOST, 2},
		{LAB_EVENT_FAILED, AFTERMATH_RECOVERED, 3},
		{LAB_EVENT_FAILED, AFTERMATH_RETRIED, 5},
		{LAB_EVENT_FAILED, AFTERMATH_PENDING, 7},
		{LAB_EVENT_SLOW, AFTERMATH_PENDING, 11},
		{LAB_EVENT_NEAR_MISS, AFTERMATH_LOST, 13},
		{LAB_EVENT_FOLLOW, AFTERMATH_LOST, 17},
	};

	for (unsigned int i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		for (unsigned int n = 0; n < events[i].times; n++) {
			struct event e = {.aftermath = events[i].aftermath,
					  .verdict = (enum verdict)i,
					  .printed = (enum printed)(i % PRINTEDS)};

			e.raw.head.kind = events[i].kind;
			event_summary_add(&s, &e);
		}
	CHECK_EQ(s.failed, 17);
	CHECK_EQ(s.lost, 2);
	CHECK_EQ(s.recovered, 3);
	CHECK_EQ(s.retried, 5);
	CHECK_EQ(s.pending, 7);
	CHECK_EQ(s.slow, 11);
	CHECK_EQ(s.near_misses, 13);
	for (unsigned int v = 0; v < VERDICTS; v++)
		CHECK_EQ(s.verdict[v], v < 4 ? events[v].times : 0);
	for (unsigned int p = 0; p < PRINTEDS; p++)
		CHECK_EQ(s.printed[p], events[p].times);
}

/* Of a kernel log: counted, but under no name that there is not. */
static void summary_without_a_name(void)
{
	struct event_summary s = {0};
	struct event e = {.verdict = VERDICTS, .printed = PRINTEDS, .aftermath = AFTERMATHS};

	event_summary_add(&s, &e);
	CHECK_EQ(s.failed, 1);
	CHECK_EQ(s.pending, 0);
	CHECK_EQ(s.not_followed, 1);
	for (unsigned int v = 0; v < VERDICTS; v++)
		CHECK_EQ(s.verdict[v], 0);
	for (unsigned int p = 0; p < PRINTEDS; p++)
		CHECK_EQ(s.printed[p], 0);
}

static void cleared(void)
{
	static struct event e;

	memset(&e, 0x55, sizeof(e));
	event_clear(&e);
	CHECK_EQ(e.time_ns, 0);
	CHECK_EQ(e.raw.head.gfp, 0);
	CHECK_EQ(e.raw.zone[LAB_EVENT_ZONES - 1].free, 0);
	CHECK(!e.zone_name[0][0] && !e.zone_name[LAB_EVENT_ZONES - 1][LAB_ZONE_NAME - 1]);
	CHECK(!e.site[0] && !e.driver[0] && !e.via[0] && !e.evidence[0] && !e.how[0]);
	CHECK_EQ(e.verdict, 0);
	CHECK_EQ(e.frames, 0);
}

static const struct test_case cases[] = {
	{"figures", figures},	{"events", events},
	{"mistakes", mistakes}, {"order", order},
	{"summary", summary},	{"summary_without_a_name", summary_without_a_name},
	{"cleared", cleared},
};

TEST_MAIN("names", cases)
