// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * filter.c - "filter ERRNO PROGRAM...": runs a program to which bpf() is refused by that errno, as
 * a container or a service does it.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error = argc > 2 ? atoi(argv[1]) : 0;

	if (!error || !filter ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned int)error), SCMP_SYS(bpf), 0) ||
	    seccomp_load(filter)) {
		fprintf(stderr, "filter: cannot refuse bpf()\n");
		return 125;
	}
	seccomp_release(filter);
	execvp(argv[2], argv + 2);
	fprintf(stderr, "filter: %s: %s\n", argv[2], strerror(errno));
	return 126;
}
