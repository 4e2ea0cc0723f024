/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* address.h - addresses of the few kernel variables that BTF does not describe. */
#ifndef LAB_KERNEL_ADDRESS_H
#define LAB_KERNEL_ADDRESS_H

#include <linux/types.h>
#include <stdbool.h>

#include "wire/knobs.h"

enum kernel_symbol_id {
	SYM_NODE_DATA,
	SYM_CONTIG_PAGE_DATA,
	SYM_PER_CPU_OFFSET,
	SYM_PREEMPT_COUNT,
	SYM_PCPU_HOT,
	/* Where sections of code begin and end, in pairs. */
	SYM_ENTRY_TEXT,
	SYM_ENTRY_TEXT_END,
	SYM_SOFTIRQ_TEXT,
	SYM_SOFTIRQ_TEXT_END,
	SYM_IRQ_TEXT,
	SYM_IRQ_TEXT_END,
	SYMS
};

/* What was read from /proc/kallsyms; zero it before the first lookup. */
struct kernel_symbols {
	bool read;
	struct {
		bool found;
		__u64 address;
	} of[SYMS];
};

/*
 * Does the symbol exist? The kernel resolves it by name alone; its address may be hidden (0). Needs
 * the privilege to load programs, otherwise it reads all symbols, in vain.
 */
bool kernel_symbol(struct kernel_symbols *s, enum kernel_symbol_id id, __u64 *ret_address);

/*
 * The code at which a stack ends by which requests are counted (lab_knobs.cut): size 0 where it is
 * not found, or hidden.
 */
void kernel_symbol_cuts(struct lab_text cut[LAB_CUTS]);

#endif
