// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * stop.c - see stop.h.
 *
 * A system call that a signal comes just before would wait all the same. So the waiting thread is
 * signalled again and again, as long as it says that it waits.
 */
#include "base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/pace.h"
#include "base/rights.h"

#define MS 1000000ULL
#define AGAIN_NS (50 * MS)
#define PATIENCE_NS (500 * MS) /* for a reader that takes nothing */
/* timeout(1) signals its child and then its group: that is one wish. */
#define TWICE_NS (200 * MS)
#define STACK_BYTES ((size_t)PTHREAD_STACK_MIN + (32U << 10))

static struct {
	pthread_t waiter;
	int fd;
	sigset_t signals;
	sem_t ready; /* the thread has no rights any more */
	atomic_bool waits;
	void (*_Atomic before_death)(void);
	_Atomic __u64 wanted_ns; /* CLOCK_MONOTONIC; 0: not */
} state = {.fd = -1};

/* ---- the thread that takes the signals ---- */

static void on_poke(int sig)
{
	(void)sig;
}

/* As if nobody had taken it. */
static void die_of(int sig)
{
	void (*before)(void) = state.before_death;
	sigset_t set;

	if (before)
		before();
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
}

static void take(int sig)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC), wanted = state.wanted_ns;

	if (!wanted) {
		state.wanted_ns = now;
		eventfd_write(state.fd, 1);
	} else if (sig != SIGHUP && now - wanted > TWICE_NS) {
		die_of(sig);
	}
}

static void *listen_to_signals(void *arg)
{
	static const struct timespec again = {.tv_nsec = AGAIN_NS};

	/* It needs none; a process without them may not be told from one that gave them up. */
	rights_leave_root();
	rights_keep(0);
	sem_post(&state.ready);
	for (;;) {
		int sig = sigtimedwait(&state.signals, NULL, state.wanted_ns ? &again : NULL);

		if (sig > 0)
			take(sig);
		if (state.wanted_ns && state.waits)
			pthread_kill(state.waiter, SIGRTMIN);
	}
	return arg;
}

/* Small enough to be there as a whole: see memory.h. */
static int start_thread(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int r;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	r = pthread_create(&thread, &attr, listen_to_signals, NULL);
	pthread_attr_destroy(&attr);
	while (!r && sem_wait(&state.ready))
		;
	return -r;
}

static bool is_ignored(int sig)
{
	struct sigaction old;

	return !sigaction(sig, NULL, &old) && old.sa_handler == SIG_IGN;
}

int stop_open(void)
{
	const struct sigaction poke = {.sa_handler = on_poke}; /* not SA_RESTART */
	int r;

	sigemptyset(&state.signals);
	sigaddset(&state.signals, SIGINT);
	sigaddset(&state.signals, SIGTERM);
	if (!is_ignored(SIGHUP))
		sigaddset(&state.signals, SIGHUP);
	state.waiter = pthread_self();
	sem_init(&state.ready, 0, 0);
	state.fd = eventfd(0, EFD_CLOEXEC);
	if (state.fd < 0 || sigaction(SIGRTMIN, &poke, NULL))
		return -errno;
	r = -pthread_sigmask(SIG_BLOCK, &state.signals, NULL);
	if (!r)
		r = start_thread();
	return r ? r : state.fd;
}

bool stop_wanted(void)
{
	return state.wanted_ns;
}

void stop_before_death(void (*fn)(void))
{
	state.before_death = fn;
}

/* ---- waits ---- */

void stop_wait_begin(void)
{
	state.waits = true;
}

void stop_wait_end(void)
{
	state.waits = false;
}

/* A descriptor that does not wait (another process may have made it so) is waited for. */
static int wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};
	int r;

	stop_wait_begin();
	r = poll(&p, 1, -1) < 0 ? -errno : 0;
	stop_wait_end();
	return r;
}

ssize_t stop_read(int fd, void *buf, size_t size)
{
	ssize_t n;
	int r;

	for (;;) {
		stop_wait_begin();
		n = read(fd, buf, size);
		r = n < 0 ? -errno : 0;
		stop_wait_end();
		if (r == -EAGAIN)
			r = wait_for(fd, POLLIN) ?: -EINTR;
		if (r != -EINTR || stop_wanted())
			return r ? r : n;
	}
}

int stop_openat(int dir, const char *path, int flags, mode_t mode)
{
	int fd;

	do {
		stop_wait_begin();
		fd = openat(dir, path, flags | O_CLOEXEC, mode);
		fd = fd < 0 ? -errno : fd;
		stop_wait_end();
	} while (fd == -EINTR && !stop_wanted());
	return fd;
}

/* since_ns: when something was taken last, or waiting began. */
static bool is_patient(__u64 since_ns)
{
	__u64 wanted = state.wanted_ns, from = wanted > since_ns ? wanted : since_ns;

	return !wanted || clock_ns(CLOCK_MONOTONIC) < from + PATIENCE_NS;
}

/* Bytes or -errno. */
static ssize_t write_once(int fd, const char *buf, size_t size)
{
	ssize_t n;

	stop_wait_begin();
	n = write(fd, buf, size);
	n = n < 0 ? -errno : n;
	stop_wait_end();
	return n == -EAGAIN ? wait_for(fd, POLLOUT) ?: -EINTR : n;
}

int stop_write(int fd, const void *buf, size_t size, size_t *ret_done)
{
	__u64 since = clock_ns(CLOCK_MONOTONIC);
	size_t done = 0;
	ssize_t n = 0;

	while (done < size && n >= 0) {
		n = write_once(fd, (const char *)buf + done, size - done);
		if (n > 0) {
			done += (size_t)n;
			since = clock_ns(CLOCK_MONOTONIC);
		}
		if (n == -EINTR && is_patient(since))
			n = 0;
	}
	if (ret_done)
		*ret_done = done;
	return n < 0 ? (int)n : 0;
}
