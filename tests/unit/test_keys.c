// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_keys.c - which key says what: lines of the views stat and events. */
#include "keys.h"
#include "view/events_shape.h"
#include "view/show.h"
#include "view/stat_shape.h"

static const struct show whole;

/* ---- stat ---- */

static struct report report;

static void put_row(const char *which, struct row *row)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "%srows.0.", which);
	PUT(prefix, "requests", row->requests);
	PUT(prefix, "failed_final", row->failed_final);
	PUT(prefix, "failed_opportunistic", row->failed_opportunistic);
	PUT(prefix, "failed_silent", row->failed_silent);
	PUT(prefix, "served_low", row->served[LAB_LEVEL_LOW]);
	PUT(prefix, "served_min", row->served[LAB_LEVEL_MIN]);
	PUT(prefix, "served_reserve", row->served[LAB_LEVEL_RESERVE]);
	PUT(prefix, "served_none", row->served[LAB_LEVEL_NONE]);
	PUT(prefix, "served_unknown", row->served[LAB_LEVEL_UNKNOWN]);
	PUT(prefix, "no_outcome", row->no_outcome);
	PUT(prefix, "alone", row->alone);
	PUT(prefix, "bh_off", row->bh_off);
	PUT(prefix, "preempt_off", row->preempt_off);
	PUT(prefix, "orders.0.requests", row->order[3].requests);
	PUT(prefix, "orders.0.failed_final", row->order[3].failed_final);
	PUT(prefix, "orders.0.failed_opportunistic", row->order[3].failed_opportunistic);
	PUT(prefix, "orders.1.requests", row->order[LAB_ORDERS - 1].requests);
	put_hist(prefix, &row->latency);
}

static void put_figures(const char *which, struct figures *f)
{
	put_row(which, &f->row[LAB_CLASS_NOWAIT][LAB_CTX_HARDIRQ]);
	PUT(which, "failures.0.zone_low", f->failure[7][LAB_LEVEL_LOW]);
	PUT(which, "failures.0.zone_min", f->failure[7][LAB_LEVEL_MIN]);
	PUT(which, "failures.0.zone_reserve", f->failure[7][LAB_LEVEL_RESERVE]);
	PUT(which, "failures.0.zone_none", f->failure[7][LAB_LEVEL_NONE]);
	PUT(which, "failures.0.zone_unknown", f->failure[7][LAB_LEVEL_UNKNOWN]);
	PUT(which, "exclusive.eligible", f->exclusive.eligible);
	PUT(which, "exclusive.hit", f->exclusive.hit);
	PUT(which, "exclusive.miss", f->exclusive.miss);
	PUT(which, "exclusive.leak", f->exclusive.leak);
	PUT(which, "exclusive.grown_blocks", f->exclusive.grown_blocks);
	PUT(which, "exclusive.shrunk_blocks", f->exclusive.shrunk_blocks);
	PUT(which, "bulk.calls", f->bulk.calls);
	PUT(which, "bulk.asked_pages", f->bulk.asked_pages);
	PUT(which, "bulk.got_pages", f->bulk.got_pages);
	PUT(which, "bulk.short_calls", f->bulk.short_calls);
	PUT(which, "anon_exclusive_pages", f->anon_exclusive_pages);
	PUT(which, "audit.seen", f->audit.seen);
	PUT(which, "audit.closed", f->audit.closed);
	PUT(which, "audit.alone", f->audit.alone);
	PUT(which, "audit.left", f->audit.left);
	PUT(which, "audit.migrated", f->audit.migrated);
	PUT(which, "audit.silent", f->audit.silent);
	PUT(which, "audit.missed", f->audit.missed);
	PUT(which, "audit.unpaired", f->audit.unpaired);
	PUT(which, "audit.dropped", f->audit.dropped);
	PUT(which, "audit.skipped", f->audit.skipped);
	PUT(which, "audit.unread", f->audit.unread);
	PUT(which, "audit.entry_misses", f->audit.entry_misses);
	PUT(which, "audit.done_misses", f->audit.done_misses);
	PUT(which, "audit.nolock", f->audit.nolock);
	PUT(which, "audit.wake_misses", f->audit.wake_misses);
	PUT(which, "audit.other_misses", f->audit.other_misses);
}

static void put_zone(struct zone_row *z)
{
	snprintf(z->name, sizeof(z->name), "the zone");
	PUT("zones.1.", "node", z->node);
	PUT("zones.1.", "zone", z->zone);
	PUT("zones.1.", "free_pages", z->free);
	PUT("zones.1.", "min_pages", z->min);
	PUT("zones.1.", "low_pages", z->low);
	PUT("zones.1.", "high_pages", z->high);
	PUT("zones.1.", "boost_pages", z->boost);
	PUT("zones.1.", "managed_pages", z->managed);
	PUT("zones.1.", "reserved_highatomic_pages", z->reserved_highatomic);
	PUT("zones.1.", "free_highatomic_pages", z->free_highatomic);
	PUT("zones.1.", "free_cma_pages", z->free_cma);
	PUT("zones.1.", "lowmem_reserve_pages", z->lowmem_reserve);
	PUT("zones.1.", "floor_pages", z->floor);
	PUT("zones.1.", "headroom_pages", z->headroom);
	PUT("zones.1.", "lowest_free_pages", z->lowest_free);
	PUT("zones.1.", "lowest_headroom_pages", z->lowest_headroom);
}

static json_t *stat_line(void)
{
	FILE *f = begin();

	CHECK_EQ(stat_json(f, &whole, &report), 0);
	return end(f);
}

static void stat_report(void)
{
	json_t *root;

	forget();
	memset(&report, 0, sizeof(report));
	put_info(&report.head.info);
	PUT("", "time_ns", report.head.time_ns);
	PUT("", "interval_ns", report.head.interval_ns);
	PUT("", "total_ns", report.head.total_ns);
	PUT("", "sequence", report.head.sequence);
	PUT("", "min_free_kbytes", report.head.min_free_kbytes);
	put_budget(&report.head.budget);
	put_figures("interval.", &report.interval);
	put_figures("total.", &report.total);
	report.zones = 2;
	put_zone(&report.zone[1]);
	root = stat_line();
	check_numbers(root);
	check_info(root);
	check_budget(root);
	check_text(root, "type", "stat");
	check_text(root, "time", "1970-01-01T00:00:00.000001008Z");
	check_text(root, "total.rows.0.class", "nowait");
	check_text(root, "total.rows.0.context", "hardirq");
	check_text(root, "zones.1.name", "the zone");
	CHECK_EQ(json_integer_value(at(root, "total.rows.0.orders.0.order")), 3);
	CHECK_EQ(json_integer_value(at(root, "total.rows.0.orders.1.order")), LAB_ORDERS - 1);
	CHECK_EQ(json_integer_value(at(root, "interval.failures.0.order")), 7);
	check_hist(at(root, "interval.rows.0"));
	check_hist(at(root, "total.rows.0"));
	CHECK(json_is_false(at(root, "final")) && json_is_false(at(root, "total.audit.complete")));
	json_decref(root);
}

/* One by one: all alike, they would hide that two are exchanged. */
static void stat_flags(void)
{
	json_t *root;

	for (unsigned int i = 0; available[i]; i++) {
		memset(&report, 0, sizeof(report));
		set_available(&report.head.info, i);
		root = stat_line();
		check_only_true(at(root, "available"), available[i], available);
		json_decref(root);
	}
	memset(&report, 0, sizeof(report));
	report.head.final = true;
	report.head.info.cpu = -1;
	report.head.budget = (struct budget_report){.limit_ns = 1, .over = true};
	root = stat_line();
	CHECK(json_is_true(at(root, "final")) && json_is_true(at(root, "budget.over")));
	CHECK(json_is_null(at(root, "budget.programs_ns")) && json_is_null(at(root, "cpu")));
	CHECK(json_is_null(at(root, "budget.sites_sampled_every")));
	CHECK(json_is_true(at(root, "total.audit.complete")));
	json_decref(root);
}

/* ---- events ---- */

static struct event event;
static struct run_info info;

static json_t *event_line(void)
{
	FILE *f = begin();

	CHECK_EQ(events_json_event(f, &whole, &info, &event), 0);
	return end(f);
}

static void put_event_zone(struct lab_event_zone *z)
{
	static const char zone[] = "zones.1.";

	PUT(zone, "node", z->node);
	PUT(zone, "zone", z->zone);
	PUT(zone, "free_pages", z->free);
	PUT(zone, "min_pages", z->min);
	PUT(zone, "low_pages", z->low);
	PUT(zone, "boost_pages", z->boost);
	PUT(zone, "lowmem_reserve_pages", z->lowmem_reserve);
	PUT(zone, "managed_pages", z->managed);
	PUT(zone, "free_cma_pages", z->free_cma);
	PUT(zone, "free_highatomic_pages", z->free_highatomic);
	PUT(zone, "unusable_highatomic_pages", z->unusable_highatomic);
	PUT(zone, "ordinary_orders_mask", z->ordinary);
	PUT(zone, "cma_orders_mask", z->cma);
	PUT(zone, "highatomic_orders_mask", z->highatomic);
	PUT(zone, "blocks.0", z->blocks[0]);
	PUT(zone, "blocks.1", z->blocks[1]);
	PUT(zone, "blocks.10", z->blocks[10]);
}

static void put_event(void)
{
	memset(&event, 0, sizeof(event));
	event.raw.head.kind = LAB_EVENT_FAILED;
	event.raw.head.flags = LAB_EVENT_BULK | LAB_EVENT_HAS_START;
	event.raw.head.gfp = 0x820;
	event.raw.head.level = LAB_LEVEL_RESERVE;
	event.verdict = VERDICT_CHARGE;
	event.aftermath = AFTERMATH_RETRIED;
	event.printed = PRINTED_NEVER;
	PUT("", "time_ns", event.time_ns);
	PUT("", "cpu", event.raw.head.cpu);
	PUT("", "order", event.raw.head.order);
	PUT("", "pid", event.raw.head.pid);
	PUT("", "node", event.raw.head.node);
	PUT("", "highest_zone", event.raw.highest_zone);
	PUT("", "bulk_asked_pages", event.raw.bulk_asked);
	PUT("", "bulk_got_pages", event.raw.bulk_got);
	PUT("", "latency_ns", event.raw.head.latency_ns);
	event.nearest.known = true;
	PUT("nearest.", "node", event.nearest.node);
	PUT("nearest.", "usable_pages", event.nearest.usable);
	PUT("nearest.", "need_pages", event.nearest.need);
	PUT("nearest.", "margin_pages", event.nearest.margin);
	event.raw.nodes = 0xf0f;
	event.raw.zones = 2;
	put_event_zone(&event.raw.zone[1]);
	snprintf(event.zone_name[1], LAB_ZONE_NAME, "the zone");
	snprintf(event.site, sizeof(event.site), "the site");
	snprintf(event.driver, sizeof(event.driver), "the driver");
	snprintf(event.via, sizeof(event.via), "the via");
	snprintf(event.evidence, sizeof(event.evidence), "the evidence");
	snprintf(event.how, sizeof(event.how), "the how");
	snprintf(event.raw.head.comm, sizeof(event.raw.head.comm), "the comm");
	event.frames = 2;
	event.frame[1].offset = 0x1234;
	snprintf(event.frame[1].symbol, EVENT_SYMBOL, "the symbol");
	snprintf(event.frame[1].module, EVENT_MODULE, "the module");
}

static void event_numbers(void)
{
	static const char *const texts[] = {"site", "driver", "via", "evidence", "how", "comm"};
	json_t *root;
	char word[32];

	forget();
	memset(&info, 0, sizeof(info));
	snprintf(info.host, sizeof(info.host), "the host");
	snprintf(info.kernel, sizeof(info.kernel), "the kernel");
	put_event();
	root = event_line();
	check_numbers(root);
	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(word, sizeof(word), "the %s", texts[i]);
		check_text(root, texts[i], word);
	}
	check_text(root, "host", "the host");
	check_text(root, "kernel", "the kernel");
	check_text(root, "kind", "failed");
	check_text(root, "verdict", "charge");
	check_text(root, "aftermath", "retried");
	check_text(root, "printed_why", "never");
	check_text(root, "level", "reserve");
	check_text(root, "context", "task");
	check_text(root, "class", "atomic");
	check_text(root, "gfp", "0x820");
	check_text(root, "gfp_names", "GFP_ATOMIC");
	check_text(root, "nodes_mask", "0xf0f");
	check_text(root, "zones.1.name", "the zone");
	check_text(root, "stack.1.symbol", "the symbol");
	check_text(root, "stack.1.module", "the module");
	json_decref(root);
}

/* Flags of the record, and what the mask says: each alone, the others false. */
static void event_flags(void)
{
	static const char *const keys[] = {"bh_off",	   "preempt_off",   "node_bound",
					   "kswapd_woken", "exclusive_hit", "oversize",
					   "nowarn",	   "memalloc",	    NULL};
	static const __u32 flags[] = {LAB_EVENT_BH_OFF, LAB_EVENT_PREEMPT_OFF, LAB_SLOT_NODEMASK,
				      LAB_SLOT_WOKEN,	LAB_SLOT_HIT,	       LAB_EVENT_OVERSIZE};
	static const __u32 masks[] = {LAB_GFP_NOWARN, LAB_GFP_MEMALLOC};
	json_t *root;

	for (unsigned int i = 0; keys[i]; i++) {
		memset(&event, 0, sizeof(event));
		event.raw.head.flags = LAB_EVENT_HAS_START;
		if (i < 6)
			event.raw.head.flags |= flags[i];
		else
			event.raw.head.gfp = masks[i - 6];
		root = event_line();
		check_only_true(root, keys[i], keys);
		CHECK(json_is_true(at(root, "final")) && json_is_true(at(root, "task_is_owner")));
		CHECK(json_is_true(at(root, "printed_by_kernel")));
		json_decref(root);
	}
	memset(&event, 0, sizeof(event));
	event.raw.head.gfp = LAB_GFP_NORETRY;
	event.raw.head.context = LAB_CTX_SOFTIRQ;
	event.raw.head.pid = 7;
	event.printed = PRINTED_NOWARN;
	root = event_line();
	CHECK(json_is_false(at(root, "final")) && json_is_false(at(root, "task_is_owner")));
	CHECK(json_is_false(at(root, "printed_by_kernel")) && json_is_null(at(root, "pid")));
	CHECK(json_is_null(at(root, "latency_ns")) && json_is_null(at(root, "bulk_asked_pages")));
	/* Noted in a slot, and there is none without a start. */
	CHECK(json_is_null(at(root, "kswapd_woken")) && json_is_null(at(root, "exclusive_hit")));
	json_decref(root);
}

static void event_summaries(void)
{
	static const char *const verdicts[VERDICTS] = {
		"exhausted", "fragmented", "reserved",	"constrained", "oversize",
		"injected",  "charge",	   "contended", "bulk_short",  "unexplained"};
	static const char *const printed[PRINTEDS] = {"yes", "nowarn", "ratelimited", "never"};
	struct event_summary s = {.head.final = true};
	json_t *root;
	FILE *f = begin();

	forget();
	PUT("", "time_ns", s.head.time_ns);
	PUT("", "total_ns", s.head.total_ns);
	PUT("", "failed", s.failed);
	PUT("", "lost", s.lost);
	PUT("", "recovered", s.recovered);
	PUT("", "retried", s.retried);
	PUT("", "pending", s.pending);
	PUT("", "slow", s.slow);
	PUT("", "near_misses", s.near_misses);
	PUT("", "throttled", s.head.total.throttled);
	PUT("", "dropped", s.head.total.dropped);
	PUT("", "seen", s.head.total.seen);
	PUT("", "missed", s.head.total.missed);
	PUT("", "unread", s.head.total.unread);
	put_budget(&s.head.budget);
	for (unsigned int i = 0; i < VERDICTS; i++)
		PUT("verdicts.", verdicts[i], s.verdict[i]);
	for (unsigned int i = 0; i < PRINTEDS; i++)
		PUT("printed_by_kernel.", printed[i], s.printed[i]);
	CHECK_EQ(events_json(f, &whole, &s), 0);
	root = end(f);
	check_numbers(root);
	check_budget(root);
	CHECK(json_is_true(at(root, "final")));
	json_decref(root);
}

static const struct test_case cases[] = {
	{"stat_report", stat_report},	      {"stat_flags", stat_flags},
	{"event_numbers", event_numbers},     {"event_flags", event_flags},
	{"event_summaries", event_summaries},
};

TEST_MAIN("keys", cases)
