// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_pace.c - reports on a grid from the start, and what ends it. */
#include "base/pace.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "test.h"

#define MS 1000000ULL

/* A run of ten ms a report whose report before was made so long after its start. */
static struct pace at(__u64 last_ns, __u64 duration_ns)
{
	return (struct pace){
		.interval_ns = 10 * MS,
		.duration_ns = duration_ns,
		.start_ns = 1000 * MS,
		.last_ns = 1000 * MS + last_ns,
	};
}

static void due_on_grid(void)
{
	struct pace p = at(0, 0);
	bool end = true;

	CHECK_EQ(pace_due(&p, &end), 1010 * MS);
	CHECK(!end);
	/* Late by a little, and by more than an interval: the next is on the grid again. */
	p = at(11 * MS, 0);
	CHECK_EQ(pace_due(&p, &end), 1020 * MS);
	p = at(47 * MS, 0);
	CHECK_EQ(pace_due(&p, &end), 1050 * MS);
	p = at(20 * MS, 0);
	CHECK_EQ(pace_due(&p, &end), 1030 * MS);
}

static void due_at_end(void)
{
	struct pace p = at(0, 15 * MS);
	bool end = true;

	CHECK_EQ(pace_due(&p, &end), 1010 * MS);
	CHECK(!end);
	p = at(10 * MS, 15 * MS);
	CHECK_EQ(pace_due(&p, &end), 1015 * MS);
	CHECK(end);
	p = at(10 * MS, 20 * MS);
	CHECK_EQ(pace_due(&p, &end), 1020 * MS);
	CHECK(end);
}

static void waits_and_stamps(void)
{
	struct pace p = {.interval_ns = 5 * MS, .count = 2};
	struct pace_stamp s = {0};
	int fds[2];
	bool final = true;

	CHECK_EQ(pipe(fds), 0);
	pace_start(&p);
	for (unsigned int i = 1; i <= 2; i++) {
		CHECK_EQ(pace_wait(&p, fds[0], &final), 0);
		CHECK(!final);
		s = pace_stamp(&p);
		CHECK_EQ(s.sequence, i);
		CHECK(s.total_ns >= i * 5 * MS);
	}
	/* Both were made: the final one comes at once. */
	p.interval_ns = 3600 * 1000 * MS;
	CHECK_EQ(pace_wait(&p, fds[0], &final), 0);
	CHECK(final);
	close(fds[0]);
	close(fds[1]);
}

static void stops(void)
{
	struct pace p = {.interval_ns = 3600 * 1000 * MS};
	int fds[2];
	bool final = false;

	CHECK_EQ(pipe(fds), 0);
	CHECK_EQ(write(fds[1], "", 1), 1);
	pace_start(&p);
	CHECK_EQ(pace_wait(&p, fds[0], &final), 0);
	CHECK(final);
	close(fds[0]);
	close(fds[1]);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int signal)
{
	(void)signal;
	alarms++;
}

/* A signal ends no wait: the report comes when it is due, and not before. */
static void interrupted(void)
{
	const struct sigaction act = {.sa_handler = count_alarm};
	const struct itimerval every = {{0, 2000}, {0, 2000}}, none = {{0, 0}, {0, 0}};
	struct pace p = {.interval_ns = 60 * MS};
	bool final = true;
	int fds[2];

	CHECK_EQ(pipe(fds), 0);
	CHECK_EQ(sigaction(SIGALRM, &act, NULL), 0);
	pace_start(&p);
	CHECK_EQ(setitimer(ITIMER_REAL, &every, NULL), 0);
	CHECK_EQ(pace_wait(&p, fds[0], &final), 0);
	CHECK_EQ(setitimer(ITIMER_REAL, &none, NULL), 0);
	CHECK(!final);
	CHECK(alarms > 0);
	CHECK_MSG(clock_ns(CLOCK_MONOTONIC) >= p.start_ns + 60 * MS, "it came too early");
	close(fds[0]);
	close(fds[1]);
}

static const struct test_case cases[] = {
	{"due_on_grid", due_on_grid},		{"due_at_end", due_at_end},
	{"waits_and_stamps", waits_and_stamps}, {"stops", stops},
	{"interrupted", interrupted},
};

TEST_MAIN("pace", cases)
