/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * memory.h - memory that is faulted in ahead of time. labyrinth runs where a page that is not
 * present may never come: the process would wait for it, or be killed for it.
 */
#ifndef LAB_BASE_MEMORY_H
#define LAB_BASE_MEMORY_H

#include <stddef.h>

/*
 * Call once, when everything is open and nothing is reported yet. From then on neither what is
 * mapped (code, data, stack, heap) nor the next `reserve` bytes of the heap need a page from the
 * kernel, and where locking is allowed none of it is reclaimed. Where it is not, that is said.
 */
void memory_hold(size_t reserve);

/* Logs, under -v, the page faults since memory_hold(); nothing if that was not called. */
void memory_tell(void);

#endif
