/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * counters.h - the mapped counters of all cpus as figures since start. "reader" is one view of
 * them.
 */
#ifndef LAB_LIVE_COUNTERS_H
#define LAB_LIVE_COUNTERS_H

#include "live/hooks.h"
#include "model/figures.h"

/* Reading of the maps into figures. */
struct reader;

/* Maps what the programs write. 0 or a negative errno. */
int reader_open(struct reader **ret, struct hooks *h, const struct scope *scope);
/* All counted since reader_open(), and the interval since the last reading. last: nothing is
 * attached. */
void reader_read(struct reader *r, struct report *ret, bool last);
/* From now on totals are those since the programs were attached, as the counts by stack and kind,
 * and the events, are. */
void reader_count_from_load(struct reader *r);
/* Events that the programs held back, all cpus, since they were loaded. */
__u64 reader_throttled(const struct reader *r);
/* Requests that found no room in the counts by stack or by kind, or whose caller was lost sight of
 * without a row to say so, all cpus. */
__u64 reader_uncounted(const struct reader *r);
/* Requests skipped for the budget, all cpus. */
__u64 reader_skipped(const struct reader *r);
/*
 * The i-th place for a failure whose caller may go on, and the context of who is there; NULL behind
 * the last. Programs write there meanwhile.
 */
const struct lab_pending *reader_pending(const struct reader *r, unsigned int i,
					 unsigned int *ret_context);
void reader_close(struct reader *r);

#endif
