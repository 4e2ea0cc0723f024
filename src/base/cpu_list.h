/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* cpu_list.h - lists of cpus as the kernel writes them: "0-3,8". */
#ifndef LAB_BASE_CPU_LIST_H
#define LAB_BASE_CPU_LIST_H

#include <stdbool.h>

#define CPU_ONLINE_PATH "/sys/devices/system/cpu/online"
#define CPU_LIST_TEXT 4096 /* of a file in /sys, which has a page at most */

bool cpu_list_has(const char *list, unsigned int cpu);

#endif
