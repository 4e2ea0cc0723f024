// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* arm64 with pages of 64 kB, as RHEL's kernel-64k: 14 orders (arch/arm64/Kconfig:
 * ARCH_FORCE_MAX_ORDER). */
#define ORDERS 14
#include "layout.h"

ENTRY(__alloc_pages_noprof)
BULK(alloc_pages_bulk_noprof)
LOCKED_SINCE_5_19;
MOVE_SINCE_6_10
struct thread_info {
	unsigned long flags;
	union {
		unsigned long preempt_count;
		struct {
			unsigned int count, need_resched;
		} preempt;
	};
} thread_info;
