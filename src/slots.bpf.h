/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * slots.bpf.h - requests in flight: one slot per cpu and context level, and the counters they end
 * in.
 *
 * A slot is opened by the entry program and closed by the end program of the same level. The kernel
 * skips a program that already runs on this cpu, so either half can be missing when an interrupt
 * lands inside the other; each such half is counted for what it is.
 *
 * - An end without a start (alone) has no latency.
 * - A start without an end (left) is counted by the next opener of its level, or by the reader. An
 *   interrupt has ended by the time what it interrupted goes on: the end program of a lower level
 *   marks what is open above it, so that no stranger's end closes it.
 * - A start whose task moved on is looked for on the other cpus when its end arrives (migrated). If
 *   its slot was taken over before, one start is displaced and one end strays.
 */
#ifndef LAB_SLOTS_BPF_H
#define LAB_SLOTS_BPF_H

#include "levels.bpf.h"

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

/*
 * The most cpus that a migrated request is looked for on: a bound for the verifier, which goes
 * through each of them. knobs.cpus spares it, and the start, those that this machine does not have.
 */
#define LAB_SEARCH_CPUS 512

#define count_one(counter) __sync_fetch_and_add(&(counter), 1)
#define count_add(counter, n) __sync_fetch_and_add(&(counter), (n))

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
 * May this request sleep, and is that kind not counted? The test that spares nearly all of a
 * machine's traffic: the programs make it before anything else, and the rest lies in functions of
 * its own so that not even their registers are saved.
 */
static __always_inline bool is_spared(__u32 gfp)
{
	return gfp & LAB_GFP_DIRECT_RECLAIM && knobs.cell_classes == LAB_CLASSES_WATCHED;
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

static __always_inline struct lab_cell *cell_of(struct lab_cpu *cpu, __u32 class, __u32 context)
{
	__u64 i = class * LAB_CONTEXTS + context;

	/* The verifier must see the test and the use in one register. */
	barrier_var(i);
	return i < knobs.cell_classes * LAB_CONTEXTS ? &cpu->cell[i] : NULL;
}

/*
 * Where it is, for what is seldom. A global function, of which the verifier knows that it returns
 * some number: it does not go through what follows for each class.
 */
__noinline __u32 lab_cell_index(__u32 gfp, __u32 context)
{
	return lab_class_of(gfp) * LAB_CONTEXTS + context;
}

static __always_inline struct lab_cell *cell_at(struct lab_cpu *cpu, __u64 i)
{
	if (i >= knobs.cell_classes * LAB_CONTEXTS)
		return NULL;
	barrier_var(i); /* as above */
	return &cpu->cell[i];
}

static __always_inline void count_outcome(struct lab_cell *cell, __u32 order, __u32 outcome,
					  __u32 state)
{
	__u64 i = order_row(order) * LAB_OUTCOMES + outcome;

	barrier_var(i); /* as above */
	if (i >= LAB_ORDERS * LAB_OUTCOMES)
		return;
	cell->used = 1;
	count_one(cell->outcome[0][i]);
	if (state & LAB_IN_BH_OFF)
		count_one(cell->bh_off);
	if (state & LAB_IN_PREEMPT_OFF)
		count_one(cell->preempt_off);
}

/*
 * How long a request took. Two tasks that open one slot, each preempted in the middle of it, can
 * leave the time of the later one to the other, which may have ended by then: no time, and no age.
 */
static __always_inline __u64 elapsed_ns(__u64 now, __u64 start)
{
	__u64 ns = now - start;

	/* Without a branch, after which the verifier would go through everything twice. */
	return ns & ~(__u64)((__s64)ns >> 63);
}

static __always_inline void count_latency(struct lab_cell *cell, __u64 ns)
{
	__u64 bucket = lab_latency_bucket(ns);

	barrier_var(bucket); /* as above */

	if (bucket >= LAB_LAT_BUCKETS)
		return;
	count_one(cell->latency[bucket]);
	count_add(cell->latency_sum_ns, ns);
	if (ns > cell->latency_max_ns)
		cell->latency_max_ns = ns;
}

/* A request that is passed over for the budget. */
static __noinline int count_skipped(__u32 gfp, __u32 order)
{
	__u32 cpu_id = bpf_get_smp_processor_id();
	struct lab_cpu *cpu = bpf_map_lookup_elem(&cpus, &cpu_id);

	if (cpu && !is_filtered(gfp, order))
		count_one(cpu->skipped);
	return 0;
}

/* Counts a start without an end where its request belongs. */
static __noinline int count_left(struct lab_cpu *cpu, __u32 level, __u64 key)
{
	struct lab_slot slot = {.key = key};
	__u32 gfp = lab_slot_gfp(&slot), outcome;
	struct lab_cell *cell;

	if (!cpu || level >= LAB_LEVELS_NESTED)
		return 0;
	if (slot.flags & LAB_SLOT_WOKEN)
		outcome = LAB_OUT_LEFT_WOKEN;
	else
		outcome = is_opportunistic(gfp) ? LAB_OUT_LEFT_QUIET_OPPORTUNISTIC
						: LAB_OUT_LEFT_QUIET_FINAL;
	cell = cell_at(cpu, lab_cell_index(gfp, level));
	if (cell)
		count_outcome(cell, slot.order, outcome, 0);
	return 0;
}

/*
 * The opener found its own level's slot open: that request is over. One of another task in task
 * context is not counted, because its end still comes.
 */
static __always_inline void slot_replace(struct lab_cpu *cpu, __u32 level, struct lab_slot *slot,
					 __u64 task)
{
	if (level == LAB_CTX_TASK && slot->task != task)
		cpu->displaced++;
	else
		count_left(cpu, level, slot->key);
}

/* Fails in the first lines of the entry function, without a tracepoint: counted at once. */
static __noinline int count_oversize(struct lab_cpu *cpu, __u32 context, __u32 gfp, __u32 state)
{
	struct lab_cell *cell = cpu ? cell_at(cpu, lab_cell_index(gfp, context)) : NULL;

	if (cell)
		count_outcome(cell, LAB_ORDERS - 1,
			      is_opportunistic(gfp) ? LAB_OUT_OVERSIZE_OPPORTUNISTIC
						    : LAB_OUT_OVERSIZE_FINAL,
			      state);
	return 0;
}

/*
 * Opens the slot of this request's level. where: node and nodemask, as a slot's flags hold them;
 * nodes: of that mask.
 */
static __always_inline void slot_open(const struct request *r, __u32 where, __u64 nodes)
{
	__u64 task = bpf_get_current_task();
	struct lab_slot *slot;

	if (r->context >= LAB_LEVELS_NESTED)
		return;
	slot = &r->cpu->slot[r->context];
	if (slot->gfp)
		slot_replace(r->cpu, r->context, slot, task);
	slot->task = task; /* first: see slot_close() */
	barrier();
	if (knobs.events) {
		slot->where = where;
		slot->nodes = nodes;
	}
	slot->start_ns = bpf_ktime_get_ns();
	barrier();
	slot->key = lab_slot_key(r->gfp, r->order);
}

static __always_inline bool slot_is(const struct lab_slot *slot, __u32 gfp, __u32 order)
{
	return (slot->key & LAB_SLOT_KEY_MASK) == lab_slot_key(gfp, order);
}

/* A task that moved to this cpu inside its request left its slot on another one. */
static __noinline struct lab_slot *slot_search(__u32 gfp, __u32 order)
{
	__u64 task = bpf_get_current_task();
	__u32 i;

	for (i = 0; i < LAB_SEARCH_CPUS && i < knobs.cpus; i++) {
		__u32 key = i;
		struct lab_cpu *cpu = bpf_map_lookup_elem(&cpus, &key);

		if (!cpu)
			break;
		if (cpu->slot[LAB_CTX_TASK].task == task &&
		    slot_is(&cpu->slot[LAB_CTX_TASK], gfp, order))
			return &cpu->slot[LAB_CTX_TASK];
	}
	return NULL;
}

/*
 * What is known of a finished request: first what its slot held, as it stood there, then for the
 * program that has the context to tell it. 64 bytes: with more, two programs' frames grow, and with
 * them their calls beyond what 5.10 allows.
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

static __always_inline bool slot_is_own(const struct lab_slot *slot, const struct request *r)
{
	return slot_is(slot, r->gfp, r->order) &&
	       (r->context != LAB_CTX_TASK || slot->task == bpf_get_current_task());
}

/*
 * Closes the request's slot, after what it held was taken out, node and nodes with knobs.events.
 * First taken, then looked whose it is: where the kernel lets this program be preempted, another
 * task may open the slot at any point, and writes first that it is its own. On another cpu it may
 * at any time. false: it is not, or not any more.
 */
static __always_inline bool slot_close(struct lab_slot *slot, const struct request *r,
				       struct note *n, __u64 *wake_zone)
{
	n->start = slot->start_ns;
	*wake_zone = slot->wake_zone;
	n->level = slot->wake_level;
	n->flags = slot->flags;
	if (knobs.events) {
		n->node = slot->where;
		n->nodes = slot->nodes;
	}
	barrier();
	if (!slot_is_own(slot, r))
		return false;
	slot->key = 0;
	return true;
}

/*
 * Closes the slot that was opened for this request; false: there is none. Those that are open while
 * served requests are passed over are not of requests that ended since: what came of theirs is for
 * the next opener to tell.
 */
static __always_inline bool slot_find(const struct request *r, struct note *n, __u64 *wake_zone,
				      const bool gated)
{
	struct lab_slot *slot;

	if (!knobs.has_entry || r->context >= LAB_LEVELS_NESTED ||
	    (gated && gate_has(LAB_GATE_SERVED)))
		return false;
	slot = &r->cpu->slot[r->context];
	if (!slot_is_own(slot, r)) {
		if (r->context != LAB_CTX_TASK)
			return false;
		slot = slot_search(r->gfp, r->order);
		if (slot)
			r->cpu->migrated++;
	}
	if (slot && slot_close(slot, r, n, wake_zone))
		return true;
	if (r->context == LAB_CTX_TASK && (!gated || !gate_has(LAB_GATE_ALONE)))
		r->cpu->strays++;
	return false;
}

/*
 * What interrupts left open above this level is over: marked, so that no end closes it any more,
 * and counted by the next opener of that level or by the reader. Not counted here: another
 * interrupt may land at any point and open the slot anew. A mark does no harm then, for that one is
 * over as well.
 */
static __always_inline void slots_sweep(const struct request *r)
{
	struct lab_slot *slot = r->cpu->slot;

	/* PREEMPT_RT: softirqs are preemptible threads, one may be in flight still. */
	if (r->context < LAB_CTX_SOFTIRQ && !kernel_is_rt())
		slot[LAB_CTX_SOFTIRQ].over = 1;
	if (r->context < LAB_CTX_HARDIRQ)
		slot[LAB_CTX_HARDIRQ].over = 1;
	if (r->context < LAB_CTX_NMI)
		slot[LAB_CTX_NMI].over = 1;
}

#endif
