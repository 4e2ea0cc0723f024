/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * site_row.h - what the kernel side counted of one stack that asks for memory: for the views why
 * and lint. Exact, whatever became of the events; but for `sampled`. Pure data; filled by a source.
 */
#ifndef LAB_MODEL_SITE_ROW_H
#define LAB_MODEL_SITE_ROW_H

#include "wire/tally.h"
#include "model/event.h"

struct site_row {
	struct lab_site_key key; /* its stack id means nothing outside the kernel */
	struct lab_site count;	 /* since start */
	struct event_frame frame[LAB_EVENT_FRAMES];
	/* Served requests are not seen, and its caller may have gone on with one. */
	bool unseen;
	unsigned int frames; /* 0: the stack is not known */
	char site[EVENT_SYMBOL], driver[EVENT_MODULE], via[EVENT_TEXT]; /* as in struct event */
};

/* Gets each row once; the row is the caller's. 0, or FAIL() that ends the walk. */
typedef int site_row_fn(void *arg, const struct site_row *row);

/* What the caller of a failed request asked for next; the first ones as enum lab_next. */
enum site_pair_how {
	SITE_PAIR_SERVED = LAB_NEXT_SERVED,
	SITE_PAIR_FAILED = LAB_NEXT_FAILED,
	SITE_PAIR_BULK = LAB_NEXT_BULK,
	SITE_PAIR_LEFT = LAB_NEXT_LEFT,
	SITE_PAIR_PENDING, /* nothing yet, and there is time */
	SITE_PAIRS,
};

/* A failed request and its caller's next one. Of each row the key and the names are known. */
struct site_pair {
	struct site_row then, now; /* now: empty for LEFT and PENDING but for its order */
	__u32 then_gfp, now_gfp;   /* with IO and FS, which are not in the keys */
	bool then_bulk;
	enum site_pair_how how;
	__u64 count; /* since start; PENDING: now */
};

/* As site_row_fn. */
typedef int site_pair_fn(void *arg, const struct site_pair *pair);

/* What the kernel side could not count by site, since start. */
struct site_losses {
	__u64 uncounted; /* of requests seen: no room in the table, or no end */
};

/* "sleep_in_softirq", ...; NULL behind the last. LAB_MISTAKE_NONE is "none". */
const char *mistake_name(unsigned int mistake);

#endif
