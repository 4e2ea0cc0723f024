// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* site_row.c - names of what is counted by stack. */
#include "model/site_row.h"

const char *mistake_name(unsigned int mistake)
{
	static const char *const names[LAB_MISTAKES] = {
		[LAB_MISTAKE_NONE] = "none",
		[LAB_MISTAKE_SLEEP_IN_NMI] = "sleep_in_nmi",
		[LAB_MISTAKE_SLEEP_IN_HARDIRQ] = "sleep_in_hardirq",
		[LAB_MISTAKE_SLEEP_IN_SOFTIRQ] = "sleep_in_softirq",
		[LAB_MISTAKE_SLEEP_IRQS_OFF] = "sleep_irqs_off",
		[LAB_MISTAKE_SLEEP_BH_OFF] = "sleep_bh_off",
		[LAB_MISTAKE_SLEEP_PREEMPT_OFF] = "sleep_preempt_off",
		[LAB_MISTAKE_SLEEP_RCU_READER] = "sleep_rcu_reader",
		[LAB_MISTAKE_NEEDLESSLY_ATOMIC] = "needlessly_atomic",
	};

	return mistake < LAB_MISTAKES ? names[mistake] : NULL;
}
