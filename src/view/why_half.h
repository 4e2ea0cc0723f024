/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* why_half.h - what the events of a run, or of an interval, tell of one site. */
#ifndef LAB_VIEW_WHY_HALF_H
#define LAB_VIEW_WHY_HALF_H

#include "view/advice.h"
#include "view/why_case.h"
#include "view/why_report.h"

/* Masks of a site are few: those of the tries that its helper makes. */
#define WHY_MASKS 8

struct mask_lost {
	__u64 lost; /* 0: free */
	__u32 gfp, verdict;
};

/* Zero before the first. Owns its examples. */
struct half {
	struct why_figures told;
	__u64 verdict_lost[VERDICTS];
	struct mask_lost mask[WHY_MASKS]; /* what found no room is in no count */
	struct advice_told advice;
	struct why_case *example[VERDICTS];
};

/* Has a request with this mask no fallback of its own? */
bool why_is_final(__u32 gfp);

/* Counts an event; run_lost: lost ones in a row, up to this one. 0 or -ENOMEM. */
int why_half_add(struct half *h, const struct event *e, __u64 run_lost);

/* The example of the verdict that lost most, then failed most; NULL: there is none. */
const struct why_case *why_half_leading(const struct half *h);

/* How many were lost with the mask and the verdict of this one. */
__u64 why_half_mask_lost(const struct half *h, const struct why_case *example);

/* Forgets what was told. */
void why_half_clear(struct half *h);

#endif
