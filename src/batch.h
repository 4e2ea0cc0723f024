/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * batch.h - when a reader looks for records: at the first one at once, and at those that follow it
 * together, as to be woken for each costs more than to tell it. Nothing waits longer than that.
 */
#ifndef LAB_BATCH_H
#define LAB_BATCH_H

#include <linux/types.h>
#include <stdbool.h>

#define BATCH_NS 50000000ULL

struct batch {
	__u64 hold_ns;	/* how long a record waits for others at most */
	__u64 until_ns; /* CLOCK_MONOTONIC: not to be woken for records until then */
};

/* For the records of so many processors, which share the room that they wait in. */
struct batch batch_for(unsigned int cpus);

/* Records were taken just now, or what they led to. */
void batch_begin(struct batch *b, __u64 now_ns);

/* Do those that come now wait? */
bool batch_waits(const struct batch *b, __u64 now_ns);

#endif
