// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* selftest.c - see selftest.h. */
#include "live/selftest.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/util.h"
#include "live/calibrate.h"

/* So many ends in a row without a start have another reason than skips and preemption. */
#define LONE_ENDS 16

/* On the entry function, by what ftrace calls; or on its end, by a tracepoint. */
static bool is_side(const struct hooks *h, unsigned int id, const struct features *f, bool entry)
{
	enum kernel_target target = entry ? TARGET_ENTRY : TARGET_END;

	return h->hook[id].link && hook_target(id, f) &&
	       strcmp(hook_target(id, f), f->target[target].name) == 0;
}

/* How often the kernel has called the programs of a side; while it counts. -1: there are none. */
static __s64 runs(const struct hooks *h, const struct features *f, bool entry)
{
	__s64 sum = -1;

	for (unsigned int id = 0; id < HOOKS; id++) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!is_side(h, id, f, entry) ||
		    bpf_obj_get_info_by_fd(bpf_program__fd(hook_program(h, id)), &info, &size))
			continue;
		sum = (sum < 0 ? 0 : sum) + (__s64)(info.run_cnt + info.recursion_misses);
	}
	return sum;
}

#define FTRACE_ENABLED "/proc/sys/kernel/ftrace_enabled"
#define TURNED_OFF                                                                                 \
	"the kernel attaches programs to functions and does not call them: "                       \
	"kernel.ftrace_enabled is 0"

static bool is_off(int fd)
{
	char text[16];

	return read_text_fd(fd, text, sizeof(text)) > 0 && atoi(text) == 0;
}

static bool ftrace_is_off(void)
{
	_cleanup_(closep) int fd = open(FTRACE_ENABLED, O_RDONLY | O_CLOEXEC);

	return is_off(fd);
}

/* The same once nothing may be opened any more. */
static bool ftrace_was_turned_off(const struct hooks *h)
{
	return h->ftrace_fd > 0 && is_off(h->ftrace_fd);
}

/* Are there programs on functions that are called by ftrace alone? A kprobe may do without it. */
static bool needs_ftrace(const struct hooks *h)
{
	return h->mode == ATTACH_FENTRY || h->mode == ATTACH_SLOWPATH;
}

int hooks_selftest(struct hooks *h, const struct features *f)
{
	_cleanup_(closep) int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	__s64 entry = runs(h, f, true), end = runs(h, f, false);

	if (h->ftrace_fd <= 0)
		h->ftrace_fd = open(FTRACE_ENABLED, O_RDONLY | O_CLOEXEC);
	if (entry < 0)
		return needs_ftrace(h) && ftrace_is_off() ? -ENOLINK : 0;
	/* Without CAP_SYS_ADMIN the kernel does not count; a kprobe may do without ftrace. */
	if (stats < 0)
		return needs_ftrace(h) && ftrace_is_off() ? -ENOLINK : 0;
	if (calibration_touch())
		return 0;
	/* The views that look at starts alone have no end: our requests were made all the same. */
	if (end >= 0 && runs(h, f, false) == end)
		return 0;
	return runs(h, f, true) == entry ? -ENOLINK : 0;
}

int selftest_error(int error)
{
	return error == -EBUSY && ftrace_is_off() ? -ENOLINK : error;
}

const char *selftest_reason(void)
{
	return ftrace_is_off() ? TURNED_OFF
			       : "the kernel attaches programs to functions and does not call them";
}

/*
 * How often a program ran is not counted for us by now: the right to ask for that is given up. A
 * kprobe may do without ftrace, and then its starts go on.
 */
static bool is_deaf(const struct hooks *h, bool lone)
{
	return ftrace_was_turned_off(h) && (lone || needs_ftrace(h));
}

int selftest_again(const struct hooks *h, const struct audit *now, struct audit *last)
{
	bool lone = now->alone >= last->alone + LONE_ENDS && now->closed == last->closed;

	*last = *now;
	if (h->mode == ATTACH_RAW_TP || !is_deaf(h, lone))
		return 0;
	return log_err(FAIL(LAB_EXIT_RUNTIME),
		       "starts of requests are not seen any more: " TURNED_OFF
		       ". Set it to 1, or run labyrinth again as it is, for what tracepoints "
		       "show");
}
