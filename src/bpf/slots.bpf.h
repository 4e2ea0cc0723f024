/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * slots.bpf.h - requests in flight: one slot per cpu and context level.
 *
 * A slot is opened by the entry program and closed by the end program of the same level. The kernel
 * skips a program that already runs on this cpu, so either half can be missing when an interrupt
 * lands inside the other; each such half is counted for what it is.
 *
 * - An end without a start (alone) has no latency.
 * - A start without an end (left) is counted by the next opener of its level, or by the reader. By
 *   the time the interrupted code resumes, the interrupt has returned: the end program of a lower
 *   level marks what is open above it, so that no stranger's end closes it.
 * - A start whose task moved on is looked for on the other cpus when its end arrives (migrated). If
 *   its slot was taken over before, one start is displaced and one end strays; but that
 *   of a request that may sleep is kept (parked.bpf.h).
 */
#ifndef LAB_BPF_SLOTS_BPF_H
#define LAB_BPF_SLOTS_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/parked.bpf.h"
#include "bpf/request.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"

/*
 * Upper bound of the search for a migrated request; the verifier walks every iteration. knobs.cpus
 * ends it at the cpus that this machine can have.
 */
#define LAB_SEARCH_CPUS 512

/*
 * The opener found its own level's slot open: that request is over. One of another task in task
 * context is not counted, because its end still comes.
 */
static __always_inline void slot_replace(struct lab_cpu *cpu, __u32 level, struct lab_slot *slot,
					 __u64 task)
{
	if (level == LAB_CTX_TASK && knobs.parks && slot_park(cpu, slot, task))
		return;
	if (level == LAB_CTX_TASK && slot->task != task)
		cpu->displaced++;
	else
		count_left(cpu, level, slot->key);
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

/* A nolock request, where these have an entry function of their own. */
static __always_inline bool is_apart(__u32 gfp)
{
	return knobs.nolock_apart && lab_gfp_is_nolock(gfp);
}

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

/* Its slot was needed while it slept. */
static __always_inline bool slot_unpark(const struct request *r, struct note *n, __u64 *wake_zone)
{
	__u64 task = bpf_get_current_task();
	struct lab_slot *slot = slot_parked(task);

	if (!slot || !slot_close(slot, r, n, wake_zone))
		return false;
	slot_return(r->cpu, task);
	return true;
}

/* The slot of a request on its slow path, or NULL. */
static __always_inline struct lab_slot *slot_awake(const struct request *r)
{
	struct lab_slot *slot = &r->cpu->slot[r->context];

	if (slot_is_own(slot, r))
		return slot;
	if (!knobs.parks || r->context != LAB_CTX_TASK || !(r->gfp & LAB_GFP_DIRECT_RECLAIM))
		return NULL;
	slot = slot_parked(bpf_get_current_task());
	return slot && slot_is(slot, r->gfp, r->order) ? slot : NULL;
}

/*
 * Closes the slot that was opened for this request; false: there is none. While served
 * requests are skipped, an open slot may be of a request that ended since: the next opener counts
 * it.
 */
static __always_inline bool slot_find(const struct request *r, struct note *n, __u64 *wake_zone,
				      const bool gated)
{
	struct lab_slot *slot;

	if (!knobs.has_entry || r->context >= LAB_LEVELS_NESTED ||
	    (gated && gate_has(LAB_GATE_SERVED)))
		return false;
	/* Its start was not seen, and no other cpu has its slot. */
	if (is_apart(r->gfp))
		return false;
	slot = &r->cpu->slot[r->context];
	if (!slot_is_own(slot, r)) {
		if (r->context != LAB_CTX_TASK)
			return false;
		if (knobs.parks && r->gfp & LAB_GFP_DIRECT_RECLAIM && slot_unpark(r, n, wake_zone))
			return true;
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
