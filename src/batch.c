// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* batch.c - see batch.h. */
#include "batch.h"

/*
 * The ring holds some 700 failures, or 250 with all that may be followed of each, and a processor
 * sends a hundred in a tenth of a second. So two may be left alone for half of that; more share.
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
