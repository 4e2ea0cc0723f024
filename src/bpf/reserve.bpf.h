/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * reserve.bpf.h - the exclusive reserve: pageblocks of type MIGRATE_HIGHATOMIC, kept "for exclusive
 * use of high-order atomic allocations" (mm/page_alloc.c). Who may use it, who does, how it grows
 * and shrinks.
 */
#ifndef LAB_BPF_RESERVE_BPF_H
#define LAB_BPF_RESERVE_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/request.bpf.h"
#include "bpf/slots.bpf.h"
#include "wire/counts.h"
#include "wire/gfp.h"
#include "wire/knobs.h"

/* The exclusive reserve, as far as one finished request shows. */
static __always_inline void count_exclusive(const struct request *r, bool served, __u32 flags)
{
	if (!r->order || lab_class_of(r->gfp) != LAB_CLASS_ATOMIC || r->gfp & LAB_GFP_NOMEMALLOC)
		return;
	count_one(r->cpu->eligible);
	if (!served)
		return;
	if (flags & LAB_SLOT_HIT)
		count_one(r->cpu->hit);
	else
		count_one(r->cpu->miss);
}

/* Is the request of this open slot one that may use the exclusive reserve? */
static __always_inline bool slot_is_eligible(const struct lab_slot *slot)
{
	__u32 gfp = lab_slot_gfp(slot);

	return slot->gfp && !slot->over && lab_slot_order(slot) &&
	       lab_class_of(gfp) == LAB_CLASS_ATOMIC && !(gfp & LAB_GFP_NOMEMALLOC) &&
	       (slot->flags & LAB_SLOT_WOKEN || knobs.eligible_fast);
}

/* A page left the exclusive reserve: for a request that may use it, or not. */
static __noinline int reserve_used(__u32 order)
{
	struct request r = {.order = order};
	struct lab_slot *slot;

	if (!request_init(&r, true))
		return 0;
	slot = r.context < LAB_LEVELS_NESTED ? &r.cpu->slot[r.context] : NULL;
	if (slot && slot_is_eligible(slot))
		slot->flags |= LAB_SLOT_HIT;
	else
		count_one(r.cpu->leak);
	return 0;
}

/*
 * Free pages leave a list under zone->lock with interrupts off: a compare for nearly all, and for
 * one out of the reserve one write to this cpu's row.
 */
static __always_inline int handle_locked(struct page *page, __u32 order, __u32 type)
{
	if (knobs.locked_by_index) {
		if (!order) /* up to 5.15 order 0 never comes off the reserve here */
			return 0;
		type = BPF_CORE_READ(page, index);
	}
	if (type != bpf_core_enum_value(enum migratetype, MIGRATE_HIGHATOMIC))
		return 0;
	return reserve_used(order);
}

/* move_freepages_block: a pageblock joins or leaves the reserve. pages < 0 (or 0 before 6.12):
 * refused. */
static __always_inline int handle_move(__u32 arg2, __u32 arg3, __s32 pages)
{
	__u32 reserve = bpf_core_enum_value(enum migratetype, MIGRATE_HIGHATOMIC);
	__u32 cpu_id = bpf_get_smp_processor_id();
	__u32 new_type = knobs.move_has_old ? arg3 : arg2;
	struct lab_cpu *cpu;

	if (pages < 0 || (new_type != reserve && !(knobs.move_has_old && arg2 == reserve)))
		return 0;
	cpu = bpf_map_lookup_elem(&cpus, &cpu_id);
	if (!cpu)
		return 0;
	if (new_type == reserve)
		count_one(cpu->grown);
	else
		count_one(cpu->shrunk);
	return 0;
}

#endif
