// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* describe.c - see describe.h. */
#include "live/describe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/pace.h"
#include "base/util.h"
#include "live/governor.h"
#include "live/rights.h"
#include "live/selftest.h"

static void __attribute__((format(printf, 2, 3)))
add_missing(struct run_info *info, const char *fmt, ...)
{
	va_list ap;

	if (info->missings >= REPORT_MISSING)
		return;
	va_start(ap, fmt);
	vsnprintf(info->missing[info->missings++], REPORT_STR, fmt, ap);
	va_end(ap);
}

/* ---- hooks ---- */

/* The bit of this hook; NULL: it has none. */
static bool *has_bit(struct run_info *info, unsigned int id)
{
	return hook_info(id)->has ? (bool *)((char *)info + hook_info(id)->has) : NULL;
}

static void add_hook(const struct live *l, struct run_info *info, unsigned int id)
{
	struct hook_use *use = &info->hook[info->hooks];
	bool *has = has_bit(info, id);

	if (has)
		*has = true;
	if (info->hooks == REPORT_HOOKS)
		return;
	snprintf(use->name, sizeof(use->name), "%s", hook_info(id)->name);
	snprintf(use->target, sizeof(use->target), "%s", hook_target(id, &l->features));
	snprintf(use->attach, sizeof(use->attach), "%s", hook_attach_name(id));
	info->hooks++;
}

static bool has_failed(const struct live *l, unsigned int id)
{
	return l->hooks.hook[id].wanted && !l->hooks.hook[id].link;
}

/* Do two hooks stand for the same? Only one of them is attached. */
static bool is_same(unsigned int a, unsigned int b)
{
	return hook_info(a)->program && hook_info(b)->program &&
	       hook_info(a)->has == hook_info(b)->has;
}

/* Is what this hook stands for reported by another one: by one before it, or one that failed? */
static bool is_reported(const struct live *l, unsigned int id)
{
	for (unsigned int other = 0; other < HOOKS; other++)
		if (is_same(other, id) &&
		    ((other < id && hook_in_scope(other, &l->scope)) || has_failed(l, other)))
			return true;
	return false;
}

/* What the scope asks for and this mode, or this kernel, has no hook for. */
static void describe_lost(struct live *l, struct run_info *info, unsigned int id)
{
	const char *lack = hook_info(id)->lack ?: "this kernel has no such hook";
	const bool *has = has_bit(info, id);

	if (!has || *has || !hook_in_scope(id, &l->scope) || is_reported(l, id))
		return;
	if (hook_target(id, &l->features))
		add_missing(info, "%s (attach mode is %s)", hook_info(id)->lost,
			    attach_mode_name(l->hooks.mode));
	else
		add_missing(info, "%s (%s)", hook_info(id)->lost, lack);
}

static void describe_hooks(struct live *l, struct run_info *info)
{
	for (unsigned int id = 0; id < HOOKS; id++) {
		const struct hook *h = &l->hooks.hook[id];

		if (h->link)
			add_hook(l, info, id);
		else if (h->wanted)
			add_missing(info, "%s: %s", hook_info(id)->lost, strerror(-h->error));
	}
	for (unsigned int id = 0; id < HOOKS; id++)
		describe_lost(l, info, id);
}

/* ---- the rest ---- */

/* What lint cannot know here. */
static void describe_lint(struct live *l, struct run_info *info)
{
	const struct lab_knobs *k = &l->features.knobs;
	static const char needless[] = "needlessly atomic requests are not reported";

	if (!l->hooks.calibrated)
		add_missing(info, "what the hook itself adds to preempt_count is not known: the "
				  "calibration saw no request");
	if (!k->preempt_known)
		add_missing(info,
			    "spinlocks and preempt_disable() are not seen, this kernel does not "
			    "count them: %s",
			    needless);
	if (!k->rcu_nesting)
		add_missing(info, "RCU readers are not seen, this kernel does not count them: %s",
			    needless);
	if (l->hooks.mode != ATTACH_KPROBE || !l->features.kprobe_flags)
		add_missing(info,
			    "interrupts disabled in task context are not seen from attach mode "
			    "%s: %s",
			    attach_mode_name(l->hooks.mode), needless);
}

/* A machine with more nodes or zones than there is room for. */
static void describe_zones(const struct live *l, struct run_info *info, unsigned int zones)
{
	const struct lab_knobs *k = &l->features.knobs;
	unsigned int shown = k->zones_per_node ? LAB_ZONES / k->zones_per_node : 0;

	if (zones && l->features.memory_nodes > shown)
		add_missing(info, "zones of the nodes from %u on are not shown: there are %u nodes",
			    shown, l->features.memory_nodes);
	if (zones > LAB_EVENT_ZONES && scope_has(&l->scope, SCOPE_EVENTS))
		add_missing(info,
			    "failures are judged by the first %u zones that a request tries, of %u",
			    LAB_EVENT_ZONES, zones);
}

/* What mode slowpath gives up, beside what its lack of hooks tells. */
static void describe_slowpath(const struct live *l, struct run_info *info)
{
	if (l->hooks.mode != ATTACH_SLOWPATH)
		return;
	add_missing(info, "requests served above the low mark are not seen (attach mode is "
			  "slowpath): no totals, no rates");
	add_missing(info, "failures outside of the allocator's slow path are not seen: oversize, "
			  "injected, memory cgroup, nolock");
	if (scope_has(&l->scope, SCOPE_EVENTS))
		add_missing(info, "what became of a failed try is known only where it failed "
				  "again, or was served below low");
	if (l->scope.class_mask & ~LAB_CLASS_MASK_WATCHED)
		add_missing(info, "of requests that may sleep only failures are counted (attach "
				  "mode is slowpath)");
}

static void describe_kernel(struct live *l, struct run_info *info)
{
	if (info->has_zones && l->features.rules_in_doubt && scope_has(&l->scope, SCOPE_EVENTS))
		add_missing(info,
			    "Linux %s hides its patch level: failures are judged by the "
			    "rules that grant less",
			    l->features.release);
	if (info->has_latency && l->features.knobs.nolock_apart)
		add_missing(info, "requests by alloc_pages_nolock() begin in a function of their "
				  "own here: no latency of them");
	if (!info->has_context)
		add_missing(info, "preempt_count was not found: context is unknown");
	else if (!info->has_preempt_off)
		add_missing(info, "preempt_off is not known: %s",
			    l->features.knobs.preempt_known
				    ? "the calibration saw no request"
				    : "this kernel does not count preempt_disable()");
	if (!info->has_zones)
		add_missing(info, "zones cannot be read: no headroom, levels partly unknown");
}

/*
 * What a run takes of the heap. Of events it is all that a full ring has, read at once: 720 of
 * 6 KiB. Else a report is built and given back.
 */
static size_t reserve_bytes(const struct scope *scope)
{
	return scope_has(scope, SCOPE_EVENTS) ? 5U << 20 : 1U << 20;
}

static void describe_run(const struct live *l, struct run_info *info)
{
	snprintf(info->host, sizeof(info->host), "%s", l->features.host);
	snprintf(info->kernel, sizeof(info->kernel), "%s", l->features.release);
	snprintf(info->version, sizeof(info->version), "%s", LAB_VERSION);
	time_zone_here(&info->time_zone, clock_ns(CLOCK_REALTIME));
	info->page_bytes = (__u64)sysconf(_SC_PAGESIZE);
	info->memory_bytes = (__u64)sysconf(_SC_PHYS_PAGES) * info->page_bytes;
	info->cpus_online = (__u32)sysconf(_SC_NPROCESSORS_ONLN);
	info->class_mask = l->scope.class_mask;
	info->order_mask = l->scope.order_mask;
	info->cpu = l->scope.cpu;
	info->has_context = l->features.knobs.preempt_count_how != LAB_PC_NONE;
	info->has_preempt_off =
		info->has_context && l->features.knobs.preempt_known && l->hooks.calibrated;
	info->pageblock_pages = l->features.pageblock_pages;
}

int live_describe(struct live *l, unsigned int zones)
{
	struct run_info *info = &l->info;
	int r;

	describe_run(l, info);
	info->has_zones = zones > 0;
	if (l->uncalled)
		add_missing(info, "%s: no start is seen", selftest_reason());
	describe_slowpath(l, info);
	describe_hooks(l, info);
	if (scope_has(&l->scope, SCOPE_MISTAKES))
		describe_lint(l, info);
	else
		describe_kernel(l, info);
	describe_zones(l, info, zones);
	if (live_budget_lack(l->budget))
		add_missing(info, "%s", live_budget_lack(l->budget));
	r = live_budget_start(l->budget);
	if (r)
		return r;
	memory_hold(reserve_bytes(&l->scope));
	return live_give_up(&l->hooks, l->budget);
}
