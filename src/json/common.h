/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* common.h - shapes of what several reports have in common. */
#ifndef LAB_JSON_COMMON_H
#define LAB_JSON_COMMON_H

#include "json/shape.h"
#include "model/figures.h"
#include "model/run.h"

extern const struct shape head_shape;	  /* struct run_head: time to total_ns */
extern const struct shape head_run_shape; /* struct run_head: host to budget */
extern const struct shape run_shape;	  /* struct run_info: host to available */
extern const struct shape run_host_shape; /* struct run_info: host and kernel alone */
extern const struct shape budget_shape;	  /* struct budget_report: the key budget */
extern const struct shape latency_shape;  /* struct hist: latency_count to latency_ns */
extern const struct shape frame_shape;	  /* struct event_frame: an entry of a stack */
extern const struct shape nearest_shape;  /* struct event_nearest */

/* Names of what is counted; NULL behind the last. */
const char *verdict_key(unsigned int v);
const char *printed_key(unsigned int v);
const char *aftermath_key(unsigned int v);

/* Keys of the class of a gfp mask are words of it: see WORDING. */
#define CLASS_TEXT "What the caller of this gfp mask may do, in one word."

/* Of a moment as a number, behind the same as text. */
#define SINCE_1970 "The same since 1970; beyond 2^53, so what keeps doubles rounds it."

#endif
