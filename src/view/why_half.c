// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why_half.c - see why_half.h. */
#include "view/why_half.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void why_half_clear(struct half *h)
{
	for (unsigned int i = 0; i < VERDICTS; i++)
		free(h->example[i]);
	memset(h, 0, sizeof(*h));
}

bool why_is_final(__u32 gfp)
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
	case AFTERMATHS:
		f->not_followed++;
		break;
	default:
		f->pending++;
	}
}

static void add_mask(struct half *h, const struct event *e)
{
	const __u32 gfp = e->raw.head.gfp, verdict = e->verdict;

	for (unsigned int i = 0; i < WHY_MASKS; i++) {
		struct mask_lost *m = &h->mask[i];

		if (m->lost && (m->gfp != gfp || m->verdict != verdict))
			continue;
		m->gfp = gfp;
		m->verdict = verdict;
		m->lost++;
		return;
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
		add_mask(h, e);
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
	bool final = why_is_final(e->raw.head.gfp);

	h->told.failed++;
	h->told.failed_final += final;
	if (e->verdict < VERDICTS)
		h->told.verdict[e->verdict]++;
	if (e->printed < PRINTEDS)
		h->told.printed[e->printed]++;
	add_aftermath(&h->told, e->aftermath);
	add_advice(h, e, run_lost);
	return e->verdict < VERDICTS ? keep_example(h, e) : 0;
}

int why_half_add(struct half *h, const struct event *e, __u64 run_lost)
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

const struct why_case *why_half_leading(const struct half *h)
{
	unsigned int best = 0;

	for (unsigned int i = 1; i < VERDICTS; i++)
		if (h->verdict_lost[i] > h->verdict_lost[best] ||
		    (h->verdict_lost[i] == h->verdict_lost[best] &&
		     h->told.verdict[i] > h->told.verdict[best]))
			best = i;
	return h->example[best];
}

__u64 why_half_mask_lost(const struct half *h, const struct why_case *example)
{
	for (unsigned int i = 0; i < WHY_MASKS; i++)
		if (h->mask[i].gfp == example->gfp && h->mask[i].verdict == example->verdict)
			return h->mask[i].lost;
	return 0;
}
