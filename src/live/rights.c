// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * rights.c - see rights.h.
 *
 * Maps and programs that are open need no capability from 5.19 on. Before, with
 * kernel.unprivileged_bpf_disabled set, every bpf() needs CAP_BPF (kernel/bpf/syscall.c,
 * __sys_bpf()): whether this kernel is one of those is found by trying.
 */
#include "live/rights.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/capability.h>
#include <string.h>

#include "base/exits.h"
#include "base/rights.h"
#include "base/util.h"
#include "live/skel.h"

#define BIT(cap) (1ULL << (cap))

/* bpf_enable_stats() is CAP_SYS_ADMIN's; kprobes are CAP_PERFMON's, or CAP_SYS_ADMIN's. */
#define CAPS_OF_BUDGET (BIT(CAP_SYS_ADMIN) | BIT(CAP_BPF) | BIT(CAP_PERFMON))

static bool can_read(const struct hooks *h)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	return !bpf_obj_get_info_by_fd(bpf_program__fd(h->skel->progs.lab_snapshot), &info, &size);
}

/* What bpf() needs on this kernel: CAP_BPF, or what stands for it where that is not there. */
static __u64 caps_of_bpf(struct hooks *h)
{
	bool can = !rights_effective(false) && can_read(h);

	rights_effective(true);
	if (can)
		return 0;
	return rights_permitted() & BIT(CAP_BPF) ? BIT(CAP_BPF) : BIT(CAP_SYS_ADMIN);
}

static void tell(__u64 kept)
{
	static const struct {
		unsigned int cap;
		const char *name;
	} names[] = {{CAP_SYS_ADMIN, " CAP_SYS_ADMIN"},
		     {CAP_BPF, " CAP_BPF"},
		     {CAP_PERFMON, " CAP_PERFMON"}};
	char text[64] = "";

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (kept & BIT(names[i].cap))
			strcat(text, names[i].name);
	log_debug(1, "rights: capabilities kept:%s", text[0] ? text : " none");
}

int live_give_up(struct hooks *h, bool budget)
{
	__u64 keep = budget ? CAPS_OF_BUDGET : caps_of_bpf(h);
	int r = rights_keep(keep);

	if (r)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot give up capabilities: %s",
			       strerror(-r));
	tell(rights_permitted());
	return 0;
}
