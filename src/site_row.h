/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * site_row.h - what the kernel side counted of one stack that asks for memory: for the views why
 * and lint. Exact, whatever became of the events; but for `sampled`. Pure data; filled by a source.
 */
#ifndef LAB_SITE_ROW_H
#define LAB_SITE_ROW_H

#include "event.h"

struct site_row {
	struct lab_site_key key; /* its stack id means nothing outside the kernel */
	struct lab_site count;	 /* since start */
	struct event_frame frame[LAB_EVENT_FRAMES];
	unsigned int frames; /* 0: the stack is not known */
	char site[EVENT_SYMBOL], driver[EVENT_MODULE], via[EVENT_TEXT]; /* as in struct event */
};

/* Gets each row once; the row is the caller's. 0, or a negative exit code that ends the walk. */
typedef int site_row_fn(void *arg, const struct site_row *row);

/* What the kernel side could not count by site, since start. */
struct site_losses {
	__u64 uncounted; /* of requests seen: no room in the table, or no end */
};

/* "sleep_in_softirq", ...; NULL behind the last. LAB_MISTAKE_NONE is "none". */
const char *mistake_name(unsigned int mistake);

#endif
