// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why.c - events and counts put together by site. */
#include "why_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table of sites ---- */

struct why *why_new(void)
{
	return calloc(1, sizeof(struct why));
}

void why_half_clear(struct half *h)
{
	for (unsigned int i = 0; i < VERDICTS; i++)
		free(h->example[i]);
	memset(h, 0, sizeof(*h));
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

static bool is_final(__u32 gfp)
{
	return !(gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC));
}

static bool below_min(const struct lab_event_head *h)
{
	return h->level == LAB_LEVEL_RESERVE || h->level == LAB_LEVEL_NONE;
}

static void add_aftermath(struct why_figures *f, enum aftermath a)
{
	switch (a) {
	case AFTERMATH_LOST:
		f->lost++;
		break;
	case AFTERMATH_RECOVERED:
		f->recovered++;
		break;
	case AFTERMATH_RETRIED:
		f->retried++;
		break;
	default:
		f->pending++;
	}
}

/* What advice goes by, beside the figures. */
static void add_advice(struct half *h, const struct event *e, __u64 run_lost)
{
	const struct lab_event_head *head = &e->raw.head;

	h->advice.with_warning += !(head->gfp & LAB_GFP_NOWARN);
	h->advice.open_task += head->context == LAB_CTX_TASK &&
			       !(head->flags & (LAB_EVENT_BH_OFF | LAB_EVENT_PREEMPT_OFF));
	if (head->flags & LAB_EVENT_BULK) {
		h->advice.bulk_asked += e->raw.bulk_asked;
		h->advice.bulk_got += e->raw.bulk_got;
	}
	if (e->aftermath == AFTERMATH_LOST) {
		h->verdict_lost[e->verdict]++;
		if (run_lost > h->advice.longest_run)
			h->advice.longest_run = run_lost;
	}
}

static int keep_example(struct half *h, const struct event *e)
{
	struct why_case *new = calloc(1, sizeof(*new)), *old = h->example[e->verdict];

	if (!new)
		return -ENOMEM;
	why_case_of_event(new, e);
	if (old && !why_case_worse(new, old)) {
		free(new);
		return 0;
	}
	free(old);
	h->example[e->verdict] = new;
	return 0;
}

static int add_failed(struct half *h, const struct event *e, __u64 run_lost)
{
	bool final = is_final(e->raw.head.gfp);

	h->told.failed++;
	h->told.failed_final += final;
	h->told.verdict[e->verdict]++;
	if (e->printed < PRINTEDS)
		h->told.printed[e->printed]++;
	add_aftermath(&h->told, e->aftermath);
	add_advice(h, e, run_lost);
	return keep_example(h, e);
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

static int add_half(struct half *h, const struct event *e, __u64 run_lost)
{
	const struct lab_event_head *head = &e->raw.head;

	if (head->flags & LAB_EVENT_HAS_START && head->latency_ns > h->told.latency_max_ns)
		h->told.latency_max_ns = head->latency_ns;
	switch (head->kind) {
	case LAB_EVENT_FAILED:
		return add_failed(h, e, run_lost);
	case LAB_EVENT_SLOW:
		h->told.slow++;
		break;
	default:
		break;
	}
	h->told.below_min += below_min(head);
	return 0;
}

int why_add_event(struct why *w, const struct event *e)
{
	struct tally *t;
	__u64 run_lost = 0;
	int r = 0;

	if (e->raw.head.kind >= LAB_EVENT_FOLLOW || e->verdict >= VERDICTS)
		return 0;
	t = find(w, e->site, e->driver);
	if (!t)
		return -ENOMEM;
	if (e->raw.head.kind == LAB_EVENT_FAILED) {
		run_lost = run_of_site(t, e);
		reserve_runs_add(&w->runs, e);
	}
	for (unsigned int i = 0; i < HALVES && !r; i++)
		r = add_half(&t->half[i], e, run_lost);
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
	t->now.failed += failed;
	t->now.failed_final += c->failed_final + (is_final(row->key.gfp) ? c->bulk_short : 0);
	t->now.below_min += c->below_min;
	t->now.slow += c->slow;
	if (c->latency_max_ns > t->now.latency_max_ns)
		t->now.latency_max_ns = c->latency_max_ns;
	return keep_row(t, row, failed);
}
