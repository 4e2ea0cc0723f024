// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* budget.c - see budget.h. */
#include "model/budget.h"

void budget_init(struct budget *b, __u64 limit_ns, unsigned int steps)
{
	*b = (struct budget){
		.limit_ns = limit_ns,
		.steps = steps | 1U << BUDGET_EVERYTHING | 1U << BUDGET_FAILURES_ONLY,
		.need = BUDGET_QUIET_LEAST,
		.since_up = BUDGET_BOUNCE,
	};
}

static enum budget_step lower(const struct budget *b)
{
	enum budget_step to = b->step;

	while (++to < BUDGET_STEPS)
		if (b->steps & 1U << to)
			return to;
	return b->step;
}

static enum budget_step higher(const struct budget *b)
{
	enum budget_step to = b->step;

	while (to > BUDGET_EVERYTHING)
		if (b->steps & 1U << --to)
			return to;
	return b->step;
}

enum budget_step budget_next(struct budget *b, __u64 used_ns)
{
	if (b->since_up < BUDGET_BOUNCE && ++b->since_up == BUDGET_BOUNCE)
		b->need = BUDGET_QUIET_LEAST;
	if (used_ns > b->limit_ns) {
		b->quiet = 0;
		b->over = lower(b) == b->step;
		return lower(b);
	}
	b->over = false;
	b->quiet = used_ns <= b->limit_ns / 2 ? b->quiet + 1 : 0;
	return b->quiet >= b->need ? higher(b) : b->step;
}

void budget_taken(struct budget *b, enum budget_step to)
{
	if (to == b->step)
		return;
	if (to > b->step) {
		if (b->since_up < BUDGET_BOUNCE)
			b->need = b->need * 2 < BUDGET_QUIET_MOST ? b->need * 2 : BUDGET_QUIET_MOST;
		else
			b->need = BUDGET_QUIET_LEAST;
		b->since_up = BUDGET_BOUNCE;
		b->steps_down++;
	} else {
		b->since_up = 0;
		b->steps_up++;
	}
	b->step = to;
	b->quiet = 0;
}

void budget_refused(struct budget *b)
{
	b->quiet = 0;
}

/* The oldest sample within the time; older ones are overwritten. */
static unsigned int oldest(const struct budget_mean *m, __u64 time_ns)
{
	unsigned int first = m->next + BUDGET_MEAN_SAMPLES - m->samples;

	for (unsigned int i = 0; i < m->samples; i++) {
		unsigned int at = (first + i) % BUDGET_MEAN_SAMPLES;

		if (time_ns - m->sample[at].time_ns <= BUDGET_MEAN_NS)
			return at;
	}
	return (m->next + BUDGET_MEAN_SAMPLES - 1) % BUDGET_MEAN_SAMPLES;
}

__u64 budget_mean_add(struct budget_mean *m, __u64 time_ns, __u64 used_ns)
{
	unsigned int from;
	__u64 length;

	m->sample[m->next].time_ns = time_ns;
	m->sample[m->next].used_ns = used_ns;
	m->next = (m->next + 1) % BUDGET_MEAN_SAMPLES;
	if (m->samples < BUDGET_MEAN_SAMPLES)
		m->samples++;
	from = oldest(m, time_ns);
	length = time_ns - m->sample[from].time_ns;
	/* Nothing is known of the time before the first sample: it counts as idle. */
	if (length < BUDGET_MEAN_NS)
		length = BUDGET_MEAN_NS;
	return (__u64)((double)(used_ns - m->sample[from].used_ns) * 1e9 / (double)length);
}
