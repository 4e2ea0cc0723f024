// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_events_fold.c - which events of a storm are like the one before, and how many are said. */
#include <stdlib.h>

#include "test.h"
#include "view/events_fold.h"

static struct event one;

static void make(void)
{
	memset(&one, 0, sizeof(one));
	one.time_ns = 1000000000;
	one.raw.head.kind = LAB_EVENT_FAILED;
	one.raw.head.gfp = LAB_GFP_HIGH;
	one.raw.head.context = LAB_CTX_SOFTIRQ;
	strcpy(one.site, "rx_refill");
	strcpy(one.driver, "e1000e");
	one.aftermath = AFTERMATH_LOST;
	one.verdict = VERDICT_EXHAUSTED;
}

static void check_said(struct events_fold *fold, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	CHECK_EQ(events_fold_text(f, fold), 0);
	fclose(f);
	CHECK_MSG(strcmp(text, expected) == 0, "\"%s\", not \"%s\"", text, expected);
	free(text);
}

/* Each is counted, and said once. */
static void counts(void)
{
	struct events_fold fold = {0};

	make();
	CHECK(!events_fold_takes(&fold, &one));
	check_said(&fold, "");
	events_fold_show(&fold, &one);
	check_said(&fold, "");
	one.time_ns += 2000000;
	one.raw.head.cpu = 3;
	one.raw.head.pid = 4;
	CHECK(events_fold_takes(&fold, &one));
	one.time_ns += 250000000;
	CHECK(events_fold_takes(&fold, &one));
	check_said(&fold, "    and 2 more like it, the last 0.252 s later\n");
	check_said(&fold, "");
	CHECK(events_fold_takes(&fold, &one));
	check_said(&fold, "    and 3 more like it, the last 0.252 s later\n");
}

/* Whatever else differs is another event. */
static void differences(void)
{
	struct events_fold fold = {0};

	make();
	events_fold_show(&fold, &one);
#define DIFFERS(member, value)                                                                     \
	do {                                                                                       \
		make();                                                                            \
		one.member = value;                                                                \
		CHECK_MSG(!events_fold_takes(&fold, &one), "%s makes no difference", #member);     \
	} while (0)
	DIFFERS(raw.head.kind, LAB_EVENT_SLOW);
	DIFFERS(raw.head.gfp, LAB_GFP_HIGH | LAB_GFP_NOWARN);
	DIFFERS(raw.head.order, 1);
	DIFFERS(raw.head.context, LAB_CTX_TASK);
	DIFFERS(raw.head.level, LAB_LEVEL_NONE);
	DIFFERS(verdict, VERDICT_FRAGMENTED);
	DIFFERS(aftermath, AFTERMATH_RECOVERED);
	DIFFERS(printed, PRINTED_NOWARN);
	DIFFERS(site[0], 'x');
	DIFFERS(driver[0], 'x');
	DIFFERS(via[0], 'x');
	make();
	strcpy(one.driver, "e1000");
	strcpy(one.site, "erx_refill");
	CHECK(!events_fold_takes(&fold, &one));
	make();
	CHECK(events_fold_takes(&fold, &one));
}

static const struct test_case cases[] = {
	{"counts", counts},
	{"differences", differences},
};

TEST_MAIN("events_fold", cases)
