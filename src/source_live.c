// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* source_live.c - reports from the running kernel: which attach mode, when to read, when to stop.
 */
#include "source.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exits.h"
#include "live.h"
#include "util.h"

#define NS_PER_S 1000000000ULL

struct source {
	const struct options *opt;
	struct features features;
	struct hooks hooks;
	struct reader *reader;
	struct run_info info;
	__u64 start_ns, last_ns; /* CLOCK_MONOTONIC */
	__u64 sequence;
	bool ended;
};

static __u64 clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (__u64)ts.tv_sec * NS_PER_S + (__u64)ts.tv_nsec;
}

/* ---- opening ---- */

static int try_mode(struct source *s, enum attach_mode mode, bool required_only)
{
	int r = hooks_load(&s->hooks, &s->features, s->opt, mode, required_only);

	if (!r)
		r = hooks_calibrate(&s->hooks, &s->features);
	if (!r)
		r = hooks_attach(&s->hooks, &s->features);
	if (r) {
		log_debug(1, "attach mode %s%s: %s (%s)", attach_mode_name(mode),
			  required_only ? ", required hooks only" : "", strerror(-r),
			  hooks_message());
		hooks_close(&s->hooks);
	}
	return r;
}

static int refuse(const struct source *s, int error)
{
	char obstacle[256];

	features_obstacle(obstacle, sizeof(obstacle));
	if (obstacle[0])
		return log_err(-LAB_EXIT_PRIVILEGE, "cannot load programs: %s", obstacle);
	return log_err(-LAB_EXIT_UNSUPPORTED,
		       "this kernel (%s) refuses attach mode %s: %s%s%s; see labyrinth check",
		       s->features.release, attach_mode_name(s->opt->attach), strerror(-error),
		       hooks_message()[0] ? ": " : "", hooks_message());
}

/* The best mode that this kernel allows, or the one that was asked for. */
static int attach(struct source *s)
{
	static const enum attach_mode order[] = {ATTACH_FENTRY, ATTACH_KPROBE, ATTACH_RAW_TP};
	int r = -ENOTSUP;

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		if (s->opt->attach != ATTACH_AUTO && s->opt->attach != order[i])
			continue;
		r = try_mode(s, order[i], false);
		if (r)
			r = try_mode(s, order[i], true);
		if (!r)
			break;
	}
	return r ? refuse(s, r) : 0;
}

static void add_missing(struct run_info *info, const char *fmt, const char *a, const char *b)
{
	if (info->missings < REPORT_MISSING)
		snprintf(info->missing[info->missings++], REPORT_STR, fmt, a, b);
}

static void describe_hooks(struct source *s, struct run_info *info)
{
	for (int id = 0; id < HOOKS; id++) {
		const struct hook_info *hi = hook_info(id);
		const struct hook *h = &s->hooks.hook[id];
		struct hook_use *use = &info->hook[info->hooks];

		if (h->link) {
			snprintf(use->name, sizeof(use->name), "%s", hi->name);
			snprintf(use->target, sizeof(use->target), "%s",
				 hook_target(id, &s->features));
			snprintf(use->attach, sizeof(use->attach), "%s", hi->attach);
			info->hooks++;
		} else if (h->wanted) {
			add_missing(info, "%s: %s", hi->missing, strerror(-h->error));
		}
	}
}

static bool attached(const struct source *s, enum hook_id id)
{
	return s->hooks.hook[id].link;
}

static void describe_missing(struct source *s, struct run_info *info)
{
	const char *mode = attach_mode_name(s->hooks.mode);

	if (!info->has_latency)
		add_missing(info, "no start of a request is seen in attach mode %s: %s", mode,
			    "no latency, no silent failures");
	if (!info->has_context)
		add_missing(info, "preempt_count was not found: %s%s", "context is unknown", "");
	if (!info->has_preempt_off && info->has_context)
		add_missing(info, "preempt_off is not known: %s%s",
			    s->features.knobs.preempt_known
				    ? "the calibration saw no request"
				    : "this kernel does not count preempt_disable()",
			    "");
	if (!info->has_bulk)
		add_missing(info, "bulk requests are not seen: %s%s",
			    s->features.bulk.name ? "attach mode is " : "this kernel has none",
			    s->features.bulk.name ? mode : "");
	if (!info->has_grown)
		add_missing(info,
			    "growth of the exclusive reserve is not seen: attach mode is %s%s",
			    mode, "");
	if (!info->has_exclusive)
		add_missing(info, "use of the exclusive reserve is not seen: attach mode is %s%s",
			    mode, "");
	if (!info->has_zones)
		add_missing(info, "zones cannot be read: %s%s",
			    "no headroom, levels partly unknown", "");
	if (s->opt->anon_exclusive && !info->has_anon_exclusive)
		add_missing(info, "PG_anon_exclusive pages are not counted: %s%s",
			    s->features.anon.name ? "attach mode is "
						  : "this kernel has no such flag",
			    s->features.anon.name ? mode : "");
}

static void describe(struct source *s, const struct report *first)
{
	struct run_info *info = &s->info;

	snprintf(info->host, sizeof(info->host), "%s", s->features.host);
	snprintf(info->kernel, sizeof(info->kernel), "%s", s->features.release);
	snprintf(info->version, sizeof(info->version), "%s", LAB_VERSION);
	info->class_mask = s->opt->class_mask;
	info->order_mask = s->opt->order_mask;
	info->cpu = s->opt->cpu;
	info->has_latency = s->hooks.mode != ATTACH_RAW_TP;
	info->has_context = s->features.knobs.preempt_count_how != LAB_PC_NONE;
	info->has_preempt_off =
		info->has_context && s->features.knobs.preempt_known && s->hooks.calibrated;
	info->has_bulk = attached(s, HOOK_BULK);
	info->has_grown = attached(s, HOOK_MOVE) || attached(s, HOOK_MOVE_KP);
	info->has_exclusive = attached(s, HOOK_LOCKED);
	info->has_zones = first->zones > 0;
	info->has_anon_exclusive = attached(s, HOOK_ANON);
	info->pageblock_pages = s->features.pageblock_pages;
	describe_hooks(s, info);
	describe_missing(s, info);
}

static int check_cpu(const struct source *s)
{
	if (s->opt->cpu < 0 || (unsigned int)s->opt->cpu < s->hooks.cpus)
		return 0;
	return log_err(-LAB_EXIT_USAGE, "no cpu %d: this machine has 0 to %u", s->opt->cpu,
		       s->hooks.cpus - 1);
}

static int open_reader(struct source *s)
{
	_cleanup_(freep) struct report *first = calloc(1, sizeof(*first));
	int r;

	if (!first)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	/* Requests that began before the start was attached end within this time. */
	usleep(20000);
	r = reader_open(&s->reader, &s->hooks, s->opt);
	if (r)
		return log_err(-LAB_EXIT_RUNTIME, "cannot map the counters: %s", strerror(-r));
	reader_read(s->reader, first, false);
	describe(s, first);
	return 0;
}

static void live_close(struct source *s)
{
	if (!s)
		return;
	reader_close(s->reader);
	if (s->hooks.skel)
		hooks_close(&s->hooks);
	features_free(&s->features);
	free(s);
}

static int live_open(const struct options *opt, struct source **ret_source)
{
	struct source *s;
	int r;

	if (!features_privileged())
		return log_err(-LAB_EXIT_PRIVILEGE, "needs root (CAP_SYS_ADMIN, or CAP_BPF and "
						    "CAP_PERFMON): run it with sudo");
	s = calloc(1, sizeof(*s));
	if (!s)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	s->opt = opt;
	r = features_probe(&s->features, opt->btf_path);
	if (!r)
		r = attach(s);
	if (!r)
		r = check_cpu(s);
	if (!r)
		r = open_reader(s);
	if (r) {
		live_close(s);
		return r;
	}
	s->start_ns = s->last_ns = clock_ns(CLOCK_MONOTONIC);
	*ret_source = s;
	return 0;
}

/* ---- running ---- */

/* Waits until the monotonic time, or until stop_fd is readable. 1: stopped, 0: time, -errno. */
static int wait_until(__u64 until_ns, int stop_fd)
{
	for (;;) {
		struct pollfd fd = {.fd = stop_fd, .events = POLLIN};
		__u64 now = clock_ns(CLOCK_MONOTONIC), left = until_ns > now ? until_ns - now : 0;
		struct timespec ts = {(time_t)(left / NS_PER_S), (long)(left % NS_PER_S)};
		int r = ppoll(&fd, 1, &ts, NULL);

		if (r > 0)
			return 1;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (!r)
			return 0;
	}
}

/* When the next report is due; *ret_end: the run ends there. */
static __u64 next_due(const struct source *s, bool *ret_end)
{
	__u64 interval = s->opt->interval_ns;
	/* On a grid from the start: a late report does not shift those after it. */
	__u64 due = s->start_ns + ((s->last_ns - s->start_ns) / interval + 1) * interval;
	__u64 end = s->opt->duration_ns ? s->start_ns + s->opt->duration_ns : ~0ULL;

	*ret_end = end <= due;
	return end < due ? end : due;
}

static void fill(struct source *s, struct report *r, bool final)
{
	__u64 now;

	if (final)
		hooks_detach(&s->hooks);
	reader_read(s->reader, r, final);
	now = clock_ns(CLOCK_MONOTONIC);
	r->info = s->info;
	r->time_ns = clock_ns(CLOCK_REALTIME);
	r->interval_ns = now - s->last_ns;
	r->total_ns = now - s->start_ns;
	r->sequence = ++s->sequence;
	r->final = final;
	s->last_ns = now;
	s->ended = final;
}

static int live_next(struct source *s, int stop_fd, struct report *ret_report)
{
	bool end;
	__u64 due;
	int r;

	if (s->ended)
		return 0;
	due = next_due(s, &end);
	if (s->opt->count && s->sequence >= s->opt->count)
		end = true;
	else {
		r = wait_until(due, stop_fd);
		if (r < 0)
			return log_err(-LAB_EXIT_RUNTIME, "waiting: %s", strerror(-r));
		end |= r > 0;
	}
	fill(s, ret_report, end);
	return 1;
}

const struct source_ops source_live = {
	.name = "live",
	.open = live_open,
	.next = live_next,
	.close = live_close,
};
