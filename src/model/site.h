/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * site.h - who asked for memory, from the resolved frames of a stack. Pure.
 *
 *	bpf_prog_..., bpf_trampoline_...	probes: passed over
 *	__alloc_pages, ___slab_alloc		the allocator: passed over
 *	kmalloc_reserve, __alloc_skb		helpers: passed over, shown as via
 *	e1000_alloc_rx_buffers [e1000]		site e1000_alloc_rx_buffers, driver e1000
 *	asm_common_interrupt			what was interrupted has no part in it
 */
#ifndef LAB_MODEL_SITE_H
#define LAB_MODEL_SITE_H

#include "model/event.h"

struct site {
	unsigned int frame; /* of the site; the number of frames when it is unknown */
	/*
	 * As in struct event, without suffixes of the compiler (.isra.0) and of the kernel
	 * (_noprof), so that a site has one name.
	 */
	char site[EVENT_SYMBOL];
	char driver[EVENT_MODULE];
	char via[EVENT_TEXT]; /* ends in "..." when truncated */
};

/*
 * Finds the site of a stack, innermost frame first. *ret is empty when the site is unknown: no
 * symbols, only helpers of the allocator, or unknown code between them and the first known frame.
 * Helpers called by a thread's or an interrupt's own machinery (percpu refilled by a worker) are
 * the site themselves. When a driver hands a packet to the network core, which then needs memory
 * for it, the site is the driver, not the core.
 */
void site_find(const struct event_frame *frame, unsigned int frames, struct site *ret);

/*
 * Removes the frames below the allocator: our own programs, and how the kernel runs them. Returns
 * the remaining frames; all of them when none is known to be of the allocator.
 */
unsigned int site_strip_probes(struct event_frame *frame, unsigned int frames);

#endif
