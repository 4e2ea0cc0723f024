/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* tallies.h - the programs' hash tables, row by row: counts by stack and by kind of request. */
#ifndef LAB_LIVE_TALLIES_H
#define LAB_LIVE_TALLIES_H

#include "live/counters.h"
#include "live/hooks.h"
#include "model/kind_row.h"
#include "model/site_row.h"
#include "wire/event.h"

/*
 * The counts by stack and by kind of request since the programs were loaded: each row once, in no
 * order. 0, what fn returned when that was not 0, or FAIL() once logged.
 */
struct stacks;
int live_sites(struct hooks *h, struct stacks *stacks, __u64 now_ns, site_row_fn *fn, void *arg);
/*
 * What the callers of failed requests did next, since the programs were loaded: first those that
 * may still go on, unless nothing is attached any more (last: only those that would), then each
 * pair once. After the rows: settle.h.
 */
int live_pairs(struct hooks *h, const struct reader *reader, struct stacks *stacks, bool last,
	       site_pair_fn *fn, void *arg);
int live_kinds(struct hooks *h, kind_row_fn *fn, void *arg);
/* May the caller of a failed request have gone on with one that this mode does not see? Without
 * names: more than do. */
bool live_is_unseen(const struct hooks *h, __u32 gfp, __u32 order);
/* How many stacks there can be; 0 where nothing is counted by stack. */
unsigned int live_stacks_most(const struct hooks *h);
/* A stack out of that table; how many frames, 0 when it is not there. */
unsigned int live_stack(struct hooks *h, __u64 key, __u64 stack[LAB_EVENT_FRAMES]);

#endif
