// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_batch.c - how often a reader looks, and how long a record waits for it. */
#include "base/batch.h"

#include "test.h"

#define MS 1000000ULL

/* What a reader made of records that came at these times. */
struct looks {
	unsigned int n;
	__u64 longest_ns; /* that a record waited */
};

/* A record every so often, for so long; the reader sleeps as step() of source_events.c does. */
static struct looks read_all(struct batch b, __u64 every_ns, __u64 end_ns)
{
	struct looks l = {0};

	for (__u64 first = MS; first < end_ns;) {
		__u64 now = batch_waits(&b, first) ? b.until_ns : first;

		l.n++;
		if (now - first > l.longest_ns)
			l.longest_ns = now - first;
		batch_begin(&b, now);
		first += ((now - first) / every_ns + 1) * every_ns;
	}
	return l;
}

static void at_once(void)
{
	/* Further apart than a record may wait: none does. */
	struct looks l = read_all(batch_for(1), 60 * MS, 6000 * MS);

	CHECK_EQ(l.n, 100);
	CHECK_EQ(l.longest_ns, 0);
}

static void together(void)
{
	struct looks l = read_all(batch_for(1), MS, 1000 * MS);

	CHECK_MSG(l.n <= 21, "%u looks for 1000 records", l.n);
	CHECK_MSG(l.longest_ns <= 50 * MS, "waited for %llu ns", (unsigned long long)l.longest_ns);
}

/* Never longer than for one, and the fewer the more there are that send. */
static void share(void)
{
	__u64 before = BATCH_NS;

	CHECK_EQ(batch_for(1).hold_ns, BATCH_NS);
	for (unsigned int cpus = 2; cpus <= 4096; cpus *= 2) {
		struct batch b = batch_for(cpus);

		CHECK(b.hold_ns <= before);
		/* A hundred in a tenth of a second each. */
		CHECK_MSG(b.hold_ns * cpus <= 100 * MS, "%u cpus: %llu ns", cpus,
			  (unsigned long long)b.hold_ns);
		before = b.hold_ns;
	}
	/* To the ns: two may be left alone for half of a tenth of a second. */
	CHECK_EQ(batch_for(2).hold_ns, 50 * MS);
	CHECK_EQ(batch_for(3).hold_ns, 33333333);
	CHECK_EQ(batch_for(4).hold_ns, 25 * MS);
	CHECK_EQ(batch_for(100).hold_ns, MS);
}

/* Up to the end of it, and not beyond. */
static void waits(void)
{
	struct batch b = batch_for(4);

	CHECK(!batch_waits(&b, 0));
	batch_begin(&b, 7 * MS);
	CHECK_EQ(b.until_ns, 32 * MS);
	CHECK(batch_waits(&b, 7 * MS));
	CHECK(batch_waits(&b, 32 * MS - 1));
	CHECK(!batch_waits(&b, 32 * MS));
}

static const struct test_case cases[] = {
	{"at_once", at_once},
	{"together", together},
	{"share", share},
	{"waits", waits},
};

TEST_MAIN("batch", cases)
