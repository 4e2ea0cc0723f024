/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * flight.h - the flight recorder: the last seconds of a run in memory, and a file of them when a
 * request is lost, so that the state before is there the next morning. At most one file in as many
 * seconds as it holds, so that no two have the same lines. A clerk (base/clerk.h) names the files,
 * and starts the program that is told of them.
 */
#ifndef LAB_OUT_FLIGHT_H
#define LAB_OUT_FLIGHT_H

#include <stdbool.h>

#include "base/clerk.h"
#include "model/event.h"
#include "view/view.h"

#define FLIGHT_KEEP_NS 60000000000ULL
/* Whatever the seconds: of a storm they are fewer. */
#define FLIGHT_BYTES (8U << 20)

struct flight_options {
	const char *path;    /* of the files; NULL: no recorder */
	const char *program; /* NULL: none */
	__u64 keep_ns;
	bool quiet; /* of each file: what there was is said at the end */
};

struct flight;

/* All memory that it takes. *ret is NULL without a path. opt and clerk live as long. 0, or FAIL()
 * once logged. */
int flight_new(struct flight **ret, const struct flight_options *opt, struct clerk *clerk);

/* What came: an event, which may be a request that is lost, or a report of that view. NULL is fine.
 */
void flight_event(struct flight *f, const struct run_info *info, const struct event *e);
void flight_report(struct flight *f, const struct view *view, const void *report);

/* Says what it wrote. 0, or FAIL() once logged: a file, or lines of one, could not be written. */
int flight_finish(struct flight *f);
void flight_free(struct flight *f);

#endif
