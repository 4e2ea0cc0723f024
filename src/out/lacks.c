// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lacks.c - see lacks.h. */
#include "out/lacks.h"

#include <string.h>

/* Is a's growth less than b's? */
static int compare(const struct lack *a, __u64 min, __u64 more)
{
	unsigned __int128 x = (unsigned __int128)a->more * min;
	unsigned __int128 y = (unsigned __int128)more * a->min;

	return (x > y) - (x < y);
}

static unsigned int place_of(const struct lacks *l, __u64 min, __u64 more)
{
	unsigned int low = 0, high = l->n;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (compare(&l->lack[middle], min, more) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Half as many: each pair needs what the larger one needs. */
static void halve(struct lacks *l)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < l->n; i += 2, n++) {
		struct lack kept = l->lack[i];

		if (i + 1 < l->n) {
			kept = l->lack[i + 1];
			kept.count += l->lack[i].count;
		}
		l->lack[n] = kept;
	}
	l->n = n;
}

static void put(struct lacks *l, __u64 min, __u64 more)
{
	unsigned int i;

	if (l->n == LACKS)
		halve(l);
	i = place_of(l, min, more);
	if (i < l->n && compare(&l->lack[i], min, more) == 0) {
		l->lack[i].count++;
		return;
	}
	memmove(&l->lack[i + 1], &l->lack[i], (l->n - i) * sizeof(l->lack[0]));
	l->lack[i] = (struct lack){min, more, 1};
	l->n++;
}

void lacks_add(struct lacks *l, const struct event *e)
{
	const struct advice_run run = reserve_runs_add(&l->runs, e);

	if (e->raw.head.kind != LAB_EVENT_FAILED || e->aftermath != AFTERMATH_LOST ||
	    e->verdict >= VERDICTS)
		return;
	l->lost++;
	l->verdict[e->verdict]++;
	if (run.requests) {
		l->drawn++;
		put(l, run.min, advice_growth(&run));
	} else if (e->verdict == VERDICT_EXHAUSTED) {
		if (lab_class_of(e->raw.head.gfp) == LAB_CLASS_ATOMIC)
			l->opportunistic++;
		else
			l->other_class++;
	}
}

unsigned int lacks_curve(const struct lacks *l, __u64 min_free_kbytes, __u64 page_bytes,
			 struct lacks_point *point, unsigned int max)
{
	struct advice_machine m = {.min_free_kbytes = min_free_kbytes, .page_bytes = page_bytes};
	__u64 covered = 0, now = 0;
	unsigned int n = 0;

	reserve_runs_zones(&l->runs, &m.min_pages, &m.managed_pages);
	for (unsigned int i = 0; i < l->n; i++) {
		const struct lack *lack = &l->lack[i];
		__u64 target = advice_target(&m, lack->min, lack->more, &now);

		if (!target || n + 2 > max)
			break;
		if (!n)
			point[n++] = (struct lacks_point){now, 0};
		covered += lack->count;
		if (point[n - 1].min_free_kbytes != target)
			n++;
		point[n - 1] = (struct lacks_point){target, covered};
	}
	return n;
}
