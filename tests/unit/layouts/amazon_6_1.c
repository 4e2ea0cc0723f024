// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Amazon Linux 2023, 6.1.*.amzn2023: 6.1 of its patch level (mm/page_alloc.c, include/trace/events/
 * kmem.h). On x86; on Graviton the layout of android_6_1.c.
 */
#include "layout.h"

ENTRY(__alloc_pages)
BULK(__alloc_pages_bulk)
LOCKED_SINCE_5_19;
MOVE_BEFORE_6_10
enum pageflags { PG_head = 16, PG_anon_exclusive = 17 } pageflags;
FUNCTION(page_add_new_anon_rmap, struct page *page, struct vm_area_struct *vma, unsigned long at)
int __preempt_count PERCPU;
