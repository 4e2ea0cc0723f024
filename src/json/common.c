// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* common.c - see common.h. */
#include "json/common.h"
#include "json/fields.h"

#include "model/event.h"

const char *verdict_key(unsigned int v)
{
	return v < VERDICTS ? verdict_name((enum verdict)v) : NULL;
}

const char *printed_key(unsigned int v)
{
	return v < PRINTEDS ? printed_name((enum printed)v) : NULL;
}

const char *aftermath_key(unsigned int v)
{
	return v < AFTERMATHS ? aftermath_name((enum aftermath)v) : NULL;
}

/* ---- the run ---- */

/* clang-format off */
static const struct field hook_fields[] = {
	STRING(struct hook_use, "name", name, "What it is for."),
	STRING(struct hook_use, "target", target, "The kernel function or tracepoint."),
	STRING(struct hook_use, "attach", attach, "How it is attached: fentry, fexit, kprobe or raw_tp."),
	END,
};

static const struct shape hook_shape = {
	.name = "hook", .size = sizeof(struct hook_use), .fields = hook_fields,
	.text = "A program in the kernel.",
};

static const struct field available_fields[] = {
	BOOL(struct run_info, "latency", has_latency, "Latencies: the start of requests is seen."),
	BOOL(struct run_info, "context", has_context, "The context of a request: preempt_count was found."),
	BOOL(struct run_info, "preempt_off", has_preempt_off, "Whether preemption was disabled: this kernel counts preempt_disable()."),
	BOOL(struct run_info, "bulk", has_bulk, "Bulk requests."),
	BOOL(struct run_info, "grown", has_grown, "Growth of the exclusive reserve."),
	BOOL(struct run_info, "exclusive", has_exclusive, "Use of the exclusive reserve."),
	BOOL(struct run_info, "zones", has_zones, "Zones: free pages and watermarks."),
	BOOL(struct run_info, "anon_exclusive", has_anon_exclusive, "Pages mapped with PG_anon_exclusive."),
	END,
};

static const struct shape available_shape = {
	.name = "available", .size = sizeof(struct run_info), .fields = available_fields,
	.text = "What this kernel and attach mode let labyrinth see; false: the figures of that kind are zero because they are not known.",
};
/* clang-format on */

static bool has_time_zone(const void *base, const void *root)
{
	(void)root;
	return ((const struct run_info *)base)->time_zone.name[0];
}

/* clang-format off */
static const struct field run_fields[] = {
	STRING(struct run_info, "host", host, "Name of the machine."),
	STRING(struct run_info, "kernel", kernel, "uname -r"),
	STRING(struct run_info, "version", version, "Version of labyrinth."),
	TEXT(struct run_info, "time_zone", time_zone.name, "Its time zone then, as date(1) names it.", .optional = true),
	S64(struct run_info, "utc_offset_s", time_zone.offset_s, LABEL, "s", "What its clock on the wall is ahead of UTC; null: not known.", .null = NULL_UNLESS, .has = has_time_zone, .optional = true),
	U64(struct run_info, "memory_bytes", memory_bytes, GAUGE, "bytes", "Memory of the machine as the run began; null: not known.", .null = NULL_ZERO, .optional = true),
	U64(struct run_info, "page_bytes", page_bytes, GAUGE, "bytes", "Of a page; null: not known.", .null = NULL_ZERO, .optional = true),
	U32(struct run_info, "cpus_online", cpus_online, GAUGE, "cpus", "Cpus online as the run began; null: not known.", .null = NULL_ZERO, .optional = true),
	NAMES(struct run_info, "classes", class_mask, class_name, LAB_CLASSES, "Classes that were counted."),
	U32(struct run_info, "orders_mask", order_mask, LABEL, NULL, "Bit = order that was counted; 4294967295: all."),
	U32(struct run_info, "pageblock_pages", pageblock_pages, GAUGE, "pages", "Pages in a pageblock; 0: not known."),
	INDEX(struct run_info, "cpu", cpu, "The only cpu that was watched; null: all."),
	ARRAY(struct run_info, "hooks", hook, hooks, hook_shape, "Programs in the kernel."),
	TEXTS(struct run_info, "missing", missing, "One sentence for each thing this kernel does not let labyrinth see.", .count_at = offsetof(struct run_info, missings)),
	PART("available", available_shape, "Which figures are known."),
	END,
};

static const struct field run_host_fields[] = {
	STRING(struct run_info, "host", host, "Name of the machine."),
	STRING(struct run_info, "kernel", kernel, "uname -r"),
	END,
};
/* clang-format on */

const struct shape run_shape = {
	.name = "run", .size = sizeof(struct run_info), .fields = run_fields};

const struct shape run_host_shape = {
	.name = "host",
	.size = sizeof(struct run_info),
	.fields = run_host_fields,
};

/* ---- the budget ---- */

static bool has_programs(const void *base, const void *root)
{
	(void)root;
	return ((const struct budget_report *)base)->programs_known;
}

static void know_programs(void *base)
{
	((struct budget_report *)base)->programs_known = true;
}

static bool has_budget(const void *base, const void *root)
{
	(void)root;
	return ((const struct budget_report *)base)->limit_ns > 0;
}

/* clang-format off */
static const struct field budget_fields[] = {
	U64(struct budget_report, "limit_ns", limit_ns, GAUGE, "ns/s", "What it may take.", .min = 1),
	U64(struct budget_report, "programs_ns", programs_ns, GAUGE, "ns/s", "Taken by its BPF programs, on all processors, as last measured; null: cannot be measured.",
	    .null = NULL_OR, .has = has_programs, .mark = know_programs),
	U64(struct budget_report, "process_ns", process_ns, GAUGE, "ns/s", "Taken by its process, the mean of 16 s."),
	NAME(struct budget_report, "step", step, budget_step_name, "What is left out now."),
	U64(struct budget_report, "steps_down", steps_down, COUNTER, "steps", "Steps down since start: more is left out."),
	U64(struct budget_report, "steps_up", steps_up, COUNTER, "steps", "Steps up since start: less is left out."),
	U64(struct budget_report, "skipped", skipped, COUNTER, "requests", "Requests skipped since start."),
	BOOL(struct budget_report, "over", over, "It is at the last step, and still takes more than it may."),
	U32(struct budget_report, "sites_sampled_every", sites_sampled, GAUGE, "requests", "View why: one request in so many is counted by site now; else null.",
	    .null = NULL_ZERO, .min = 1),
	END,
};

static const struct shape budget_object = {
	.name = "budget", .size = sizeof(struct budget_report), .fields = budget_fields,
	.text = "What labyrinth itself takes, and what it leaves out for that; times are ns of processor time a second.",
};

static const struct field budget_key_fields[] = {
	{FIELD(OBJECT, "budget", LABEL, NULL, "null: no --budget."), .of = &budget_object,
	 .null = NULL_OR, .has = has_budget, .optional = true},
	END,
};
/* clang-format on */

const struct shape budget_shape = {
	.name = "budget_key",
	.size = sizeof(struct budget_report),
	.fields = budget_key_fields,
};

/* ---- the head ---- */

/* clang-format off */
static const struct field head_fields[] = {
	TIME(struct run_head, "time", time_ns, "When it was read, in UTC."),
	NANOS(struct run_head, "time_ns", time_ns, GAUGE, SINCE_1970),
	U64(struct run_head, "sequence", sequence, LABEL, NULL, "1, 2, ... within a run.", .min = 1),
	BOOL(struct run_head, "final", final, "The last report of the run."),
	U64(struct run_head, "interval_ns", interval_ns, GAUGE, "ns", "Length of interval; 0: not known."),
	U64(struct run_head, "total_ns", total_ns, GAUGE, "ns", "Time since start; 0: not known."),
	END,
};

static const struct field head_run_fields[] = {
	INLINE(struct run_head, info, run_shape),
	U64(struct run_head, "min_free_kbytes", min_free_kbytes, GAUGE, "KiB", "vm.min_free_kbytes at that time; null: not known.", .null = NULL_ZERO, .optional = true),
	INLINE(struct run_head, budget, budget_shape),
	END,
};
/* clang-format on */

const struct shape head_shape = {
	.name = "head",
	.size = sizeof(struct run_head),
	.fields = head_fields,
};

const struct shape head_run_shape = {
	.name = "head_run",
	.size = sizeof(struct run_head),
	.fields = head_run_fields,
};

/* ---- latencies ---- */

static __u64 latency_count(const void *base)
{
	return hist_count(base);
}

/* clang-format off */
static const struct field latency_fields[] = {
	SUM("latency_count", latency_count, COUNTER, "requests", "Requests with a latency: the sum over latency_ns."),
	U64(struct hist, "latency_sum_ns", sum_ns, COUNTER, "ns", "Their latencies together."),
	U64(struct hist, "latency_max_ns", max_ns, GAUGE, "ns", "The longest one, exact."),
	{FIELD(PAIRS, "latency_ns", HISTOGRAM, "ns", "[inclusive upper bound in ns, requests] for each bucket that is not empty, ascending; not cumulative. A bound of null: none.")},
	END,
};
/* clang-format on */

const struct shape latency_shape = {
	.name = "latencies",
	.text = "Latencies of requests whose start was seen.",
	.size = sizeof(struct hist),
	.fields = latency_fields,
};

/* ---- stacks ---- */

/* clang-format off */
static const struct field frame_fields[] = {
	TEXT(struct event_frame, "symbol", symbol, "null: not known."),
	U64(struct event_frame, "offset", offset, LABEL, "bytes", "Into symbol."),
	TEXT(struct event_frame, "module", module, "null: the kernel itself."),
	END,
};
/* clang-format on */

const struct shape frame_shape = {
	.name = "frame",
	.text = "A function of a kernel stack.",
	.size = sizeof(struct event_frame),
	.fields = frame_fields,
};

/* ---- the kernel's test ---- */

/* The margin follows from the other two, whatever a line says. */
static void complete_nearest(struct reader *rd, void *base)
{
	struct event_nearest *n = base;

	(void)rd;
	n->margin = (__s64)((__u64)n->usable - n->need);
}

/* clang-format off */
static const struct field nearest_fields[] = {
	TEXT(struct event_nearest, "zone", zone, "null: not known."),
	U32(struct event_nearest, "node", node, LABEL, NULL, NULL),
	S64(struct event_nearest, "usable_pages", usable, LABEL, "pages", "Free, less CMA and exclusive pages that are closed to it, and less 2^order - 1."),
	U64(struct event_nearest, "need_pages", need, LABEL, "pages", "min, lowered by the rights of the request, and the lowmem reserve."),
	S64(struct event_nearest, "margin_pages", margin, LABEL, "pages", "usable_pages - need_pages: refused at 0 and below, and then 1 - margin_pages pages short."),
	END,
};
/* clang-format on */

const struct shape nearest_shape = {
	.name = "nearest",
	.text = "The kernel's test of the zone that came nearest, of those open to the request.",
	.size = sizeof(struct event_nearest),
	.fields = nearest_fields,
	.check = complete_nearest,
};
