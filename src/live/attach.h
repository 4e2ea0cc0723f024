/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* attach.h - attaching what is loaded, detaching it, and what the kernel skipped meanwhile. */
#ifndef LAB_LIVE_ATTACH_H
#define LAB_LIVE_ATTACH_H

#include "live/hooks.h"

/*
 * Attaches everything loaded, starts of requests last. 0 or a negative errno of a required hook.
 */
int hooks_attach(struct hooks *h, const struct features *f);

/* Attaches one hook. 0 or a negative errno, which its error is as well. */
int hooks_attach_one(struct hooks *h, unsigned int id, const struct features *f);

/* Detaches one; fine where nothing is attached. */
void hooks_detach_one(struct hooks *h, unsigned int id);

/* Detaches starts first, then the rest; maps and programs stay readable. */
void hooks_detach(struct hooks *h);

/* Detaches and unloads everything. Fine when nothing was loaded. */
void hooks_close(struct hooks *h);

/*
 * Times the kernel skipped a program because it already ran on that cpu; 0 when it does not count
 * (before 5.12).
 */
__u64 hooks_entry_misses(struct hooks *h);
__u64 hooks_done_misses(struct hooks *h);
__u64 hooks_wake_misses(struct hooks *h);
__u64 hooks_other_misses(struct hooks *h);
__u64 hooks_lint_misses(struct hooks *h);

/*
 * Readings of what the kernel counts or keeps that failed since the load; of a counter that could
 * not be read, what it was before is taken. The first one is said: what (a few words), error (an
 * errno). From any thread.
 */
void hooks_count_unread(struct hooks *h, const char *what, int error);
/* One more that has been said. */
void hooks_add_unread(struct hooks *h);
__u64 hooks_unread(const struct hooks *h);

#endif
