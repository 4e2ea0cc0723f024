// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why.c - the view why: events and counts put together by site. */
#include "view/why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exits.h"
#include "base/util.h"
#include "model/settle.h"
#include "view/views.h"
#include "view/why_half.h"
#include "view/why_runs.h"
#include "view/why_shape.h"
#include "view/why_text.h"

#define BUCKETS 1024
/* More sites than the kernel side has rows for: what comes then is in no site of its own. */
#define TALLIES 8192

enum half_of { INTERVAL, TOTAL, HALVES };

/* What the kernel side counted. */
struct counted {
	__u64 sampled, failed_final, below_min, slow, latency_max_ns;
	struct settlement settlement; /* of all that failed */
};

struct tally {
	struct tally *next; /* of its bucket */
	char site[EVENT_SYMBOL], driver[EVENT_MODULE];
	struct counted now, then;
	struct why_case *row; /* stands for the site when no failure was told */
	__u64 row_rank;
	__u64 run_lost, last_lost_ns;
	struct half half[HALVES];
};

struct why {
	struct tally *bucket[BUCKETS];
	struct tally *tally[TALLIES];
	unsigned int tallies;
	struct tally over; /* of all that found no room */
	bool counted;
	struct reserve_runs runs;
};

/* ---- the table of sites ---- */

struct why *why_new(void)
{
	return calloc(1, sizeof(struct why));
}

static void tally_clear(struct tally *t)
{
	for (unsigned int i = 0; i < HALVES; i++)
		why_half_clear(&t->half[i]);
	free(t->row);
}

void why_free(struct why *w)
{
	if (!w)
		return;
	for (unsigned int i = 0; i < w->tallies; i++) {
		tally_clear(w->tally[i]);
		free(w->tally[i]);
	}
	tally_clear(&w->over);
	free(w);
}

static unsigned int bucket_of(const char *site, const char *driver)
{
	__u32 hash = 2166136261U; /* FNV-1a */

	for (const char *c = site; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619U;
	for (const char *c = driver; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619U;
	return hash % BUCKETS;
}

/* NULL: no memory. */
static struct tally *find(struct why *w, const char *site, const char *driver)
{
	struct tally **bucket = &w->bucket[bucket_of(site, driver)], *t;

	for (t = *bucket; t; t = t->next)
		if (strcmp(t->site, site) == 0 && strcmp(t->driver, driver) == 0)
			return t;
	if (w->tallies == TALLIES)
		return &w->over;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	memcpy(t->site, site, strlen(site) + 1);
	memcpy(t->driver, driver, strlen(driver) + 1);
	t->next = *bucket;
	*bucket = w->tally[w->tallies++] = t;
	return t;
}

/* ---- events ---- */

/* Without a verdict it is an example only where the site has no other. */
static int keep_unjudged(struct tally *t, const struct event *e)
{
	if (!t->row)
		t->row = calloc(1, sizeof(*t->row));
	if (!t->row)
		return -ENOMEM;
	why_case_of_event(t->row, e);
	t->row->failed = false;
	t->row->verdict = 0;
	return 0;
}

/* Lost ones in a row, up to this one. */
static __u64 run_of_site(struct tally *t, const struct event *e)
{
	if (e->aftermath != AFTERMATH_LOST)
		return 0;
	if (e->time_ns > t->last_lost_ns + WHY_RUN_GAP_NS)
		t->run_lost = 0;
	t->last_lost_ns = e->time_ns;
	return ++t->run_lost;
}

int why_add_event(struct why *w, const struct event *e)
{
	struct tally *t;
	__u64 run_lost = 0;
	int r = 0;

	if (e->raw.head.kind >= LAB_EVENT_FOLLOW)
		return 0;
	t = find(w, e->site, e->driver);
	if (!t || (e->verdict >= VERDICTS && keep_unjudged(t, e)))
		return -ENOMEM;
	if (e->raw.head.kind == LAB_EVENT_FAILED) {
		run_lost = run_of_site(t, e);
		reserve_runs_add(&w->runs, e);
	}
	for (unsigned int i = 0; i < HALVES && !r; i++)
		r = why_half_add(&t->half[i], e, run_lost);
	return r;
}

/* ---- rows ---- */

void why_begin_rows(struct why *w)
{
	w->counted = true;
	memset(&w->over.now, 0, sizeof(w->over.now));
	w->over.row_rank = 0;
	for (unsigned int i = 0; i < w->tallies; i++) {
		memset(&w->tally[i]->now, 0, sizeof(w->tally[i]->now));
		w->tally[i]->row_rank = 0;
	}
}

/* The row with the most trouble stands for the site. */
static int keep_row(struct tally *t, const struct site_row *row, __u64 failed)
{
	__u64 rank = (failed << 32) + (row->count.below_min << 16) + row->count.slow;

	if (rank <= t->row_rank)
		return 0;
	if (!t->row)
		t->row = calloc(1, sizeof(*t->row));
	if (!t->row)
		return -ENOMEM;
	t->row_rank = rank;
	why_case_of_row(t->row, row);
	return 0;
}

int why_add_row(struct why *w, const struct site_row *row)
{
	struct tally *t = find(w, row->site, row->driver);
	const struct lab_site *c = &row->count;
	__u64 failed = c->failed_final + c->failed_opportunistic + c->bulk_short;

	if (!t)
		return -ENOMEM;
	t->now.sampled += c->sampled;
	settle_row(&t->now.settlement, row);
	t->now.failed_final += c->failed_final + (why_is_final(row->key.gfp) ? c->bulk_short : 0);
	t->now.below_min += c->below_min;
	t->now.slow += c->slow;
	if (c->latency_max_ns > t->now.latency_max_ns)
		t->now.latency_max_ns = c->latency_max_ns;
	return keep_row(t, row, failed);
}

int why_add_pair(struct why *w, const struct site_pair *pair)
{
	struct tally *t = find(w, pair->then.site, pair->then.driver);

	if (!t)
		return -ENOMEM;
	settle_pair(&t->now.settlement, pair);
	return 0;
}

/* ---- the lists of a report, worst first ---- */

static __u64 since(__u64 now, __u64 then)
{
	return now > then ? now - then : 0;
}

/* What was pending before may be settled in the interval, and is then in no failure of it. */
static struct outcomes outcomes_since(const struct counted *now, const struct counted *then)
{
	struct outcomes is = settle_outcomes(&now->settlement);
	struct outcomes was = settle_outcomes(&then->settlement);

	return (struct outcomes){
		.failed = since(is.failed, was.failed),
		.lost = since(is.lost, was.lost),
		.recovered = since(is.recovered, was.recovered),
		.retried = since(is.retried, was.retried),
		.pending = is.pending,
		.unknown = since(is.unknown, was.unknown),
	};
}

/* A maximum that grew was reached in the interval. */
static __u64 latency_since(const struct counted *now, const struct counted *then)
{
	return now->latency_max_ns > then->latency_max_ns ? now->latency_max_ns : 0;
}

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/* What the kernel counted takes the place of what was told. */
static void take_outcomes(struct why_figures *f, const struct outcomes *o)
{
	f->failed = o->failed;
	f->lost = o->lost;
	f->recovered = o->recovered;
	f->retried = o->retried;
	f->pending = o->pending;
	f->not_followed = o->unknown;
}

/*
 * An event is told some time after it was counted, so that in an interval either may be more; and
 * what found no room among the counts was told all the same.
 */
static void take_counts(struct why_figures *f, const struct counted *now,
			const struct counted *then)
{
	struct outcomes o = outcomes_since(now, then);

	if (o.failed >= f->failed)
		take_outcomes(f, &o);
	f->requests_sampled = since(now->sampled, then->sampled);
	f->failed_final = larger(since(now->failed_final, then->failed_final), f->failed_final);
	f->below_min = larger(since(now->below_min, then->below_min), f->below_min);
	f->slow = larger(since(now->slow, then->slow), f->slow);
	f->latency_max_ns = larger(latency_since(now, then), f->latency_max_ns);
}

static struct why_figures figures_of(const struct why *w, const struct tally *t, enum half_of which)
{
	static const struct counted none;
	struct why_figures f = t->half[which].told;

	if (w->counted)
		take_counts(&f, &t->now, which == INTERVAL ? &t->then : &none);
	return f;
}

struct entry {
	const struct tally *tally;
	struct why_figures count;
};

static int more_first(__u64 a, __u64 b)
{
	return (a < b) - (a > b);
}

static int compare(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	const struct why_figures *x = &a->count, *y = &b->count;

	return more_first(x->lost, y->lost)
		       ?: more_first(x->failed_final, y->failed_final)
		       ?: more_first(x->below_min, y->below_min)
		       ?: more_first(x->failed, y->failed)
		       ?: more_first(x->slow, y->slow)
		       ?: more_first(x->requests_sampled, y->requests_sampled)
		       ?: strcmp(a->tally->driver, b->tally->driver)
		       ?: strcmp(a->tally->site, b->tally->site);
}

static void fill_site(const struct why *w, struct why_site *s, const struct entry *entry,
		      enum half_of which, const struct advice_machine *machine)
{
	const struct tally *t = entry->tally;
	const struct half *h = &t->half[which];
	const struct why_case *example = why_half_leading(h);
	struct advice_told told = h->advice;

	memcpy(s->site, t->site, sizeof(s->site));
	memcpy(s->driver, t->driver, sizeof(s->driver));
	s->count = entry->count;
	if (!example && (s->count.failed || s->count.below_min || s->count.slow))
		example = t->row;
	s->has_example = example;
	if (!example)
		return;
	s->example = *example;
	if (!example->failed)
		return;
	told.verdict_lost = h->verdict_lost[example->verdict];
	told.mask_lost = why_half_mask_lost(h, example);
	advise(&(struct advice_input){s, &told, &w->runs.worst[which], machine}, s->advice);
}

static struct advice_machine machine_of(const struct why *w, const struct why_report *r,
					const struct why_figures *sum)
{
	struct advice_machine m = {
		.min_free_kbytes = r->head.min_free_kbytes,
		.page_bytes = run_page_bytes(&r->head.info),
		.at_least = sum->not_followed || r->head.total.throttled || r->head.total.dropped,
		.has_context = r->head.info.has_context,
		.has_preempt_off = r->head.info.has_preempt_off,
	};

	reserve_runs_zones(&w->runs, &m.min_pages, &m.managed_pages);
	return m;
}

static bool is_empty(const struct why_figures *f)
{
	static const struct why_figures none;

	return memcmp(f, &none, sizeof(none)) == 0;
}

static unsigned int collect(const struct why *w, struct entry *entry, enum half_of which)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < w->tallies; i++) {
		entry[n] = (struct entry){w->tally[i], figures_of(w, w->tally[i], which)};
		n += !is_empty(&entry[n].count);
	}
	qsort(entry, n, sizeof(*entry), compare);
	return n;
}

static int fill_list(const struct why *w, struct why_report *r, struct why_list *l,
		     enum half_of which)
{
	struct entry *entry = calloc(w->tallies + 1, sizeof(*entry));
	unsigned int n = entry ? collect(w, entry, which) : 0;
	struct advice_machine machine;
	struct why_figures sum;

	l->sites = n < WHY_SITES ? n : WHY_SITES;
	l->site = calloc(l->sites + 1, sizeof(*l->site));
	if (!entry || !l->site) {
		free(entry);
		return -ENOMEM;
	}
	l->other = figures_of(w, &w->over, which);
	l->other_sites = n - l->sites + !is_empty(&l->other);
	for (unsigned int i = l->sites; i < n; i++)
		why_figures_add(&l->other, &entry[i].count);
	sum = l->other;
	for (unsigned int i = 0; i < l->sites; i++)
		why_figures_add(&sum, &entry[i].count);
	machine = machine_of(w, r, &sum);
	for (unsigned int i = 0; i < l->sites; i++)
		fill_site(w, &l->site[i], &entry[i], which, &machine);
	free(entry);
	return 0;
}

static void next_interval(struct why *w)
{
	for (unsigned int i = 0; i < w->tallies; i++) {
		why_half_clear(&w->tally[i]->half[INTERVAL]);
		w->tally[i]->then = w->tally[i]->now;
	}
	why_half_clear(&w->over.half[INTERVAL]);
	w->over.then = w->over.now;
	reserve_runs_next(&w->runs);
}

int why_fill(struct why *w, struct why_report *r)
{
	int ret;

	why_report_free(r);
	r->counted = w->counted;
	ret = fill_list(w, r, &r->interval, INTERVAL) ?: fill_list(w, r, &r->total, TOTAL);
	next_interval(w);
	return ret;
}

/* ---- the view ---- */

static int no_memory(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

/* Made for the first that is put into it; NULL: no memory. */
static struct why *why_of(struct why_report *r)
{
	if (!r->why)
		r->why = why_new();
	return r->why;
}

static int take_event(void *report, const struct event *e)
{
	struct why *why = why_of(report);

	return !why || why_add_event(why, e) ? no_memory() : 0;
}

static void begin(void *report)
{
	struct why *why = why_of(report);

	if (why)
		why_begin_rows(why);
}

static int take_row(void *report, const struct site_row *row)
{
	struct why *why = why_of(report);

	return !why || why_add_row(why, row) ? no_memory() : 0;
}

static int take_pair(void *report, const struct site_pair *pair)
{
	struct why *why = why_of(report);

	return !why || why_add_pair(why, pair) ? no_memory() : 0;
}

static void take_sample(void *report, __u32 every)
{
	struct why_report *r = report;

	r->sample_every = every;
	r->ended = false;
}

static void take_summary(void *report, const struct event_summary *s)
{
	struct why_report *r = report;
	__u64 told = 0;

	for (unsigned int i = 0; i < PRINTEDS; i++)
		told += s->printed[i];
	r->ended = s->head.final;
	r->untold = since(s->failed, told);
}

/* Of a recording of events: whose they were is not known. */
static void add_untold(struct why_list *l, __u64 untold)
{
	l->other.failed += untold;
	l->other.not_followed += untold;
}

static int fill(void *report)
{
	struct why *why = why_of(report);

	struct why_report *r = report;

	if (!why || why_fill(why, r))
		return no_memory();
	if (!r->counted) {
		add_untold(&r->interval, r->untold);
		add_untold(&r->total, r->untold);
	}
	return 0;
}

/* A recorded report takes nothing from what events, which stand between, are put together in. */
static int parse(const char *line, size_t len, void *report, struct stream_error *err)
{
	struct why_report *r = report;
	struct why *why = r->why;
	int ret;

	why_report_free(r);
	ret = why_line_parse(line, len, r, err);
	r->why = why;
	return ret;
}

static void drop(void *report)
{
	struct why_report *r = report;

	why_report_free(r);
	why_free(r->why);
	r->why = NULL;
}

const struct view view_why = {
	.name = "why",
	.help = "the same by driver and site: how often, how many were lost, why, and\n"
		"what to change, every INTERVAL (default 10) seconds and at the end",
	.watching = "Watching page requests that may not sleep. Hit Ctrl-C to end.",
	.nothing = "no event and no report of why",
	.recorded_by = "why --json, events --json or explain --json",
	.size = sizeof(struct why_report),
	.no_classes = true,
	.takes_logs = true,
	.line = {&why_shape},
	.options = OPTIONS_OF_A_RUN | OPTION_ROWS | OPTION_FOLDED | OPTION_INTERVAL |
		   OPTION_FAILURES | OPTION_ALL_CLASSES | OPTION_SLOWER | OPTION_STACK |
		   OPTION_FLIGHT | OPTION_SAMPLE | OPTION_NO_LATENCY,
	.slow_path = true,
	.scope = SCOPE_EVENTS | SCOPE_SITES,
	.class_mask = LAB_CLASS_MASK_WATCHED,
	.interval_ns = 10000000000ULL,
	.slower_ns = 1000000,
	.begin = begin,
	.site = take_row,
	.pair = take_pair,
	.event = take_event,
	.sampled = take_sample,
	.summary = take_summary,
	.fill = fill,
	.text = why_text,
	.json = why_json,
	.parse = parse,
	.drop = drop,
};
