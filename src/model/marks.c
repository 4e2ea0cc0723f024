// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* marks.c - two sets of marks a zone: the last that were seen, and those before. */
#include "model/marks.h"

#include <string.h>

static struct marks marks_of(const struct lab_event_zone *z)
{
	return (struct marks){z->min, z->low, z->boost};
}

static bool same(const struct marks *a, const struct marks *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* zones when it was never seen. */
static unsigned int find(const struct seen_marks *m, const struct lab_event_zone *z)
{
	unsigned int i = 0;

	while (i < m->zones && (m->zone[i].node != z->node || m->zone[i].zone != z->zone))
		i++;
	return i;
}

/* Cpus deliver their events in no strict order: an older one changes nothing. */
static void note(struct zone_marks *seen, const struct marks *marks, __u64 now_ns)
{
	if (same(&seen->now, marks)) {
		if (now_ns < seen->now_since_ns)
			seen->now_since_ns = now_ns;
		return;
	}
	if (now_ns < seen->now_since_ns) {
		if (same(&seen->before, marks) && now_ns > seen->before_ns)
			seen->before_ns = now_ns;
		return;
	}
	seen->before = seen->now;
	seen->before_ns = seen->last_ns;
	seen->now = *marks;
	seen->now_since_ns = now_ns;
}

void marks_note(struct seen_marks *m, const struct lab_event *raw)
{
	for (__u32 i = 0; i < raw->zones && i < LAB_EVENT_ZONES; i++) {
		const struct lab_event_zone *z = &raw->zone[i];
		const struct marks marks = marks_of(z);
		unsigned int k = find(m, z);

		if (k == LAB_ZONES)
			return;
		if (k == m->zones)
			m->zone[m->zones++] = (struct zone_marks){
				.node = z->node,
				.zone = z->zone,
				.now = marks,
				.now_since_ns = raw->head.time_ns,
			};
		note(&m->zone[k], &marks, raw->head.time_ns);
		if (same(&m->zone[k].now, &marks) && raw->head.time_ns > m->zone[k].last_ns)
			m->zone[k].last_ns = raw->head.time_ns;
	}
}

/* The marks before those of z, if they may be what the kernel went by. */
static const struct zone_marks *before(const struct seen_marks *m, const struct lab_event_zone *z,
				       __u64 start_ns)
{
	const struct zone_marks *seen = &m->zone[find(m, z)];
	const struct marks marks = marks_of(z);

	if (seen == &m->zone[m->zones] || !seen->before_ns || !same(&seen->now, &marks))
		return NULL;
	if (seen->now_since_ns < start_ns || seen->before_ns + MARKS_AGE_NS < start_ns)
		return NULL;
	return seen;
}

__u64 marks_put_back(const struct seen_marks *m, struct lab_event *raw)
{
	const struct lab_event_head *h = &raw->head;
	__u64 took = h->flags & LAB_EVENT_HAS_START ? h->latency_ns : 0;
	__u64 start_ns = h->time_ns > took ? h->time_ns - took : 0, age = 0;

	for (__u32 i = 0; i < raw->zones && i < LAB_EVENT_ZONES; i++) {
		struct lab_event_zone *z = &raw->zone[i];
		const struct zone_marks *seen = before(m, z, start_ns);

		if (!seen)
			continue;
		z->min = seen->before.min;
		z->low = seen->before.low;
		z->boost = seen->before.boost;
		if (h->time_ns > seen->before_ns)
			age = h->time_ns - seen->before_ns;
		age = age ?: 1;
	}
	return age;
}
