/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * sites.h - who asked for memory, from the resolved frames of a stack. Pure.
 *
 *	bpf_prog_..., bpf_trampoline_...	probes: passed over
 *	__alloc_pages, ___slab_alloc		the allocator: passed over
 *	kmalloc_reserve, __alloc_skb		helpers: passed over, shown as via
 *	e1000_alloc_rx_buffers [e1000]		site e1000_alloc_rx_buffers, driver e1000
 *	asm_common_interrupt			what was interrupted has no part in it
 */
#ifndef LAB_SITES_H
#define LAB_SITES_H

#include "event.h"

struct site {
	unsigned int frame; /* of the site; the number of frames when it is unknown */
	/* As in struct event. Without suffixes of the compiler's (.isra.0) and of the kernel's
	 * (_noprof), so that a site has one name. */
	char site[EVENT_SYMBOL];
	char driver[EVENT_MODULE];
	char via[EVENT_TEXT]; /* ends in "..." when it was too long */
};

/*
 * Finds the site of a stack, innermost frame first. All of *ret is empty when it is not known: no
 * symbols, nothing but the allocator's helpers, or unknown code between them and the first frame
 * that is known. Helpers that were called by a thread's or an interrupt's own machinery (percpu
 * refilled by a worker) are the site themselves. A driver that hands a packet to the network core,
 * which then needs memory for it, is the site, not the core.
 */
void site_find(const struct event_frame *frame, unsigned int frames, struct site *ret);

/*
 * Takes off what lies below the allocator: our own programs, and how the kernel came to run them.
 * Returns the frames that are left; all of them where no frame is known for one of the allocator's.
 */
unsigned int site_strip_probes(struct event_frame *frame, unsigned int frames);

#endif
