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
 * Other code catches the failure itself, by what it has in store or a way around: absorb.c.
 *
 * So a request that is less of a mere try than the one before, or as much of one and smaller, goes
 * on with the same allocation; all else of the same caller is its next one.
 */
#ifndef LAB_MODEL_AFTERMATH_H
#define LAB_MODEL_AFTERMATH_H

#include "model/event.h"
#include "model/site_row.h"
#include "wire/counts.h"

/* How long a caller is followed: its request was meant, or a mere try. */
#define AFTERMATH_WINDOW_NS LAB_FOLLOW_NS
#define AFTERMATH_TRY_WINDOW_NS LAB_FOLLOW_TRY_NS

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

/*
 * The same of what the kernel counted by stacks, in time. Of a pair: RECOVERED, RETRIED, PENDING,
 * or LOST: the next request is of something else.
 */
enum aftermath aftermath_of_pair(const struct site_pair *pair);

/* What becomes of a failure of this row that its caller was not seen to go on from: RECOVERED or
 * LOST. */
enum aftermath aftermath_alone(const struct site_row *row);

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
