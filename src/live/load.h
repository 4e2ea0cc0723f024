/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* load.h - the programs and maps of a scope, in one attach mode, into the kernel. */
#ifndef LAB_LIVE_LOAD_H
#define LAB_LIVE_LOAD_H

#include "live/hooks.h"

/*
 * Loads the programs of one mode. required_only leaves out what a run can do without. 0 or a
 * negative errno, not logged (see hooks_message()). *h must be zero or closed before, and is to be
 * closed by hooks_close() in either case.
 */
int hooks_load(struct hooks *h, struct features *f, const struct scope *scope,
	       enum attach_mode mode, bool required_only);

/* What the maps of such a run would take: 0, or a negative errno, not logged. */
int hooks_need(struct features *f, const struct scope *scope, enum attach_mode mode,
	       struct need *ret);

/* From now on libbpf's complaints are kept instead of printed; the ones before are forgotten. */
void hooks_quiet(void);

/* The first thing libbpf complained about, one line; "" when nothing. */
const char *hooks_message(void);

#endif
