/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * hooks.h - the table of hooks: which program goes on which function or tracepoint, for what, and
 * what is lost without it. A new hook is one row of hooks.c.
 */
#ifndef LAB_LIVE_HOOKS_H
#define LAB_LIVE_HOOKS_H

#include <pthread.h>
#include <stdbool.h>

#include "kernel/features.h"
#include "live/need.h"
#include "model/scope.h"

struct bpf_link;
struct bpf_program;
struct labyrinth_bpf;

/* Room for rows; those that are not used are never wanted. A hook's number is that of its row. */
#define HOOKS 24

/* One program on one hook. */
struct hook {
	bool wanted;  /* loaded */
	int error;    /* negative errno of the attach, 0 fine */
	__u64 misses; /* of it, as the kernel told last */
	struct bpf_link *link;
};

/* Times in which starts were off for the budget, by the kernel's count of skipped end programs. */
struct blind {
	pthread_mutex_t lock;
	__u64 misses; /* in those that are over */
	__u64 from;   /* at the beginning of the one that is not */
	bool now;
};

/* The programs of one run, loaded and attached. */
struct hooks {
	struct labyrinth_bpf *skel;
	enum attach_mode mode; /* what it came to: never ATTACH_AUTO */
	struct hook hook[HOOKS];
	unsigned int cpus; /* possible */
	unsigned int cell_classes;
	struct need need; /* once it is known */
	bool calibrated;
	struct blind blind;
	__u64 unread;  /* by hooks_unread() */
	int ftrace_fd; /* kernel.ftrace_enabled, see selftest.c; 0: not open */
};

enum hook_kind { KIND_RAW_TP, KIND_FENTRY, KIND_FEXIT, KIND_KPROBE };

/* What others need to know a hook by. */
enum hook_role {
	ROLE_OTHER,
	ROLE_ENTRY, /* starts of requests */
	ROLE_END,
	ROLE_WAKE, /* requests that enter the slow path */
	ROLE_LINT, /* requests that are looked at for mistakes */
};

/* Everything about a hook that does not depend on the run. */
struct hook_info {
	const char *program; /* in the object; NULL: no row */
	const char *name;    /* in the output */
	const char *lost;    /* what is lost without it, a sentence */
	const char *lack;    /* what a kernel lacks that has no such target */
	size_t has;	     /* the bool in struct run_info that says it is attached; 0: none */
	enum hook_kind kind;
	enum hook_role role;
	bool required; /* a run in one of its modes makes no sense without it */
};

const struct hook_info *hook_info(unsigned int id);

/* How it is attached, as a word: fentry, fexit, kprobe, raw_tp. */
const char *hook_attach_name(unsigned int id);

/* Kernel function or tracepoint of a hook on this kernel; NULL when the kernel has none. */
const char *hook_target(unsigned int id, const struct features *f);

/* Does this scope want this hook, in some mode? */
bool hook_in_scope(unsigned int id, const struct scope *scope);

/* Does a run of this scope want this hook in this mode, and does the kernel have it? */
bool hook_wanted(unsigned int id, enum attach_mode mode, const struct features *f,
		 const struct scope *scope);

/* Is a hook of this role loaded? */
bool hooks_have(const struct hooks *h, enum hook_role role);

/* The function that a program is for, as the kernel's BTF numbers it; 0: it is for none. */
__u32 hooks_target_id(const char *program, const struct features *f);

/* The program of a hook. Not NULL: the table names programs that are in the object. */
struct bpf_program *hook_program(const struct hooks *h, unsigned int id);

/* Classes that have cells: LAB_CLASSES_WATCHED, or all where requests that may sleep count. */
unsigned int hooks_classes(const struct scope *scope);

/* Is any class or order left out? */
bool hooks_filtered(const struct scope *scope);

const char *attach_mode_name(enum attach_mode mode);

#endif
