/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * need.h - the kernel's memory that the maps of a run take. It is known before any of it is taken,
 * so that a machine with many possible cpus, or a cgroup with a small limit, refuses with a number.
 */
#ifndef LAB_LIVE_NEED_H
#define LAB_LIVE_NEED_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct bpf_object;

struct need {
	__u64 bytes;	   /* all maps; 0: not known yet */
	__u64 cpu_bytes;   /* of that, for each possible cpu */
	unsigned int cpus; /* possible */
	__u64 own_bytes;   /* what this process has of its own by then */
	__u64 limit_bytes; /* the least limit of the cgroups that it is in; 0: none, or not known */
};

#define NEED_TEXT 192

/* Of the maps of an object that is open, as they will be created. */
void need_of(struct need *n, const struct bpf_object *obj, unsigned int cpus);

/* Must it fail, whatever others take? */
bool need_too_much(const struct need *n);

/* "maps take 1.2 MiB, 63 KiB of it for each of 2 possible cpus", and what limits it. */
void need_text(const struct need *n, char *buf, size_t size);

#endif
