// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* pace.c - the grid of reports, and waiting for the next one. */
#include "base/pace.h"

#include <errno.h>
#include <poll.h>

#define NS_PER_S 1000000000ULL

__u64 clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (__u64)ts.tv_sec * NS_PER_S + (__u64)ts.tv_nsec;
}

void pace_start(struct pace *p)
{
	p->start_ns = p->last_ns = clock_ns(CLOCK_MONOTONIC);
	p->reports = 0;
}

__u64 pace_due(const struct pace *p, bool *ret_end)
{
	__u64 passed = p->interval_ns ? (p->last_ns - p->start_ns) / p->interval_ns : 0;
	__u64 due = p->interval_ns ? p->start_ns + (passed + 1) * p->interval_ns : ~0ULL;
	__u64 end = p->duration_ns ? p->start_ns + p->duration_ns : ~0ULL;

	*ret_end = end <= due;
	return end < due ? end : due;
}

/* Waits until the monotonic time, or until stop_fd is readable. 1: stopped, 0: time, -errno. */
static int wait_until(__u64 until_ns, int stop_fd)
{
	for (;;) {
		struct pollfd fd = {.fd = stop_fd, .events = POLLIN};
		__u64 now = clock_ns(CLOCK_MONOTONIC), left = until_ns > now ? until_ns - now : 0;
		struct timespec ts = {(time_t)(left / NS_PER_S), (long)(left % NS_PER_S)};
		int r = ppoll(&fd, 1, &ts, NULL);

		if (r > 0)
			return 1;
		if (r < 0 && errno != EINTR)
			return -errno;
		if (!r)
			return 0;
	}
}

int pace_wait(const struct pace *p, int stop_fd, bool *ret_final)
{
	__u64 due = pace_due(p, ret_final);
	int r;

	if (p->count && p->reports >= p->count) {
		*ret_final = true;
		return 0;
	}
	r = wait_until(due, stop_fd);
	*ret_final |= r > 0;
	return r < 0 ? r : 0;
}

struct pace_stamp pace_stamp(struct pace *p)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);
	struct pace_stamp stamp = {
		.time_ns = clock_ns(CLOCK_REALTIME),
		.interval_ns = now - p->last_ns,
		.total_ns = now - p->start_ns,
		.sequence = ++p->reports,
	};

	p->last_ns = now;
	return stamp;
}
