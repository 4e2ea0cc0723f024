/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * parked.bpf.h - requests that may sleep, while another one needs their slot.
 *
 * A request in direct reclaim sleeps, and other tasks ask on its cpu meanwhile; or it asks for
 * pages itself, to swap out (mm/page_alloc.c: __perform_reclaim, mm/memcontrol.c: try_charge, both
 * under PF_MEMALLOC). Its start then waits in a table by task. Only where classes that may sleep
 * are watched; the rest never leave their slot.
 */
#ifndef LAB_BPF_PARKED_BPF_H
#define LAB_BPF_PARKED_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/request.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"

#define LAB_PARKED 4096 /* tasks in reclaim at once; for one more, its start is displaced */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LAB_PARKED);
	__type(key, __u64); /* task_struct address */
	__type(value, struct lab_slot);
} parked SEC(".maps");

/* CLOCK_MONOTONIC: what began before is forgotten. Set by the loader as served ones are skipped. */
volatile __u64 parked_since_ns = 0;

/* Is the request of this slot, of that task, still under way, although the task asks for more? */
static __always_inline bool is_around(__u64 key, __u64 task)
{
	return knobs.parks && key & LAB_GFP_DIRECT_RECLAIM && task_is_memalloc(task);
}

/*
 * The slot of a request in task context is needed by another one, of task. true: what it holds is
 * kept. A task has one place: what it asks for while it reclaims does not reclaim in turn.
 */
static __noinline bool slot_park(struct lab_cpu *cpu, const struct lab_slot *slot, __u64 task)
{
	struct lab_slot start, *old;
	__u64 owner = slot->task;

	if (!(slot->gfp & LAB_GFP_DIRECT_RECLAIM) || (owner == task && !task_is_memalloc(task)))
		return false;
	old = bpf_map_lookup_elem(&parked, &owner);
	if (old && task_is_memalloc(owner))
		return false;
	/* The end of that one was skipped. */
	if (old)
		count_one(cpu->displaced);
	start = *slot;
	if (bpf_map_update_elem(&parked, &owner, &start, BPF_ANY))
		return false;
	if (old)
		count_one(cpu->returned);
	count_one(cpu->parked);
	return true;
}

/* The start that this task left behind, or NULL. */
static __noinline struct lab_slot *slot_parked(__u64 task)
{
	struct lab_slot *slot = bpf_map_lookup_elem(&parked, &task);

	return slot && slot->start_ns >= parked_since_ns ? slot : NULL;
}

static __always_inline void slot_return(struct lab_cpu *cpu, __u64 task)
{
	if (!bpf_map_delete_elem(&parked, &task))
		count_one(cpu->returned);
}

#endif
