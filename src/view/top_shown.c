// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_shown.c - see top_shown.h. */
#include "view/top_shown.h"

#include <string.h>

/* ---- the history ---- */

static unsigned int slot_of(__u64 report)
{
	return (unsigned int)(report % TOP_HISTORY);
}

int top_slot(const struct top_shown *t, unsigned int before)
{
	if (before >= t->upto || t->reports - t->upto + before >= TOP_HISTORY)
		return -1;
	return (int)slot_of(t->upto - 1 - before);
}

static void forget_low(struct top_low *l, const struct zone_row *z)
{
	l->node = z->node;
	l->zone = z->zone;
	for (unsigned int i = 0; i < TOP_HISTORY; i++)
		l->lowest[i] = ZONE_CLOSED;
}

static void note_zones(struct top_shown *t, const struct report *cells, unsigned int slot)
{
	for (unsigned int i = 0; i < cells->zones; i++) {
		const struct zone_row *z = &cells->zone[i];
		struct top_low *l = &t->low[i];

		if (!t->reports || l->node != z->node || l->zone != z->zone)
			forget_low(l, z);
		l->lowest[slot] = z->lowest_headroom;
	}
}

/* Bits of the inclusive upper bound of a bucket. */
static unsigned int power_of(__u64 upper_ns)
{
	return upper_ns ? 64 - (unsigned int)__builtin_clzll(upper_ns) : 0;
}

void top_powers(const struct hist *h, __u64 power[TOP_POWERS])
{
	memset(power, 0, TOP_POWERS * sizeof(power[0]));
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		unsigned int at = h->bucket[i] ? power_of(hist_upper_ns(i)) : 0;

		power[at < TOP_POWERS ? at : TOP_POWERS - 1] += h->bucket[i];
	}
}

void top_latencies(const struct figures *f, struct hist *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
			hist_add(ret, &f->row[c][x].latency);
}

static void note_heat(struct top_shown *t, const struct report *cells, unsigned int slot)
{
	__u64 power[TOP_POWERS];
	struct hist all;

	top_latencies(&cells->interval, &all);
	top_powers(&all, power);
	for (unsigned int i = 0; i < TOP_POWERS; i++)
		t->heat[i][slot] = power[i] < UINT32_MAX ? (__u32)power[i] : UINT32_MAX;
}

/* ---- sites ---- */

static bool is_site(const struct why_site *a, const struct why_site *b)
{
	return strcmp(a->site, b->site) == 0 && strcmp(a->driver, b->driver) == 0;
}

/* Its place; a new one, or NULL when there is no room for it. */
static struct top_site *place_of(struct top_shown *t, const struct why_site *s)
{
	struct top_site *new;

	for (unsigned int i = 0; i < t->sites; i++)
		if (is_site(&t->site[i].now, s))
			return &t->site[i];
	if (t->sites == TOP_SITES)
		return NULL;
	new = &t->site[t->sites++];
	memset(new, 0, sizeof(*new));
	memcpy(new->now.site, s->site, sizeof(s->site));
	memcpy(new->now.driver, s->driver, sizeof(s->driver));
	return new;
}

static void note_site(struct top_site *to, __u64 lost, unsigned int slot)
{
	__u64 more = lost > to->lost_before ? lost - to->lost_before : 0;

	to->lost[slot] = more < UINT32_MAX ? (__u32)more : UINT32_MAX;
	to->lost_before = lost;
}

static void note_sites(struct top_shown *t, const struct why_report *why, unsigned int slot)
{
	for (unsigned int i = 0; i < t->sites; i++)
		t->site[i].lost[slot] = 0;
	for (unsigned int i = 0; i < why->total.sites; i++) {
		struct top_site *to = place_of(t, &why->total.site[i]);

		if (to)
			note_site(to, why->total.site[i].count.lost, slot);
	}
}

static void take_site(struct top_shown *t, const struct why_site *s)
{
	struct top_site *to = place_of(t, s);

	if (!to) {
		why_figures_add(&t->other, &s->count);
		t->other_sites++;
		return;
	}
	to->now = *s;
	to->there = true;
	t->order[t->ordered++] = (unsigned int)(to - t->site);
}

static void take_sites(struct top_shown *t, const struct why_report *why)
{
	t->other_sites = why->total.other_sites;
	t->other = why->total.other;
	t->ordered = 0;
	for (unsigned int i = 0; i < t->sites; i++)
		t->site[i].there = false;
	for (unsigned int i = 0; i < why->total.sites; i++)
		take_site(t, &why->total.site[i]);
}

/* Who lost in the interval: only a report that is as new as the cells tells that. */
static void take_lost(struct top_shown *t, const struct top_report *r)
{
	const struct why_list *l = &r->why.interval;

	t->lost = (struct why_figures){0};
	t->worst.site[0] = t->worst.driver[0] = '\0';
	t->worst.count.lost = 0;
	t->knows_lost = r->fresh_sites;
	if (!r->fresh_sites)
		return;
	t->lost = why_list_sum(l);
	if (l->sites && l->site[0].count.lost)
		t->worst = l->site[0];
}

/* ---- a report ---- */

static void note(struct top_shown *t, const struct top_report *r)
{
	unsigned int slot = slot_of(t->reports);

	note_zones(t, &r->cells, slot);
	note_heat(t, &r->cells, slot);
	note_sites(t, &r->why, slot);
	t->reports++;
}

/* Maxima cannot be subtracted: one that did not grow is from before, and the bucket tells. */
static void zero_maxima(struct top_shown *t)
{
	for (unsigned int i = 0; i < LAB_CLASSES * LAB_CONTEXTS; i++) {
		const unsigned int c = i / LAB_CONTEXTS, x = i % LAB_CONTEXTS;
		struct hist *h = &t->since_zero.row[c][x].latency;

		h->max_ns = t->cells.total.row[c][x].latency.max_ns;
		if (h->max_ns == t->zero.row[c][x].latency.max_ns)
			h->max_ns = hist_quantile_ns(h, 1000);
	}
}

static void count_from_zero(struct top_shown *t)
{
	if (!t->zero_ns)
		return;
	figures_sub(&t->since_zero, &t->cells.total, &t->zero);
	zero_maxima(t);
}

void top_shown_take(struct top_shown *t, const struct top_report *r, bool paused)
{
	t->head = r->head;
	t->interval_audit = r->cells.interval.audit;
	t->total_audit = r->cells.total.audit;
	note(t, r);
	if (paused)
		return;
	t->upto = t->reports;
	t->cells = r->cells;
	t->has_cells = r->has_cells;
	t->has_sites = r->has_sites;
	t->has_events = r->has_events;
	t->counted = r->why.counted;
	t->sample_every = r->why.sample_every;
	t->events = r->events;
	take_lost(t, r);
	take_sites(t, &r->why);
	count_from_zero(t);
}

void top_shown_zero(struct top_shown *t)
{
	t->zero_ns = t->cells.head.time_ns;
	t->zero = t->cells.total;
	for (unsigned int i = 0; i < t->sites; i++)
		t->site[i].zero = t->site[i].now.count;
	count_from_zero(t);
}

const struct figures *top_figures(const struct top_shown *t, enum top_span span)
{
	switch (span) {
	case SPAN_TOTAL:
		return &t->cells.total;
	case SPAN_ZERO:
		return t->zero_ns ? &t->since_zero : &t->cells.total;
	default:
		return &t->cells.interval;
	}
}

/* All but the last are counts. */
struct why_figures top_site_figures(const struct top_site *s, enum top_span span)
{
	struct why_figures f = s->now.count;
	const __u64 *then = (const __u64 *)&s->zero;
	__u64 *now = (__u64 *)&f;

	for (size_t i = 0; span == SPAN_ZERO && i < sizeof(f) / sizeof(__u64) - 1; i++)
		now[i] = now[i] > then[i] ? now[i] - then[i] : 0;
	return f;
}
