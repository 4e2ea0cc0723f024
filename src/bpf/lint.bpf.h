/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * lint.bpf.h - mistakes: requests whose flags do not fit the context they are made in, counted by
 * stack.
 */
#ifndef LAB_BPF_LINT_BPF_H
#define LAB_BPF_LINT_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/request.bpf.h"
#include "bpf/tallies.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"
#include "wire/tally.h"

/* What the hook itself adds: preempt_count, depth of RCU readers. */
struct lint_noise {
	__u32 preempt, rcu;
};

static __always_inline bool is_rcu_reader(__u32 noise)
{
	return knobs.rcu_nesting && rcu_nesting() > noise;
}

/* Are interrupts off where the request is made? */
enum { LAB_IRQS_ON, LAB_IRQS_OFF, LAB_IRQS_UNKNOWN };

/* Why a request that may sleep may not do so here. */
static __always_inline __u32 sleep_mistake(const struct request *r, __u32 irqs,
					   const struct lint_noise *noise)
{
	__u32 state = task_state(r, noise->preempt);

	if (r->context == LAB_CTX_NMI)
		return LAB_MISTAKE_SLEEP_IN_NMI;
	if (r->context == LAB_CTX_HARDIRQ)
		return LAB_MISTAKE_SLEEP_IN_HARDIRQ;
	if (r->context == LAB_CTX_SOFTIRQ)
		return LAB_MISTAKE_SLEEP_IN_SOFTIRQ;
	if (irqs == LAB_IRQS_OFF)
		return LAB_MISTAKE_SLEEP_IRQS_OFF;
	if (state & LAB_IN_BH_OFF)
		return LAB_MISTAKE_SLEEP_BH_OFF;
	if (state & LAB_IN_PREEMPT_OFF)
		return LAB_MISTAKE_SLEEP_PREEMPT_OFF;
	return is_rcu_reader(noise->rcu) ? LAB_MISTAKE_SLEEP_RCU_READER : LAB_MISTAKE_NONE;
}

/*
 * A request that insists on the reserve although it could have waited. Only where nothing that
 * forbids to sleep could have gone unseen; one that has a second try in mind does no harm.
 */
static __always_inline bool is_needless(const struct request *r, __u32 irqs,
					const struct lint_noise *noise)
{
	return lab_class_of(r->gfp) == LAB_CLASS_ATOMIC && !is_opportunistic(r->gfp) &&
	       knobs.preempt_known && knobs.rcu_nesting && irqs == LAB_IRQS_ON &&
	       r->context == LAB_CTX_TASK && !task_state(r, noise->preempt) &&
	       !is_rcu_reader(noise->rcu);
}

static __noinline int lint_count(void *ctx, struct lab_cpu *cpu, __u64 gfp_order, __u32 context,
				 __u32 mistake)
{
	__u64 stack = gate_has(LAB_GATE_STACKS) ? LAB_NO_STACK : stack_take(ctx);
	struct lab_site *site;

	if (!cpu)
		return 0;
	site = site_of(stack, cpu, gfp_order, gfp_order >> 32, context, mistake);
	if (site)
		count_one(site->sampled);
	return 0;
}

static __always_inline int handle_lint(void *ctx, __u32 gfp, __u32 order, __u32 irqs,
				       const struct lint_noise *noise)
{
	struct request r = {.gfp = gfp, .order = order};
	__u32 mistake = LAB_MISTAKE_NONE;

	if (gate_has(LAB_GATE_SERVED) && !(gfp & LAB_GFP_DIRECT_RECLAIM))
		return count_skipped(gfp, order);
	if (is_filtered(gfp, order) || !request_init(&r, true) || r.context == LAB_CTX_UNKNOWN)
		return 0;
	if (gfp & LAB_GFP_DIRECT_RECLAIM)
		mistake = sleep_mistake(&r, irqs, noise);
	else if (is_needless(&r, irqs, noise))
		mistake = LAB_MISTAKE_NEEDLESSLY_ATOMIC;
	return mistake ? lint_count(ctx, r.cpu, gfp | (__u64)order << 32, r.context, mistake) : 0;
}

#endif
