/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * settle.h - what became of all failures, by the kernel's counts: exact at any rate, whichever were
 * reported one by one. Pure.
 *
 * Who was lost is not counted but left: failures less those whose callers went on. A reading takes
 * rows first, pairs that are pending next, then the others: what is counted meanwhile makes fewer
 * lost, not more.
 */
#ifndef LAB_MODEL_SETTLE_H
#define LAB_MODEL_SETTLE_H

#include "model/site_row.h"

/* failed = lost + recovered + retried + pending + unknown */
struct outcomes {
	__u64 failed;
	__u64 lost, recovered, retried, pending;
	__u64 unknown; /* what their callers did next could not be kept */
};

/* Of some rows, those that are left alone lost, recovered, or unknown. Zero it before a reading. */
struct settlement {
	struct outcomes felt, absorbed, unseen;
};

void settle_row(struct settlement *s, const struct site_row *row);
void settle_pair(struct settlement *s, const struct site_pair *pair);

/* dst += src */
void settle_add(struct settlement *dst, const struct settlement *src);

struct outcomes settle_outcomes(const struct settlement *s);

#endif
