// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Ubuntu 24.04, 6.8.0-*-generic: 6.8 as released by kernel.org; preempt_count in pcpu_hot
 * (arch/x86/include/asm/current.h, 6.2 to 6.14).
 */
#include "layout.h"

ENTRY(__alloc_pages)
BULK(__alloc_pages_bulk)
LOCKED_SINCE_5_19;
MOVE_BEFORE_6_10
enum pageflags { PG_head = 6, PG_anon_exclusive = 17 } pageflags;
FUNCTION(folio_add_new_anon_rmap, struct folio *folio, struct vm_area_struct *vma, unsigned long at)
FUNCTION(preempt_schedule, void)
struct pcpu_hot {
	void *current_task;
	int preempt_count;
};
struct pcpu_hot pcpu_hot PERCPU;
