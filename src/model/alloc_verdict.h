/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* alloc_verdict.h - why the request of a report failed, by the numbers it prints. Pure. */
#ifndef LAB_MODEL_ALLOC_VERDICT_H
#define LAB_MODEL_ALLOC_VERDICT_H

#include "model/alloc_report.h"

/*
 * Decodes the mask where its names are not printed, finds the rules of the kernel, takes hidden
 * boosts out of the marks and redoes the kernel's test of every zone (zone_trial.h). Fills kernel,
 * rules and what belongs to the verdict.
 */
void alloc_verdict_decide(struct alloc_report *r);

/* The test of one zone by r->rules; false: too much of it is lost. */
bool alloc_verdict_zone(const struct alloc_report *r, const struct report_zone *z,
			struct report_sum *ret);

/* min of a zone without the boost that is in it, as far as that is known. */
__u64 alloc_verdict_base_min(const struct alloc_report *r, const struct report_zone *z);

/* What the kernel lowers min to for it: "3/8 of min". */
const char *alloc_verdict_part(const struct trial *t);

/* Sum of min without boosts over all zones that count for vm.min_free_kbytes, kB; 0: not known. */
__u64 alloc_verdict_min_free_kb(const struct alloc_report *r);

/* Is the zone one that vm.min_free_kbytes raises? Those for movable memory and HighMem are not. */
bool report_zone_has_min(const struct report_zone *z);

#endif
