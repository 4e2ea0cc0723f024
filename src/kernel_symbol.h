/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* kernel_symbol.h - where the few variables of the kernel lie that BTF does not tell of. */
#ifndef LAB_KERNEL_SYMBOL_H
#define LAB_KERNEL_SYMBOL_H

#include <linux/types.h>
#include <stdbool.h>

#include "knobs.h"

enum kernel_symbol_id {
	SYM_NODE_DATA,
	SYM_CONTIG_PAGE_DATA,
	SYM_PER_CPU_OFFSET,
	SYM_PREEMPT_COUNT,
	SYM_PCPU_HOT,
	/* Where sections of the code begin and end, in pairs. */
	SYM_ENTRY_TEXT,
	SYM_ENTRY_TEXT_END,
	SYM_SOFTIRQ_TEXT,
	SYM_SOFTIRQ_TEXT_END,
	SYM_IRQ_TEXT,
	SYM_IRQ_TEXT_END,
	SYMS
};

/* What was read of /proc/kallsyms; zero it before the first look-up. */
struct kernel_symbols {
	bool read;
	struct {
		bool found;
		__u64 address;
	} of[SYMS];
};

/*
 * Is there such a symbol? By name alone the kernel can resolve it; its address may be hidden (0).
 * Needs the rights to load programs, else all symbols are read, in vain.
 */
bool kernel_symbol(struct kernel_symbols *s, enum kernel_symbol_id id, __u64 *ret_address);

/*
 * The code in which a stack ends that requests are counted by (lab_knobs.cut): what is not found,
 * or hidden, is of size 0.
 */
void kernel_symbol_cuts(struct lab_text cut[LAB_CUTS]);

#endif
