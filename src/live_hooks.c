// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* live_hooks.c - which program goes on which hook, loading and attaching. Knows the skeleton. */
#include "live.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "kernel_symbol.h"
#include "labyrinth.skel.h"
#include "util.h"

enum hook_kind { KIND_RAW_TP, KIND_TRACE, KIND_KPROBE };

#define IN_FENTRY (1U << ATTACH_FENTRY)
#define IN_KPROBE (1U << ATTACH_KPROBE)
#define IN_RAW_TP (1U << ATTACH_RAW_TP)
#define IN_ALL (IN_FENTRY | IN_KPROBE | IN_RAW_TP)

struct hook_def {
	struct hook_info info;
	enum hook_kind kind;
	unsigned int modes;
	bool required;		/* a run in one of its modes makes no sense without it */
	const char *tracepoint; /* or a function found by features: */
	size_t func;		/* offset of its struct kernel_func in struct features */
};

#define FUNC(member) .func = offsetof(struct features, member)

static const struct hook_def hook_defs[HOOKS] = {
	[HOOK_DONE] = {{"lab_done", "done", "raw_tp", "no request is seen at all"},
		       KIND_RAW_TP,
		       IN_ALL,
		       true,
		       .tracepoint = "mm_page_alloc"},
	[HOOK_DONE_TELL] = {{"lab_done_tell", "done", "raw_tp", "no request is seen at all"},
			    KIND_RAW_TP,
			    IN_ALL,
			    true,
			    .tracepoint = "mm_page_alloc"},
	[HOOK_DONE_NOSYM] = {{"lab_done_nosym", "done", "raw_tp", "no request is seen at all"},
			     KIND_RAW_TP,
			     IN_RAW_TP,
			     true,
			     .tracepoint = "mm_page_alloc"},
	[HOOK_LOCKED] = {{"lab_locked", "reserve_use", "raw_tp",
			  "exclusive hits, misses and leaks are not told apart"},
			 KIND_RAW_TP,
			 IN_FENTRY | IN_KPROBE,
			 false,
			 .tracepoint = "mm_page_alloc_zone_locked"},
	[HOOK_WAKE] = {{"lab_wake", "wake", "fentry",
			"levels are judged at the end of a request only"},
		       KIND_TRACE,
		       IN_FENTRY,
		       true,
		       FUNC(wake)},
	[HOOK_WAKE_KP] = {{"lab_wake_kp", "wake", "kprobe",
			   "levels are judged at the end of a request only"},
			  KIND_KPROBE,
			  IN_KPROBE,
			  true,
			  FUNC(wake)},
	[HOOK_MOVE] = {{"lab_move", "reserve_move", "fexit",
			"growth of the exclusive reserve is not seen"},
		       KIND_TRACE,
		       IN_FENTRY,
		       false,
		       FUNC(move)},
	[HOOK_MOVE_KP] = {{"lab_move_kp", "reserve_move", "kprobe",
			   "growth of the exclusive reserve is not seen"},
			  KIND_KPROBE,
			  IN_KPROBE,
			  false,
			  FUNC(move)},
	[HOOK_UNRESERVE] = {{"lab_unreserve", "reserve_shrink", "fexit",
			     "shrinking of the exclusive reserve is not seen"},
			    KIND_TRACE,
			    IN_FENTRY,
			    false,
			    FUNC(unreserve)},
	[HOOK_BULK] = {{"lab_bulk", "bulk", "fexit", "bulk requests are not seen"},
		       KIND_TRACE,
		       IN_FENTRY,
		       false,
		       FUNC(bulk)},
	[HOOK_ANON] = {{"lab_anon", "anon_exclusive", "fentry",
			"pages marked PG_anon_exclusive are not counted"},
		       KIND_TRACE,
		       IN_FENTRY,
		       false,
		       FUNC(anon)},
	[HOOK_LINT_DONE] = {{"lab_lint_done", "lint", "raw_tp", "no request is seen at all"},
			    KIND_RAW_TP,
			    IN_RAW_TP,
			    true,
			    .tracepoint = "mm_page_alloc"},
	[HOOK_LINT] = {{"lab_lint", "lint", "fentry", "no request is seen at all"},
		       KIND_TRACE,
		       IN_FENTRY,
		       true,
		       FUNC(entry)},
	[HOOK_LINT_KP] = {{"lab_lint_kp", "lint", "kprobe", "no request is seen at all"},
			  KIND_KPROBE,
			  IN_KPROBE,
			  true,
			  FUNC(entry)},
	[HOOK_ENTRY] = {{"lab_entry", "entry", "fentry",
			 "no start is seen: no latency, no silent failures"},
			KIND_TRACE,
			IN_FENTRY,
			true,
			FUNC(entry)},
	[HOOK_ENTRY_TELL] = {{"lab_entry_tell", "entry", "fentry",
			      "no start is seen: no latency, no silent failures"},
			     KIND_TRACE,
			     IN_FENTRY,
			     true,
			     FUNC(entry)},
	[HOOK_ENTRY_KP] = {{"lab_entry_kp", "entry", "kprobe",
			    "no start is seen: no latency, no silent failures"},
			   KIND_KPROBE,
			   IN_KPROBE,
			   true,
			   FUNC(entry)},
};

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

const struct hook_info *hook_info(enum hook_id id)
{
	return &hook_defs[id].info;
}

const char *attach_mode_name(enum attach_mode mode)
{
	static const char *const names[] = {
		[ATTACH_AUTO] = "auto",
		[ATTACH_FENTRY] = "fentry",
		[ATTACH_KPROBE] = "kprobe",
		[ATTACH_RAW_TP] = "raw_tp",
	};

	return names[mode];
}

static const struct kernel_func *hook_func(const struct hook_def *def, const struct features *f)
{
	return (const struct kernel_func *)((const char *)f + def->func);
}

const char *hook_target(enum hook_id id, const struct features *f)
{
	const struct hook_def *def = &hook_defs[id];

	if (id == HOOK_LOCKED && !f->locked_tracepoint)
		return NULL;
	if (def->tracepoint)
		return def->tracepoint;
	return hook_func(def, f)->name;
}

/* Does this run want more of a request than its counts, or may it come to want less? */
static bool is_told(const struct options *opt)
{
	return opt->view == VIEW_EVENTS || opt->view == VIEW_WHY || opt->view == VIEW_FLAGS ||
	       opt->budget_ns;
}

static unsigned int wanted_classes(const struct options *opt)
{
	return opt->class_mask & ~LAB_CLASS_MASK_WATCHED ? LAB_CLASSES : LAB_CLASSES_WATCHED;
}

static bool is_filtered(const struct options *opt)
{
	return opt->order_mask != ~0U || opt->class_mask != (1U << wanted_classes(opt)) - 1;
}

/* Do the lean programs do, which only count, by what most kernels have? */
static bool is_lean(enum attach_mode mode, const struct features *f, const struct options *opt)
{
	return !is_told(opt) && mode != ATTACH_RAW_TP && !is_filtered(opt) &&
	       wanted_classes(opt) == LAB_CLASSES_WATCHED && f->lean;
}

static bool is_lint(enum hook_id id)
{
	return id == HOOK_LINT_DONE || id == HOOK_LINT || id == HOOK_LINT_KP;
}

static bool is_reserve(enum hook_id id)
{
	return id == HOOK_LOCKED || id == HOOK_MOVE || id == HOOK_MOVE_KP || id == HOOK_UNRESERVE;
}

bool hooks_show_growth(const struct options *opt)
{
	return opt->view == VIEW_STAT || opt->view == VIEW_CHECK;
}

bool hooks_show_use(const struct options *opt)
{
	/* A request that failed took nothing from it. */
	if (opt->view == VIEW_EVENTS)
		return opt->slower_ns || opt->below_level >= 0;
	return hooks_show_growth(opt) && !opt->no_exclusive;
}

/* lab_locked, which hangs where each page leaves the free lists, only where it is asked for. */
static bool is_reserve_wanted(enum hook_id id, const struct features *f, const struct options *opt)
{
	if (id == HOOK_LOCKED)
		return hooks_show_use(opt);
	/* From 6.12 on lab_move sees the old type too. */
	return hooks_show_growth(opt) && (id != HOOK_UNRESERVE || !f->knobs.move_has_old);
}

bool hook_wanted(enum hook_id id, enum attach_mode mode, const struct features *f,
		 const struct options *opt)
{
	if (!(hook_defs[id].modes & (1U << mode)) || !hook_target(id, f))
		return false;
	if (is_lint(id) != (opt->view == VIEW_LINT))
		return false;
	/* Context tells the slots apart; where it needs tricks, only ends are counted. */
	if (!features_has_symbols(f))
		return mode == ATTACH_RAW_TP && id == HOOK_DONE_NOSYM;
	if (id == HOOK_DONE_NOSYM)
		return false;
	if (id == HOOK_DONE || id == HOOK_ENTRY)
		return is_lean(mode, f, opt);
	if (id == HOOK_DONE_TELL || id == HOOK_ENTRY_TELL)
		return !is_lean(mode, f, opt);
	if (id == HOOK_ANON)
		return opt->anon_exclusive;
	return !is_reserve(id) || is_reserve_wanted(id, f, opt);
}

bool hook_required(enum hook_id id)
{
	return hook_defs[id].required;
}

/* Of a program for a function; 0: none is known. */
__u32 hooks_target_id(const char *program, const struct features *f)
{
	for (int id = 0; id < HOOKS; id++) {
		const struct hook_def *def = &hook_defs[id];

		if (def->kind == KIND_TRACE && strcmp(program, def->info.program) == 0)
			return hook_func(def, f)->btf_id;
	}
	return 0;
}

static struct bpf_program *find_program(struct hooks *h, const char *name)
{
	return bpf_object__find_program_by_name(h->skel->obj, name);
}

static void set_knobs(struct hooks *h, const struct features *f, const struct options *opt)
{
	struct lab_knobs *k = (struct lab_knobs *)&h->skel->rodata->knobs;
	char comm[16];

	*k = f->knobs;
	k->cpus = h->cpus;
	k->class_mask = opt->class_mask;
	k->cell_classes = h->cell_classes;
	k->order_mask = opt->order_mask;
	k->events = opt->view == VIEW_EVENTS || opt->view == VIEW_WHY;
	k->budget = opt->budget_ns != 0;
	k->placed = k->events || k->budget;
	k->event_slower_ns = opt->view == VIEW_EVENTS ? opt->slower_ns : 0;
	k->sites = opt->view == VIEW_WHY;
	k->site_sample = opt->sample;
	k->site_slower_ns = opt->slower_ns;
	k->kinds = opt->view == VIEW_FLAGS;
	k->flags_known = h->mode == ATTACH_KPROBE && f->kprobe_flags;
	/* Below a mark is served at the next deeper level. */
	k->event_below = opt->below_level < 0 ? LAB_LEVELS : (__u32)opt->below_level + 1;
	k->filtered = is_filtered(opt);
	k->has_entry = h->hook[HOOK_ENTRY].wanted || h->hook[HOOK_ENTRY_TELL].wanted ||
		       h->hook[HOOK_ENTRY_KP].wanted;
	k->has_wake = h->hook[HOOK_WAKE].wanted || h->hook[HOOK_WAKE_KP].wanted;
	if (k->sites || opt->view == VIEW_LINT)
		kernel_symbol_cuts(k->cut);
	calibration_comm(comm);
	memcpy(k->own_comm, comm, sizeof(comm));
	for (size_t i = 0; i < ARRAY_SIZE(h->skel->rodata->lean_bucket); i++)
		*(__u8 *)&h->skel->rodata->lean_bucket[i] =
			lab_latency_bucket(LAB_LEAN_LEAST_NS + (i << LAB_LEAN_SHIFT));
}

static void set_programs(struct hooks *h, const struct features *f, const struct options *opt,
			 bool required_only)
{
	struct bpf_program *prog, *cal_entry = calibration_entry(h);

	bpf_object__for_each_program(prog, h->skel->obj) bpf_program__set_autoload(prog, false);
	for (int id = 0; id < HOOKS; id++) {
		const struct hook_def *def = &hook_defs[id];

		h->hook[id].wanted =
			hook_wanted(id, h->mode, f, opt) && (def->required || !required_only);
		if (h->hook[id].wanted)
			bpf_program__set_autoload(find_program(h, def->info.program), true);
	}
	bpf_program__set_autoload(h->skel->progs.lab_snapshot, true);
	bpf_program__set_autoload(calibration_end(h, f), true);
	if (cal_entry)
		bpf_program__set_autoload(cal_entry, true);
}

static int set_maps(struct hooks *h, bool lint)
{
	const struct lab_knobs *k = (const struct lab_knobs *)&h->skel->rodata->knobs;
	const struct {
		struct bpf_map *map;
		bool wanted;
	} some[] = {
		{h->skel->maps.events, k->events},
		{h->skel->maps.stacks, k->sites || lint},
		{h->skel->maps.sites, k->sites || lint},
		{h->skel->maps.kinds, k->kinds},
		{h->skel->maps.kind_zero, k->kinds},
		{h->skel->maps.stack_rooms, k->sites || lint},
	};
	int r = bpf_map__set_max_entries(h->skel->maps.cpus, h->cpus);

	for (size_t i = 0; i < ARRAY_SIZE(some) && !r; i++)
		if (!some[i].wanted)
			r = bpf_map__set_autocreate(some[i].map, false);
	return r ?: bpf_map__set_value_size(h->skel->maps.cpus, lab_cpu_size(h->cell_classes));
}

int hooks_load(struct hooks *h, struct features *f, const struct options *opt,
	       enum attach_mode mode, bool required_only)
{
	int cpus = libbpf_num_possible_cpus();
	int r;

	hooks_quiet();
	if (cpus <= 0)
		return cpus ?: -EINVAL;
	h->cpus = (unsigned int)cpus;
	h->cell_classes = wanted_classes(opt);
	h->mode = mode;
	if (!features_has_symbols(f) && (mode != ATTACH_RAW_TP || opt->view == VIEW_LINT))
		return -ENOTSUP;
	r = load_open(h, f);
	if (r)
		return r;
	set_programs(h, f, opt, required_only);
	set_knobs(h, f, opt);
	r = set_maps(h, opt->view == VIEW_LINT);
	return r ?: load_programs(h, f);
}

static struct bpf_link *attach_program(struct bpf_program *prog, enum hook_kind kind,
				       const char *target)
{
	switch (kind) {
	case KIND_RAW_TP:
		return bpf_program__attach_raw_tracepoint(prog, target);
	case KIND_KPROBE:
		return bpf_program__attach_kprobe(prog, false, target);
	case KIND_TRACE:
		break;
	}
	return bpf_program__attach_trace(prog);
}

int hooks_attach_one(struct hooks *h, enum hook_id id, const struct features *f)
{
	const struct hook_def *def = &hook_defs[id];
	struct hook *hook = &h->hook[id];

	hook->link =
		attach_program(find_program(h, def->info.program), def->kind, hook_target(id, f));
	hook->error = hook->link ? 0 : -errno;
	return hook->error;
}

int hooks_attach(struct hooks *h, const struct features *f)
{
	for (int id = 0; id < HOOKS; id++) {
		if (!h->hook[id].wanted)
			continue;
		if (hooks_attach_one(h, id, f) && hook_defs[id].required)
			return h->hook[id].error;
	}
	return 0;
}

void hooks_detach_one(struct hooks *h, enum hook_id id)
{
	bpf_link__destroy(h->hook[id].link);
	h->hook[id].link = NULL;
}

void hooks_detach(struct hooks *h)
{
	hooks_detach_one(h, HOOK_ENTRY);
	hooks_detach_one(h, HOOK_ENTRY_TELL);
	hooks_detach_one(h, HOOK_ENTRY_KP);
	/* Let what is in flight arrive: a request that may not sleep takes microseconds. */
	usleep(20000);
	for (int id = 0; id < HOOKS; id++)
		hooks_detach_one(h, id);
}

void hooks_close(struct hooks *h)
{
	for (int id = 0; id < HOOKS; id++)
		hooks_detach_one(h, id);
	labyrinth_bpf__destroy(h->skel);
	memset(h, 0, sizeof(*h));
}

static __u64 hook_misses(struct hooks *h, enum hook_id id)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	if (!h->hook[id].wanted)
		return 0;
	if (bpf_obj_get_info_by_fd(bpf_program__fd(find_program(h, hook_defs[id].info.program)),
				   &info, &size))
		return 0;
	return info.recursion_misses;
}

__u64 hooks_entry_misses(struct hooks *h)
{
	return hook_misses(h, HOOK_ENTRY) + hook_misses(h, HOOK_ENTRY_TELL) +
	       hook_misses(h, HOOK_ENTRY_KP);
}

__u64 hooks_done_misses(struct hooks *h)
{
	return hook_misses(h, HOOK_DONE) + hook_misses(h, HOOK_DONE_TELL) +
	       hook_misses(h, HOOK_DONE_NOSYM);
}
