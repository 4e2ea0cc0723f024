// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* denied.c - see denied.h. */
#include "live/denied.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/util.h"
#include "model/rules.h"

/* Loads a program that does nothing: 0 or -errno. */
static int try_program(void)
{
	static const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "lab_denied", "GPL", insns,
			       ARRAY_SIZE(insns), NULL);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* The initial one maps all ids to themselves. */
static bool in_user_namespace(void)
{
	unsigned long inside, outside, count;
	char text[256];

	if (read_text("/proc/self/uid_map", text, sizeof(text)) <= 0 ||
	    sscanf(text, "%lu %lu %lu", &inside, &outside, &count) != 3)
		return false;
	return inside || outside || count != UINT32_MAX;
}

static bool has_filter(void)
{
	char text[4096];
	const char *at;

	if (read_text("/proc/self/status", text, sizeof(text)) <= 0)
		return false;
	at = strstr(text, "\nSeccomp:");
	return at && at[strlen("\nSeccomp:") + 1] == '2';
}

/* Since 5.11 maps are counted by the cgroup, and not by this limit. */
static bool memlock_too_small(const struct features *f, const struct need *need, __u64 *ret_limit)
{
	struct kernel_release release = release_parse(f->release, NULL);
	struct rlimit limit;

	if (!need->bytes || release_since(&release, 5, 11) || getrlimit(RLIMIT_MEMLOCK, &limit))
		return false;
	*ret_limit = limit.rlim_cur;
	return limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < need->bytes;
}

static const char *who(void)
{
	if (in_user_namespace())
		return "this is a user namespace, whose root has no right to BPF: run it as root "
		       "outside of it";
	if (has_filter())
		return "a filter of system calls (seccomp) refuses bpf(), as that of a container "
		       "or of a service does: allow bpf and perf_event_open in it";
	return "a security module, or the setting of a container, forbids it";
}

bool bpf_denied(const struct features *f, const struct need *need, char *buf, size_t size)
{
	char text[NEED_TEXT];
	__u64 limit;
	int error = try_program();

	if (error != -EPERM && error != -EACCES && error != -ENOSYS)
		return false;
	if (memlock_too_small(f, need, &limit)) {
		need_text(need, text, sizeof(text));
		snprintf(buf, size,
			 "%s: %s, and RLIMIT_MEMLOCK is %" PRIu64 " KiB: raise it (ulimit -l)",
			 strerror(-error), text, (uint64_t)(limit >> 10));
	} else {
		snprintf(buf, size, "%s, although the capabilities are there: %s", strerror(-error),
			 who());
	}
	return true;
}
