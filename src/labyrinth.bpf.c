// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * labyrinth.bpf.c - the kernel front: which program is attached to which hook.
 *
 *   entry function      fentry | kprobe   opens the slot of the request's context level
 *   wakeup_kswapd       fentry | kprobe   notes that it entered the slow path, and its zone's level
 *   mm_page_alloc       raw tracepoint    closes the slot; counts outcome, level, latency
 *   bulk function       fexit             pages asked against pages got
 *   mm_page_alloc_zone_locked  raw tp     a page left the exclusive reserve
 *   move_freepages_block, unreserve_highatomic_pageblock  fexit   the reserve grew, shrank
 *   new anonymous rmap  fentry            pages marked PG_anon_exclusive (on request)
 *   warn_alloc          kprobe            a failure, with wakeup_kswapd all of attach mode slowpath
 *   lint                fentry | kprobe | raw tracepoint, alone: flags that do not fit the context
 *   snapshot, cal_*     run for the loader: snapshot.bpf.h, calibrate.bpf.h
 *
 * Always raw tracepoints, never tp_btf: there the verifier of 6.2 to 6.12 takes the page for never
 * NULL and drops the test that tells a failure. Nothing here allocates, locks or hashes except
 * counts by stack and by kind, where these are wanted (tallies.bpf.h): one array of cells and one
 * of cpus, each written by its own cpu with atomic adds (an interrupt may land anywhere). The
 * programs for counts alone take a shorter path for most requests, where plain adds do: fast.bpf.h.
 */
#include "bpf/aftermath.bpf.h"
#include "bpf/calibrate.bpf.h"
#include "bpf/cells.bpf.h"
#include "bpf/compat.bpf.h"
#include "bpf/events.bpf.h"
#include "bpf/fast.bpf.h"
#include "bpf/full.bpf.h"
#include "bpf/lint.bpf.h"
#include "bpf/parked.bpf.h"
#include "bpf/request.bpf.h"
#include "bpf/reserve.bpf.h"
#include "bpf/slots.bpf.h"
#include "bpf/slowpath.bpf.h"
#include "bpf/snapshot.bpf.h"
#include "bpf/tallies.bpf.h"
#include "bpf/watermark.bpf.h"
#include "wire/counts.h"
#include "wire/event.h"
#include "wire/gfp.h"
#include "wire/knobs.h"
#include "wire/request.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* ---- handlers: one for each hook, whatever it is attached by ---- */

/*
 * Slow path: called for every request that missed the low mark and carries KSWAPD_RECLAIM, once per
 * node and attempt, just before it tries the marks below. gfp 0 is a boosted zone's or migration's
 * call.
 */
static __always_inline int handle_wake(struct zone *zone, __u32 gfp, __u32 order, __u32 highest_zid)
{
	struct request r = {.gfp = gfp, .order = order};
	struct lab_slot *slot;
	__u64 free;

	if (!gfp || is_spared(gfp) || is_filtered(gfp, order) || !request_init(&r, true))
		return 0;
	free = zone_free_pages(zone);
	note_low(r.cpu, zone, free);
	if (r.context >= LAB_LEVELS_NESTED)
		return 0;
	slot = slot_awake(&r);
	if (!slot || gate_has(LAB_GATE_SERVED))
		return 0;
	/* The first node is the preferred one; a later attempt looks at it afresh. */
	if (!(slot->flags & LAB_SLOT_WOKEN) || slot->wake_zone == (__u64)zone) {
		slot->wake_zone = (__u64)zone;
		slot->wake_level = zone_level(zone, free, gfp, order, highest_zid);
	}
	slot->flags |= LAB_SLOT_WOKEN;
	return 0;
}

/* A bulk request is reported and counted by site here; the single requests it makes are anyway. */
static __noinline int bulk_short(void *ctx, __u32 gfp, __u32 node, __u32 asked, __u32 got)
{
	struct request r = {.gfp = gfp};
	struct note n = {
		.now = bpf_ktime_get_ns(),
		.kind = LAB_EVENT_FAILED,
		.flags = LAB_EVENT_BULK,
		.level = LAB_LEVEL_UNKNOWN,
		.node = node,
		.bulk_asked = asked,
		.bulk_got = got,
	};

	if (!request_init(&r, true))
		return 0;
	n.context = r.context;
	n.flags |= event_state(task_state(&r, entry_noise));
	n.nodes = request_nodes(gfp, r.context, 0, 0);
	stack_share(ctx, &n);
	event_emit(ctx, r.cpu, gfp, &n, true);
	aftermath_settle(ctx, gfp, &n);
	site_count(ctx, r.cpu, gfp, &n, 0);
	aftermath_begin(gfp, &n);
	return 0;
}

static __always_inline int handle_bulk(void *ctx, __u32 gfp, __u32 node, __u64 asked, __u64 got)
{
	__u32 cpu_id = bpf_get_smp_processor_id();
	struct lab_cpu *cpu;

	if (is_spared(gfp) || is_filtered(gfp, 0))
		return 0;
	cpu = bpf_map_lookup_elem(&cpus, &cpu_id);
	if (!cpu)
		return 0;
	count_one(cpu->bulk_calls);
	count_add(cpu->bulk_asked, asked);
	count_add(cpu->bulk_got, got);
	if (got >= asked)
		return 0;
	count_one(cpu->bulk_short);
	return knobs.events ? bulk_short(ctx, gfp, node, asked, got) : 0;
}

/* ---- programs ---- */

/* Arguments 3 and 4 of the entry function: where the request may be served. */
static __always_inline __u32 slot_where(__u32 nid, bool nodemask)
{
	return nid << LAB_SLOT_NODE_SHIFT | (nodemask ? LAB_SLOT_NODEMASK : 0);
}

/* With where the request may be served. Not inlined: a spared one would pay for its registers. */
static __noinline int entry_placed(__u64 *ctx)
{
	if (gate_has(LAB_GATE_STARTS))
		return 0;
	return entry_watched(ctx, entry_gfp_fentry(ctx), ctx[1], slot_where(ctx[2], ctx[3]),
			     nodemask_nodes(ctx[3]));
}

SEC("fentry")
int lab_entry_tell(__u64 *ctx)
{
	__u32 gfp = ctx[0];

	if (is_spared(gfp))
		return 0;
	return knobs.placed ? entry_placed(ctx)
			    : entry_watched(ctx, entry_gfp_fentry(ctx), ctx[1], 0, 0);
}

/* For counts alone: as few instructions as it takes. */
SEC("fentry")
int lab_entry(__u64 *ctx)
{
	return entry_fast(ctx);
}

static __noinline int entry_placed_kp(struct pt_regs *ctx)
{
	__u64 mask = PT_REGS_PARM4_CORE(ctx);

	if (gate_has(LAB_GATE_STARTS))
		return 0;
	return entry_watched(ctx, entry_gfp(PT_REGS_PARM1_CORE(ctx), PT_REGS_PARM5_CORE(ctx)),
			     PT_REGS_PARM2_CORE(ctx), slot_where(PT_REGS_PARM3_CORE(ctx), mask),
			     nodemask_nodes(mask));
}

SEC("kprobe")
int lab_entry_kp(struct pt_regs *ctx)
{
	__u32 gfp = PT_REGS_PARM1_CORE(ctx);

	if (is_spared(gfp))
		return 0;
	return knobs.placed ? entry_placed_kp(ctx)
			    : entry_watched(ctx, entry_gfp(gfp, PT_REGS_PARM5_CORE(ctx)),
					    PT_REGS_PARM2_CORE(ctx), 0, 0);
}

/* For counts alone: as few instructions as it takes. */
SEC("raw_tp")
int lab_done(struct bpf_raw_tracepoint_args *ctx)
{
	return done_fast(ctx);
}

SEC("raw_tp")
int lab_done_tell(struct bpf_raw_tracepoint_args *ctx)
{
	return is_spared(ctx->args[2]) ? 0 : done_symbol(ctx);
}

/* The same without a reference to kernel variables, for kernels that cannot resolve them. */
SEC("raw_tp")
int lab_done_nosym(struct bpf_raw_tracepoint_args *ctx)
{
	return is_spared(ctx->args[2]) ? 0 : done_nosym(ctx);
}

SEC("fentry")
int lab_wake(__u64 *ctx)
{
	struct zone *zone = NULL;

	/* As a plain address: the verifier allows no arithmetic with the typed pointer. */
	bpf_probe_read_kernel(&zone, sizeof(zone), ctx);
	return handle_wake(zone, ctx[1], ctx[2], ctx[3]);
}

SEC("kprobe")
int lab_wake_kp(struct pt_regs *ctx)
{
	return handle_wake((void *)PT_REGS_PARM1_CORE(ctx), PT_REGS_PARM2_CORE(ctx),
			   PT_REGS_PARM3_CORE(ctx), PT_REGS_PARM4_CORE(ctx));
}

SEC("raw_tp")
int lab_locked(struct bpf_raw_tracepoint_args *ctx)
{
	return handle_locked((struct page *)ctx->args[0], ctx->args[1], ctx->args[2]);
}

SEC("fexit")
int lab_move(__u64 *ctx)
{
	/* The fourth argument of the older form is an int *, which 5.10 forbids to load. */
	if (knobs.move_has_old)
		return handle_move(ctx[2], ctx[3], ctx[4]);
	return handle_move(ctx[2], 0, ctx[4]);
}

SEC("kprobe")
int lab_move_kp(struct pt_regs *ctx)
{
	return handle_move(PT_REGS_PARM3_CORE(ctx), PT_REGS_PARM4_CORE(ctx), 0);
}

/* Up to 6.11 the old type is not an argument: one block a true return. */
SEC("fexit")
int lab_unreserve(__u64 *ctx)
{
	__u32 cpu_id = bpf_get_smp_processor_id();
	struct lab_cpu *cpu = bpf_map_lookup_elem(&cpus, &cpu_id);

	if (cpu && (ctx[2] & 0xff))
		count_one(cpu->shrunk);
	return 0;
}

SEC("fexit")
int lab_bulk(__u64 *ctx)
{
	if (knobs.bulk_args == 6)
		return handle_bulk(ctx, ctx[0], ctx[1], (__u32)ctx[3], (__u32)ctx[6]);
	return handle_bulk(ctx, ctx[0], ctx[1], (__u32)ctx[3], (__u32)ctx[5]);
}

SEC("fentry")
int lab_anon(__u64 *ctx)
{
	__u32 cpu_id = bpf_get_smp_processor_id();
	struct lab_cpu *cpu;

	if (knobs.anon_args >= 4 && !(ctx[3] & 1)) /* RMAP_EXCLUSIVE */
		return 0;
	cpu = bpf_map_lookup_elem(&cpus, &cpu_id);
	if (cpu)
		count_add(cpu->anon_exclusive, folio_pages((void *)ctx[0]));
	return 0;
}

/* Mistakes: the entry function by kprobe where that shows the flags register, else by fentry;
 * the tracepoint where neither can be had. */
SEC("kprobe")
int lab_lint_kp(struct pt_regs *ctx)
{
	const struct lint_noise noise = {entry_noise, entry_rcu};
	__u32 irqs = LAB_IRQS_UNKNOWN;

	if (knobs.flags_known)
		irqs = flags_irqs_off(ctx) ? LAB_IRQS_OFF : LAB_IRQS_ON;
	return handle_lint(ctx, PT_REGS_PARM1_CORE(ctx), PT_REGS_PARM2_CORE(ctx), irqs, &noise);
}

SEC("fentry")
int lab_lint(__u64 *ctx)
{
	const struct lint_noise noise = {entry_noise, entry_rcu};

	return handle_lint(ctx, ctx[0], ctx[1], LAB_IRQS_UNKNOWN, &noise);
}

SEC("raw_tp")
int lab_lint_done(struct bpf_raw_tracepoint_args *ctx)
{
	const struct lint_noise noise = {done_noise, done_rcu};

	return handle_lint(ctx, ctx->args[2], ctx->args[1], LAB_IRQS_UNKNOWN, &noise);
}

/* Attach mode slowpath: these two, and nothing that a request served on the fast path passes. */
SEC("fentry")
int lab_slow_wake(__u64 *ctx)
{
	struct zone *zone = NULL;

	bpf_probe_read_kernel(&zone, sizeof(zone), ctx); /* as in lab_wake */
	return handle_slow_wake(ctx, zone, ctx[1], ctx[2], ctx[3]);
}

/* Variadic, which fentry refuses. The first argument behind the format is the order. */
SEC("kprobe")
int lab_slow_warn(struct pt_regs *ctx)
{
	return handle_slow_warn(ctx, PT_REGS_PARM1_CORE(ctx), PT_REGS_PARM2_CORE(ctx),
				PT_REGS_PARM3_CORE(ctx), PT_REGS_PARM4_CORE(ctx));
}

/* Run for the loader, once a cpu, when nothing is attached any more. */
SEC("raw_tp")
int lab_slow_rest(void *ctx __attribute__((unused)))
{
	return handle_slow_rest();
}
