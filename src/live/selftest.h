/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * selftest.h - are the programs called that are attached? kernel.ftrace_enabled=0 lets them be
 * attached, and calls none of those on functions; tracepoints do without ftrace.
 */
#ifndef LAB_LIVE_SELFTEST_H
#define LAB_LIVE_SELFTEST_H

#include "live/hooks.h"
#include "model/figures.h"

/*
 * Makes requests of our own, and looks whether the kernel's own counts of runs have grown: of the
 * end program, and of the one at the entry function. -ENOLINK: it has ends only. 0: both, or it
 * cannot be told.
 */
int hooks_selftest(struct hooks *h, const struct features *f);

/* The same of an error of attaching: -ENOLINK where it comes of ftrace being off (5.10: -EBUSY). */
int selftest_error(int error);

/* A sentence on why functions are not called. */
const char *selftest_reason(void);

/*
 * During a run, when how often a program ran may not be asked any more: was ftrace turned off, and
 * do starts fail to come? *last: the audit of the last time. 0, or FAIL() once logged.
 */
int selftest_again(const struct hooks *h, const struct audit *now, struct audit *last);

#endif
