// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_aftermath_frames.c - callers whose site is not known: told apart by the outermost four
 * frames; and how long it took, in the unit that fits.
 */
#include "model/aftermath.h"
#include "test.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* What became of the failed one. */
static enum aftermath came;
static char how[EVENT_TEXT];

static void take_back(void *arg, struct event *e)
{
	(void)arg;
	if (e->raw.head.kind != LAB_EVENT_FAILED)
		return;
	came = e->aftermath;
	memcpy(how, e->how, sizeof(how));
}

static struct event first, second;

/* "a+8 b c": symbol and offset, innermost first; "@16" is an address without a symbol. */
static void set_frames(struct event *e, const char *stack)
{
	char words[128];

	e->frames = 0;
	snprintf(words, sizeof(words), "%s", stack);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " ")) {
		struct event_frame *f = &e->frame[e->frames++];
		char *plus = strchr(w, '+');

		f->address = w[0] == '@' ? strtoull(w + 1, NULL, 10) : 4096;
		f->offset = plus ? strtoull(plus + 1, NULL, 10) : 0;
		if (w[0] != '@')
			snprintf(f->symbol, sizeof(f->symbol), "%.*s",
				 plus ? (int)(plus - w) : (int)strlen(w), w);
	}
}

/* A try of order 1 fails, and so long after it the same in earnest and smaller is served. */
static void two_requests(__u64 after_ns)
{
	memset(&first, 0, sizeof(first));
	memset(&second, 0, sizeof(second));
	first.raw.head.kind = LAB_EVENT_FAILED;
	first.raw.head.gfp = ATOMIC | LAB_GFP_NORETRY;
	first.raw.head.order = 1;
	first.raw.head.time_ns = 5000000000;
	second.raw.head.kind = LAB_EVENT_FOLLOW;
	second.raw.head.gfp = ATOMIC;
	second.raw.head.time_ns = 5000000000 + after_ns;
}

static void follow(void)
{
	struct aftermath_tracker *t = aftermath_new(take_back, NULL);

	CHECK(t != NULL);
	came = AFTERMATH_PENDING;
	aftermath_feed(t, &first);
	aftermath_feed(t, &second);
	aftermath_expire(t, first.raw.head.time_ns + 2 * AFTERMATH_TRY_WINDOW_NS);
	aftermath_finish(t);
	aftermath_free(t);
}

static const struct {
	const char *then, *now;
	bool same;
} stacks[] = {
	{"a b c d e", "a b c d e", true},
	{"a b c d e", "a b c d x", false},
	{"a b c d e", "a b c x e", false},
	{"a b c d e", "a b x d e", false},
	{"a b c d e", "a x c d e", false},
	{"a b c d e", "x b c d e", true}, /* the fifth is not looked at */
	{"z y a b c d e", "b c d e", true},
	{"a b c d e+8", "a b c d e+16", false}, /* another call in the same function */
	{"a b+8 c d e+8", "a b+8 c d e+8", true},
	{"a b+8 c d e+8", "a b+9 c d e+8", false},
	/* Fewer than four: all of them, and no more. */
	{"c d e", "c d e", true},
	{"c d e", "b c d e", false},
	{"b c d e", "c d e", false},
	{"e", "e", true},
	{"e", "x", false},
	{"", "", true},
	{"", "e", false},
	/* Without symbols by address; a name is none of an address. */
	{"@16 @32 @48", "@16 @32 @48", true},
	{"@16 @32 @48", "@16 @33 @48", false},
	{"a b c @48", "a b c @48", true},
	{"a b c @4096", "a b c d", false},
	{"a b c d", "a b c @4096", false},
};

static void callers_by_frames(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(stacks); i++) {
		two_requests(1000);
		set_frames(&first, stacks[i].then);
		set_frames(&second, stacks[i].now);
		follow();
		CHECK_MSG(came == (stacks[i].same ? AFTERMATH_RECOVERED : AFTERMATH_LOST),
			  "\"%s\" then \"%s\": %s", stacks[i].then, stacks[i].now,
			  aftermath_name(came));
	}
}

/* A site that only one of the two has tells them apart. */
static void site_and_none(void)
{
	for (int i = 0; i < 2; i++) {
		two_requests(1000);
		set_frames(&first, "a b c d");
		set_frames(&second, "a b c d");
		snprintf(i ? first.site : second.site, EVENT_SYMBOL, "b");
		follow();
		CHECK_EQ(came, AFTERMATH_LOST);
	}
}

static const struct {
	__s64 after_ns;
	const char *how;
} times[] = {
	{0, "by order 0 after 0 ns"},
	{1, "by order 0 after 1 ns"},
	{999, "by order 0 after 999 ns"},
	{1000, "by order 0 after 1 us"},
	{1999, "by order 0 after 1 us"},
	{9999999, "by order 0 after 9999 us"},
	{10000000, "by order 0 after 10 ms"},
	{10999999, "by order 0 after 10 ms"},
	{999999999, "by order 0 after 999 ms"},
	{-5, "by order 0 after 0 ns"}, /* of another cpu's clock */
};

static void how_long_it_took(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		two_requests((__u64)times[i].after_ns);
		follow();
		CHECK_EQ(came, AFTERMATH_RECOVERED);
		CHECK_MSG(strcmp(how, times[i].how) == 0, "%lld ns: %s",
			  (long long)times[i].after_ns, how);
	}
	two_requests(7000);
	second.raw.head.order = 1;
	follow();
	CHECK_MSG(strcmp(how, "by a second try after 7 us") == 0, "%s", how);
}

static const struct test_case cases[] = {
	{"callers_by_frames", callers_by_frames},
	{"site_and_none", site_and_none},
	{"how_long_it_took", how_long_it_took},
};

TEST_MAIN("aftermath_frames", cases)
