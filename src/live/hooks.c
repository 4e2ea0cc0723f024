// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* hooks.c - see hooks.h. */
#include "live/hooks.h"

#include <bpf/libbpf.h>
#include <string.h>

#include "live/skel.h"
#include "base/util.h"
#include "kernel/preempt.h"
#include "model/figures.h"

#define IN_FENTRY (1U << ATTACH_FENTRY)
#define IN_KPROBE (1U << ATTACH_KPROBE)
#define IN_RAW_TP (1U << ATTACH_RAW_TP)
#define IN_SLOWPATH (1U << ATTACH_SLOWPATH)
#define IN_ALL (IN_FENTRY | IN_KPROBE | IN_RAW_TP)

/* Every scope but that of mistakes, which has hooks of its own. */
#define REQUESTS (SCOPE_CELLS | SCOPE_EVENTS | SCOPE_SITES | SCOPE_KINDS)

/* Which of a hook's programs a run takes. */
enum path {
	PATH_ANY,   /* there is only one, which refers to kernel variables */
	PATH_FAST,  /* fast.bpf.h: counts alone, by what most kernels have */
	PATH_FULL,  /* full.bpf.h */
	PATH_NOSYM, /* where programs cannot refer to kernel variables */
};

struct hook_row {
	struct hook_info info;
	enum kernel_target target;
	unsigned int modes; /* IN_* */
	__u32 scope;	    /* wanted with any of these SCOPE_* */
	enum path path;
};

#define HAS(what) offsetof(struct run_info, has_##what)

#define NO_REQUEST "no request is seen at all"
#define NO_START "no start is seen: no latency, no silent failures"
#define NO_WAKE "levels are judged at the end of a request only"
#define NO_GROWTH "growth of the exclusive reserve is not seen"
#define NO_SHRINKING "shrinking of the exclusive reserve is not seen"
#define NO_USE "use of the exclusive reserve is not seen"
#define NO_BULK "bulk requests are not seen"
#define NO_ANON "PG_anon_exclusive pages are not counted"

/*
 * program, name, lost, lack, has, kind, role, required; target, modes, scope, path. Ends before
 * starts, which are attached last: what is in flight before that has no start.
 */
/* clang-format off */
static const struct hook_row rows[HOOKS] = {
	{{"lab_done", "done", NO_REQUEST, NULL, 0, KIND_RAW_TP, ROLE_END, true},
	 TARGET_END, IN_ALL, REQUESTS, PATH_FAST},
	{{"lab_done_tell", "done", NO_REQUEST, NULL, 0, KIND_RAW_TP, ROLE_END, true},
	 TARGET_END, IN_ALL, REQUESTS, PATH_FULL},
	{{"lab_done_nosym", "done", NO_REQUEST, NULL, 0, KIND_RAW_TP, ROLE_END, true},
	 TARGET_END, IN_RAW_TP, REQUESTS, PATH_NOSYM},
	{{"lab_locked", "reserve_use", NO_USE, NULL, HAS(exclusive), KIND_RAW_TP, ROLE_OTHER, false},
	 TARGET_LOCKED, IN_FENTRY | IN_KPROBE, SCOPE_RESERVE, PATH_ANY},
	{{"lab_wake", "wake", NO_WAKE, NULL, 0, KIND_FENTRY, ROLE_WAKE, true},
	 TARGET_WAKE, IN_FENTRY, REQUESTS, PATH_ANY},
	{{"lab_wake_kp", "wake", NO_WAKE, NULL, 0, KIND_KPROBE, ROLE_WAKE, true},
	 TARGET_WAKE, IN_KPROBE, REQUESTS, PATH_ANY},
	{{"lab_slow_warn", RUN_HOOK_FAILED, NO_REQUEST, NULL, 0, KIND_KPROBE, ROLE_END, true},
	 TARGET_WARN, IN_SLOWPATH, REQUESTS, PATH_ANY},
	{{"lab_slow_wake", "wake", NO_WAKE, NULL, 0, KIND_FENTRY, ROLE_WAKE, true},
	 TARGET_WAKE, IN_SLOWPATH, REQUESTS, PATH_ANY},
	{{"lab_move", "reserve_move", NO_GROWTH, NULL, HAS(grown), KIND_FEXIT, ROLE_OTHER, false},
	 TARGET_MOVE, IN_FENTRY | IN_SLOWPATH, SCOPE_GROWTH, PATH_ANY},
	{{"lab_move_kp", "reserve_move", NO_GROWTH, NULL, HAS(grown), KIND_KPROBE, ROLE_OTHER, false},
	 TARGET_MOVE, IN_KPROBE, SCOPE_GROWTH, PATH_ANY},
	{{"lab_unreserve", "reserve_shrink", NO_SHRINKING, NULL, 0, KIND_FEXIT, ROLE_OTHER, false},
	 TARGET_UNRESERVE, IN_FENTRY | IN_SLOWPATH, SCOPE_GROWTH, PATH_ANY},
	{{"lab_bulk", "bulk", NO_BULK, "this kernel has none", HAS(bulk), KIND_FEXIT, ROLE_OTHER, false},
	 TARGET_BULK, IN_FENTRY, REQUESTS, PATH_ANY},
	{{"lab_anon", "anon_exclusive", NO_ANON, "this kernel has no such flag", HAS(anon_exclusive),
	  KIND_FENTRY, ROLE_OTHER, false},
	 TARGET_ANON, IN_FENTRY, SCOPE_ANON, PATH_ANY},
	{{"lab_lint_done", "lint", NO_REQUEST, NULL, 0, KIND_RAW_TP, ROLE_LINT, true},
	 TARGET_END, IN_RAW_TP, SCOPE_MISTAKES, PATH_ANY},
	{{"lab_lint", "lint", NO_REQUEST, NULL, 0, KIND_FENTRY, ROLE_LINT, true},
	 TARGET_ENTRY, IN_FENTRY, SCOPE_MISTAKES, PATH_ANY},
	{{"lab_lint_kp", "lint", NO_REQUEST, NULL, 0, KIND_KPROBE, ROLE_LINT, true},
	 TARGET_ENTRY, IN_KPROBE, SCOPE_MISTAKES, PATH_ANY},
	{{"lab_entry", "entry", NO_START, NULL, HAS(latency), KIND_FENTRY, ROLE_ENTRY, true},
	 TARGET_ENTRY, IN_FENTRY, REQUESTS, PATH_FAST},
	{{"lab_entry_tell", "entry", NO_START, NULL, HAS(latency), KIND_FENTRY, ROLE_ENTRY, true},
	 TARGET_ENTRY, IN_FENTRY, REQUESTS, PATH_FULL},
	{{"lab_entry_kp", "entry", NO_START, NULL, HAS(latency), KIND_KPROBE, ROLE_ENTRY, true},
	 TARGET_ENTRY, IN_KPROBE, REQUESTS, PATH_ANY},
};
/* clang-format on */

const struct hook_info *hook_info(unsigned int id)
{
	return &rows[id].info;
}

const char *hook_attach_name(unsigned int id)
{
	static const char *const names[] = {
		[KIND_RAW_TP] = "raw_tp",
		[KIND_FENTRY] = "fentry",
		[KIND_FEXIT] = "fexit",
		[KIND_KPROBE] = "kprobe",
	};

	return names[rows[id].info.kind];
}

const char *attach_mode_name(enum attach_mode mode)
{
	static const char *const names[] = {
		[ATTACH_AUTO] = "auto",		[ATTACH_FENTRY] = "fentry",
		[ATTACH_KPROBE] = "kprobe",	[ATTACH_RAW_TP] = "raw_tp",
		[ATTACH_SLOWPATH] = "slowpath",
	};

	return names[mode];
}

const char *hook_target(unsigned int id, const struct features *f)
{
	return f->target[rows[id].target].name;
}

unsigned int hooks_classes(const struct scope *scope)
{
	return scope->class_mask & ~LAB_CLASS_MASK_WATCHED ? LAB_CLASSES : LAB_CLASSES_WATCHED;
}

bool hooks_filtered(const struct scope *scope)
{
	return scope->order_mask != ~0U || scope->class_mask != (1U << hooks_classes(scope)) - 1;
}

/* Does this run want more of a request than its counts, or may it come to want less? */
static bool wants_more(const struct scope *scope)
{
	return scope_has(scope, SCOPE_EVENTS | SCOPE_SITES | SCOPE_KINDS) || scope->budget_ns;
}

static enum path path_of(enum attach_mode mode, const struct features *f, const struct scope *scope)
{
	if (!preempt_has_symbols(&f->knobs))
		return PATH_NOSYM;
	if (wants_more(scope) || mode == ATTACH_RAW_TP || hooks_filtered(scope) ||
	    hooks_classes(scope) != LAB_CLASSES_WATCHED || !f->fast)
		return PATH_FULL;
	return PATH_FAST;
}

bool hook_in_scope(unsigned int id, const struct scope *scope)
{
	return rows[id].info.program && scope_has(scope, rows[id].scope);
}

bool hook_wanted(unsigned int id, enum attach_mode mode, const struct features *f,
		 const struct scope *scope)
{
	const struct hook_row *row = &rows[id];

	if (!hook_in_scope(id, scope) || !(row->modes & (1U << mode)) || !hook_target(id, f))
		return false;
	/* Context tells the slots apart; where it needs tricks, only ends are counted. */
	if (row->path == PATH_ANY)
		return preempt_has_symbols(&f->knobs);
	return row->path == path_of(mode, f, scope);
}

bool hooks_have(const struct hooks *h, enum hook_role role)
{
	for (unsigned int id = 0; id < HOOKS; id++)
		if (h->hook[id].wanted && rows[id].info.role == role)
			return true;
	return false;
}

__u32 hooks_target_id(const char *program, const struct features *f)
{
	for (unsigned int id = 0; id < HOOKS && rows[id].info.program; id++) {
		enum hook_kind kind = rows[id].info.kind;

		if ((kind == KIND_FENTRY || kind == KIND_FEXIT) &&
		    strcmp(program, rows[id].info.program) == 0)
			return f->target[rows[id].target].btf_id;
	}
	return 0;
}

struct bpf_program *hook_program(const struct hooks *h, unsigned int id)
{
	return bpf_object__find_program_by_name(h->skel->obj, rows[id].info.program);
}
