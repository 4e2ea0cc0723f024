// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* attach.c - see attach.h. */
#include "live/attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "live/skel.h"
#include "base/util.h"

/* A request that may not sleep takes microseconds: by then what is in flight has arrived. */
#define SETTLE_US 20000

static struct bpf_link *attach_program(struct bpf_program *prog, enum hook_kind kind,
				       const char *target)
{
	switch (kind) {
	case KIND_RAW_TP:
		return bpf_program__attach_raw_tracepoint(prog, target);
	case KIND_KPROBE:
		return bpf_program__attach_kprobe(prog, false, target);
	case KIND_FENTRY:
	case KIND_FEXIT:
		break;
	}
	return bpf_program__attach_trace(prog);
}

int hooks_attach_one(struct hooks *h, unsigned int id, const struct features *f)
{
	struct hook *hook = &h->hook[id];

	hook->link = attach_program(hook_program(h, id), hook_info(id)->kind, hook_target(id, f));
	hook->error = hook->link ? 0 : -errno;
	return hook->error;
}

int hooks_attach(struct hooks *h, const struct features *f)
{
	for (unsigned int id = 0; id < HOOKS; id++) {
		if (!h->hook[id].wanted)
			continue;
		if (hooks_attach_one(h, id, f) && hook_info(id)->required)
			return h->hook[id].error;
	}
	return 0;
}

void hooks_detach_one(struct hooks *h, unsigned int id)
{
	bpf_link__destroy(h->hook[id].link);
	h->hook[id].link = NULL;
}

void hooks_detach(struct hooks *h)
{
	for (unsigned int id = 0; id < HOOKS; id++)
		if (hook_info(id)->role == ROLE_ENTRY)
			hooks_detach_one(h, id);
	usleep(SETTLE_US);
	for (unsigned int id = 0; id < HOOKS; id++)
		hooks_detach_one(h, id);
}

void hooks_close(struct hooks *h)
{
	for (unsigned int id = 0; id < HOOKS; id++)
		hooks_detach_one(h, id);
	if (h->ftrace_fd > 0)
		close(h->ftrace_fd);
	labyrinth_bpf__destroy(h->skel);
	memset(h, 0, sizeof(*h));
}

void hooks_count_unread(struct hooks *h, const char *what, int error)
{
	if (!__atomic_fetch_add(&h->unread, 1, __ATOMIC_RELAXED))
		log_warn("cannot read %s: %s; the audit says how often that was so", what,
			 strerror(error));
}

void hooks_add_unread(struct hooks *h)
{
	__atomic_fetch_add(&h->unread, 1, __ATOMIC_RELAXED);
}

__u64 hooks_unread(const struct hooks *h)
{
	return __atomic_load_n(&h->unread, __ATOMIC_RELAXED);
}

static __u64 misses(struct hooks *h, enum hook_role role)
{
	__u64 sum = 0;

	for (unsigned int id = 0; id < HOOKS; id++) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!h->hook[id].wanted || hook_info(id)->role != role)
			continue;
		if (bpf_obj_get_info_by_fd(bpf_program__fd(hook_program(h, id)), &info, &size))
			hooks_count_unread(h, "how often the kernel skipped a program", errno);
		else
			__atomic_store_n(&h->hook[id].misses, info.recursion_misses,
					 __ATOMIC_RELAXED);
		sum += __atomic_load_n(&h->hook[id].misses, __ATOMIC_RELAXED);
	}
	return sum;
}

__u64 hooks_entry_misses(struct hooks *h)
{
	return misses(h, ROLE_ENTRY);
}

__u64 hooks_wake_misses(struct hooks *h)
{
	return misses(h, ROLE_WAKE);
}

__u64 hooks_other_misses(struct hooks *h)
{
	return misses(h, ROLE_OTHER);
}

__u64 hooks_done_misses(struct hooks *h)
{
	return misses(h, ROLE_END);
}

__u64 hooks_lint_misses(struct hooks *h)
{
	return misses(h, ROLE_LINT);
}
