// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * gate.c - see gate.h.
 *
 * Failures only: the end program returns at once for a served request, and the start programs are
 * detached, because every request pays for them. A request that is under way as starts go off is
 * still counted whole: its end closes its slot as long as any is open, and only then are served
 * ones skipped. As starts come back, an end without one is nobody's miss until all that began
 * before has ended. What the kernel skips meanwhile is kept apart (hooks_blind_misses()), as no
 * start tells of it.
 */
#include "live/gate.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "live/skel.h"
#include "live/attach.h"
#include "live/maps.h"
#include "base/pace.h"
#include "base/util.h"

/* A request that may not sleep takes microseconds; its task may be kept from the cpu meanwhile. */
#define SETTLE_US 20000
#define SETTLE_TRIES 5

static void set_gate(struct hooks *h, __u32 bits)
{
	__atomic_store_n(&h->skel->bss->gate, bits, __ATOMIC_SEQ_CST);
}

static __u32 gate(const struct hooks *h)
{
	return __atomic_load_n(&h->skel->bss->gate, __ATOMIC_SEQ_CST);
}

/* ---- run time ---- */

__u64 hooks_run_time_ns(struct hooks *h)
{
	__u64 sum = 0;

	for (unsigned int id = 0; id < HOOKS; id++) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!h->hook[id].wanted)
			continue;
		if (!bpf_obj_get_info_by_fd(bpf_program__fd(hook_program(h, id)), &info, &size))
			sum += info.run_time_ns;
	}
	return sum;
}

/* ---- blind times ---- */

static void blind_begin(struct hooks *h)
{
	pthread_mutex_lock(&h->blind.lock);
	h->blind.from = hooks_done_misses(h);
	h->blind.now = true;
	pthread_mutex_unlock(&h->blind.lock);
}

static void blind_end(struct hooks *h)
{
	pthread_mutex_lock(&h->blind.lock);
	h->blind.misses += hooks_done_misses(h) - h->blind.from;
	h->blind.now = false;
	pthread_mutex_unlock(&h->blind.lock);
}

__u64 hooks_blind_misses(struct hooks *h)
{
	__u64 misses;

	pthread_mutex_lock(&h->blind.lock);
	misses = h->blind.misses;
	if (h->blind.now)
		misses += hooks_done_misses(h) - h->blind.from;
	pthread_mutex_unlock(&h->blind.lock);
	return misses;
}

/* ---- slots ---- */

/* Calls fn for each open slot whose request may still be under way; how often that said true. */
static unsigned int each_open(struct hooks *h, bool (*fn)(struct lab_slot *slot))
{
	const struct bpf_map *map = h->skel->maps.cpus;
	char *rows = map_values(map);
	unsigned int n = 0;

	for (unsigned int cpu = 0; rows && cpu < h->cpus; cpu++) {
		struct lab_cpu *row = (void *)(rows + cpu * map_value_stride(map));

		for (unsigned int level = 0; level < LAB_LEVELS_NESTED; level++) {
			struct lab_slot *slot = &row->slot[level];

			if (slot->gfp && !slot->over)
				n += fn(slot);
		}
	}
	unmap_values(rows, map);
	return n;
}

static bool may_sleep(const struct lab_slot *slot)
{
	return lab_slot_gfp(slot) & LAB_GFP_DIRECT_RECLAIM;
}

static bool is_awake(struct lab_slot *slot)
{
	return !may_sleep(slot);
}

/* One that may sleep can be under way for long, and will be skipped, or fail, without it. */
static bool forget_sleeper(struct lab_slot *slot)
{
	if (may_sleep(slot))
		slot->key = 0;
	return may_sleep(slot);
}

/* What is open after that is no request's that is under way: left, or silent. */
static void wait_for_ends(struct hooks *h)
{
	for (int i = 0; i < SETTLE_TRIES; i++) {
		usleep(SETTLE_US);
		if (!each_open(h, is_awake))
			return;
	}
}

/* ---- starts ---- */

static bool has_starts(const struct hooks *h)
{
	return hooks_have(h, ROLE_ENTRY);
}

/* The entry, and what looks for its slots. */
static bool is_start(const struct hooks *h, unsigned int id)
{
	enum hook_role role = hook_info(id)->role;

	return h->hook[id].wanted && (role == ROLE_ENTRY || role == ROLE_WAKE);
}

bool hooks_can_reattach(struct hooks *h)
{
	bool can = true;

	if (h->mode != ATTACH_FENTRY)
		return true;
	/* Up to 5.12 a program finds its trampoline only once. */
	for (int i = 0; i < 2; i++) {
		struct bpf_link *link = bpf_program__attach_trace(h->skel->progs.cal_entry);

		can &= link != NULL;
		bpf_link__destroy(link);
	}
	return can;
}

void hooks_detach_starts(struct hooks *h)
{
	/* The entry, which is last in the table, first: without it nobody looks for a wake-up. */
	for (unsigned int id = HOOKS; id-- > 0;)
		if (is_start(h, id))
			hooks_detach_one(h, id);
}

int hooks_attach_starts(struct hooks *h, const struct features *f)
{
	for (unsigned int id = 0; id < HOOKS; id++) {
		int r = is_start(h, id) ? hooks_attach_one(h, id, f) : 0;

		if (r) {
			hooks_detach_starts(h);
			return r;
		}
	}
	return 0;
}

static void stop_starts(struct hooks *h)
{
	blind_begin(h);
	set_gate(h, gate(h) | LAB_GATE_ALONE);
	set_gate(h, gate(h) | LAB_GATE_STARTS);
	wait_for_ends(h);
}

/*
 * Whoever failed before that has had the time to go on, and is not told to have gone without
 * because its next request is skipped. A mere try may take longer: it hardly ever does.
 */
static void stop_following(struct hooks *h)
{
	set_gate(h, gate(h) | LAB_GATE_ASIDE);
	if (h->skel->rodata->knobs.events)
		usleep(LAB_FOLLOW_NS / 1000);
}

static void only_failures(struct hooks *h)
{
	stop_following(h);
	if (has_starts(h))
		stop_starts(h);
	set_gate(h, gate(h) | LAB_GATE_SERVED);
	if (!has_starts(h))
		return;
	/* Programs that took a slot before that are done with it by then. */
	usleep(SETTLE_US);
	each_open(h, forget_sleeper);
	h->skel->bss->parked_since_ns = clock_ns(CLOCK_MONOTONIC);
}

static void all_requests(struct hooks *h, __u32 bits)
{
	if (has_starts(h)) {
		set_gate(h, bits | LAB_GATE_ALONE);
		usleep(SETTLE_US);
		set_gate(h, bits);
		blind_end(h);
	}
	set_gate(h, bits);
}

void hooks_set_step(struct hooks *h, enum budget_step step)
{
	__u32 bits = (step >= BUDGET_NO_STACKS ? LAB_GATE_STACKS : 0) |
		     (step >= BUDGET_COARSE_SITES ? LAB_GATE_SAMPLE : 0);

	if (gate(h) & LAB_GATE_SERVED) {
		all_requests(h, bits);
		return;
	}
	set_gate(h, bits);
	if (step == BUDGET_FAILURES_ONLY)
		only_failures(h);
}
