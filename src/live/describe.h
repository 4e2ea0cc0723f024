/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* describe.h - what a run sees of this kernel, and what it misses. */
#ifndef LAB_LIVE_DESCRIBE_H
#define LAB_LIVE_DESCRIBE_H

#include "live/start.h"

/*
 * The last step: fills l->info, begins to watch the budget, and sets aside the memory for what is
 * to come. zones: so many a snapshot showed. 0 or FAIL() once logged.
 */
int live_describe(struct live *l, unsigned int zones);

#endif
