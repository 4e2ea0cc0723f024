// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fuzz_btf.c - any bytes as the types of a kernel (--btf FILE): what kernel/ makes of them, and the
 * subset that programs are relocated by, which is good BTF by libbpf's own rules as well.
 */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <sys/utsname.h>

#include "input.h"

#include "base/util.h"
#include "kernel/address.h"
#include "kernel/btf.h"
#include "kernel/btf_subset.h"
#include "kernel/features.h"

static const char *const names[] = {
	"zone", "zone___v6_12", "free_area", "zone_type", "task_struct", "gfp_t", "thread_info",
};

/* Instead of this machine's own symbols: every kernel has them. */
bool __wrap_kernel_symbol(struct kernel_symbols *s, enum kernel_symbol_id id, __u64 *ret_address);
bool __wrap_kernel_symbol(struct kernel_symbols *s, enum kernel_symbol_id id, __u64 *ret_address)
{
	(void)s;
	*ret_address = 0xffffffff80000000ULL + 0x1000 * (id + 1);
	return true;
}

static void ask(const struct kernel_btf *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		__u32 id = kernel_btf_find(b, names[i], BTF_KIND_STRUCT);

		while (id)
			id = kernel_btf_next(b, id);
		kernel_btf_member(b, names[i], "preempt_count");
		kernel_btf_member_elems(b, names[i], "free_area");
		kernel_btf_enum_value(b, names[i], "ZONE_NORMAL");
	}
	kernel_btf_tracepoint_args(b, "mm_page_alloc");
	kernel_btf_func_proto(b, "__alloc_pages");
	kernel_btf_percpu_offset(b, "__preempt_count");
}

static void subset(const struct kernel_btf *b)
{
	struct kernel_btf *few = NULL;
	void *data;
	size_t size;

	if (kernel_btf_subset(b, names, ARRAY_SIZE(names), &data, &size))
		abort();
	if (kernel_btf_new(data, size, &few))
		abort();
	ask(few);
	kernel_btf_free(few);
	btf__free(btf__new(data, (__u32)size));
	free(data);
}

static void features(const uint8_t *data, size_t size)
{
	static struct input input;
	static struct utsname u;
	struct features f;

	if (!u.release[0])
		uname(&u);
	input_put(&input, data, size);
	features_of(&f, &u, input.path);
	features_free(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kernel_btf *b = NULL;

	libbpf_set_print(NULL);
	features(data, size);
	if (kernel_btf_new(data, size, &b))
		return 0;
	ask(b);
	subset(b);
	kernel_btf_free(b);
	return 0;
}
