// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* timeline.c - see timeline.h. */
#include "out/timeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define EPISODE_GAP 5	     /* intervals */
#define SLOT_NS 100000000ULL /* of what is counted one by one */

struct column column_of(__u64 from_ns, __u64 to_ns)
{
	struct column c = {
		.from_ns = from_ns,
		.to_ns = to_ns,
		.measured_ns = to_ns - from_ns,
		.reports = 1,
	};

	for (unsigned int i = 0; i < TIMELINE_ZONES; i++)
		c.lowest[i] = ZONE_CLOSED;
	return c;
}

/* ---- one into another ---- */

static void join_zones(struct column *to, const struct column *from)
{
	for (unsigned int i = 0; i < TIMELINE_ZONES; i++) {
		if (from->lowest[i] == ZONE_CLOSED)
			continue;
		if (to->lowest[i] == ZONE_CLOSED || from->lowest[i] < to->lowest[i])
			to->lowest[i] = from->lowest[i];
		to->lowest_sum[i] += from->lowest_sum[i];
	}
}

/* Takes what from owns. */
static void join(struct column *to, struct column *from)
{
	if (from->from_ns < to->from_ns)
		to->from_ns = from->from_ns;
	if (from->to_ns > to->to_ns)
		to->to_ns = from->to_ns;
	to->measured_ns += from->measured_ns;
	to->reports += from->reports;
	to->cost_ns += from->cost_ns;
	for (unsigned int i = 0; i < TIMELINE_COUNTS; i++) {
		to->sum[i] += from->sum[i];
		if (from->most[i] > to->most[i])
			to->most[i] = from->most[i];
	}
	join_zones(to, from);
	if (!to->latency) {
		to->latency = from->latency;
	} else if (from->latency) {
		hist_add(to->latency, from->latency);
		free(from->latency);
	}
	from->latency = NULL;
}

/* Half as many, each twice as long. */
static void halve(struct timeline *t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->columns; i += 2, n++) {
		if (i + 1 < t->columns)
			join(&t->column[i], &t->column[i + 1]);
		t->column[n] = t->column[i];
	}
	t->columns = n;
	t->every *= 2;
}

/* The end of a run comes when it comes, and its rate says little. */
static bool is_rest(const struct column *last, const struct column *c)
{
	return c->from_ns - last->to_ns < last->measured_ns &&
	       c->measured_ns < last->measured_ns / last->reports / 2;
}

static void set_most(struct column *c)
{
	double seconds = (double)c->measured_ns / 1e9;

	for (unsigned int i = 0; i < TIMELINE_COUNTS; i++)
		c->most[i] = seconds > 0 ? (double)c->sum[i] / seconds : 0;
}

static int make_room(struct timeline *t)
{
	if (!t->column) {
		t->column = calloc(TIMELINE_COLUMNS, sizeof(*t->column));
		t->every = 1;
	}
	if (!t->column)
		return -ENOMEM;
	if (t->columns == TIMELINE_COLUMNS)
		halve(t);
	return 0;
}

int timeline_add(struct timeline *t, struct column *c)
{
	struct column *last = t->columns ? &t->column[t->columns - 1] : NULL;

	if (last && c->from_ns >= last->to_ns && is_rest(last, c)) {
		join(last, c);
		return 0;
	}
	set_most(c);
	if (last && last->reports < t->every) {
		join(last, c);
		return 0;
	}
	if (make_room(t)) {
		free(c->latency);
		c->latency = NULL;
		return -ENOMEM;
	}
	t->column[t->columns++] = *c;
	c->latency = NULL;
	return 0;
}

/* Slots of twice the length, those of one time together. */
static void double_slots(struct timeline *t)
{
	unsigned int n = 0;

	t->slot_ns *= 2;
	for (unsigned int i = 0; i < t->columns; i++) {
		struct column c = t->column[i];

		c.from_ns = c.from_ns / t->slot_ns * t->slot_ns;
		c.to_ns = c.from_ns + t->slot_ns;
		c.measured_ns = t->slot_ns;
		if (n && t->column[n - 1].from_ns == c.from_ns)
			join(&t->column[n - 1], &c);
		else
			t->column[n++] = c;
		t->column[n - 1].measured_ns = t->slot_ns;
	}
	t->columns = n;
}

static int add_slot(struct timeline *t, __u64 time_ns)
{
	__u64 from_ns;

	t->slot_ns = t->slot_ns ?: SLOT_NS;
	while (t->columns == TIMELINE_COLUMNS)
		double_slots(t);
	if (make_room(t))
		return -ENOMEM;
	from_ns = time_ns / t->slot_ns * t->slot_ns;
	if (t->columns && t->column[t->columns - 1].from_ns == from_ns)
		return 0;
	t->column[t->columns++] = column_of(from_ns, from_ns + t->slot_ns);
	return 0;
}

int timeline_count(struct timeline *t, __u64 time_ns, const __u64 count[TIMELINE_COUNTS])
{
	struct column *last = t->columns ? &t->column[t->columns - 1] : NULL;

	if ((!last || time_ns < last->from_ns || time_ns >= last->to_ns) && add_slot(t, time_ns))
		return -ENOMEM;
	last = &t->column[t->columns - 1];
	for (unsigned int i = 0; i < TIMELINE_COUNTS; i++)
		last->sum[i] += count[i];
	return 0;
}

void timeline_free(struct timeline *t)
{
	for (unsigned int i = 0; i < t->columns; i++)
		free(t->column[i].latency);
	free(t->column);
	*t = (struct timeline){0};
}

/* ---- all of them ---- */

static int compare(const void *va, const void *vb)
{
	const struct column *a = va, *b = vb;

	return (a->from_ns > b->from_ns) - (a->from_ns < b->from_ns);
}

void timeline_sort(struct timeline *t)
{
	if (t->columns)
		qsort(t->column, t->columns, sizeof(*t->column), compare);
}

/* How far a time is from a column; 0: it is in it. */
static __u64 distance(const struct column *c, __u64 time_ns)
{
	if (time_ns < c->from_ns)
		return c->from_ns - time_ns;
	return time_ns < c->to_ns ? 0 : time_ns - c->to_ns + 1;
}

struct column *timeline_at(const struct timeline *t, __u64 time_ns)
{
	unsigned int low = 0, high = t->columns;

	/* the first that ends behind it */
	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (t->column[middle].to_ns > time_ns)
			high = middle;
		else
			low = middle + 1;
	}
	if (!t->columns)
		return NULL;
	if (low == t->columns)
		return &t->column[low - 1];
	if (low && distance(&t->column[low - 1], time_ns) < distance(&t->column[low], time_ns))
		low--;
	return &t->column[low];
}

void timeline_rates(struct timeline *t, enum timeline_count count)
{
	for (unsigned int i = 0; i < t->columns; i++) {
		struct column *c = &t->column[i];
		double rate = (double)c->sum[count] / ((double)c->measured_ns / 1e9);

		if (c->measured_ns && rate > c->most[count])
			c->most[count] = rate;
	}
}

void timeline_join(struct timeline *t, const struct timeline *other, enum timeline_count count)
{
	for (unsigned int i = 0; i < other->columns; i++) {
		const struct column *from = &other->column[i];
		struct column *to =
			timeline_at(t, from->from_ns + (from->to_ns - from->from_ns) / 2);

		if (to)
			to->sum[count] += from->sum[count];
	}
	timeline_rates(t, count);
}

__u64 timeline_sum(const struct timeline *t, enum timeline_count count)
{
	__u64 sum = 0;

	for (unsigned int i = 0; i < t->columns; i++)
		sum += t->column[i].sum[count];
	return sum;
}

unsigned int timeline_episodes(const struct timeline *t, struct episode *episode, unsigned int most)
{
	unsigned int n = 0, last = 0;

	for (unsigned int i = 0; i < t->columns; i++) {
		const struct column *c = &t->column[i];

		if (!c->sum[TIMELINE_BELOW_MIN] && !c->sum[TIMELINE_LOST])
			continue;
		if (!n || i > last + EPISODE_GAP + 1) {
			n++;
			if (n <= most)
				episode[n - 1].first = i;
		}
		if (n <= most)
			episode[n - 1].last = i;
		last = i;
	}
	return n;
}
