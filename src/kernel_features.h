/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* kernel_features.h - what this kernel offers, found by BTF and symbols, never by its version
 * number. */
#ifndef LAB_KERNEL_FEATURES_H
#define LAB_KERNEL_FEATURES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "knobs.h"

struct kernel_btf;

/* A kernel function by BTF: name NULL when absent. */
struct kernel_func {
	const char *name;
	unsigned int args;
	__u32 btf_id; /* in the running kernel's BTF; 0: that has none */
};

struct features {
	struct kernel_btf *btf; /* owned; until features_types() */
	char types_path[32];	/* by features_types(); "" before */
	int types_fd;
	char release[65], machine[65], host[65];
	struct kernel_func entry, wake, bulk, move, unreserve, anon;
	bool locked_tracepoint; /* mm_page_alloc_zone_locked is in BTF */
	bool rt;		/* PREEMPT_RT */
	bool lean;		/* the lean programs run here: see lean.bpf.h */
	bool nolock;		/* alloc_pages_nolock(), 6.15 */
	bool kprobe_flags;	/* a kprobe shows the flags register of whom it interrupts (x86) */
	__u32 pageblock_pages;
	__u32 count_variable; /* by BTF: of the kernel, that preempt_count is in; 0: none */
	/* The part of the knobs that follows from the kernel alone. */
	struct lab_knobs knobs;
};

/*
 * Reads the kernel's BTF (or btf_path) and fills *f. 0, or a negative exit code after one logged
 * line: unsupported when there is no BTF or no known entry function.
 */
int features_probe(struct features *f, const char *btf_path);
void features_free(struct features *f);

/*
 * Puts the kernel's types of these names into a file without a name, f->types_path, and forgets all
 * others. 0 or a negative errno.
 */
int features_types(struct features *f, const char *const *names, size_t n);

/* The names the entry function had, newest first, as one string for messages. */
const char *features_entry_names(void);

/* Can programs refer to the kernel's variables? Else only those that do not are loaded: raw_tp. */
bool features_has_symbols(const struct features *f);

/* Where preempt_count was found, in words. */
const char *features_preempt_count_name(const struct features *f);

/* One line in buf on what keeps programs out: lockdown mode, missing capability; "" when nothing
 * does. */
void features_obstacle(char *buf, size_t size);

/* True when this process may load tracing programs: CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON. */
bool features_privileged(void);

/* First word in brackets of /sys/kernel/security/lockdown: none, integrity, confidentiality, or
 * unknown. */
void features_lockdown(char *buf, size_t size);

#endif
