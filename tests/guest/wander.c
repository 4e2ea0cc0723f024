// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * wander MS - page requests by tasks that are moved from one processor to another meanwhile.
 *
 * Two threads queue signals to themselves, whose records take pages with GFP_ATOMIC, and touch
 * fresh memory; the main thread moves them about all the time, so that one or another is moved
 * within a request where the kernel lets it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define THREADS 2
#define BURST 1500

static atomic_bool over;
static atomic_long queued;

static void drain(void)
{
	struct timespec at_once = {0, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	while (sigtimedwait(&set, NULL, &at_once) > 0)
		;
}

static void touch(void)
{
	size_t page = sysconf(_SC_PAGESIZE), len = 64 * page, i;
	char *mem = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		return;
	for (i = 0; i < len; i += page)
		((volatile char *)mem)[i] = 1;
	munmap(mem, len);
}

static void *ask(void *arg)
{
	union sigval value = {.sival_int = 0};
	int i;

	(void)arg;
	while (!over) {
		for (i = 0; i < BURST && !over; i++)
			if (!pthread_sigqueue(pthread_self(), SIGRTMIN, value))
				queued++;
		drain();
		touch();
	}
	return NULL;
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void place(pthread_t thread, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_setaffinity_np(thread, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	struct rlimit pending = {1000000, 1000000};
	struct timespec pause = {0, 200000};
	long long end = now_ms() + (argc > 1 ? atoi(argv[1]) : 1000);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), moves = 0;
	pthread_t thread[THREADS];
	sigset_t set;
	int i;

	setrlimit(RLIMIT_SIGPENDING, &pending);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (i = 0; i < THREADS; i++) {
		if (pthread_create(&thread[i], NULL, ask, NULL)) {
			perror("wander");
			return 1;
		}
	}
	for (; now_ms() < end; moves++) {
		place(thread[moves % THREADS], (moves / THREADS + moves) % cpus);
		nanosleep(&pause, NULL);
	}
	over = true;
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	printf("queued=%ld moves=%ld\n", (long)queued, moves);
	return 0;
}
