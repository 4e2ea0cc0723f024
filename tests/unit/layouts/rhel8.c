// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * RHEL 8 and its rebuilds, 4.18.0-*.el8: page allocation of 4.18 (mm/page_alloc.c:
 * __alloc_pages_nodemask, no bulk allocator; include/trace/events/kmem.h), BPF of later releases.
 * Its BTF has no variables.
 */
#include "layout.h"

ENTRY(__alloc_pages_nodemask)
LOCKED_BEFORE_5_19;
MOVE_BEFORE_6_10
FUNCTION(page_add_new_anon_rmap, struct page *page, struct vm_area_struct *vma, unsigned long at,
	 bool c)
