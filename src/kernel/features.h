/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* features.h - what this kernel offers, found by BTF and symbols, never by its version
 * number. */
#ifndef LAB_KERNEL_FEATURES_H
#define LAB_KERNEL_FEATURES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "model/verdict.h"
#include "wire/knobs.h"

struct kernel_btf;

/* Kernel functions and tracepoints that programs are attached to. */
enum kernel_target {
	TARGET_ENTRY,	  /* every request begins there */
	TARGET_END,	  /* mm_page_alloc */
	TARGET_LOCKED,	  /* a page leaves the free lists */
	TARGET_WAKE,	  /* a request enters the slow path */
	TARGET_WARN,	  /* a request failed in the slow path */
	TARGET_MOVE,	  /* a pageblock changes its type */
	TARGET_UNRESERVE, /* one leaves the exclusive reserve, where TARGET_MOVE does not show it */
	TARGET_BULK,
	TARGET_ANON, /* a new anonymous page */
	TARGETS,
};

/* One by BTF: name NULL when this kernel has none that is of use. */
struct kernel_target_found {
	const char *name;
	unsigned int args;
	__u32 btf_id; /* of a function, in the running kernel's BTF; 0: that has none */
};

struct features {
	struct kernel_btf *btf; /* owned; until features_types() */
	char types_path[32];	/* by features_types(); "" before */
	int types_fd;
	char release[65], machine[65], host[65];
	struct kernel_target_found target[TARGETS];
	bool rt;	   /* PREEMPT_RT */
	bool fast;	   /* the fast programs run here: see fast.bpf.h */
	bool nolock;	   /* alloc_pages_nolock(), 6.15 */
	bool kprobe_flags; /* a kprobe shows the flags register of whom it interrupts (x86) */
	bool kprobe_traps; /* it is a trap, which every request would pay for (arm64) */
	bool proven;	   /* the tests have run on machines of this architecture */
	__u32 pageblock_pages;
	__u32 memory_nodes; /* highest node that has memory, plus one */
	/* Of the reserves, by release: nothing in BTF shows them. */
	struct verdict_rules rules;
	bool rules_in_doubt;  /* the release hides its patch level: those that grant less are taken
			       */
	__u32 count_variable; /* by BTF: of the kernel, that preempt_count is in; 0: none */
	/* The part of the knobs that follows from the kernel alone. */
	struct lab_knobs knobs;
};

struct utsname;

/*
 * What the kernel of that name and machine offers, by the BTF in btf_path, or NULL: the running
 * kernel's. Files of /sys are the running kernel's in any case. 0 or FAIL() after one logged line;
 * features_free() is the caller's in both cases.
 */
int features_of(struct features *f, const struct utsname *u, const char *btf_path);

/*
 * Reads the kernel's BTF (or btf_path) and fills *f. 0, or FAIL() after one logged
 * line: unsupported when there is no BTF or no known entry function.
 */
int features_probe(struct features *f, const char *btf_path);
void features_free(struct features *f);

/*
 * Puts the kernel's types of these names into a file without a name, f->types_path, and forgets all
 * others. 0 or a negative errno.
 */
int features_types(struct features *f, const char *const *names, size_t n);

/* One line in buf on what keeps programs out: lockdown mode, missing capability; "" when nothing
 * does. */
void features_obstacle(char *buf, size_t size);

/* True when this process may load tracing programs: CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON. */
bool features_privileged(void);

/* First word in brackets of /sys/kernel/security/lockdown: none, integrity, confidentiality, or
 * unknown. */
void features_lockdown(char *buf, size_t size);

#endif
