// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* cpu_list.c - see cpu_list.h. */
#include "base/cpu_list.h"

#include <stdlib.h>

bool cpu_list_has(const char *list, unsigned int cpu)
{
	const char *p = list;

	while (*p >= '0' && *p <= '9') {
		char *end;
		unsigned long first = strtoul(p, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (cpu >= first && cpu <= last)
			return true;
		p = *end == ',' ? end + 1 : "";
	}
	return false;
}
