/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * events.bpf.h - single requests, reported one by one: failures, slow ones, near misses, and what
 * a context did right after a failure. The only place that touches the ring buffer.
 *
 * Only noteworthy requests are reported, so cost matters less than evidence. A storm of them is
 * throttled per cpu; what was held back or did not fit is counted.
 */
#ifndef LAB_BPF_EVENTS_BPF_H
#define LAB_BPF_EVENTS_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/request.bpf.h"
#include "wire/counts.h"
#include "wire/event.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"
#include "wire/tally.h"

/* 1 MiB: some 700 failures. When it is full, events are dropped and counted. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

#define LAB_EVENT_WINDOW_NS 100000000ULL
#define LAB_EVENTS_A_WINDOW 100 /* per cpu */

static __always_inline __u32 event_state(__u32 state)
{
	return (state & LAB_IN_BH_OFF ? LAB_EVENT_BH_OFF : 0) |
	       (state & LAB_IN_PREEMPT_OFF ? LAB_EVENT_PREEMPT_OFF : 0);
}

/* The first 64 nodes of a nodemask, which may be NULL. */
static __always_inline __u64 nodemask_nodes(__u64 mask)
{
	__u64 nodes = 0;

	if (mask)
		bpf_probe_read_kernel(&nodes, sizeof(nodes), (const void *)mask);
	return nodes;
}

/*
 * Which nodes a request in task context may use by its cpuset, when it has no nodemask of its own.
 * Atomic ones go by neither in the end (gfp_to_alloc_flags() drops ALLOC_CPUSET).
 */
static __always_inline __u64 request_nodes(__u32 gfp, __u32 context, __u32 slot_flags,
					   __u64 nodemask)
{
	if (slot_flags & LAB_SLOT_NODEMASK)
		return nodemask;
	if (context != LAB_CTX_TASK || lab_class_of(gfp) == LAB_CLASS_ATOMIC)
		return 0;
	return cpuset_nodes();
}

/* Is this one of the requests that a context makes right after a failure? */
static __always_inline bool is_followed(struct lab_cpu *cpu, __u32 context)
{
	struct lab_follow *follow;

	if (context >= LAB_LEVELS_NESTED)
		return false;
	follow = &cpu->follow[context];
	if (!follow->left || (context == LAB_CTX_TASK && follow->task != bpf_get_current_task()))
		return false;
	follow->left--;
	return true;
}

static __always_inline void follow_from_here(struct lab_cpu *cpu, __u32 context)
{
	if (context >= LAB_LEVELS_NESTED)
		return;
	cpu->follow[context].task = bpf_get_current_task();
	cpu->follow[context].left = LAB_FOLLOW_REQUESTS;
}

/* Why a finished request is reported; LAB_EVENT_KINDS: it is not. */
static __always_inline __u32 event_kind(struct lab_cpu *cpu, bool served, __u32 context,
					__u32 level, __u64 latency_ns)
{
	if (!served)
		return LAB_EVENT_FAILED;
	if (knobs.event_slower_ns && latency_ns >= knobs.event_slower_ns)
		return LAB_EVENT_SLOW;
	if (level >= knobs.event_below && level < LAB_LEVEL_UNKNOWN)
		return LAB_EVENT_NEAR_MISS;
	return is_followed(cpu, context) ? LAB_EVENT_FOLLOW : LAB_EVENT_KINDS;
}

static __always_inline bool event_allowed(struct lab_cpu *cpu, __u64 now)
{
	if (now - cpu->event_window_ns > LAB_EVENT_WINDOW_NS) {
		cpu->event_window_ns = now;
		cpu->event_window_count = 0;
	}
	if (cpu->event_window_count >= LAB_EVENTS_A_WINDOW) {
		count_one(cpu->throttled);
		return false;
	}
	cpu->event_window_count++;
	return true;
}

/* ---- the zones of a failed request ---- */

/* Is there anything on this list? 1 or 0, without a branch: see lab_block_types(). */
static __always_inline __u64 list_has_any(void *head)
{
	__u64 next = 0, differs;

	bpf_probe_read_kernel(&next, sizeof(next), head);
	differs = next ^ (__u64)head;
	barrier_var(differs);
	return (differs | -differs) >> 63;
}

/* The free_area of one order, as an address. */
static __always_inline void *zone_area(__u64 zone, __u32 order)
{
	return (void *)zone + bpf_core_field_offset(struct zone, free_area) +
	       (__u64)order * bpf_core_type_size(struct free_area);
}

static __always_inline __u64 area_has(void *area, __u32 type)
{
	return list_has_any(area + bpf_core_field_offset(struct free_area, free_list) +
			    type * sizeof(struct list_head) * 2);
}

#define LAB_TYPES_ORDINARY 0 /* shifts into the result of lab_block_types() */
#define LAB_TYPES_CMA 16
#define LAB_TYPES_HIGHATOMIC 32

/*
 * Which free blocks there are, by order and by who may take them: ordinary types, CMA, the reserve.
 * Bit = order, above each of LAB_TYPES_... Read without the zone's lock: lists change meanwhile,
 * but none is walked.
 *
 * Not static: the verifier then looks at it once, not once a zone and path. With branches, or as a
 * part of its callers, it made 5.10's verifier give up.
 */
__noinline __u64 lab_block_types(__u64 zone)
{
	__u32 ordinary = bpf_core_enum_value(enum migratetype, MIGRATE_PCPTYPES);
	__u64 types = 0;
	__u32 order, type;

	for (order = 0; order < LAB_EVENT_ORDERS; order++) {
		void *area = zone_area(zone, order);

		for (type = 0; type < 3 && type < ordinary; type++)
			types |= area_has(area, type) << order;
		types |= area_has(area, bpf_core_enum_value(enum migratetype, MIGRATE_HIGHATOMIC))
			 << (LAB_TYPES_HIGHATOMIC + order);
		if (knobs.cma_type)
			types |= area_has(area, knobs.cma_type) << (LAB_TYPES_CMA + order);
	}
	return types;
}

static __always_inline void event_zone_blocks(struct lab_event_zone *out, struct zone *zone)
{
	__u64 types = lab_block_types((__u64)zone);
	__u32 order;

	for (order = 0; order < LAB_EVENT_ORDERS; order++)
		bpf_probe_read_kernel(&out->blocks[order], sizeof(out->blocks[order]),
				      zone_area((__u64)zone, order) +
					      bpf_core_field_offset(struct free_area, nr_free));
	out->ordinary = types >> LAB_TYPES_ORDINARY & 0xffff;
	out->cma = types >> LAB_TYPES_CMA & 0xffff;
	out->highatomic = types >> LAB_TYPES_HIGHATOMIC & 0xffff;
}

static __always_inline void event_zone(struct lab_event_zone *out, struct zone *zone, __u32 zid,
				       __u32 highest_zid)
{
	out->free = zone_free_pages(zone);
	/* To where they belong: by way of the frame, 5.10 finds the frames of all calls too large.
	 */
	bpf_core_read(&out->min, sizeof(out->min), &zone->_watermark[WMARK_MIN]);
	bpf_core_read(&out->low, sizeof(out->low), &zone->_watermark[WMARK_LOW]);
	bpf_core_read(&out->boost, sizeof(out->boost), &zone->watermark_boost);
	out->lowmem_reserve = zone_lowmem_reserve(zone, highest_zid);
	bpf_core_read(&out->managed, sizeof(out->managed), &zone->managed_pages.counter);
	out->free_cma = zone_free_cma(zone);
	out->free_highatomic = zone_free_highatomic(zone);
	out->unusable_highatomic = zone_unusable_highatomic(zone);
	out->zone = zid;
	if (bpf_core_field_exists(zone->node))
		bpf_core_read(&out->node, sizeof(out->node), &zone->node);
}

/* One entry of a zonelist, in the order that the allocator tries them; false at its end. */
static __always_inline bool zonelist_entry(struct pglist_data *pgdat, __u32 i, struct zone **zone,
					   __u32 *zid)
{
	void *ref = (void *)pgdat + bpf_core_field_offset(struct pglist_data, node_zonelists) +
		    (__u64)i * bpf_core_type_size(struct zoneref);
	int index = 0;

	bpf_probe_read_kernel(zone, sizeof(*zone),
			      ref + bpf_core_field_offset(struct zoneref, zone));
	bpf_probe_read_kernel(&index, sizeof(index),
			      ref + bpf_core_field_offset(struct zoneref, zone_idx));
	*zid = index;
	return *zone != NULL;
}

/*
 * The list of all nodes even for __GFP_THISNODE, whose own list ends after its node: what lies
 * beyond shows whether that bound it. Its own node comes first in either. blocks: free blocks of
 * each order, too.
 */
static __noinline int event_zones(struct lab_event *e, const bool blocks)
{
	__u32 highest, i, n = 0;
	struct pglist_data *pgdat;

	if (!e)
		return 0;
	highest = gfp_highest_zid(e->head.gfp);
	e->highest_zone = highest;
	pgdat = node_pgdat(e->head.node);
	for (i = 0; pgdat && i < LAB_EVENT_ZONES; i++) {
		struct zone *zone = NULL;
		__u32 zid = 0;

		if (!zonelist_entry(pgdat, i, &zone, &zid))
			break;
		event_zone(&e->zone[i], zone, zid, highest);
		if (blocks)
			event_zone_blocks(&e->zone[i], zone);
		n = i + 1;
	}
	e->zones = n;
	return 0;
}

/* ---- records ---- */

static __always_inline void event_head(struct lab_event_head *h, void *ctx, __u32 gfp, __u32 order,
				       const struct note *n)
{
	long size;

	h->time_ns = n->now;
	h->latency_ns = n->start ? elapsed_ns(n->now, n->start) : 0;
	h->task = bpf_get_current_task();
	h->kind = n->kind;
	h->cpu = bpf_get_smp_processor_id();
	h->gfp = gfp;
	h->order = order;
	h->context = n->context;
	h->flags = n->flags | (n->start ? LAB_EVENT_HAS_START : 0);
	h->level = n->level;
	h->pid = bpf_get_current_pid_tgid();
	bpf_get_current_comm(h->comm, sizeof(h->comm));
	h->node = n->node;
	if (gate_has(LAB_GATE_STACKS)) {
		h->flags |= n->stack != LAB_NO_STACK ? LAB_EVENT_STACK_ID : 0;
		h->stack[0] = n->stack;
		return;
	}
	size = bpf_get_stack(ctx, h->stack, sizeof(h->stack), 0);
	h->frames = size > 0 ? (__u64)size / sizeof(h->stack[0]) : 0;
}

/* Ring memory comes as it is: what is not filled must not carry what was there before. */
static __always_inline void *event_reserve(struct lab_cpu *cpu, const __u64 size)
{
	volatile __u64 *e = bpf_ringbuf_reserve(&events, size, 0);
	__u32 i;

	if (!e) {
		count_one(cpu->dropped);
		return NULL;
	}
	/* Too long for the compiler's own memset; volatile keeps it from trying. */
	for (i = 0; i < size / sizeof(*e); i++)
		e[i] = 0;
	return (void *)e;
}

/*
 * zones: the zonelist is part of the evidence. What goes on with a failure that was reported is
 * never held back: it says what came of that. n->kind becomes LAB_EVENT_KINDS where one is.
 */
static __noinline int event_emit(void *ctx, struct lab_cpu *cpu, __u64 gfp_order, struct note *n,
				 const bool zones)
{
	__u32 gfp = gfp_order, order = gfp_order >> 32;
	struct lab_event_head *h;
	struct lab_event *e;

	if (!n || !cpu)
		return 0;
	if (n->kind == LAB_EVENT_FOLLOW) {
		h = event_reserve(cpu, sizeof(*h));
		if (h) {
			event_head(h, ctx, gfp, order, n);
			bpf_ringbuf_submit(h, 0);
		}
		return 0;
	}
	if (!(n->flags & LAB_EVENT_GOES_ON) && !event_allowed(cpu, n->now)) {
		n->kind = LAB_EVENT_KINDS;
		return 0;
	}
	if (n->kind == LAB_EVENT_FAILED)
		follow_from_here(cpu, n->context);
	e = event_reserve(cpu, sizeof(*e));
	if (!e)
		return 0;
	event_head(&e->head, ctx, gfp, order, n);
	e->nodes = n->nodes;
	e->bulk_asked = n->bulk_asked;
	e->bulk_got = n->bulk_got;
	if (zones && order)
		event_zones(e, true);
	else if (zones)
		event_zones(e, false);
	bpf_ringbuf_submit(e, 0);
	return 0;
}

#endif
