/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * aftermath.h - did it matter? Follows the caller of a failed request until it is clear whether it
 * got its memory. Pure: the clock is that of the events, and the caller's.
 *
 * A failed request is not a failed allocation. The kernel's own callers go down a stair, and only
 * the failure of its last step is felt:
 *
 *	SLUB, since 7.0		refill a cpu's sheaf: NOMEMALLOC|NORETRY, then NOMEMALLOC
 *	SLUB			the slab's best order: NORETRY, then its least order: as asked
 *	skb heads		all of the above with NOMEMALLOC, and where allowed again without
 *	page_frag, skb frags	order 3 with NORETRY, then order 0 as asked
 *
 * So a request that is less of a mere try than the one before, or as much of one and smaller, goes
 * on with the same allocation; all else of the same caller is its next one.
 */
#ifndef LAB_AFTERMATH_H
#define LAB_AFTERMATH_H

#include "event.h"

/*
 * A caller that asked for nothing more within this time went without. One whose request says that
 * it is a mere try (NORETRY, NOMEMALLOC) is waited for longer: it does go on, but the console may
 * take the report of the failure first, or a hypervisor stop the cpu.
 */
#define AFTERMATH_WINDOW_NS 100000000ULL
#define AFTERMATH_TRY_WINDOW_NS 1000000000ULL

/* Events held back at most. */
#define AFTERMATH_LIMIT 4096

struct aftermath_tracker;

/* Takes an event back, its aftermath known. */
typedef void aftermath_fn(void *arg, struct event *e);

/* NULL: no memory. */
struct aftermath_tracker *aftermath_new(aftermath_fn *fn, void *arg);

/* Does not hand back what still waits: aftermath_finish() does. NULL is fine. */
void aftermath_free(struct aftermath_tracker *t);

/*
 * The next event, as it came off the ring, with frames, site and verdict. It belongs to the tracker
 * until fn() has it: once, in the order they were fed; a FOLLOW one at once. When too many wait,
 * the oldest is settled as though its time was over, and counted.
 */
void aftermath_feed(struct aftermath_tracker *t, struct event *e);

/* Settles what has waited for longer than its window. now_ns: CLOCK_MONOTONIC. */
void aftermath_expire(struct aftermath_tracker *t, __u64 now_ns);

/* When aftermath_expire() will have something to do, CLOCK_MONOTONIC; 0: nothing waits. */
__u64 aftermath_due_ns(const struct aftermath_tracker *t);

/* The end of the run: hands back everything; what is not settled stays pending. */
void aftermath_finish(struct aftermath_tracker *t);

/* Events that were settled before their time. */
__u64 aftermath_forced(const struct aftermath_tracker *t);

/* dmesg, as far as this run tells: zeroed before the first event. */
struct printed_state {
	bool started, oversize_told;
	__u64 begin_ns; /* of the rate limit's interval */
};

/*
 * Sets e->printed of a failed request, whose verdict is known: warn_alloc() gives one report an
 * interval of 10 s, for the whole machine. What was reported just before the run is not known: its
 * first failure counts as shown.
 */
void aftermath_printed(struct printed_state *s, struct event *e);

#endif
