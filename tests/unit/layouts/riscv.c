// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* riscv64, 6.12: preempt_count is an ordinary member (arch/riscv/include/asm/thread_info.h). */
#include "layout.h"

ENTRY(__alloc_pages_noprof)
BULK(alloc_pages_bulk_noprof)
LOCKED_SINCE_5_19;
MOVE_SINCE_6_10
struct thread_info {
	unsigned long flags;
	int preempt_count;
} thread_info;
