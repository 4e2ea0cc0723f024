// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why_list.c - the lists of sites that a report shows, worst first. */
#include "why_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- figures ---- */

void why_figures_add(struct why_figures *dst, const struct why_figures *src)
{
	const __u64 *from = (const __u64 *)src;
	__u64 *to = (__u64 *)dst;

	while (to < &dst->latency_max_ns)
		*to++ += *from++;
	if (src->latency_max_ns > dst->latency_max_ns)
		dst->latency_max_ns = src->latency_max_ns;
}

struct why_figures why_list_sum(const struct why_list *l)
{
	struct why_figures sum = l->other;

	for (unsigned int i = 0; i < l->sites; i++)
		why_figures_add(&sum, &l->site[i].count);
	return sum;
}

__u64 why_requests(const struct why_figures *f, __u32 sample_every)
{
	__u64 estimate = f->requests_sampled * sample_every, known = f->failed + f->below_min;

	return estimate > known ? estimate : known;
}

__u64 why_followed(const struct why_figures *f)
{
	return f->failed - f->not_followed;
}

void why_report_free(struct why_report *r)
{
	free(r->interval.site);
	free(r->total.site);
	r->interval = r->total = (struct why_list){0};
}

/* ---- the report ---- */

static __u64 since(__u64 now, __u64 then)
{
	return now > then ? now - then : 0;
}

/* Counts of the interval; a maximum that grew was reached in it. */
static struct counted counted_since(const struct counted *now, const struct counted *then)
{
	return (struct counted){
		.sampled = since(now->sampled, then->sampled),
		.failed = since(now->failed, then->failed),
		.failed_final = since(now->failed_final, then->failed_final),
		.below_min = since(now->below_min, then->below_min),
		.slow = since(now->slow, then->slow),
		.latency_max_ns =
			now->latency_max_ns > then->latency_max_ns ? now->latency_max_ns : 0,
	};
}

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/*
 * An event is told some time after it was counted, so that in an interval either may be more; and
 * what found no room among the counts was told all the same.
 */
static struct why_figures figures_of(const struct why *w, const struct tally *t, enum half_of which)
{
	const struct half *h = &t->half[which];
	static const struct counted none;
	struct counted c = counted_since(&t->now, which == INTERVAL ? &t->then : &none);
	struct why_figures f = h->told;

	if (!w->counted)
		return f;
	f.requests_sampled = c.sampled;
	f.failed = larger(c.failed, h->told.failed);
	f.failed_final = larger(c.failed_final, h->told.failed_final);
	f.not_followed = f.failed - h->told.failed;
	f.below_min = larger(c.below_min, h->told.below_min);
	f.slow = larger(c.slow, h->told.slow);
	f.latency_max_ns = larger(c.latency_max_ns, h->told.latency_max_ns);
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

/* Of the verdict that lost most, then failed most. */
static const struct why_case *leading(const struct half *h)
{
	unsigned int best = 0;

	for (unsigned int i = 1; i < VERDICTS; i++)
		if (h->verdict_lost[i] > h->verdict_lost[best] ||
		    (h->verdict_lost[i] == h->verdict_lost[best] &&
		     h->told.verdict[i] > h->told.verdict[best]))
			best = i;
	return h->example[best];
}

static void fill_site(const struct why *w, struct why_site *s, const struct entry *entry,
		      enum half_of which, const struct advice_machine *machine)
{
	const struct tally *t = entry->tally;
	const struct half *h = &t->half[which];
	const struct why_case *example = leading(h);
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
	advise(&(struct advice_input){s, &told, &w->runs.worst[which], machine}, s->advice);
}

static struct advice_machine machine_of(const struct why *w, const struct why_report *r,
					const struct why_figures *sum)
{
	struct advice_machine m = {
		.min_free_kbytes = r->min_free_kbytes,
		.page_bytes = r->page_bytes,
		.at_least = sum->not_followed,
		.has_context = r->info.has_context,
		.has_preempt_off = r->info.has_preempt_off,
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
