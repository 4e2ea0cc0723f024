// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* live_start.c - from a probed kernel to attached programs: the mode, the refusals, what is
 * missing. */
#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "exits.h"
#include "live_budget.h"
#include "memory.h"
#include "util.h"

static int try_mode(struct live *l, enum attach_mode mode, bool required_only)
{
	int r = hooks_load(&l->hooks, &l->features, l->opt, mode, required_only);

	if (!r)
		r = hooks_calibrate(&l->hooks, &l->features);
	if (!r)
		r = hooks_attach(&l->hooks, &l->features);
	if (r) {
		log_debug(1, "attach mode %s%s: %s (%s)", attach_mode_name(mode),
			  required_only ? ", required hooks only" : "", strerror(-r),
			  hooks_message());
		hooks_close(&l->hooks);
	}
	return r;
}

static int refuse(const struct live *l, int error)
{
	char obstacle[256];

	features_obstacle(obstacle, sizeof(obstacle));
	if (obstacle[0])
		return log_err(-LAB_EXIT_PRIVILEGE, "cannot load programs: %s", obstacle);
	if (l->opt->view == VIEW_LINT && !features_has_symbols(&l->features))
		return log_err(-LAB_EXIT_UNSUPPORTED,
			       "this kernel (%s) does not tell where preempt_count is, and without "
			       "it lint knows no context; see labyrinth check",
			       l->features.release);
	return log_err(-LAB_EXIT_UNSUPPORTED,
		       "this kernel (%s) refuses attach mode %s: %s%s%s; see labyrinth check",
		       l->features.release, attach_mode_name(l->opt->attach), strerror(-error),
		       hooks_message()[0] ? ": " : "", hooks_message());
}

/* The best mode that this kernel allows, or the one that was asked for. */
static int attach(struct live *l)
{
	static const enum attach_mode fastest[] = {ATTACH_FENTRY, ATTACH_KPROBE, ATTACH_RAW_TP};
	/* A kprobe sees more of the caller's state, where it sees its flags. */
	static const enum attach_mode sharpest[] = {ATTACH_KPROBE, ATTACH_FENTRY, ATTACH_RAW_TP};
	const enum attach_mode *order =
		l->opt->view == VIEW_LINT && l->features.kprobe_flags ? sharpest : fastest;
	int r = -ENOTSUP;

	for (size_t i = 0; i < ARRAY_SIZE(fastest); i++) {
		if (l->opt->attach != ATTACH_AUTO && l->opt->attach != order[i])
			continue;
		r = try_mode(l, order[i], false);
		if (r)
			r = try_mode(l, order[i], true);
		if (!r)
			break;
	}
	return r ? refuse(l, r) : 0;
}

static void add_missing(struct run_info *info, const char *fmt, const char *a, const char *b)
{
	if (info->missings < REPORT_MISSING)
		snprintf(info->missing[info->missings++], REPORT_STR, fmt, a, b);
}

static void describe_hooks(struct live *l, struct run_info *info)
{
	for (int id = 0; id < HOOKS; id++) {
		const struct hook_info *hi = hook_info(id);
		const struct hook *h = &l->hooks.hook[id];
		struct hook_use *use = &info->hook[info->hooks];

		if (h->link) {
			snprintf(use->name, sizeof(use->name), "%s", hi->name);
			snprintf(use->target, sizeof(use->target), "%s",
				 hook_target(id, &l->features));
			snprintf(use->attach, sizeof(use->attach), "%s", hi->attach);
			info->hooks++;
		} else if (h->wanted) {
			add_missing(info, "%s: %s", hi->missing, strerror(-h->error));
		}
	}
}

static bool attached(const struct live *l, enum hook_id id)
{
	return l->hooks.hook[id].link;
}

/* What lint cannot know here. */
static void describe_lint(struct live *l, struct run_info *info)
{
	const struct lab_knobs *k = &l->features.knobs;
	static const char needless[] = "needlessly atomic requests are not told";

	if (!l->hooks.calibrated)
		add_missing(info, "what the hook itself adds to preempt_count is not known: %s%s",
			    "the calibration saw no request", "");
	if (!k->preempt_known)
		add_missing(info,
			    "spinlocks and preempt_disable() are not seen, this kernel does not "
			    "count them: %s%s",
			    needless, "");
	if (!k->rcu_nesting)
		add_missing(info, "RCU readers are not seen, this kernel does not count them: %s%s",
			    needless, "");
	if (l->hooks.mode != ATTACH_KPROBE || !l->features.kprobe_flags)
		add_missing(info,
			    "interrupts disabled in task context are not seen from attach mode "
			    "%s: %s",
			    attach_mode_name(l->hooks.mode), needless);
}

static void describe_missing(struct live *l, struct run_info *info)
{
	const char *mode = attach_mode_name(l->hooks.mode);

	if (!info->has_latency)
		add_missing(info, "no start of a request is seen in attach mode %s: %s", mode,
			    "no latency, no silent failures");
	if (!info->has_context)
		add_missing(info, "preempt_count was not found: %s%s", "context is unknown", "");
	if (!info->has_preempt_off && info->has_context)
		add_missing(info, "preempt_off is not known: %s%s",
			    l->features.knobs.preempt_known
				    ? "the calibration saw no request"
				    : "this kernel does not count preempt_disable()",
			    "");
	if (!info->has_bulk)
		add_missing(info, "bulk requests are not seen: %s%s",
			    l->features.bulk.name ? "attach mode is " : "this kernel has none",
			    l->features.bulk.name ? mode : "");
	if (!info->has_grown && hooks_show_growth(l->opt))
		add_missing(info,
			    "growth of the exclusive reserve is not seen: attach mode is %s%s",
			    mode, "");
	if (!info->has_exclusive && hooks_show_use(l->opt))
		add_missing(info, "use of the exclusive reserve is not seen: attach mode is %s%s",
			    mode, "");
	if (!info->has_zones)
		add_missing(info, "zones cannot be read: %s%s",
			    "no headroom, levels partly unknown", "");
	if (l->opt->anon_exclusive && !info->has_anon_exclusive)
		add_missing(info, "PG_anon_exclusive pages are not counted: %s%s",
			    l->features.anon.name ? "attach mode is "
						  : "this kernel has no such flag",
			    l->features.anon.name ? mode : "");
}

/*
 * What a view takes of the heap while it runs. Of events it is all that a full ring has, read at
 * once: 720 of 6 KiB. The others build a report and give it back.
 */
static size_t reserve_bytes(enum view view)
{
	switch (view) {
	case VIEW_EVENTS:
	case VIEW_WHY:
		return 5U << 20;
	default:
		return 1U << 20;
	}
}

int live_describe(struct live *l, bool has_zones)
{
	struct run_info *info = &l->info;
	int r;

	snprintf(info->host, sizeof(info->host), "%s", l->features.host);
	snprintf(info->kernel, sizeof(info->kernel), "%s", l->features.release);
	snprintf(info->version, sizeof(info->version), "%s", LAB_VERSION);
	info->class_mask = l->opt->class_mask;
	info->order_mask = l->opt->order_mask;
	info->cpu = l->opt->cpu;
	info->has_latency = l->hooks.mode != ATTACH_RAW_TP && l->opt->view != VIEW_LINT;
	info->has_context = l->features.knobs.preempt_count_how != LAB_PC_NONE;
	info->has_preempt_off =
		info->has_context && l->features.knobs.preempt_known && l->hooks.calibrated;
	info->has_bulk = attached(l, HOOK_BULK);
	info->has_grown = attached(l, HOOK_MOVE) || attached(l, HOOK_MOVE_KP);
	info->has_exclusive = attached(l, HOOK_LOCKED);
	info->has_zones = has_zones;
	info->has_anon_exclusive = attached(l, HOOK_ANON);
	info->pageblock_pages = l->features.pageblock_pages;
	describe_hooks(l, info);
	if (l->opt->view == VIEW_LINT)
		describe_lint(l, info);
	else
		describe_missing(l, info);
	if (live_budget_lack(l->budget))
		add_missing(info, "%s%s", live_budget_lack(l->budget), "");
	r = live_budget_start(l->budget);
	if (!r)
		memory_hold(reserve_bytes(l->opt->view));
	return r;
}

static int check_cpu(const struct live *l)
{
	if (l->opt->cpu < 0 || (unsigned int)l->opt->cpu < l->hooks.cpus)
		return 0;
	return log_err(-LAB_EXIT_USAGE, "no cpu %d: this machine has 0 to %u", l->opt->cpu,
		       l->hooks.cpus - 1);
}

/*
 * The machines this is run on are out of memory more often than others, and to be killed for it
 * would end the watch when it matters. What labyrinth itself takes is small and bounded.
 */
static void spare_from_oom_killer(void)
{
	static const char path[] = "/proc/self/oom_score_adj", score[] = "-900";
	_cleanup_(closep) int fd = open(path, O_WRONLY | O_CLOEXEC);
	char old[16];

	if (fd < 0 || read_text(path, old, sizeof(old)) <= 0 || atoi(old) < atoi(score))
		return;
	if (write(fd, score, strlen(score)) < 0)
		log_debug(1, "%s: %s", path, strerror(errno));
}

int live_start(struct live *l, const struct options *opt)
{
	int r;

	l->opt = opt;
	if (!features_privileged())
		return log_err(-LAB_EXIT_PRIVILEGE, "needs root (CAP_SYS_ADMIN, or CAP_BPF and "
						    "CAP_PERFMON): run it with sudo");
	spare_from_oom_killer();
	hooks_quiet();
	r = features_probe(&l->features, opt->btf_path);
	if (!r)
		r = attach(l);
	if (!r)
		r = live_budget_new(&l->budget, &l->hooks, &l->features, opt);
	if (!r && live_budget_lack(l->budget))
		log_warn("%s", live_budget_lack(l->budget));
	return r ?: check_cpu(l);
}

void live_detach(struct live *l)
{
	live_budget_stop(l->budget);
	hooks_detach(&l->hooks);
}

void live_stop(struct live *l)
{
	memory_tell();
	live_budget_free(l->budget);
	l->budget = NULL;
	if (l->hooks.skel)
		hooks_close(&l->hooks);
	features_free(&l->features);
}
