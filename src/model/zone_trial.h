/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* zone_trial.h - would this zone have served that request? The arithmetic of verdict.h. Pure. */
#ifndef LAB_MODEL_ZONE_TRIAL_H
#define LAB_MODEL_ZONE_TRIAL_H

#include "model/event.h"
#include "model/rules.h"

/* What a request may do below the min mark, as the slow path sets it. */
struct rights {
	bool high;	     /* half of min */
	bool harder;	     /* and a quarter of that */
	bool harder_alone;   /* the quarter without the half */
	bool no_marks;	     /* none applies */
	bool unboosted;	     /* tried once more without the boost */
	unsigned int batch;  /* pages that another cpu gives back at once, at most */
	bool half_by_order;  /* see struct verdict_rules */
	bool cma;	     /* may use CMA pages */
	bool counts_reserve; /* exclusive blocks count as free */
	bool takes_reserve;  /* and pages may be taken out of them */
};

/* From far to near. */
enum fit {
	FIT_EXHAUSTED,	/* free pages below the floor */
	FIT_RESERVED,	/* above it, but not without CMA or exclusive blocks closed to it */
	FIT_FRAGMENTED, /* above it, no block of that order */
	FIT_SERVES,
};

/* Masks of free blocks have a bit an order. */
#define LAB_TRIAL_ORDERS 32

/* Free blocks by order: more of them than an event has room for, where they come from a log. */
struct free_blocks {
	const __u32 *count;
	__u32 orders;
};

/* The test of one zone. */
struct trial {
	const struct lab_event_zone *zone;
	struct free_blocks blocks;
	struct rights rights;
	enum fit fit;
	bool near;	       /* not served, although by these numbers it would just pass */
	__u64 fresh;	       /* pages that may have come free since the kernel's own test */
	__u64 mark, boost;     /* boost: the part of mark that is */
	__u64 floor;	       /* mark, lowered by the rights */
	__u64 cma, exclusive;  /* free pages that do not count */
	__u64 tail;	       /* the pages of the order but the first */
	__s64 margin;	       /* usable pages above floor and lowmem reserve: passes from 1 on */
	__u32 usable, closed;  /* bit = order: free blocks that it may use, may not use */
	__u64 takeable;	       /* pages in blocks of its order or more that it may use */
	bool closed_by_blocks; /* RESERVED for its blocks, not by count */
};

struct rights rights_of(const struct lab_event_head *h, const struct verdict_rules *rules);

/* All attempts of the request, the nearest one is kept. */
void trial_request(struct trial *t, const struct lab_event_zone *zone,
		   const struct lab_event_head *h, const struct verdict_rules *rules);

/* The same with other free blocks than the zone's own. */
void trial_request_blocks(struct trial *t, const struct lab_event_zone *zone,
			  const struct free_blocks *blocks, const struct lab_event_head *h,
			  const struct verdict_rules *rules);

/* Did a come nearer to serving it than b? */
bool trial_nearer(const struct trial *a, const struct trial *b);

#endif
