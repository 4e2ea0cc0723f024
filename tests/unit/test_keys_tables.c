// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_keys_tables.c - which key says what: lines of the views why, flags and lint. */
#include "keys.h"
#include "view/flags_report.h"
#include "view/lint_report.h"
#include "view/views.h"
#include "view/why_shape.h"

static const struct show whole;

/* ---- why ---- */

static void put_why_figures(const char *prefix, struct why_figures *f)
{
	char key[80];

	PUT(prefix, "requests_sampled", f->requests_sampled);
	PUT(prefix, "failed", f->failed);
	PUT(prefix, "failed_final", f->failed_final);
	PUT(prefix, "lost", f->lost);
	PUT(prefix, "recovered", f->recovered);
	PUT(prefix, "retried", f->retried);
	PUT(prefix, "pending", f->pending);
	PUT(prefix, "not_followed", f->not_followed);
	PUT(prefix, "below_min", f->below_min);
	PUT(prefix, "slow", f->slow);
	PUT(prefix, "latency_max_ns", f->latency_max_ns);
	snprintf(key, sizeof(key), "%sverdicts.", prefix);
	PUT(key, "exhausted", f->verdict[VERDICT_EXHAUSTED]);
	PUT(key, "unexplained", f->verdict[VERDICT_UNEXPLAINED]);
	snprintf(key, sizeof(key), "%sprinted_by_kernel.", prefix);
	PUT(key, "nowarn", f->printed[PRINTED_NOWARN]);
	PUT(key, "never", f->printed[PRINTED_NEVER]);
}

static void put_site(const char *prefix, struct why_site *s)
{
	char key[80];

	snprintf(s->site, sizeof(s->site), "the site");
	snprintf(s->driver, sizeof(s->driver), "the driver");
	put_why_figures(prefix, &s->count);
	s->has_example = s->example.failed = true;
	snprintf(key, sizeof(key), "%sexample.", prefix);
	PUT(key, "time_ns", s->example.time_ns);
	PUT(key, "order", s->example.order);
	s->example.nearest.known = true;
	PUT(key, "nearest.need_pages", s->example.nearest.need);
	s->example.verdict = VERDICT_RESERVED;
	s->example.aftermath = AFTERMATH_LOST;
	s->example.gfp = 0x800;
	s->example.context = LAB_CTX_NMI;
	s->example.flags = LAB_EVENT_PREEMPT_OFF;
	snprintf(s->example.via, EVENT_TEXT, "the via");
	snprintf(s->example.evidence, EVENT_TEXT, "the evidence");
	snprintf(s->example.how, EVENT_TEXT, "the how");
	snprintf(s->advice[0], WHY_ADVICE_TEXT, "first");
	snprintf(s->advice[1], WHY_ADVICE_TEXT, "second");
}

static void check_site(const json_t *s)
{
	check_text(s, "site", "the site");
	check_text(s, "driver", "the driver");
	check_text(s, "advice.0", "first");
	check_text(s, "advice.1", "second");
	check_text(s, "example.verdict", "reserved");
	check_text(s, "example.aftermath", "lost");
	check_text(s, "example.gfp", "0x800");
	check_text(s, "example.class", "nowait");
	check_text(s, "example.context", "nmi");
	check_text(s, "example.via", "the via");
	check_text(s, "example.evidence", "the evidence");
	check_text(s, "example.how", "the how");
	CHECK(json_is_false(at(s, "example.bh_off")) && json_is_true(at(s, "example.preempt_off")));
}

static void why_report(void)
{
	static struct why_site sites[2];
	struct why_report r = {.counted = true, .ended = true};
	json_t *root;
	FILE *f = begin();

	forget();
	put_info(&r.head.info);
	PUT("", "time_ns", r.head.time_ns);
	PUT("", "interval_ns", r.head.interval_ns);
	PUT("", "total_ns", r.head.total_ns);
	PUT("", "sequence", r.head.sequence);
	PUT("", "sample_every", r.sample_every);
	PUT("", "min_free_kbytes", r.head.min_free_kbytes);
	PUT("", "uncounted", r.head.total.uncounted);
	PUT("", "throttled", r.head.total.throttled);
	PUT("", "dropped", r.head.total.dropped);
	PUT("", "seen", r.head.total.seen);
	PUT("", "missed", r.head.total.missed);
	PUT("", "unread", r.head.total.unread);
	put_budget(&r.head.budget);
	r.interval.site = &sites[0];
	r.total.site = &sites[1];
	r.interval.sites = r.total.sites = 1;
	put_site("interval.sites.0.", &sites[0]);
	put_site("total.sites.0.", &sites[1]);
	PUT("interval.", "other_sites", r.interval.other_sites);
	PUT("total.", "other_sites", r.total.other_sites);
	put_why_figures("interval.other.", &r.interval.other);
	put_why_figures("total.other.", &r.total.other);
	CHECK_EQ(why_json(f, &whole, &r), 0);
	root = end(f);
	check_numbers(root);
	check_info(root);
	check_budget(root);
	check_site(at(root, "interval.sites.0"));
	check_site(at(root, "total.sites.0"));
	CHECK(json_is_true(at(root, "counted")) && json_is_true(at(root, "ended")) &&
	      json_is_false(at(root, "final")));
	json_decref(root);
}

/* Of the three each alone. */
static void why_flags(void)
{
	static const char *const keys[] = {"counted", "ended", "final", NULL};

	for (unsigned int i = 0; keys[i]; i++) {
		struct why_report r = {.counted = i == 0, .ended = i == 1, .head.final = i == 2};
		json_t *root;
		FILE *f = begin();

		r.head.total.seen = r.head.total.uncounted = 5;
		CHECK_EQ(why_json(f, &whole, &r), 0);
		root = end(f);
		check_only_true(root, keys[i], keys);
		CHECK_EQ(json_is_null(at(root, "uncounted")), i != 0);
		CHECK_EQ(json_is_null(at(root, "seen")), i != 1);
		json_decref(root);
	}
}

/* ---- flags and lint ---- */

static void put_head(struct run_head *head, bool seen)
{
	put_info(&head->info);
	PUT("", "time_ns", head->time_ns);
	PUT("", "interval_ns", head->interval_ns);
	PUT("", "total_ns", head->total_ns);
	PUT("", "sequence", head->sequence);
	PUT("", "min_free_kbytes", head->min_free_kbytes);
	put_budget(&head->budget);
	if (seen) {
		PUT("interval.audit.", "seen", head->interval.seen);
		PUT("total.audit.", "seen", head->total.seen);
	}
	PUT("interval.audit.", "missed", head->interval.missed);
	PUT("interval.audit.", "unread", head->interval.unread);
	PUT("interval.audit.", "uncounted", head->interval.uncounted);
	PUT("interval.audit.", "skipped", head->interval.skipped);
	PUT("total.audit.", "missed", head->total.missed);
	PUT("total.audit.", "unread", head->total.unread);
	PUT("total.audit.", "uncounted", head->total.uncounted);
	PUT("total.audit.", "skipped", head->total.skipped);
}

static void put_count(const char *prefix, struct flags_count *c)
{
	char key[80];

	PUT(prefix, "failed_final", c->failed_final);
	PUT(prefix, "failed_opportunistic", c->failed_opportunistic);
	PUT(prefix, "served_low", c->served[LAB_LEVEL_LOW]);
	PUT(prefix, "served_min", c->served[LAB_LEVEL_MIN]);
	PUT(prefix, "served_reserve", c->served[LAB_LEVEL_RESERVE]);
	PUT(prefix, "served_none", c->served[LAB_LEVEL_NONE]);
	PUT(prefix, "served_unknown", c->served[LAB_LEVEL_UNKNOWN]);
	PUT(prefix, "alone", c->alone);
	PUT(prefix, "seen_orders_mask", c->orders);
	snprintf(key, sizeof(key), "%sfast.", prefix);
	put_hist(key, &c->fast);
	snprintf(key, sizeof(key), "%sslow.", prefix);
	put_hist(key, &c->slow);
}

static void flags_report(void)
{
	struct flags_report r = {0};
	struct flags_kind *kind = flags_find(&r, 0x820);
	json_t *root;
	FILE *f = begin();

	forget();
	put_head(&r.head, true);
	put_count("interval.kinds.0.", &kind->interval);
	put_count("total.kinds.0.", &kind->total);
	CHECK_EQ(view_flags.json(f, &whole, &r), 0);
	root = end(f);
	check_numbers(root);
	check_info(root);
	check_budget(root);
	check_text(root, "type", "flags");
	check_text(root, "total.kinds.0.gfp", "0x820");
	check_text(root, "total.kinds.0.class", "atomic");
	check_text(root, "total.kinds.0.rights", "three_eighths");
	CHECK(json_is_false(at(root, "total.kinds.0.may_sleep")));
	check_hist(at(root, "interval.kinds.0.fast"));
	check_hist(at(root, "total.kinds.0.slow"));
	json_decref(root);
	flags_drop(&r);
}

static void lint_report(void)
{
	struct lint_finding like = {.mistake = LAB_MISTAKE_SLEEP_BH_OFF, .gfp = 0xcc0};
	struct lint_report r = {0};
	struct lint_finding *finding;
	json_t *root;
	FILE *f = begin();

	snprintf(like.site, sizeof(like.site), "the site");
	snprintf(like.driver, sizeof(like.driver), "the driver");
	finding = lint_find(&r, &like);
	forget();
	put_head(&r.head, false);
	PUT("interval.findings.0.", "times", finding->interval);
	PUT("total.findings.0.", "times", finding->total);
	PUT("total.findings.0.", "seen_orders_mask", finding->orders);
	PUT("total.findings.0.", "stack_times", finding->stack_times);
	finding->contexts = 1U << LAB_CTX_SOFTIRQ | 1U << LAB_CTX_NMI;
	snprintf(finding->via, EVENT_TEXT, "the via");
	finding->frames = 1;
	snprintf(finding->frame[0].symbol, EVENT_SYMBOL, "the symbol");
	CHECK_EQ(view_lint.json(f, &whole, &r), 0);
	root = end(f);
	check_numbers(root);
	check_info(root);
	check_budget(root);
	check_text(root, "type", "lint");
	check_text(root, "total.findings.0.mistake", "sleep_bh_off");
	check_text(root, "total.findings.0.site", "the site");
	check_text(root, "total.findings.0.driver", "the driver");
	check_text(root, "total.findings.0.via", "the via");
	check_text(root, "total.findings.0.gfp", "0xcc0");
	check_text(root, "total.findings.0.class", "blocking");
	check_text(root, "total.findings.0.contexts.0", "softirq");
	check_text(root, "total.findings.0.contexts.1", "nmi");
	check_text(root, "total.findings.0.stack.0.symbol", "the symbol");
	CHECK(json_is_true(at(root, "total.findings.0.bug")));
	CHECK(json_is_null(at(root, "total.audit.seen")));
	json_decref(root);
	lint_drop(&r);
}

static const struct test_case cases[] = {
	{"why_report", why_report},
	{"why_flags", why_flags},
	{"flags_report", flags_report},
	{"lint_report", lint_report},
};

TEST_MAIN("keys_tables", cases)
