// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A kernel to come, whose entry function has a name that nobody knows yet. */
#include "layout.h"

ENTRY(__alloc_pages_of_tomorrow)
LOCKED_SINCE_5_19;
MOVE_SINCE_6_10
int __preempt_count PERCPU;
