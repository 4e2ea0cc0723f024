/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * memory.h - memory that is there before it is needed. Where this is run, a page that is not there
 * yet may never come: the process would wait for it, or be killed for it.
 */
#ifndef LAB_MEMORY_H
#define LAB_MEMORY_H

#include <stddef.h>

/*
 * To be called once, when all is open and nothing was told yet. From then on neither what is mapped
 * (code, data, stack, heap) nor the next `reserve` bytes of the heap need a page of the kernel, and
 * none of it is taken away where locking is allowed. Says under -v what came of it.
 */
void memory_hold(size_t reserve);

/* Under -v: what the kernel had to do for our pages since. Nothing was held: says nothing. */
void memory_tell(void);

#endif
