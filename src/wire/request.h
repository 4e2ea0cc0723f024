/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* request.h - what a request is counted by: context, level, outcome, order, mistake. */
#ifndef LAB_WIRE_REQUEST_H
#define LAB_WIRE_REQUEST_H

#include "wire/types.h"

/* Context levels in nesting order: one in-flight slot each. UNKNOWN when no preempt count is found.
 */
enum lab_context {
	LAB_CTX_TASK,
	LAB_CTX_SOFTIRQ,
	LAB_CTX_HARDIRQ,
	LAB_CTX_NMI,
	LAB_CTX_UNKNOWN,
	LAB_CONTEXTS,
};

#define LAB_LEVELS_NESTED 4

/*
 * A watermark level. For a served request: the level it was served at. For a zone: where its free
 * pages stood (LOW above low, MIN between, RESERVE below min but above the floor of that request's
 * rights, NONE at or below that floor).
 */
enum lab_level {
	LAB_LEVEL_LOW,
	LAB_LEVEL_MIN,
	LAB_LEVEL_RESERVE,
	LAB_LEVEL_NONE,
	LAB_LEVEL_UNKNOWN,
	LAB_LEVELS,
};

/*
 * The outcome of a request; every request adds one to exactly one of these. LEFT: its start was
 * seen and its end was not. QUIET: it had not woken kswapd, so either it was served above low (the
 * kernel skipped our end program: see recursion misses) or it failed before the tracepoint. WOKEN:
 * the outcome is not known. NOINFO: the request may not wake kswapd, so QUIET would mean nothing.
 */
enum lab_outcome {
	LAB_OUT_SERVED,					    /* + enum lab_level */
	LAB_OUT_FAILED_FINAL = LAB_OUT_SERVED + LAB_LEVELS, /* + enum lab_level of the zone */
	LAB_OUT_FAILED_OPPORTUNISTIC = LAB_OUT_FAILED_FINAL + LAB_LEVELS, /* + enum lab_level */
	LAB_OUT_LEFT_QUIET_FINAL = LAB_OUT_FAILED_OPPORTUNISTIC + LAB_LEVELS,
	LAB_OUT_LEFT_QUIET_OPPORTUNISTIC,
	LAB_OUT_LEFT_WOKEN,
	LAB_OUT_OVERSIZE_FINAL, /* order beyond the maximum: NULL without a tracepoint */
	LAB_OUT_OVERSIZE_OPPORTUNISTIC,
	LAB_OUTCOMES,
};

/* Orders 0 .. LAB_ORDERS - 2 have a row each, the last one is "that or above". */
#define LAB_ORDERS 12

/* A mistake of a request, for the view lint. */
enum lab_mistake {
	LAB_MISTAKE_NONE,
	/* May sleep, where sleeping is forbidden. */
	LAB_MISTAKE_SLEEP_IN_NMI,
	LAB_MISTAKE_SLEEP_IN_HARDIRQ,
	LAB_MISTAKE_SLEEP_IN_SOFTIRQ,
	LAB_MISTAKE_SLEEP_IRQS_OFF,
	LAB_MISTAKE_SLEEP_BH_OFF,
	LAB_MISTAKE_SLEEP_PREEMPT_OFF,
	LAB_MISTAKE_SLEEP_RCU_READER,
	/* May not sleep, where it could have: uses the reserve that interrupts need. */
	LAB_MISTAKE_NEEDLESSLY_ATOMIC,
	LAB_MISTAKES,
};

#endif
