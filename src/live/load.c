// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * load.c - see load.h. What libbpf would look up in the kernel's BTF is given to it: the types to
 * relocate by, the functions to attach to, the variable that programs refer to. It would read the
 * 5 MB for that, keep them, and scan them once for each.
 *
 * So libbpf takes programs for functions as some that need none, until they are loaded.
 */
#include "live/load.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "kernel/address.h"
#include "kernel/btf.h"
#include "live/attach.h"
#include "live/skel.h"
#include "base/util.h"
#include "kernel/preempt.h"
#include "live/calibrate.h"

/* ---- messages ---- */

static char first_message[256];

const char *hooks_message(void)
{
	return first_message;
}

/* libbpf's warnings are kept for our own one line, and shown with -v; the rest with -vv. */
static int on_libbpf_print(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char text[256];
	va_list copy;

	if (level == LIBBPF_WARN) {
		va_copy(copy, ap);
		vsnprintf(text, sizeof(text), fmt, copy);
		va_end(copy);
		text[strcspn(text, "\n")] = '\0';
		/* The first one names the cause; those after it only pass it on. */
		if (!first_message[0])
			memcpy(first_message, text, sizeof(first_message));
	}
	if (log_verbose() > (level == LIBBPF_DEBUG))
		return vfprintf(stderr, fmt, ap);
	return 0;
}

void hooks_quiet(void)
{
	libbpf_set_print(on_libbpf_print);
	first_message[0] = '\0';
}

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

static int load_open(struct hooks *h, struct features *f)
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

/* Why a map like those of the programs' variables cannot be created; -EAGAIN: by now it can. */
static int map_error(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "lab_probe", sizeof(__u32), 32, 1, NULL);

	if (fd < 0)
		return fd;
	close(fd);
	return -EAGAIN;
}

/*
 * libbpf goes on without the programs' variables when its own test for them fails, for whatever
 * reason: every kernel that labyrinth knows has them.
 */
static int check_variables(const struct hooks *h)
{
	return h->skel->bss && h->skel->data && h->skel->rodata ? 0 : map_error();
}

static int load_programs(struct hooks *h, const struct features *f)
{
	int r;

	loading.hooks = h;
	loading.features = f;
	r = labyrinth_bpf__load(h->skel);
	loading.hooks = NULL;
	loading.features = NULL;
	return r ?: check_variables(h);
}

/* ---- all of it ---- */

static void set_knobs(struct hooks *h, const struct features *f, const struct scope *scope)
{
	struct lab_knobs *k = (struct lab_knobs *)&h->skel->rodata->knobs;
	char comm[16];

	*k = f->knobs;
	k->cpus = h->cpus;
	k->class_mask = scope->class_mask;
	k->cell_classes = h->cell_classes;
	k->order_mask = scope->order_mask;
	k->events = scope_has(scope, SCOPE_EVENTS);
	k->budget = scope->budget_ns != 0;
	k->sites = scope_has(scope, SCOPE_SITES);
	k->placed = k->events || k->budget;
	/* Where requests are counted by stack, slow ones are counted there. */
	k->event_slower_ns = k->events && !k->sites ? scope->slower_ns : 0;
	k->site_sample = scope->sample;
	k->site_slower_ns = scope->slower_ns;
	k->kinds = scope_has(scope, SCOPE_KINDS);
	k->flags_known = h->mode == ATTACH_KPROBE && f->kprobe_flags;
	/* Below a mark is served at the next deeper level. */
	k->event_below = scope->below_level < 0 ? LAB_LEVELS : (__u32)scope->below_level + 1;
	k->filtered = hooks_filtered(scope);
	k->has_entry = hooks_have(h, ROLE_ENTRY);
	k->has_wake = hooks_have(h, ROLE_WAKE);
	k->parks = k->has_entry && h->cell_classes > LAB_CLASSES_WATCHED;
	if (k->events || k->sites || scope_has(scope, SCOPE_MISTAKES))
		kernel_symbol_cuts(k->cut);
	calibration_comm(comm);
	memcpy(k->own_comm, comm, sizeof(comm));
	for (size_t i = 0; i < ARRAY_SIZE(h->skel->rodata->fast_bucket); i++)
		*(__u8 *)&h->skel->rodata->fast_bucket[i] =
			lab_latency_bucket(LAB_FAST_LEAST_NS + (i << LAB_FAST_SHIFT));
}

static void set_programs(struct hooks *h, const struct features *f, const struct scope *scope,
			 bool required_only)
{
	struct bpf_program *prog, *cal_entry = calibration_entry(h);

	bpf_object__for_each_program(prog, h->skel->obj) bpf_program__set_autoload(prog, false);
	for (unsigned int id = 0; id < HOOKS; id++) {
		h->hook[id].wanted = hook_wanted(id, h->mode, f, scope) &&
				     (hook_info(id)->required || !required_only);
		if (h->hook[id].wanted)
			bpf_program__set_autoload(hook_program(h, id), true);
	}
	bpf_program__set_autoload(h->skel->progs.lab_snapshot, true);
	bpf_program__set_autoload(h->skel->progs.lab_slow_rest, h->mode == ATTACH_SLOWPATH);
	bpf_program__set_autoload(calibration_end(h, f), true);
	if (cal_entry)
		bpf_program__set_autoload(cal_entry, true);
}

/*
 * What is not wanted is not created, but for what functions use that older kernels verify by
 * themselves (before 6.8), whether they are called or not: of that there is one entry.
 */
static int leave_out(struct bpf_map *map, bool is_used)
{
	return is_used ? bpf_map__set_max_entries(map, 1) : bpf_map__set_autocreate(map, false);
}

static int set_maps(struct hooks *h, bool lint)
{
	const struct lab_knobs *k = (const struct lab_knobs *)&h->skel->rodata->knobs;
	bool stacks = k->events || k->sites || lint;
	const struct {
		struct bpf_map *map;
		bool wanted, is_used;
	} some[] = {
		{h->skel->maps.events, k->events, false},
		{h->skel->maps.stacks, stacks, false},
		{h->skel->maps.sites, stacks, true},
		{h->skel->maps.parked, k->parks, true},
		{h->skel->maps.pendings, k->events, true},
		{h->skel->maps.pairs, k->events, true},
		{h->skel->maps.kinds, k->kinds, false},
		{h->skel->maps.kind_zero, k->kinds, false},
		{h->skel->maps.stack_rooms, stacks, false},
		{h->skel->maps.rounds, h->mode == ATTACH_SLOWPATH, false},
	};
	int r = bpf_map__set_max_entries(h->skel->maps.cpus, h->cpus)
			?: bpf_map__set_max_entries(h->skel->maps.rounds,
						    h->cpus * LAB_LEVELS_NESTED);

	for (size_t i = 0; i < ARRAY_SIZE(some) && !r; i++)
		if (!some[i].wanted)
			r = leave_out(some[i].map, some[i].is_used);
	return r ?: bpf_map__set_value_size(h->skel->maps.cpus, lab_cpu_size(h->cell_classes));
}

/* All but what takes the kernel's memory. */
static int prepare(struct hooks *h, struct features *f, const struct scope *scope,
		   enum attach_mode mode, bool required_only)
{
	int cpus = libbpf_num_possible_cpus();
	int r;

	hooks_quiet();
	if (cpus <= 0)
		return cpus ?: -EINVAL;
	h->cpus = (unsigned int)cpus;
	h->cell_classes = hooks_classes(scope);
	h->mode = mode;
	if (!preempt_has_symbols(&f->knobs) &&
	    (mode != ATTACH_RAW_TP || scope_has(scope, SCOPE_MISTAKES)))
		return -ENOTSUP;
	r = load_open(h, f);
	if (r)
		return r;
	set_programs(h, f, scope, required_only);
	set_knobs(h, f, scope);
	r = set_maps(h, scope_has(scope, SCOPE_MISTAKES));
	if (!r)
		need_of(&h->need, h->skel->obj, h->cpus);
	return r;
}

int hooks_load(struct hooks *h, struct features *f, const struct scope *scope,
	       enum attach_mode mode, bool required_only)
{
	char text[NEED_TEXT];
	int r = prepare(h, f, scope, mode, required_only);

	if (r)
		return r;
	need_text(&h->need, text, sizeof(text));
	log_debug(1, "memory: %s", text);
	/* Else the kernel would kill this process, or another in its cgroup. */
	return need_too_much(&h->need) ? -ENOMEM : load_programs(h, f);
}

int hooks_need(struct features *f, const struct scope *scope, enum attach_mode mode,
	       struct need *ret)
{
	struct hooks h = {};
	int r = prepare(&h, f, scope, mode, false);

	*ret = h.need;
	hooks_close(&h);
	return r;
}
