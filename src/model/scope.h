/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * scope.h - what a run is to watch. A source gets this, and never learns which view asked or by
 * which option. Pure data; filled in cli/, constant during a run.
 */
#ifndef LAB_MODEL_SCOPE_H
#define LAB_MODEL_SCOPE_H

#include <stdbool.h>

#include "wire/request.h"
#include "wire/types.h"

/* SLOWPATH: only what the slow path calls; never taken by itself. */
enum attach_mode { ATTACH_AUTO, ATTACH_FENTRY, ATTACH_KPROBE, ATTACH_RAW_TP, ATTACH_SLOWPATH };

/* What is gathered beside the cells, which every scope has but MISTAKES. */
#define SCOPE_CELLS 1U /* interval reports of the cells, zones and bulk requests */
#define SCOPE_EVENTS                                                                               \
	2U	       /* failures (slower_ns, below_level: more) go to the ring, with evidence    \
			*/
#define SCOPE_SITES 4U /* requests are counted by stack */
#define SCOPE_KINDS 8U /* requests are counted by gfp mask */
#define SCOPE_MISTAKES 16U /* requests that do not fit their context; alone, nothing beside it */
#define SCOPE_GROWTH 32U   /* exclusive pageblocks grown and shrunk */
#define SCOPE_RESERVE 64U  /* pages that leave the exclusive reserve: hit, miss, leak */
#define SCOPE_ANON 128U	   /* PG_anon_exclusive */

struct scope {
	__u32 what; /* SCOPE_* */
	enum attach_mode attach;
	__u32 class_mask; /* bit = enum lab_class */
	__u32 order_mask; /* bit = order, up to LAB_ORDERS - 1; all ones: no filter */
	__s32 cpu;	  /* -1: all */
	int below_level;  /* events: also requests served below this mark, LAB_LEVEL_LOW or _MIN;
			     -1: none */
	__u64 slower_ns;  /* events, sites: also requests that took at least this long; 0: none */
	__u64 budget_ns;  /* processor time a second that the tool may take; 0: no limit */
	__u32 sample;	  /* sites: one request in so many; a power of two */
	const char *btf_path; /* NULL: the kernel's own. Belongs to the command line */
};

static inline bool scope_has(const struct scope *s, __u32 what)
{
	return s->what & what;
}

#endif
