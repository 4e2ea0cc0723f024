// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The same name with memory management of later releases, which Red Hat takes over from one minor
 * release to the next: here as far as 6.12 has it (names of 6.10, percpu_refill of 5.19,
 * PG_anon_exclusive of 5.19), with preempt_count where 5.14 has it. The name must not matter.
 */
#include "layout.h"

ENTRY(__alloc_pages_noprof)
BULK(alloc_pages_bulk_noprof)
LOCKED_SINCE_5_19;
MOVE_SINCE_6_10
enum pageflags { PG_head = 6, PG_anon_exclusive = 17 } pageflags;
FUNCTION(folio_add_new_anon_rmap, struct folio *folio, struct vm_area_struct *vma, unsigned long at,
	 int f)
FUNCTION(preempt_schedule, void)
int __preempt_count PERCPU;
