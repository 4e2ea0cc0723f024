// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* metrics.c - see metrics.h. */
#include "out/metrics.h"

#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "json/common.h"
#include "json/find.h"
#include "view/stat_shape.h"

struct context {
	const struct gathered *g;
	const struct metrics_self *self;
	struct expo expo;
};

struct family;

typedef void emit_fn(struct context *c, const struct family *f);

/* What a number of the report is as a metric. */
enum scale { AS_IT_IS, PAGES_TO_BYTES };

/*
 * One family. With key, its numbers are those of that key of the view stat, and so is its sentence
 * unless it has one of its own. has: a bool of struct run_info; where that is false the family is
 * left out, as is what nothing is known of. 0: always.
 */
struct family {
	struct expo_family of;
	const char *key;
	enum scale scale;
	size_t has;
	emit_fn *emit;
};

/* ---- what is there ---- */

static const struct run_info *info_of(const struct context *c)
{
	return &c->g->head.info;
}

static bool has_class(const struct context *c, unsigned int cls)
{
	return info_of(c)->class_mask & (1U << cls);
}

/* Where context is not known all is of the context "unknown"; where it is, nothing is. */
static bool has_context(const struct context *c, unsigned int context)
{
	return info_of(c)->has_context ? context != LAB_CTX_UNKNOWN : context == LAB_CTX_UNKNOWN;
}

static const struct row *row_of(const struct context *c, unsigned int cls, unsigned int context)
{
	return &c->g->cells.total.row[cls][context];
}

static __u64 page_bytes(const struct context *c)
{
	return run_page_bytes(info_of(c));
}

static __s64 scaled(const struct context *c, const struct family *f, __s64 value)
{
	return f->scale == PAGES_TO_BYTES ? value * (__s64)page_bytes(c) : value;
}

/* ---- numbers of a key ---- */

/* The key was found when the table was checked: tests/unit. */
static struct found key_of(const struct family *f)
{
	struct found found = {0};

	shape_find(&stat_shape, f->key, &found);
	return found;
}

static void emit_total(struct context *c, const struct family *f)
{
	const struct found found = key_of(f);

	expo_sample(&c->expo, NULL, scaled(c, f, found_number(&found, &c->g->cells)));
}

static void emit_by_context(struct context *c, const struct family *f)
{
	const struct found found = key_of(f);

	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++)
		for (unsigned int ctx = 0; ctx < LAB_CONTEXTS; ctx++) {
			const struct expo_label labels[] = {
				{"class", class_name(cls)}, {"context", context_name(ctx)}, {0}};
			struct stat_row row = {.row = *row_of(c, cls, ctx)};

			if (has_class(c, cls) && (has_context(c, ctx) || row.row.requests))
				expo_sample(&c->expo, labels, found_number(&found, &row));
		}
}

/* The sum over all contexts. */
static __s64 class_sum(const struct context *c, const struct found *found, unsigned int cls)
{
	__s64 sum = 0;

	for (unsigned int ctx = 0; ctx < LAB_CONTEXTS; ctx++) {
		struct stat_row row = {.row = *row_of(c, cls, ctx)};

		sum += found_number(found, &row);
	}
	return sum;
}

static void emit_by_class(struct context *c, const struct family *f)
{
	const struct found found = key_of(f);

	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++) {
		const struct expo_label labels[] = {{"class", class_name(cls)}, {0}};

		if (has_class(c, cls))
			expo_sample(&c->expo, labels, class_sum(c, &found, cls));
	}
}

/* Zones that no GFP_ATOMIC request can be served from say nothing of what is watched. */
static bool wants_zone(const struct zone_row *z, unsigned int *zones)
{
	return z->floor != ZONE_CLOSED && (*zones)++ < GATHERED_ZONES;
}

static void emit_zone(struct context *c, const struct zone_row *z, __s64 value)
{
	char node[16];
	const struct expo_label labels[] = {{"numa_node", node}, {"memory_zone", z->name}, {0}};

	snprintf(node, sizeof(node), "%u", z->node);
	expo_sample(&c->expo, labels, value);
}

static void emit_zones(struct context *c, const struct family *f)
{
	const struct found found = key_of(f);
	unsigned int zones = 0;

	for (unsigned int i = 0; i < c->g->cells.zones; i++) {
		const struct zone_row *z = &c->g->cells.zone[i];

		if (wants_zone(z, &zones))
			emit_zone(c, z, scaled(c, f, found_number(&found, z)));
	}
}

static void emit_lowest(struct context *c, const struct family *f)
{
	unsigned int zones = 0;

	for (unsigned int i = 0; i < c->g->cells.zones; i++)
		if (wants_zone(&c->g->cells.zone[i], &zones))
			emit_zone(c, &c->g->cells.zone[i], scaled(c, f, gathered_lowest(c->g, i)));
}

static void emit_zones_left_out(struct context *c, const struct family *f)
{
	unsigned int zones = 0;

	(void)f;
	for (unsigned int i = 0; i < c->g->cells.zones; i++)
		wants_zone(&c->g->cells.zone[i], &zones);
	expo_sample(&c->expo, NULL, zones > GATHERED_ZONES ? zones - GATHERED_ZONES : 0);
}

/* ---- requests ---- */

static void emit_failures(struct context *c, const struct family *f)
{
	(void)f;
	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++)
		for (unsigned int ctx = 0; ctx < LAB_CONTEXTS; ctx++) {
			const struct row *row = row_of(c, cls, ctx);
			struct expo_label labels[] = {{"class", class_name(cls)},
						      {"context", context_name(ctx)},
						      {"intent", "final"},
						      {0}};

			if (!has_class(c, cls) || !(has_context(c, ctx) || row->requests))
				continue;
			expo_sample(&c->expo, labels, (__s64)row->failed_final);
			labels[2].value = "opportunistic";
			expo_sample(&c->expo, labels, (__s64)row->failed_opportunistic);
		}
}

static void emit_served(struct context *c, const struct family *f)
{
	(void)f;
	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++)
		for (unsigned int level = run_is_slow_only(info_of(c)) ? LAB_LEVEL_MIN
								       : LAB_LEVEL_LOW;
		     has_class(c, cls) && level < LAB_LEVELS; level++) {
			const struct expo_label labels[] = {
				{"class", class_name(cls)}, {"level", level_name(level)}, {0}};
			__s64 sum = 0;

			for (unsigned int ctx = 0; ctx < LAB_CONTEXTS; ctx++)
				sum += (__s64)row_of(c, cls, ctx)->served[level];
			expo_sample(&c->expo, labels, sum);
		}
}

/* Orders above this one are summed up: they are rare, and each has five series. */
#define ORDERS 5

static void emit_orders(struct context *c, const struct family *f)
{
	static const char *const names[ORDERS] = {"0", "1", "2", "3", "4+"};

	(void)f;
	for (unsigned int i = 0; i < ORDERS; i++)
		for (unsigned int level = 0; level < LAB_LEVELS; level++) {
			const struct expo_label labels[] = {
				{"order", names[i]}, {"level", level_name(level)}, {0}};
			__u64 sum = c->g->cells.total.failure[i][level];

			for (unsigned int o = i + 1; i == ORDERS - 1 && o < LAB_ORDERS; o++)
				sum += c->g->cells.total.failure[o][level];
			expo_sample(&c->expo, labels, (__s64)sum);
		}
}

/* Each bucket of labyrinth's own lies whole below a bound or above it. */
static void emit_latency(struct context *c, const struct family *f)
{
	(void)f;
	for (unsigned int cls = 0; cls < LAB_CLASSES; cls++) {
		const struct expo_label labels[] = {{"class", class_name(cls)}, {0}};
		__u64 bucket[EXPO_BOUNDS + 1] = {0};
		struct hist sum = {0};
		unsigned int at = 0;

		if (!has_class(c, cls))
			continue;
		for (unsigned int ctx = 0; ctx < LAB_CONTEXTS; ctx++)
			hist_add(&sum, &row_of(c, cls, ctx)->latency);
		for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
			while (at < EXPO_BOUNDS && hist_upper_ns(i) > expo_bound_ns(at))
				at++;
			bucket[at] += sum.bucket[i];
		}
		expo_histogram(&c->expo, labels, bucket, sum.sum_ns);
	}
}

static void emit_pageblocks(struct context *c, const struct family *f)
{
	long long blocks = stat_held_blocks(&c->g->cells);

	if (blocks >= 0)
		expo_sample(&c->expo, NULL, scaled(c, f, blocks * info_of(c)->pageblock_pages));
}

/* ---- failures that were followed ---- */

static void emit_named(struct context *c, const char *label, const __u64 *count,
		       const char *(*name)(unsigned int))
{
	for (unsigned int i = 0; name(i); i++) {
		const struct expo_label labels[] = {{label, name(i)}, {0}};

		expo_sample(&c->expo, labels, (__s64)count[i]);
	}
}

static void emit_verdicts(struct context *c, const struct family *f)
{
	(void)f;
	emit_named(c, "verdict", c->g->verdict, verdict_key);
}

/* No event is handed out before its outcome is known, or known to stay unknown. */
static const char *outcome_name(unsigned int a)
{
	return a == AFTERMATH_PENDING ? "unknown" : aftermath_key(a);
}

static void emit_outcomes(struct context *c, const struct family *f)
{
	(void)f;
	emit_named(c, "outcome", c->g->aftermath, outcome_name);
}

static void emit_printed(struct context *c, const struct family *f)
{
	(void)f;
	emit_named(c, "printed", c->g->printed, printed_key);
}

static void emit_site(struct context *c, const struct gathered_site *s, bool lost)
{
	const struct expo_label labels[] = {{"driver", s->driver[0] ? s->driver : "unknown"},
					    {"site", s->site[0] ? s->site : "unknown"},
					    {0}};

	expo_sample(&c->expo, labels, (__s64)(lost ? s->lost : s->failed));
}

static void emit_sites_of(struct context *c, bool lost)
{
	const struct gathered *g = c->g;
	struct gathered_site other = {.site = "other", .driver = "other"};

	for (unsigned int i = 0; i < g->sites; i++)
		emit_site(c, &g->site[i], lost);
	other.failed = g->other.failed;
	other.lost = g->other.lost;
	emit_site(c, &other, lost);
}

static void emit_site_failures(struct context *c, const struct family *f)
{
	(void)f;
	emit_sites_of(c, false);
}

static void emit_site_lost(struct context *c, const struct family *f)
{
	(void)f;
	emit_sites_of(c, true);
}

static void emit_sites(struct context *c, const struct family *f)
{
	(void)f;
	expo_sample(&c->expo, NULL, c->g->sites);
}

/* ---- the tool itself ---- */

static void emit_number(struct context *c, const struct family *f, __u64 value)
{
	(void)f;
	expo_sample(&c->expo, NULL, (__s64)value);
}

static void emit_uncounted(struct context *c, const struct family *f)
{
	emit_number(c, f, c->g->head.total.uncounted);
}

static void emit_dropped(struct context *c, const struct family *f)
{
	emit_number(c, f, c->g->head.total.dropped);
}

static void emit_throttled(struct context *c, const struct family *f)
{
	emit_number(c, f, c->g->head.total.throttled);
}

static void emit_misses(struct context *c, const struct family *f)
{
	static const struct expo_label start[] = {{"program", "start"}, {0}};
	static const struct expo_label end[] = {{"program", "end"}, {0}};

	(void)f;
	expo_sample(&c->expo, start, (__s64)c->g->cells.total.audit.entry_misses);
	expo_sample(&c->expo, end, (__s64)c->g->cells.total.audit.done_misses);
}

static void emit_attach(struct context *c, const struct family *f)
{
	const struct run_info *info = info_of(c);

	(void)f;
	for (unsigned int i = 0; i < info->hooks; i++) {
		const struct expo_label labels[] = {{"program", info->hook[i].name},
						    {"target", info->hook[i].target},
						    {"method", info->hook[i].attach},
						    {0}};

		expo_sample(&c->expo, labels, 1);
	}
}

static void emit_build(struct context *c, const struct family *f)
{
	const struct expo_label labels[] = {{"version", info_of(c)->version}, {0}};

	(void)f;
	expo_sample(&c->expo, labels, 1);
}

static void emit_kernel(struct context *c, const struct family *f)
{
	char page[24];
	const struct expo_label labels[] = {
		{"release", info_of(c)->kernel}, {"page_size", page}, {0}};

	(void)f;
	snprintf(page, sizeof(page), "%llu", (unsigned long long)page_bytes(c));
	expo_sample(&c->expo, labels, 1);
}

/* The keys of "available" are the features. */
static void emit_features(struct context *c, const struct family *f)
{
	static const char *const names[] = {"latency", "context",	"preempt_off",
					    "bulk",    "grown",		"exclusive",
					    "zones",   "anon_exclusive"};
	char path[64];

	(void)f;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct expo_label labels[] = {{"feature", names[i]}, {0}};
		struct found found = {0};

		snprintf(path, sizeof(path), "available.%s", names[i]);
		if (shape_find(&run_shape, path, &found))
			expo_sample(&c->expo, labels, found_number(&found, info_of(c)));
	}
}

static void emit_min_free(struct context *c, const struct family *f)
{
	if (c->g->head.min_free_kbytes)
		emit_number(c, f, c->g->head.min_free_kbytes << 10);
}

static void emit_page(struct context *c, const struct family *f)
{
	emit_number(c, f, page_bytes(c));
}

static void emit_start(struct context *c, const struct family *f)
{
	(void)f;
	expo_seconds(&c->expo, NULL, c->g->head.time_ns - c->g->head.total_ns);
}

static void emit_update(struct context *c, const struct family *f)
{
	(void)f;
	expo_seconds(&c->expo, NULL, c->g->head.time_ns);
}

/* ---- the budget ---- */

static void emit_limit(struct context *c, const struct family *f)
{
	(void)f;
	expo_billionths(&c->expo, NULL, c->g->head.budget.limit_ns);
}

static void emit_used(struct context *c, const struct family *f)
{
	static const struct expo_label programs[] = {{"part", "programs"}, {0}};
	static const struct expo_label process[] = {{"part", "process"}, {0}};
	const struct budget_report *b = &c->g->head.budget;

	(void)f;
	if (b->programs_known)
		expo_billionths(&c->expo, programs, b->programs_ns);
	expo_billionths(&c->expo, process, b->process_ns);
}

static void emit_over(struct context *c, const struct family *f)
{
	emit_number(c, f, c->g->head.budget.over);
}

static void emit_step(struct context *c, const struct family *f)
{
	(void)f;
	for (unsigned int i = 0; i < BUDGET_STEPS; i++) {
		const struct expo_label labels[] = {{"step", budget_step_name(i)}, {0}};

		expo_sample(&c->expo, labels, c->g->head.budget.step == i);
	}
}

static void emit_step_changes(struct context *c, const struct family *f)
{
	static const struct expo_label down[] = {{"direction", "down"}, {0}};
	static const struct expo_label up[] = {{"direction", "up"}, {0}};

	(void)f;
	expo_sample(&c->expo, down, (__s64)c->g->head.budget.steps_down);
	expo_sample(&c->expo, up, (__s64)c->g->head.budget.steps_up);
}

/* ---- the process; not in a file ---- */

static void emit_cpu(struct context *c, const struct family *f)
{
	(void)f;
	expo_seconds(&c->expo, NULL, c->self->cpu_ns);
}

static void emit_resident(struct context *c, const struct family *f)
{
	emit_number(c, f, c->self->resident_bytes);
}

/* ---- the table ---- */

#define HAS(what) offsetof(struct run_info, has_##what)
#define COUNTER(name, help)                                                                        \
	{                                                                                          \
		name, EXPO_COUNTER, NULL, help, false                                              \
	}
#define GAUGE(name, help)                                                                          \
	{                                                                                          \
		name, EXPO_GAUGE, NULL, help, false                                                \
	}
#define BYTES(name, help)                                                                          \
	{                                                                                          \
		name, EXPO_GAUGE, "bytes", help, false                                             \
	}
#define INFO(name, help)                                                                           \
	{                                                                                          \
		name, EXPO_INFO, NULL, help, false                                                 \
	}
#define OF(unit_name, name, type, help)                                                            \
	{                                                                                          \
		name, EXPO_##type, unit_name, help, false                                          \
	}
#define PROCESS(unit_name, name, type, help)                                                       \
	{                                                                                          \
		name, EXPO_##type, unit_name, help, true                                           \
	}

/* Names are final: dashboards and alerts are made of them. */
/* clang-format off */
static const struct family requests[] = {
	{COUNTER("requests", "Requests by class and context."), "total.rows.requests", 0, 0, emit_by_context},
	{COUNTER("failures", "Requests that failed, by whether their caller asked for no more than a try (opportunistic) or not (final)."), NULL, 0, 0, emit_failures},
	{COUNTER("silent_failures", "Of the failures: those before the kernel's tracepoint, which no other tool sees."), "total.rows.failed_silent", 0, HAS(latency), emit_by_class},
	{COUNTER("served", "Requests that got memory, by the watermark level at which they were served."), NULL, 0, 0, emit_served},
	{COUNTER("unknown_outcome_requests", NULL), "total.rows.no_outcome", 0, HAS(latency), emit_by_class},
	{COUNTER("order_failures", "Failures by order and by the watermark level of the nearest zone at that time."), NULL, 0, 0, emit_orders},
	{OF("seconds", "latency_seconds", HISTOGRAM, "How long requests took, in the allocator; bounds are inclusive."), NULL, 0, HAS(latency), emit_latency},
	{COUNTER("failure_verdicts", "Failures that were followed, by why they failed."), NULL, 0, 0, emit_verdicts},
	{COUNTER("failure_outcomes", "Failures that were followed, by what became of the caller: lost went without."), NULL, 0, 0, emit_outcomes},
	{COUNTER("failure_reports", "Failures that were followed, by whether the kernel log showed them."), NULL, 0, 0, emit_printed},
	{COUNTER("site_failures", "Failures that were followed, by driver and function; those beyond the first 20 sites are other."), NULL, 0, 0, emit_site_failures},
	{COUNTER("site_lost_requests", "Of site_failures: the caller went without."), NULL, 0, 0, emit_site_lost},
	{GAUGE("sites", "Sites that have a series of their own, 20 at most."), NULL, 0, 0, emit_sites},
	{COUNTER("exclusive_eligible", NULL), "total.exclusive.eligible", 0, HAS(exclusive), emit_total},
	{COUNTER("exclusive_hits", NULL), "total.exclusive.hit", 0, HAS(exclusive), emit_total},
	{COUNTER("exclusive_misses", NULL), "total.exclusive.miss", 0, HAS(exclusive), emit_total},
	{COUNTER("exclusive_leaks", NULL), "total.exclusive.leak", 0, HAS(exclusive), emit_total},
	{COUNTER("exclusive_grown_blocks", NULL), "total.exclusive.grown_blocks", 0, HAS(grown), emit_total},
	{COUNTER("exclusive_shrunk_blocks", NULL), "total.exclusive.shrunk_blocks", 0, HAS(grown), emit_total},
	{BYTES("exclusive_held_bytes", "Memory in the exclusive reserve, in whole pageblocks."), NULL, PAGES_TO_BYTES, HAS(zones), emit_pageblocks},
	{COUNTER("bulk_calls", NULL), "total.bulk.calls", 0, HAS(bulk), emit_total},
	{COUNTER("bulk_short_calls", NULL), "total.bulk.short_calls", 0, HAS(bulk), emit_total},
	{COUNTER("bulk_asked_pages", NULL), "total.bulk.asked_pages", 0, HAS(bulk), emit_total},
	{COUNTER("bulk_got_pages", NULL), "total.bulk.got_pages", 0, HAS(bulk), emit_total},
	{BYTES("zone_free_bytes", "Free memory of the zone."), "zones.free_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_managed_bytes", "Memory of the zone that the allocator manages."), "zones.managed_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_min_bytes", "The watermark min."), "zones.min_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_low_bytes", "The watermark low."), "zones.low_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_high_bytes", "The watermark high."), "zones.high_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_boost_bytes", NULL), "zones.boost_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_floor_bytes", "An order-0 GFP_ATOMIC request fails at or below this much free memory."), "zones.floor_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_headroom_bytes", "Free memory above the floor; below 0 an order-0 GFP_ATOMIC request fails in this zone."), "zones.headroom_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_lowest_headroom_bytes", "The lowest headroom of the last minute."), NULL, PAGES_TO_BYTES, HAS(zones), emit_lowest},
	{BYTES("zone_exclusive_reserved_bytes", "Memory of the zone in the exclusive reserve."), "zones.reserved_highatomic_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{BYTES("zone_cma_free_bytes", "Free memory of the zone that only movable requests may use."), "zones.free_cma_pages", PAGES_TO_BYTES, HAS(zones), emit_zones},
	{GAUGE("zones_left_out", "Zones beyond the first 10, which have no series."), NULL, 0, HAS(zones), emit_zones_left_out},
	{COUNTER("seen_requests", NULL), "total.audit.seen", 0, 0, emit_total},
	{COUNTER("missed_requests", NULL), "total.audit.missed", 0, 0, emit_total},
	{COUNTER("unpaired_requests", NULL), "total.audit.unpaired", 0, HAS(latency), emit_total},
	{COUNTER("skipped_requests", NULL), "total.audit.skipped", 0, 0, emit_total},
	{COUNTER("uncounted_requests", "Requests seen whose end was not, so that no event tells of them."), NULL, 0, 0, emit_uncounted},
	{COUNTER("dropped_events", "Failures that were counted, but not followed: no room for their events."), NULL, 0, 0, emit_dropped},
	{COUNTER("throttled_events", "Failures that were counted, but not followed: too many at a time."), NULL, 0, 0, emit_throttled},
	{COUNTER("program_recursion_misses", "Runs of the two main BPF programs that the kernel skipped, because one was running already."), NULL, 0, 0, emit_misses},
	{INFO("attach", "BPF programs, what they are attached to, and how."), NULL, 0, 0, emit_attach},
	{INFO("build", "The version of labyrinth."), NULL, 0, 0, emit_build},
	{INFO("kernel", "The kernel, and the size of its pages."), NULL, 0, 0, emit_kernel},
	{GAUGE("feature_available", "1: this kernel and way of attaching let labyrinth see it; 0: what it is about has no series."), NULL, 0, 0, emit_features},
	{BYTES("min_free_bytes", "The setting vm.min_free_kbytes."), NULL, 0, 0, emit_min_free},
	{BYTES("page_size_bytes", "The size of a page."), NULL, 0, 0, emit_page},
	{OF("seconds", "start_time_seconds", GAUGE, "When the watch began, since 1970: all counters count from there."), NULL, 0, 0, emit_start},
	{OF("seconds", "last_update_timestamp_seconds", GAUGE, "When all of this was read, since 1970."), NULL, 0, 0, emit_update},
};

static const struct family budget[] = {
	{OF("ratio", "budget_limit_ratio", GAUGE, "What labyrinth may take, of one processor."), NULL, 0, 0, emit_limit},
	{OF("ratio", "budget_used_ratio", GAUGE, "What labyrinth takes, of one processor, in the kernel (programs) and itself (process)."), NULL, 0, 0, emit_used},
	{GAUGE("budget_over", "1: nothing more can be left out, and it still takes more than it may."), NULL, 0, 0, emit_over},
	{GAUGE("budget_step", "1 at what is left out now."), NULL, 0, 0, emit_step},
	{COUNTER("budget_step_changes", "How often more (down) or less (up) was left out than before."), NULL, 0, 0, emit_step_changes},
};

static const struct family process[] = {
	{PROCESS("seconds", "process_cpu_seconds", COUNTER, "Processor time of the process, user and system."), NULL, 0, 0, emit_cpu},
	{PROCESS("bytes", "process_resident_memory_bytes", GAUGE, "Resident memory of the process."), NULL, 0, 0, emit_resident},
	{PROCESS("seconds", "process_start_time_seconds", GAUGE, "When the watch began, since 1970."), NULL, 0, 0, emit_start},
};
/* clang-format on */

static void write_family(struct context *c, const struct family *f)
{
	struct expo_family of = f->of;

	if (f->has && !*(const bool *)((const char *)info_of(c) + f->has))
		return;
	/* How many they were is not known where only the slow path is seen. */
	if (f->emit == emit_by_context && run_is_slow_only(info_of(c)))
		return;
	if (!of.help)
		of.help = key_of(f).field->text;
	expo_family(&c->expo, &of);
	f->emit(c, f);
}

static void write_families(struct context *c, const struct family *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		write_family(c, &f[i]);
}

bool metrics_write(const struct gathered *g, const struct metrics_self *self,
		   enum expo_format format, char text[METRICS_BYTES], size_t *ret_len,
		   unsigned int *ret_series)
{
	struct context c = {.g = g, .self = self};
	bool whole;

	expo_begin(&c.expo, format, text, METRICS_BYTES);
	write_families(&c, requests, ARRAY_SIZE(requests));
	if (g->head.budget.limit_ns)
		write_families(&c, budget, ARRAY_SIZE(budget));
	if (self && self->known)
		write_families(&c, process, ARRAY_SIZE(process));
	whole = expo_end(&c.expo);
	*ret_len = c.expo.len;
	*ret_series = c.expo.series;
	return whole;
}
