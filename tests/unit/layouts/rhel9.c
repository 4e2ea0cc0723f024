// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * RHEL 9 and its rebuilds, 5.14.0-*.el9: as 5.14 was released (mm/page_alloc.c: __alloc_pages and
 * __alloc_pages_bulk of 5.13).
 */
#include "layout.h"

ENTRY(__alloc_pages)
BULK(__alloc_pages_bulk)
LOCKED_BEFORE_5_19;
MOVE_BEFORE_6_10
FUNCTION(page_add_new_anon_rmap, struct page *page, struct vm_area_struct *vma, unsigned long at,
	 bool c)
FUNCTION(preempt_schedule, void)
int __preempt_count PERCPU;
