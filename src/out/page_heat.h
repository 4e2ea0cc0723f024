/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* page_heat.h - latency over time: columns are intervals, rows powers of two. */
#ifndef LAB_OUT_PAGE_HEAT_H
#define LAB_OUT_PAGE_HEAT_H

#include "out/html.h"
#include "out/recording.h"

/* Nothing where there are too few intervals. */
void page_heat(struct html *h, const struct recording *r);

#define HEAT_STEPS 6

/* Least count of each step of darkness: 1, 2, and then five times more each, or as many times as it
 * takes for the fullest cell to be in the last. */
void heat_steps(__u64 most, __u64 least[HEAT_STEPS]);

#endif
