/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * aftermath.bpf.h - what the caller of a failed request asked for next, counted by pairs of stacks.
 *
 * A caller has one failure that waits at most: its next request of that class settles it, whatever
 * that is. Where it may be the same allocation by numbers alone (less of a mere try, or smaller),
 * the pair is counted; whether it is one, user space decides, once a pair (model/aftermath.c). What
 * is in no pair was lost: nothing is counted for it, and nobody needs to wait for its time to end.
 */
#ifndef LAB_BPF_AFTERMATH_BPF_H
#define LAB_BPF_AFTERMATH_BPF_H

#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/parked.bpf.h"
#include "bpf/request.bpf.h"
#include "bpf/tallies.bpf.h"
#include "wire/counts.h"
#include "wire/event.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"
#include "wire/tally.h"

#define LAB_PAIRS 4096

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, LAB_PENDING_TASKS);
	__type(key, __u32);
	__type(value, struct lab_pending);
} pendings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LAB_PAIRS);
	__type(key, struct lab_pair_key);
	__type(value, __u64);
} pairs SEC(".maps");

/* The last failure of the machine, CLOCK_MONOTONIC: nobody is followed for longer than that. */
volatile __u64 failed_ns = 0;

/* A failure that is noted after `now` was read makes it negative. */
static __always_inline bool failed_lately(__u64 now)
{
	return (__s64)(now - failed_ns) <= (__s64)LAB_FOLLOW_TRY_NS;
}

/* ---- who ---- */

/* PREEMPT_RT: softirqs are preempted, and two may be under way on one cpu. */
static __always_inline bool is_of_task(__u32 context)
{
	return context == LAB_CTX_TASK || (context == LAB_CTX_SOFTIRQ && kernel_is_rt());
}

static __always_inline __u64 pending_owner(__u32 context)
{
	return is_of_task(context) ? bpf_get_current_task() | context : context + 1;
}

static __always_inline struct lab_pending *pending_place(struct lab_cpu *cpu, __u64 context,
							 __u64 owner)
{
	__u32 key = owner * 0x9e3779b97f4a7c15ULL >> LAB_PENDING_SHIFT;

	if (is_of_task(context))
		return bpf_map_lookup_elem(&pendings, &key);
	barrier_var(context); /* the verifier must see the test and the use in one register */
	return context < LAB_LEVELS_NESTED ? &cpu->pending[context] : NULL;
}

/* ---- what ---- */

static __always_inline __u32 what_order(__u64 what)
{
	return what >> 32 & 0xff;
}

/* Requests of another class are of something else, and settle nothing. */
static __always_inline bool is_of_caller(__u32 then, __u32 now)
{
	return lab_class_of(then) == lab_class_of(now) ||
	       (is_stripped(then) && now & LAB_GFP_DIRECT_RECLAIM);
}

/* A superset of what model/aftermath.c takes for the same allocation. */
static __always_inline bool may_go_on(__u64 then, __u64 now)
{
	__u32 was = try_rank(then), is = try_rank(now);

	if (is < was || what_order(now) < what_order(then))
		return true;
	if (was && what_order(now) == what_order(then))
		return true;
	return now & LAB_PENDING_BULK && !(then & LAB_PENDING_BULK) && !what_order(then);
}

/*
 * ---- counting ----
 *
 * Functions that are not static have numbers alone: the verifier then looks at them once, not once
 * for each way to come there.
 */

static __always_inline struct lab_cpu *this_cpu(void)
{
	__u32 cpu_id = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&cpus, &cpu_id);
}

/* For a failure that has no row. */
static __always_inline void unsettled_count(void)
{
	struct lab_cpu *cpu = this_cpu();

	if (cpu)
		count_one(cpu->unsettled);
}

/* It is not known what came of this failure. */
__noinline int lab_unknown_count(__u64 stack, __u64 what, __u32 context)
{
	struct lab_site_key key = {
		.stack = stack,
		.gfp = (__u32)what & ~LAB_GFP_UNSTABLE,
		.order = what_order(what),
		.context = context,
	};
	struct lab_site *site = bpf_map_lookup_elem(&sites, &key);

	if (site)
		count_one(site->unknown);
	else
		unsettled_count();
	return 0;
}

static __always_inline __u64 *pair_row(const struct lab_pair_key *key)
{
	__u64 *count = bpf_map_lookup_elem(&pairs, key), zero = 0;

	if (count)
		return count;
	bpf_map_update_elem(&pairs, key, &zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(&pairs, key);
}

/* 0, or -1: no room. then and now: as what of a pending one. how: enum lab_next, above it the
 * context. */
#define LAB_HOW_CONTEXT_SHIFT 8

__noinline int lab_pair_count(__u64 then_stack, __u64 then, __u64 stack, __u64 now, __u32 how)
{
	struct lab_pair_key key = {
		.then = then_stack,
		.now = stack,
		.then_gfp = (__u32)then & ~(LAB_GFP_HARDWALL | LAB_GFP_MOVABLE),
		.now_gfp = (__u32)now & ~(LAB_GFP_HARDWALL | LAB_GFP_MOVABLE),
		.then_order = what_order(then),
		.now_order = what_order(now),
		.then_bulk = then & LAB_PENDING_BULK ? 1 : 0,
		.context = how >> LAB_HOW_CONTEXT_SHIFT,
		.how = how & 0xff,
	};
	__u64 *count = pair_row(&key);

	if (!count)
		return -1;
	count_one(*count);
	return 0;
}

/* ---- a caller's next request ---- */

/* The failure that this caller left; NULL: there is none. */
static __always_inline struct lab_pending *pending_of(__u32 context)
{
	__u64 owner = pending_owner(context);
	struct lab_cpu *cpu = this_cpu();
	struct lab_pending *p = cpu ? pending_place(cpu, context, owner) : NULL;

	return p && p->owner == owner ? p : NULL;
}

/*
 * Takes it over, where a request at this time with this mask settles it; false: it does not, or too
 * late, or it is torn.
 */
static __always_inline bool pending_take(struct lab_pending *p, __u64 now, __u32 gfp,
					 struct lab_pending *ret)
{
	if (!is_of_caller(p->what, gfp))
		return false;
	ret->owner = p->owner;
	ret->time_ns = p->time_ns;
	ret->stack = p->stack;
	ret->what = p->what;
	ret->check = p->check;
	p->owner = 0;
	if (lab_pending_check(ret) != ret->check) {
		unsettled_count();
		return false;
	}
	return now - ret->time_ns <= lab_follow_ns(ret->what);
}

/*
 * A request that began after this failure and whose end was skipped is the caller's next one. key,
 * start_ns: of its slot. How it ended is known where it had not missed the low mark.
 */
__noinline int lab_settle_left(__u32 context, __u64 key, __u64 start_ns)
{
	struct lab_slot slot = {.key = key};
	__u64 what = lab_slot_gfp(&slot) | (__u64)slot.order << 32;
	struct lab_pending then, *p = pending_of(context);

	if (!p || p->time_ns >= start_ns || !pending_take(p, start_ns, what, &then) ||
	    !may_go_on(then.what, what))
		return 0;
	if (knobs.has_wake && !(slot.flags & LAB_SLOT_WOKEN) && what & LAB_GFP_KSWAPD_RECLAIM &&
	    !lab_pair_count(then.stack, then.what, LAB_NO_STACK, what,
			    LAB_NEXT_LEFT | context << LAB_HOW_CONTEXT_SHIFT))
		return 0;
	return lab_unknown_count(then.stack, then.what, context);
}

/* Is this caller's slot open? By a request that is younger than a failure, that came next. */
static __always_inline bool slot_left(struct lab_cpu *cpu, __u64 context, __u64 *ret_key,
				      __u64 *ret_start)
{
	struct lab_slot *slot;

	barrier_var(context); /* as above */
	if (context >= LAB_LEVELS_NESTED)
		return false;
	slot = &cpu->slot[context];
	*ret_key = slot->key;
	*ret_start = slot->start_ns;
	if (!(__u32)slot->key)
		return false;
	return context != LAB_CTX_TASK ||
	       (slot->task == bpf_get_current_task() && !is_around(slot->key, slot->task));
}

/* The caller opens its slot, or ended a request, and it is open: that one is over. */
static __always_inline void aftermath_left(struct lab_cpu *cpu, __u32 context)
{
	__u64 key, start;

	if (slot_left(cpu, context, &key, &start))
		lab_settle_left(context, key, start);
}

/*
 * what: of a request that ended now. Not 0: it may go on with its caller's failure. Else there is
 * none, or there was.
 */
__noinline int lab_goes_on(__u32 context, __u64 now, __u64 what)
{
	struct lab_pending *p = pending_of(context), then;
	struct lab_cpu *cpu = this_cpu();

	if (!p || !cpu)
		return 0;
	aftermath_left(cpu, context);
	if (!p->owner || !is_of_caller(p->what, what))
		return 0;
	if (may_go_on(p->what, what) && now - p->time_ns <= lab_follow_ns(p->what))
		return 1;
	pending_take(p, now, what, &then);
	return 0;
}

/* The same once its stack is known. Not 0: the event of that failure was reported. */
__noinline int lab_settle(__u64 now, __u64 what, __u64 stack, __u32 how)
{
	__u32 context = how >> LAB_HOW_CONTEXT_SHIFT;
	struct lab_pending *p = pending_of(context), then;

	if (!p || !pending_take(p, now, what, &then))
		return 0;
	if (stack == LAB_NO_STACK || lab_pair_count(then.stack, then.what, stack, what, how))
		lab_unknown_count(then.stack, then.what, context);
	return then.what & LAB_PENDING_TOLD ? 1 : 0;
}

static __always_inline __u64 what_of(__u64 gfp_order, const struct note *n)
{
	return (gfp_order & 0xffffffffffULL) | (n->flags & LAB_EVENT_BULK ? LAB_PENDING_BULK : 0);
}

/* A request ended. Where it may go on with its caller's failure, its stack is taken into *n. */
static __always_inline void aftermath_settle(void *ctx, __u64 gfp_order, struct note *n)
{
	__u64 what = what_of(gfp_order, n);
	__u32 how = n->served ? LAB_NEXT_SERVED : LAB_NEXT_FAILED;

	if (!failed_lately(n->now) || !lab_goes_on(n->context, n->now, what))
		return;
	if (n->stack == LAB_NO_STACK)
		n->stack = stack_take(ctx);
	if (n->flags & LAB_EVENT_BULK)
		how = LAB_NEXT_BULK;
	if (lab_settle(n->now, what, n->stack, how | n->context << LAB_HOW_CONTEXT_SHIFT))
		n->flags |= LAB_EVENT_GOES_ON;
}

/* ---- a failure ---- */

/* Who had this place, and is not done, is lost sight of. */
static __always_inline void pending_evict(const struct lab_pending *p, __u32 context, __u64 now)
{
	__u64 time = p->time_ns, stack = p->stack, what = p->what;

	if (!p->owner || (__s64)(now - time) > (__s64)lab_follow_ns(what))
		return;
	lab_unknown_count(stack, what, is_of_task(context) ? p->owner & LAB_CTX_SOFTIRQ : context);
}

static __always_inline void pending_put(struct lab_pending *p, __u64 owner, __u64 now, __u64 stack,
					__u64 what)
{
	p->owner = 0;
	barrier();
	p->time_ns = now;
	p->stack = stack;
	p->what = what;
	p->check = owner ^ now ^ stack ^ what;
	barrier();
	p->owner = owner;
}

__noinline int lab_follow_from(__u32 context, __u64 now, __u64 stack, __u64 what)
{
	struct lab_pending *p = NULL;
	struct lab_cpu *cpu = this_cpu();
	__u64 owner = pending_owner(context);

	if (context < LAB_LEVELS_NESTED && cpu && !gate_has(LAB_GATE_ASIDE))
		p = pending_place(cpu, context, owner);
	if (!p)
		return lab_unknown_count(stack, what, context);
	pending_evict(p, context, now);
	pending_put(p, owner, now, stack, what);
	failed_ns = now;
	return 0;
}

/* A failure was counted under its stack: from now on its caller is followed. */
static __always_inline void aftermath_begin(__u64 gfp_order, const struct note *n)
{
	__u64 told = n->kind == LAB_EVENT_FAILED ? LAB_PENDING_TOLD : 0;

	if (n->stack != LAB_NO_STACK && !n->bulk_got)
		lab_follow_from(n->context, n->now, n->stack, what_of(gfp_order, n) | told);
}

#endif
