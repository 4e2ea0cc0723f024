// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* batch.c - see batch.h. */
#include "base/batch.h"

/*
 * The ring holds some 700 failures, or 250 with all follow-ups, and a processor sends at most a
 * hundred in a tenth of a second. So with two processors the ring may be left alone for half of
 * that time, with more for less.
 */
#define CPUS_ALONE 2

struct batch batch_for(unsigned int cpus)
{
	return (struct batch){
		.hold_ns = cpus > CPUS_ALONE ? BATCH_NS * CPUS_ALONE / cpus : BATCH_NS,
	};
}

void batch_begin(struct batch *b, __u64 now_ns)
{
	b->until_ns = now_ns + b->hold_ns;
}

bool batch_waits(const struct batch *b, __u64 now_ns)
{
	return now_ns < b->until_ns;
}
