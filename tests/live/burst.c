// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * burst SIGNALS PAGES - a known number of page requests, harmless on any machine.
 *
 * Queues SIGNALS signals to itself, whose records the kernel takes from the slab allocator with
 * GFP_ATOMIC, and takes them in at the end; touches PAGES anonymous pages, one request each.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static long queue(long count)
{
	struct rlimit pending = {1000000, 1000000};
	union sigval value = {.sival_int = 0};
	struct timespec at_once = {0, 0};
	long queued = 0;
	sigset_t set;

	setrlimit(RLIMIT_SIGPENDING, &pending);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	while (queued < count && !sigqueue(getpid(), SIGRTMIN, value))
		queued++;
	while (sigtimedwait(&set, NULL, &at_once) > 0)
		;
	return queued;
}

static long touch(long count)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), len = (size_t)count * page;
	char *mem = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		return 0;
	madvise(mem, len, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < len; i += page)
		((volatile char *)mem)[i] = 1;
	munmap(mem, len);
	return count;
}

int main(int argc, char **argv)
{
	long signals, pages;

	if (argc != 3)
		return 2;
	signals = queue(atol(argv[1]));
	pages = touch(atol(argv[2]));
	printf("%ld %ld\n", signals, pages);
	return 0;
}
