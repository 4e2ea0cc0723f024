/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * marks.h - the marks of zones as the last events showed them. Pure.
 *
 * An event's zones are read when its request has ended, the kernel tested them before. Who changes
 * vm.min_free_kbytes in between, or ends a boost, leaves numbers that pass a test that failed.
 */
#ifndef LAB_MODEL_MARKS_H
#define LAB_MODEL_MARKS_H

#include <stdbool.h>

#include "model/event.h"

/* Marks that were last seen so long before a request began are no part of it. */
#define MARKS_AGE_NS 100000000ULL

struct marks {
	__u64 min, low, boost;
};

struct zone_marks {
	__u32 node, zone;
	struct marks now, before;
	__u64 now_since_ns, last_ns; /* first and last seen, CLOCK_MONOTONIC */
	__u64 before_ns;	     /* last seen; 0: there were no others */
};

/* All zero: nothing is known yet. */
struct seen_marks {
	struct zone_marks zone[LAB_ZONES];
	unsigned int zones;
};

/* Remembers those of an event that has zones. */
void marks_note(struct seen_marks *m, const struct lab_event *raw);

/*
 * Puts back the marks that may have been in force when the kernel made its test: those before the
 * present ones, where no event showed the present ones before this request began. How long before
 * the numbers of this event they were last seen, ns; 0: there are none, and raw is as it was.
 */
__u64 marks_put_back(const struct seen_marks *m, struct lab_event *raw);

#endif
