// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* preempt.c - see preempt.h. */
#include "kernel/preempt.h"

#include <string.h>

#include "kernel/address.h"
#include "kernel/btf.h"

/*
 * x86: a per-cpu variable. The kernel resolves a program's reference to it by name through its own
 * symbols, so a kernel without them (no CONFIG_KALLSYMS) would refuse the program.
 */
static void find_x86(struct lab_knobs *k, const struct kernel_btf *btf, struct kernel_symbols *sym)
{
	__s64 count = kernel_btf_percpu_offset(btf, "__preempt_count");
	__s64 runqueues = kernel_btf_percpu_offset(btf, "runqueues");
	__u64 address, base;

	if (kernel_btf_has_var(btf, "pcpu_hot") && kernel_symbol(sym, SYM_PCPU_HOT, &address)) {
		k->preempt_count_how = LAB_PC_HOT;
	} else if (kernel_btf_has_var(btf, "__preempt_count") &&
		   kernel_symbol(sym, SYM_PREEMPT_COUNT, &address)) {
		k->preempt_count_how = LAB_PC_VAR;
	} else if (kernel_symbol(sym, SYM_PREEMPT_COUNT, &address) &&
		   kernel_symbol(sym, SYM_PER_CPU_OFFSET, &base) && base) {
		k->preempt_count_offset = address;
		k->per_cpu_offset = base;
		k->preempt_count_how = LAB_PC_ADDRESS;
	} else if (count >= 0 && runqueues >= 0) {
		k->preempt_count_offset = (__u64)(count - runqueues);
		k->preempt_count_how = LAB_PC_RUNQUEUE;
	}
}

/* Other machines keep it in the task; arm64 in an anonymous union of thread_info. */
void preempt_find_count(struct lab_knobs *k, const struct kernel_btf *btf, const char *machine,
			struct kernel_symbols *sym)
{
	k->preempt_count_how = LAB_PC_NONE;
	if (!strcmp(machine, "x86_64"))
		find_x86(k, btf, sym);
	else if (kernel_btf_member(btf, "thread_info", "preempt_count") ||
		 kernel_btf_member(btf, "thread_info", "preempt"))
		k->preempt_count_how = LAB_PC_THREAD_INFO;
}

void preempt_probe(struct lab_knobs *k, const struct kernel_btf *btf)
{
	/* 7.3 put a count of disabled interrupts below the hardirq bits and moved those up. */
	if (kernel_btf_has_var(btf, "local_interrupt_disable_state")) {
		k->irq_mask = 0x1f000000;
		k->nmi_mask = 0x10000000;
	} else {
		k->irq_mask = 0x00ff0000;
		k->nmi_mask = 0x00f00000;
	}
	/* Without CONFIG_PREEMPTION, preempt_disable() leaves no trace (Debian's 5.10). */
	k->preempt_known = kernel_btf_func_proto(btf, "preempt_schedule") != NULL;
}

bool preempt_has_symbols(const struct lab_knobs *k)
{
	return k->preempt_count_how != LAB_PC_NONE && k->preempt_count_how != LAB_PC_RUNQUEUE;
}

const char *preempt_count_name(const struct lab_knobs *k)
{
	static const char *const names[] = {
		[LAB_PC_NONE] = "not found",
		[LAB_PC_VAR] = "per-cpu variable __preempt_count (BTF)",
		[LAB_PC_HOT] = "per-cpu pcpu_hot.preempt_count (BTF)",
		[LAB_PC_ADDRESS] = "per-cpu variable __preempt_count (kallsyms)",
		[LAB_PC_RUNQUEUE] = "per-cpu variable __preempt_count (by the run queue)",
		[LAB_PC_THREAD_INFO] = "thread_info.preempt_count (BTF)",
	};

	return names[k->preempt_count_how];
}
