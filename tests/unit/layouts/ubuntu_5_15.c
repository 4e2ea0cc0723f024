// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Ubuntu 22.04, 5.15.0-*-generic: functions and their arguments of 5.15 (mm/page_alloc.c,
 * include/trace/events/kmem.h), as released by kernel.org.
 */
#include "layout.h"

ENTRY(__alloc_pages)
BULK(__alloc_pages_bulk)
LOCKED_BEFORE_5_19;
MOVE_BEFORE_6_10
FUNCTION(page_add_new_anon_rmap, struct page *page, struct vm_area_struct *vma, unsigned long at,
	 bool c)
int __preempt_count PERCPU;
