// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * live_load.c - what libbpf would look up in the kernel's BTF, told to it: the types to relocate
 * by, the functions to attach to, the variable that programs refer to. It would read the 5 MB for
 * that, keep them, and go through them once for each.
 *
 * So it takes programs for functions as some that need none, until the moment they are loaded.
 */
#include "live.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "kernel_btf.h"
#include "labyrinth.skel.h"
#include "util.h"

/* ---- the object's own BTF: which types it reads ---- */

static int object_btf(struct kernel_btf **ret)
{
	size_t size;
	const char *elf = labyrinth_bpf__elf_bytes(&size);
	const Elf64_Ehdr *head = (const void *)elf;
	const Elf64_Shdr *section = (const void *)(elf + head->e_shoff);
	const char *names = elf + section[head->e_shstrndx].sh_offset;

	for (unsigned int i = 0; i < head->e_shnum; i++)
		if (strcmp(names + section[i].sh_name, ".BTF") == 0)
			return kernel_btf_new(elf + section[i].sh_offset, section[i].sh_size, ret);
	return -ENOENT;
}

static bool is_read(const struct btf_type *t)
{
	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
	case BTF_KIND_TYPEDEF:
		return t->name_off;
	default:
		return false;
	}
}

static int load_types(struct features *f)
{
	_cleanup_(kernel_btf_freep) struct kernel_btf *own = NULL;
	_cleanup_(freep) const char **names = NULL;
	size_t n = 0;
	int r;

	if (f->types_path[0])
		return 0;
	r = object_btf(&own);
	if (r)
		return r;
	names = calloc(kernel_btf_count(own), sizeof(*names));
	if (!names)
		return -ENOMEM;
	for (__u32 id = 1; id < kernel_btf_count(own); id++) {
		const struct btf_type *t = kernel_btf_type(own, id);

		if (is_read(t))
			names[n++] = kernel_btf_name(own, t->name_off);
	}
	return features_types(f, names, n);
}

/* ---- programs ---- */

/* The load that is under way: libbpf hands on no more than a number. */
static struct {
	struct hooks *hooks;
	const struct features *features;
} loading;

static __u64 constant_of(const struct bpf_insn *p)
{
	return (__u32)p[0].imm | (__u64)(__u32)p[1].imm << 32;
}

/*
 * A reference to the variable, where the program has the mark for it. Not where it is for the other
 * one: the kernel goes through all of its types for each, dead or not.
 */
static int put_variable(struct bpf_program *prog, const struct features *f)
{
	size_t n = bpf_program__insn_cnt(prog);
	_cleanup_(freep) struct bpf_insn *insns = malloc(n * sizeof(*insns));

	if (!insns)
		return -ENOMEM;
	memcpy(insns, bpf_program__insns(prog), n * sizeof(*insns));
	for (size_t i = 0; i + 1 < n; i++) {
		struct bpf_insn *p = insns + i;

		if (p->code != (BPF_LD | BPF_DW | BPF_IMM))
			continue;
		if (constant_of(p) == LAB_COUNT_VARIABLE ||
		    constant_of(p) == LAB_COUNT_VARIABLE + f->knobs.preempt_count_how) {
			p[0].src_reg = BPF_PSEUDO_BTF_ID;
			p[0].imm = (__s32)f->count_variable;
			p[1].imm = 0; /* the kernel's, no module's */
		}
		i++;
	}
	return bpf_program__set_insns(prog, insns, n);
}

/* At the entry of the program that is its end, which has been loaded before it. */
static int aim_at_end(struct bpf_prog_load_opts *opts)
{
	const struct bpf_program *end = calibration_end(loading.hooks, loading.features);
	int id = btf__find_by_name_kind(bpf_object__btf(loading.hooks->skel->obj),
					bpf_program__name(end), BTF_KIND_FUNC);
	int fd = bpf_program__fd(end);

	if (id < 0 || fd < 0)
		return id < 0 ? id : fd;
	opts->attach_prog_fd = fd;
	opts->attach_btf_id = (__u32)id;
	return 0;
}

static int aim(const struct bpf_program *prog, struct bpf_prog_load_opts *opts)
{
	if (prog == loading.hooks->skel->progs.cal_entry)
		return aim_at_end(opts);
	opts->attach_btf_id = hooks_target_id(bpf_program__name(prog), loading.features);
	return opts->attach_btf_id ? 0 : -ESRCH;
}

/* is_trace: for a function, not for a tracepoint or a kprobe. */
static int on_prepare(struct bpf_program *prog, struct bpf_prog_load_opts *opts, long is_trace)
{
	int r = 0;

	if (loading.features->count_variable)
		r = put_variable(prog, loading.features);
	if (r || !is_trace)
		return r;
	r = aim(prog, opts);
	return r ?: bpf_program__set_type(prog, BPF_PROG_TYPE_TRACING);
}

/* Once and for all objects of this process. 0 or a negative errno. */
static int register_handlers(void)
{
	static const struct {
		const char *section;
		enum bpf_prog_type type;
		enum bpf_attach_type attach;
		long is_trace;
	} handlers[] = {
		{"raw_tp+", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0},
		{"kprobe+", BPF_PROG_TYPE_KPROBE, 0, 0},
		/* Any type that libbpf does not look up a function for. */
		{"fentry", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_FENTRY, 1},
		{"fexit", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_FEXIT, 1},
	};
	static bool registered;

	for (size_t i = 0; i < ARRAY_SIZE(handlers) && !registered; i++) {
		LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .cookie = handlers[i].is_trace,
			    .prog_prepare_load_fn = on_prepare);
		int id = libbpf_register_prog_handler(handlers[i].section, handlers[i].type,
						      handlers[i].attach, &opts);

		if (id < 0)
			return id;
	}
	registered = true;
	return 0;
}

int load_open(struct hooks *h, struct features *f)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = f->types_path);
	int r = load_types(f);

	if (!r)
		r = register_handlers();
	if (r)
		return r;
	h->skel = labyrinth_bpf__open_opts(&opts);
	return h->skel ? 0 : -errno;
}

int load_programs(struct hooks *h, const struct features *f)
{
	int r;

	loading.hooks = h;
	loading.features = f;
	r = labyrinth_bpf__load(h->skel);
	loading.hooks = NULL;
	loading.features = NULL;
	return r;
}
