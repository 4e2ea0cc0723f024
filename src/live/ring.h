/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ring.h - records out of the ring buffer. */
#ifndef LAB_LIVE_RING_H
#define LAB_LIVE_RING_H

#include "live/hooks.h"
#include "wire/event.h"

/*
 * Events, in the order of the ring: nearly that of time, exactly so for one context of one cpu. A
 * record of kind FOLLOW ends after its head. It is the kernel's memory: valid until the function
 * returns.
 */
struct ring;
typedef void ring_fn(void *arg, const struct lab_event *record);

/* 0 or a negative errno. The hooks must have been loaded for events. */
int ring_open(struct ring **ret, struct hooks *h, ring_fn *fn, void *arg);
/* Readable when there are records. */
int ring_fd(const struct ring *ring);
/* Calls fn for each record there is. Their number or a negative errno. */
int ring_consume(struct ring *ring);
void ring_close(struct ring *ring);

#endif
