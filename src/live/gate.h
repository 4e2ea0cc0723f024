/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* gate.h - what the programs leave out for the budget, set while they run. */
#ifndef LAB_LIVE_GATE_H
#define LAB_LIVE_GATE_H

#include "live/hooks.h"
#include "model/figures.h"

/* Run time of the programs since they were loaded, ns, while the kernel keeps such statistics. */
__u64 hooks_run_time_ns(struct hooks *h);

/* Of hooks_done_misses() those while starts were off. */
__u64 hooks_blind_misses(struct hooks *h);

/* Can a program that was detached be attached again? Found by trying, on one that is not needed. */
bool hooks_can_reattach(struct hooks *h);

/*
 * Makes the programs do what is left of their work at that step. Requests that are under way
 * meanwhile are counted once, or skipped, once. One thread at a time.
 */
void hooks_set_step(struct hooks *h, enum budget_step step);

/*
 * At failures only: detaches the start programs, because every request pays for them, which may
 * take as long as the kernel wants; and attaches them before the step up. 0, or a negative errno
 * and none of them is attached. Not where they cannot be attached again: they return at once.
 */
void hooks_detach_starts(struct hooks *h);
int hooks_attach_starts(struct hooks *h, const struct features *f);

#endif
