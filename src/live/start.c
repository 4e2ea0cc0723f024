// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* start.c - see start.h. The mode, and the refusals. */
#include "live/start.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/exits.h"
#include "live/attach.h"
#include "live/calibrate.h"
#include "live/denied.h"
#include "live/governor.h"
#include "live/load.h"
#include "live/selftest.h"
#include "base/cpu_list.h"
#include "base/memory.h"
#include "base/util.h"
#include "kernel/preempt.h"

static int try_mode(struct live *l, enum attach_mode mode, bool required_only)
{
	int r = hooks_load(&l->hooks, &l->features, &l->scope, mode, required_only);

	if (!r)
		r = hooks_calibrate(&l->hooks, &l->features);
	if (!r)
		r = selftest_error(hooks_attach(&l->hooks, &l->features));
	if (!r)
		r = hooks_selftest(&l->hooks, &l->features);
	l->uncalled |= r == -ENOLINK;
	if (l->hooks.need.bytes)
		l->need = l->hooks.need;
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
	char obstacle[512], need[NEED_TEXT] = "";

	if (l->need.bytes)
		need_text(&l->need, need, sizeof(need));
	if (error_is_lack(error))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot load programs: %s%s%s; %s",
			       strerror(-error), error == -ENOMEM && need[0] ? ": " : "",
			       error == -ENOMEM ? need : "", error_lack_advice(error));
	features_obstacle(obstacle, sizeof(obstacle));
	if (obstacle[0] || bpf_denied(&l->features, &l->need, obstacle, sizeof(obstacle)))
		return log_err(FAIL(LAB_EXIT_PRIVILEGE), "cannot load programs: %s", obstacle);
	if (error == -EPERM)
		return log_err(FAIL(LAB_EXIT_PRIVILEGE),
			       "cannot load programs: %s, although the capabilities are there and "
			       "others may be loaded: a filter of system calls, a security module, "
			       "or RLIMIT_MEMLOCK before 5.11 forbids it",
			       strerror(-error));
	if (error == -ENOLINK)
		return log_err(FAIL(LAB_EXIT_UNSUPPORTED), "attach mode %s is of no use: %s",
			       attach_mode_name(l->scope.attach), selftest_reason());
	if (scope_has(&l->scope, SCOPE_MISTAKES) && !preempt_has_symbols(&l->features.knobs))
		return log_err(FAIL(LAB_EXIT_UNSUPPORTED),
			       "lint needs preempt_count where programs can refer to it; on this "
			       "kernel (%s) it is: %s; see labyrinth check",
			       l->features.release, preempt_count_name(&l->features.knobs));
	return log_err(FAIL(LAB_EXIT_UNSUPPORTED),
		       "this kernel (%s) refuses attach mode %s: %s%s%s; see labyrinth check",
		       l->features.release, attach_mode_name(l->scope.attach), strerror(-error),
		       hooks_message()[0] ? ": " : "", hooks_message());
}

const enum attach_mode *live_order(const struct features *f, const struct scope *scope)
{
	static const enum attach_mode fastest[] = {ATTACH_FENTRY, ATTACH_KPROBE, ATTACH_RAW_TP,
						   ATTACH_SLOWPATH};
	static const enum attach_mode cheapest[] = {ATTACH_FENTRY, ATTACH_RAW_TP, ATTACH_KPROBE,
						    ATTACH_SLOWPATH};
	/* A kprobe sees more of the caller's state, where it sees its flags. */
	static const enum attach_mode sharpest[] = {ATTACH_KPROBE, ATTACH_FENTRY, ATTACH_RAW_TP,
						    ATTACH_SLOWPATH};

	if (scope_has(scope, SCOPE_MISTAKES))
		return f->kprobe_flags ? sharpest : fastest;
	return f->kprobe_traps ? cheapest : fastest;
}

const char *live_spared(const struct features *f, const struct scope *scope, enum attach_mode mode)
{
	if (!f->kprobe_traps || scope->attach != ATTACH_AUTO || mode != ATTACH_RAW_TP)
		return NULL;
	return "this kernel calls no program at the entry of a function but by a kprobe, which on "
	       "this architecture costs every request a trap: starts are seen with --attach kprobe "
	       "only";
}

/*
 * The best mode that this kernel allows, or the one that was asked for. What ran out is no reason
 * to do with less.
 */
static int attach(struct live *l)
{
	const enum attach_mode *order = live_order(&l->features, &l->scope);
	int r = -ENOTSUP;

	for (size_t i = 0; i < ATTACH_MODES; i++) {
		if (l->scope.attach == ATTACH_AUTO ? order[i] == ATTACH_SLOWPATH
						   : order[i] != l->scope.attach)
			continue;
		r = try_mode(l, order[i], false);
		if (r && r != -ENOLINK && !error_is_lack(r))
			r = try_mode(l, order[i], true);
		if (!r || error_is_lack(r))
			break;
	}
	return r ? refuse(l, r) : 0;
}

static int check_cpu(const struct live *l)
{
	char online[CPU_LIST_TEXT];

	if (l->scope.cpu < 0)
		return 0;
	if ((unsigned int)l->scope.cpu < l->hooks.cpus) {
		if (read_text(CPU_ONLINE_PATH, online, sizeof(online)) <= 0 ||
		    cpu_list_has(online, (unsigned int)l->scope.cpu))
			return 0;
		return log_err(FAIL(LAB_EXIT_USAGE),
			       "cpu %d is offline, and nothing of it would be seen: online are %s",
			       l->scope.cpu, online);
	}
	return log_err(FAIL(LAB_EXIT_USAGE), "no cpu %d: this machine has 0 to %u", l->scope.cpu,
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

int live_start(struct live *l, const struct scope *scope)
{
	int r;

	l->scope = *scope;
	l->min_free_fd = -1;
	if (!features_privileged())
		return log_err(FAIL(LAB_EXIT_PRIVILEGE),
			       "needs root (CAP_SYS_ADMIN, or CAP_BPF and "
			       "CAP_PERFMON): run it with sudo");
	spare_from_oom_killer();
	l->min_free_fd = open("/proc/sys/vm/min_free_kbytes", O_RDONLY | O_CLOEXEC);
	hooks_quiet();
	r = features_probe(&l->features, scope->btf_path);
	if (!r)
		r = attach(l);
	if (!r)
		r = live_budget_new(&l->budget, &l->hooks, &l->features, scope);
	if (!r && l->uncalled)
		log_warn("%s: no start is seen", selftest_reason());
	if (!r && live_spared(&l->features, scope, l->hooks.mode))
		log_warn("%s", live_spared(&l->features, scope, l->hooks.mode));
	if (!r && !l->features.proven)
		log_warn("no test of labyrinth has run on %s: its counts are not proven here",
			 l->features.machine);
	if (!r && live_budget_lack(l->budget))
		log_warn("%s", live_budget_lack(l->budget));
	return r ?: check_cpu(l);
}

void live_detach(struct live *l)
{
	live_budget_stop(l->budget);
	hooks_detach(&l->hooks);
}

__u64 live_min_free_kbytes(const struct live *l)
{
	char text[32];
	__u64 v = 0;

	if (read_text_fd(l->min_free_fd, text, sizeof(text)) > 0)
		parse_u64(text, 1, INT64_MAX, &v);
	return v;
}

void live_stop(struct live *l)
{
	memory_tell();
	if (l->min_free_fd > 0)
		close(l->min_free_fd);
	live_budget_free(l->budget);
	l->budget = NULL;
	if (l->hooks.skel)
		hooks_close(&l->hooks);
	features_free(&l->features);
}
