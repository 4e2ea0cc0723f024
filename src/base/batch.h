/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * batch.h - when a reader takes records: the first one at once, those that follow it together,
 * because a wake-up costs more than handling a record. No record waits longer than that.
 */
#ifndef LAB_BASE_BATCH_H
#define LAB_BASE_BATCH_H

#include <linux/types.h>
#include <stdbool.h>

#define BATCH_NS 50000000ULL

struct batch {
	__u64 hold_ns;	/* the longest that a record waits for others */
	__u64 until_ns; /* CLOCK_MONOTONIC: no wake-up for records until then */
};

/* For the records of this many processors, which share the ring. */
struct batch batch_for(unsigned int cpus);

/* Records were just taken, or events that they completed. */
void batch_begin(struct batch *b, __u64 now_ns);

/* Do records that arrive now wait? */
bool batch_waits(const struct batch *b, __u64 now_ns);

#endif
