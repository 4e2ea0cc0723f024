// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* compare.c - see compare.h. */
#include "out/compare.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"

#define EPISODES 64

/* ---- are they alike? ---- */

const char *compare_what_name(enum compare_what what)
{
	static const char *const names[COMPARE_WHATS] = {
		[COMPARE_CLASSES] = "classes", [COMPARE_ORDERS] = "orders",
		[COMPARE_CPUS] = "cpus",       [COMPARE_ATTACH] = "attached by",
		[COMPARE_STEP] = "budget",     [COMPARE_REPORTS] = "reports of stat",
	};

	return names[what];
}

static void put_classes(const struct run_info *info, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < LAB_CLASSES && len < size; i++)
		if (info->class_mask & 1U << i)
			len += (size_t)snprintf(text + len, size - len, "%s%s", len ? " " : "",
						class_name(i));
}

void compare_what_text(const struct recording *r, enum compare_what what, char *text, size_t size)
{
	const struct run_info *info = &r->stat_info;

	switch (what) {
	case COMPARE_CLASSES:
		put_classes(info, text, size);
		break;
	case COMPARE_ORDERS:
		if (info->order_mask == ~0U)
			snprintf(text, size, "all");
		else
			snprintf(text, size, "mask 0x%x", (unsigned int)info->order_mask);
		break;
	case COMPARE_CPUS:
		if (info->cpu < 0)
			snprintf(text, size, "all");
		else
			snprintf(text, size, "cpu %d", (int)info->cpu);
		break;
	case COMPARE_ATTACH:
		snprintf(text, size, "%s", info->hooks ? info->hook[0].attach : "–");
		break;
	case COMPARE_STEP:
		snprintf(text, size, "%s",
			 r->cost.reports ? budget_step_name(r->cost.deepest) : "none");
		break;
	default:
		snprintf(text, size, "%u", r->stats);
	}
}

bool compare_is_alike(const struct compare *c, enum compare_what what)
{
	char before[160], after[160];

	if (what == COMPARE_REPORTS)
		return c->before->stats >= COMPARE_LEAST_REPORTS &&
		       c->after->stats >= COMPARE_LEAST_REPORTS;
	/* One that has no budget leaves out as much as one that needs no step. */
	if (what == COMPARE_STEP)
		return c->before->cost.deepest == c->after->cost.deepest;
	compare_what_text(c->before, what, before, sizeof(before));
	compare_what_text(c->after, what, after, sizeof(after));
	return strcmp(before, after) == 0;
}

/* ---- blocks ---- */

struct side {
	const struct recording *r;
	unsigned int blocks;
	struct column sum[COMPARE_BLOCKS + 1]; /* of each */
	struct hist latency[COMPARE_BLOCKS + 1];
};

static __u64 longest_episode(const struct timeline *t)
{
	struct episode e[EPISODES];
	unsigned int n = timeline_episodes(t, e, EPISODES);
	__u64 longest = 0;

	for (unsigned int i = 0; i < n && i < EPISODES; i++) {
		__u64 length = t->column[e[i].last].to_ns - t->column[e[i].first].from_ns;

		longest = length > longest ? length : longest;
	}
	return longest;
}

static __u64 watched_ns(const struct timeline *t)
{
	__u64 sum = 0;

	for (unsigned int i = 0; i < t->columns; i++)
		sum += t->column[i].measured_ns;
	return sum;
}

static __u64 larger(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

static __u64 block_ns(const struct timeline *before, const struct timeline *after)
{
	__u64 ns = larger(longest_episode(before), longest_episode(after));

	ns = larger(ns, COMPARE_BLOCK_NS);
	return larger(ns, larger(watched_ns(before), watched_ns(after)) / COMPARE_BLOCKS);
}

static void add_column(struct side *s, const struct column *c)
{
	struct column *to = &s->sum[s->blocks];

	to->measured_ns += c->measured_ns;
	to->reports += c->reports;
	to->cost_ns += c->cost_ns;
	for (unsigned int i = 0; i < TIMELINE_COUNTS; i++)
		to->sum[i] += c->sum[i];
	for (unsigned int i = 0; i < TIMELINE_ZONES; i++)
		to->lowest_sum[i] += c->lowest_sum[i];
	if (c->latency)
		hist_add(&s->latency[s->blocks], c->latency);
}

/* Whole blocks; what is left at the end is a part of the last one. */
static void cut(struct side *s, __u64 length)
{
	const struct timeline *t = &s->r->time;

	for (unsigned int i = 0; i < t->columns; i++) {
		add_column(s, &t->column[i]);
		if (s->sum[s->blocks].measured_ns >= length && s->blocks + 1 < COMPARE_BLOCKS)
			s->blocks++;
	}
	if (s->sum[s->blocks].measured_ns * 2 >= length) {
		s->blocks++;
	} else if (s->blocks) {
		const struct column rest = s->sum[s->blocks];

		s->blocks--;
		add_column(s, &rest);
		hist_add(&s->latency[s->blocks], &s->latency[s->blocks + 1]);
		s->blocks++;
	}
}

static struct side *side_of(const struct recording *r, __u64 length)
{
	struct side *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->r = r;
	cut(s, length);
	return s;
}

/* ---- figures ---- */

/* per: seconds, requests and the like of a block, in the figure's own unit. */
static struct estimate estimate_of(const struct side *s, enum compare_kind kind, int zone)
{
	struct block block[COMPARE_BLOCKS + 1];

	for (unsigned int i = 0; i < s->blocks; i++) {
		const struct column *c = &s->sum[i];
		double seconds = (double)c->measured_ns / 1e9, reports = (double)c->reports;
		const struct block all[COMPARE_KINDS] = {
			[COMPARE_REQUESTS] = {(double)c->sum[TIMELINE_REQUESTS], seconds},
			[COMPARE_LOST] = {(double)c->sum[TIMELINE_LOST], seconds / 60},
			[COMPARE_FAILED] = {(double)c->sum[TIMELINE_FAILED], seconds / 60},
			[COMPARE_BELOW] = {(double)c->sum[TIMELINE_BELOW_MIN],
					   (double)c->sum[TIMELINE_REQUESTS] / 1000},
			[COMPARE_HEADROOM] = {zone < 0 ? 0 : (double)c->lowest_sum[zone], reports},
			[COMPARE_COST] = {(double)c->cost_ns / 1e7, reports},
		};

		block[i] = all[kind];
	}
	return interval_ratio(block, s->blocks);
}

static struct estimate percentile_of(const struct side *s, unsigned int per_mille)
{
	const struct row sum = recording_rows(&s->r->total);
	double value[COMPARE_BLOCKS + 1];

	for (unsigned int i = 0; i < s->blocks; i++)
		value[i] = (double)hist_quantile_ns(&s->latency[i], per_mille);
	return interval_of_blocks((double)hist_quantile_ns(&sum.latency, per_mille), value,
				  s->blocks);
}

static struct estimate figure_of(const struct side *s, enum compare_kind kind, int zone)
{
	switch (kind) {
	case COMPARE_P50:
		return percentile_of(s, 500);
	case COMPARE_P99:
		return percentile_of(s, 990);
	case COMPARE_P999:
		return percentile_of(s, 999);
	default:
		return estimate_of(s, kind, zone);
	}
}

static bool is_known(const struct recording *r, enum compare_kind kind, int zone)
{
	const struct row sum = recording_rows(&r->total);

	switch (kind) {
	case COMPARE_LOST:
		return recording_sites(r);
	case COMPARE_P50:
	case COMPARE_P99:
	case COMPARE_P999:
		return hist_count(&sum.latency) > 0;
	case COMPARE_BELOW:
		return sum.requests > 0;
	case COMPARE_HEADROOM:
		return zone >= 0;
	case COMPARE_COST:
		return r->cost.reports > 0;
	default:
		return true;
	}
}

/* The zone that is compared: that with the lowest headroom before, where both have it. */
static void choose_zone(struct compare *c)
{
	c->zone_before = c->zone_after = -1;
	for (unsigned int i = 0; i < c->before->zones; i++)
		for (unsigned int k = 0; k < c->after->zones; k++) {
			const struct recorded_zone *b = &c->before->zone[i],
						   *a = &c->after->zone[k];

			if (a->now.node != b->now.node || a->now.zone != b->now.zone ||
			    a->lowest_headroom == ZONE_CLOSED || b->lowest_headroom == ZONE_CLOSED)
				continue;
			if (c->zone_before >= 0 &&
			    b->lowest_headroom >= c->before->zone[c->zone_before].lowest_headroom)
				continue;
			c->zone_before = (int)i;
			c->zone_after = (int)k;
		}
}

static void compare_sides(struct compare *c, const struct side *before, const struct side *after)
{
	static const int better[COMPARE_KINDS] = {
		[COMPARE_LOST] = -1, [COMPARE_FAILED] = -1,  [COMPARE_BELOW] = -1,
		[COMPARE_P50] = -1,  [COMPARE_P99] = -1,     [COMPARE_P999] = -1,
		[COMPARE_COST] = -1, [COMPARE_HEADROOM] = 1,
	};

	for (unsigned int i = 0; i < COMPARE_KINDS; i++) {
		struct compare_figure *f = &c->figure[i];
		struct estimate a, b;

		f->better = better[i];
		f->known = is_known(c->before, i, c->zone_before) &&
			   is_known(c->after, i, c->zone_after) &&
			   before->blocks >= COMPARE_LEAST_BLOCKS &&
			   after->blocks >= COMPARE_LEAST_BLOCKS;
		if (!f->known)
			continue;
		b = figure_of(before, i, c->zone_before);
		a = figure_of(after, i, c->zone_after);
		f->is = interval_difference(&b, &a);
	}
}

int compare_make(struct compare *c, const struct recording *before, const struct recording *after)
{
	_cleanup_(freep) struct side *b = NULL, *a = NULL;

	*c = (struct compare){.before = before, .after = after, .alike = true};
	for (unsigned int i = 0; i < COMPARE_WHATS; i++)
		c->alike &= compare_is_alike(c, i);
	choose_zone(c);
	c->block_ns = block_ns(&before->time, &after->time);
	if (!c->alike)
		return 0;
	b = side_of(before, c->block_ns);
	a = side_of(after, c->block_ns);
	if (!b || !a)
		return -ENOMEM;
	compare_sides(c, b, a);
	return 0;
}
