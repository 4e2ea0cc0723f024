// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Android GKI, 6.1.*-android14-*, arm64: 6.1 (arch/arm64/include/asm/thread_info.h: preempt_count
 * in a union without a name), fully preemptible, no trampolines at functions (arm64 has ftrace's
 * direct calls since 6.4, and not with its CFI).
 */
#include "layout.h"

ENTRY(__alloc_pages)
BULK(__alloc_pages_bulk)
LOCKED_SINCE_5_19;
MOVE_BEFORE_6_10
enum pageflags { PG_head = 16, PG_anon_exclusive = 17 } pageflags;
FUNCTION(page_add_new_anon_rmap, struct page *page, struct vm_area_struct *vma, unsigned long at)
FUNCTION(preempt_schedule, void)
struct thread_info {
	unsigned long flags;
	union {
		unsigned long preempt_count;
		struct {
			unsigned int count, need_resched;
		} preempt;
	};
} thread_info;
