/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* absorb.h - kernel code that catches the failure of its own request: nobody goes without. Pure. */
#ifndef LAB_MODEL_ABSORB_H
#define LAB_MODEL_ABSORB_H

#include "model/event.h"

/*
 * What takes the place of the memory, "by an element of its mempool"; NULL: the failure reaches the
 * caller. Known by the frames up to the site and the one above it, which holds the callback of a
 * mempool or the refill of a cache.
 */
const char *absorbed_by(const struct event_frame *frame, unsigned int frames, const char *site);

#endif
