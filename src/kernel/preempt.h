/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* preempt.h - where this kernel keeps preempt_count, and what its bits mean. */
#ifndef LAB_KERNEL_PREEMPT_H
#define LAB_KERNEL_PREEMPT_H

#include <stdbool.h>

#include "wire/knobs.h"

struct kernel_btf;
struct kernel_symbols;

/* Sets preempt_count_how and what goes with it. machine: as uname -m has it. */
void preempt_find_count(struct lab_knobs *k, const struct kernel_btf *btf, const char *machine,
			struct kernel_symbols *sym);

/* Sets irq_mask, nmi_mask and preempt_known. */
void preempt_probe(struct lab_knobs *k, const struct kernel_btf *btf);

/* Can programs refer to the kernel's variables? Else only those that do not are loaded: raw_tp. */
bool preempt_has_symbols(const struct lab_knobs *k);

/* Where preempt_count was found, in words. */
const char *preempt_count_name(const struct lab_knobs *k);

#endif
