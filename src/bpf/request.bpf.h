/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * request.bpf.h - one request as the programs see it: who asks, in which context, whether it is
 * watched; and what is noted of it until it is counted and reported.
 */
#ifndef LAB_BPF_REQUEST_BPF_H
#define LAB_BPF_REQUEST_BPF_H

#include "bpf/compat.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);			    /* set by the loader: possible cpus */
	__uint(key_size, sizeof(__u32));	    /* no types: they would fix the size */
	__uint(value_size, sizeof(struct lab_cpu)); /* set by the loader: lab_cpu_size() */
} cpus SEC(".maps");

/* Parity selects which low point is written; flipped by the reader. */
volatile __u32 epoch = 0;

/* LAB_GATE_... bits: what is left out for the budget, set by the user side at any time. */
volatile __u32 gate = 0;

static __always_inline bool gate_has(__u32 bits)
{
	return knobs.budget && gate & bits;
}

/* What the hooks themselves add to preempt_count's preempt byte; measured by the calibration. */
volatile __u32 entry_noise = 0, done_noise = 0;
/* The same for the depth of RCU readers. */
volatile __u32 entry_rcu = 0, done_rcu = 0;

/* Task context, in a state that the requests of a row are counted by. */
#define LAB_IN_BH_OFF 1U
#define LAB_IN_PREEMPT_OFF 2U

/* One watched request as either half sees it. */
struct request {
	__u32 gfp, order;
	__u64 context;
	__u64 count; /* preempt_count, with the softirq bits of this task on PREEMPT_RT */
	struct lab_cpu *cpu;
};

static __always_inline bool is_opportunistic(__u32 gfp)
{
	return gfp & (LAB_GFP_NORETRY | LAB_GFP_NOMEMALLOC);
}

static __always_inline __u32 order_row(__u32 order)
{
	return order < LAB_ORDERS ? order : LAB_ORDERS - 1;
}

/*
 * May this request sleep, and is that kind not counted? True for nearly all of a machine's traffic:
 * the programs test it before anything else, and keep the rest in functions of its own so that not
 * even their registers are saved.
 */
static __always_inline bool is_spared(__u32 gfp)
{
	return gfp & LAB_GFP_DIRECT_RECLAIM && knobs.cell_classes == LAB_CLASSES_WATCHED;
}

/* The mask as it will be at the end; alloc_flags: the fifth argument, where there is one. */
static __always_inline __u32 entry_gfp(__u32 gfp, __u32 alloc_flags)
{
	return alloc_flags & knobs.nolock_flag ? gfp | LAB_GFP_NOLOCK : gfp;
}

/* --class and --order. */
static __always_inline bool is_filtered(__u32 gfp, __u32 order)
{
	return knobs.filtered && (!(knobs.class_mask & (1U << lab_class_of(gfp))) ||
				  !(knobs.order_mask & (1U << order_row(order))));
}

static __always_inline __u64 context_of(__u64 count)
{
	if (count & knobs.irq_mask)
		return count & knobs.nmi_mask ? LAB_CTX_NMI : LAB_CTX_HARDIRQ;
	return (count / LAB_SERVING_SOFTIRQ) & 1; /* LAB_CTX_SOFTIRQ or LAB_CTX_TASK */
}

/*
 * Fills the rest of *r, where gfp and order are; false when this cpu has no row (never on a sane
 * kernel). by_symbol: see preempt_count().
 */
static __always_inline bool request_init(struct request *r, const bool by_symbol)
{
	__u32 cpu_id = bpf_get_smp_processor_id();

	r->cpu = bpf_map_lookup_elem(&cpus, &cpu_id);
	if (!r->cpu)
		return false;
	r->count = preempt_count(cpu_id, &r->cpu->preempt_count_addr, by_symbol);
	if (r->count == LAB_NO_COUNT) {
		r->context = LAB_CTX_UNKNOWN;
		return true;
	}
	r->count = with_softirq_bits(r->count);
	r->context = context_of(r->count);
	return true;
}

/* What was off in task context; noise: what the hook itself adds to the preempt byte. */
static __always_inline __u32 task_state(const struct request *r, __u32 noise)
{
	__u32 state = 0;

	if (r->context != LAB_CTX_TASK)
		return 0;
	if (r->count & LAB_BH_OFF_MASK)
		state |= LAB_IN_BH_OFF;
	if (knobs.preempt_known && (r->count & LAB_PREEMPT_MASK) > noise)
		state |= LAB_IN_PREEMPT_OFF;
	return state;
}

/*
 * How long a request took. Two tasks that open one slot, each preempted in the middle of it, can
 * leave the time of the later one to the other, which may have ended by then: counted as 0.
 */
static __always_inline __u64 elapsed_ns(__u64 now, __u64 start)
{
	__u64 ns = now - start;

	/* Without a branch, after which the verifier would go through everything twice. */
	return ns & ~(__u64)((__s64)ns >> 63);
}

/*
 * What is known of a finished request: first what its slot held, as it stood there, then for the
 * program that has the context to report it. 64 bytes: with more, two programs' frames grow, and
 * with them their calls beyond what 5.10 allows.
 */
struct note {
	__u64 now, start; /* start 0: not seen */
	__u32 kind;	  /* enum lab_event_kind; LAB_EVENT_KINDS: nothing noteworthy */
	__u32 flags, context;
	__u32 level; /* enum lab_level; of a slot its wake_level */
	__u32 node;  /* of a slot its where */
	bool served;
	__u64 stack;		    /* its key; LAB_NO_STACK: none, or not taken yet */
	__u64 nodes;		    /* that it may use; 0: any, or not known */
	__u32 bulk_asked, bulk_got; /* pages, with LAB_EVENT_BULK */
};
_Static_assert(sizeof(struct note) == 64, "struct note");

#endif
