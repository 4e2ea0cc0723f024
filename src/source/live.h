/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* live.h - counts of the running kernel, read at intervals. */
#ifndef LAB_SOURCE_LIVE_H
#define LAB_SOURCE_LIVE_H

#include "base/pace.h"
#include "model/scope.h"
#include "source/source.h"

/*
 * Makes a source ready for that view, whose reports next() is to be given: 0 and *ret, or FAIL()
 * once logged. pace: interval, duration and count; the run begins now.
 */
int source_live(struct source **ret, const struct view *view, const struct scope *scope,
		const struct pace *pace);

#endif
