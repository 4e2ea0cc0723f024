/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* site_names.h - what the kernel's functions are to site.c, by name, from 5.10 to 7.3. */
#ifndef LAB_MODEL_SITE_NAMES_H
#define LAB_MODEL_SITE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

enum frame_kind {
	FRAME_UNKNOWN,	/* no symbol */
	FRAME_PROBE,	/* how the event was seen */
	FRAME_INNER,	/* page and slab allocator: shown as via only when nothing else is */
	FRAME_HELPER,	/* allocates for its caller */
	FRAME_LIBRARY,	/* the same, of a module that others call */
	FRAME_RECEIVE,	/* network core that works on a driver's packet */
	FRAME_BOUNDARY, /* where a thread, a deferred function or an interrupt begins */
	FRAME_SITE,	/* none of these */
};

#define FRAME_NAME 64

/* The name in the tables: without suffixes, and without leading underscores unless asked to keep
 * them. */
void frame_base_name(const char *symbol, bool underscores, char ret[FRAME_NAME]);

/* What a function is by its name alone. */
enum frame_kind frame_kind_of(const char *symbol);

/* Subsystem of a function of the kernel proper: "[net]"; "[kernel]" when it is in no table. */
const char *frame_subsystem(const char *symbol);

#endif
