// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * load_log.c - preloaded (LD_PRELOAD), adds to the file $LOAD_LOG a line for each BPF program that
 * the program under it loads: "NAME INSTRUCTIONS STATES", as the verifier counted them. What is
 * loaded, and with which constants, is thereby what users load, not what a test makes of it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STATS = 4, LOG_SIZE = 1 << 20 }; /* BPF_LOG_STATS of include/linux/bpf_verifier.h */

static long (*real_syscall)(long number, ...);

/* "processed N insns (limit M) max_states_per_insn N total_states N peak_states N mark_read N" */
static void write_counts(const char *name, const char *log)
{
	const char *processed = strstr(log, "processed ");
	const char *total = processed ? strstr(processed, "total_states ") : NULL;
	const char *path = getenv("LOAD_LOG");
	unsigned int instructions, states;
	FILE *f;

	if (!path || !total || sscanf(processed, "processed %u", &instructions) != 1 ||
	    sscanf(total, "total_states %u", &states) != 1)
		return;
	f = fopen(path, "ae");
	if (!f)
		return;
	fprintf(f, "%.*s %u %u\n", BPF_OBJ_NAME_LEN, name, instructions, states);
	fclose(f);
}

/* With a log of our own only where the caller wants none. */
static long load(union bpf_attr *caller, unsigned int size)
{
	union bpf_attr attr = {};
	char *log = calloc(1, LOG_SIZE);
	int saved;
	long fd;

	memcpy(&attr, caller, size < sizeof(attr) ? size : sizeof(attr));
	attr.log_level = STATS;
	attr.log_buf = (unsigned long)log;
	attr.log_size = LOG_SIZE;
	fd = real_syscall(SYS_bpf, BPF_PROG_LOAD, &attr, size);
	saved = errno;
	if (fd >= 0)
		write_counts(attr.prog_name, log);
	free(log);
	errno = saved;
	return fd;
}

long syscall(long number, ...)
{
	va_list ap;
	long a[6];

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (!real_syscall)
		real_syscall = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_bpf && a[0] == BPF_PROG_LOAD && !((union bpf_attr *)a[1])->log_level)
		return load((union bpf_attr *)a[1], (unsigned int)a[2]);
	return real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
