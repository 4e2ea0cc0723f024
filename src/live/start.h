/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* start.h - one run on the running kernel, from a scope to attached programs and back. */
#ifndef LAB_LIVE_START_H
#define LAB_LIVE_START_H

#include "live/hooks.h"
#include "model/figures.h"

struct live_budget;

/* One run on the running kernel. Zero it before live_start(). */
struct live {
	struct scope scope;
	struct features features;
	struct hooks hooks;
	struct need need;	    /* of the mode that was tried last */
	struct live_budget *budget; /* NULL: none */
	bool uncalled;		    /* programs on functions are attached, and not called */
	struct run_info info;	    /* by live_describe(): describe.h */
	int min_free_fd;	    /* of vm.min_free_kbytes; 0, -1: none */
};

#define ATTACH_MODES 4

/*
 * The modes in the order in which they are tried when none was asked for: ATTACH_MODES of them. One
 * that costs every request a trap is the last.
 */
const enum attach_mode *live_order(const struct features *f, const struct scope *scope);

/* The mode was taken although a kprobe would show more: a sentence why; NULL: it was not. */
const char *live_spared(const struct features *f, const struct scope *scope, enum attach_mode mode);

/*
 * Attaches the best mode that this kernel allows, or the one that scope asks for. 0 or FAIL()
 * once logged; live_stop() in either case.
 */
int live_start(struct live *l, const struct scope *scope);
/* Ends the watch of the budget, and detaches: before the last reading. */
void live_detach(struct live *l);
/* vm.min_free_kbytes as it stands now; 0: it cannot be read. */
__u64 live_min_free_kbytes(const struct live *l);
void live_stop(struct live *l);

#endif
