// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_lint.c - mistakes: put together, their order, what is said, through JSON and back. */
#include "view/lint_report.h"

#include "view/views.h"
#include "tables_trip.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define KERNEL (LAB_GFP_DIRECT_RECLAIM | LAB_GFP_KSWAPD_RECLAIM)

static void take(struct lint_report *r, __u32 mistake, const char *site, __u64 times, __u16 order)
{
	struct site_row row = {
		.key = {.gfp = mistake == LAB_MISTAKE_NEEDLESSLY_ATOMIC ? ATOMIC : KERNEL,
			.order = order,
			.context = mistake == LAB_MISTAKE_SLEEP_IN_SOFTIRQ ? LAB_CTX_SOFTIRQ
									   : LAB_CTX_TASK,
			.mistake = (__u8)mistake},
		.count = {.sampled = times},
		.frame = {{.symbol = "alloc", .offset = 0x1f}, {.offset = 1}},
		.frames = 2,
		.driver = "e1000e",
		.via = "kmalloc < __alloc_skb",
	};

	snprintf(row.site, sizeof(row.site), "%s", site);
	snprintf(row.frame[1].symbol, sizeof(row.frame[1].symbol), "caller%u", order);
	snprintf(row.frame[1].module, sizeof(row.frame[1].module), "e1000e");
	CHECK_EQ(lint_take(r, &row), 0);
}

/* Two readings; the site `poll` is there with two stacks. */
static void fill(struct lint_report *r)
{
	lint_begin(r);
	take(r, LAB_MISTAKE_NEEDLESSLY_ATOMIC, "setup", 100, 0);
	take(r, LAB_MISTAKE_SLEEP_IN_SOFTIRQ, "poll", 3, 0);
	lint_begin(r);
	take(r, LAB_MISTAKE_NONE, "fine", 9, 0);
	take(r, LAB_MISTAKE_NEEDLESSLY_ATOMIC, "setup", 100, 0);
	take(r, LAB_MISTAKE_SLEEP_IN_SOFTIRQ, "poll", 3, 0);
	take(r, LAB_MISTAKE_SLEEP_IN_SOFTIRQ, "poll", 5, 3);
	take(r, LAB_MISTAKE_SLEEP_BH_OFF, "", 1, 40);
	r->head = (struct run_head){
		.info = {.host = "h",
			 .kernel = "k",
			 .version = "1",
			 .class_mask = 31,
			 .cpu = -1,
			 .order_mask = ~0U,
			 .missings = 1,
			 .missing = {"RCU readers"}},
		.time_ns = 1795231595123456789ULL,
		.interval_ns = 1000000000,
		.total_ns = 2000000000,
		.sequence = 2,
	};
}

static void put_together(void)
{
	struct lint_report r = {0};
	const struct lint_finding **f;

	fill(&r);
	CHECK_EQ(lint_sorted(&r, &trip_whole, true, &f), 2);
	CHECK_EQ(f[0]->mistake, LAB_MISTAKE_SLEEP_IN_SOFTIRQ);
	CHECK_EQ(f[0]->interval, 5);
	CHECK_EQ(f[0]->total, 8);
	CHECK_EQ(f[0]->orders, 0x9);
	CHECK_EQ(f[0]->contexts, 1 << LAB_CTX_SOFTIRQ);
	CHECK_EQ(f[0]->stack_times, 5);
	CHECK(strcmp(f[0]->frame[1].symbol, "caller3") == 0);
	CHECK_EQ(f[1]->orders, 1 << (LAB_ORDERS - 1));
	free(f);
	CHECK_EQ(lint_sorted(&r, &trip_whole, false, &f), 3);
	CHECK_EQ(f[2]->mistake, LAB_MISTAKE_NEEDLESSLY_ATOMIC);
	CHECK_EQ(f[2]->total, 100);
	CHECK_EQ(f[2]->interval, 0);
	free(f);
	lint_drop(&r);
}

static void class_filter(void)
{
	const struct show atomic = {.only_classes = 1 << LAB_CLASS_ATOMIC};
	struct lint_report r = {0};
	const struct lint_finding **f;

	fill(&r);
	CHECK_EQ(lint_sorted(&r, &atomic, false, &f), 1);
	CHECK_EQ(f[0]->mistake, LAB_MISTAKE_NEEDLESSLY_ATOMIC);
	free(f);
	lint_drop(&r);
}

static void words(void)
{
	for (unsigned int i = 0; i < LAB_MISTAKES; i++) {
		CHECK_MSG(mistake_name(i) != NULL, "mistake %u has no name", i);
		CHECK_EQ(lint_what(i)[0] != '\0', i != LAB_MISTAKE_NONE);
		CHECK_EQ(lint_change(i)[0] != '\0', i != LAB_MISTAKE_NONE);
		CHECK_EQ(lint_is_bug(i), i && strncmp(mistake_name(i), "sleep_", 6) == 0);
	}
	CHECK(!mistake_name(LAB_MISTAKES));
	CHECK(!lint_what(LAB_MISTAKES)[0] && !lint_change(LAB_MISTAKES)[0]);
}

static void clean(void)
{
	const struct show opt = {0};
	struct lint_report r = {.head = {.sequence = 1, .final = true, .info = {.cpu = -1}}};
	char *text = trip_print(view_lint.text, &opt, &r);

	CHECK_MSG(strstr(text, "no mistakes seen\n"), "%s", text);
	free(text);
	r.head.info.missings = 1;
	snprintf(r.head.info.missing[0], REPORT_STR, "RCU readers are not seen");
	text = trip_print(view_lint.text, &opt, &r);
	CHECK_MSG(strstr(text, "missing: RCU readers are not seen\n"), "%s", text);
	CHECK_MSG(strstr(text, "no mistakes seen, as far as"), "%s", text);
	free(text);
	trip_there_and_back(&view_lint, &opt, &r);
}

static void there_and_back(void)
{
	const struct show plain = {0}, stacks = {.stack = true, .timestamp = true};
	struct lint_report r = {0};

	fill(&r);
	trip_there_and_back(&view_lint, &plain, &r);
	trip_there_and_back(&view_lint, &stacks, &r);
	r.head.final = true;
	trip_there_and_back(&view_lint, &stacks, &r);
	lint_drop(&r);
}

static void damaged(void)
{
	struct lint_report r = {0};

	fill(&r);
	trip_refuses(&view_lint, &r, "\"site\":\"poll\"", "\"site\":\"pull\"",
		     "interval.findings[0].site: this one is not in total");
	trip_refuses(&view_lint, &r, "sleep_bh_off", "sleep_deep", "mistake: ");
	trip_refuses(&view_lint, &r, "sleep_bh_off", "none", "mistake: ");
	trip_refuses(&view_lint, &r, "\"times\":5", "\"times\":-5", "times: ");
	trip_refuses(&view_lint, &r, "\"findings\":[", "\"findings\":1,\"x\":[",
		     "interval.findings: ");
	lint_drop(&r);
}

/* Any byte of a line may be another: it is read or refused, and nothing worse. */
static void mangled(void)
{
	struct lint_report r = {0};

	fill(&r);
	trip_mangle(&view_lint, &r);
	lint_drop(&r);
}

static const struct test_case cases[] = {
	{"put_together", put_together},
	{"class_filter", class_filter},
	{"words", words},
	{"clean", clean},
	{"there_and_back", there_and_back},
	{"damaged", damaged},
	{"mangled", mangled},
};

TEST_MAIN("lint", cases)
