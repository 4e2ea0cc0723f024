// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_stacks.c - a stack that is remembered is what it would be anew, until symbols change. */
#include <unistd.h>

#include "test.h"

#include "stacks.h"
#include "symbols.h"

#define SECOND 1000000000ULL

static const char table[] = "ffffffff81000000 T __alloc_pages\n"
			    "ffffffff81001000 T maze_take\n"
			    "ffffffff81002000 T other_take\n"
			    "ffffffff81003000 T end_of_it\n";
static const char renamed[] = "ffffffff81000000 T __alloc_pages\n"
			      "ffffffff81001000 T new_take\n"
			      "ffffffff81002000 T other_take\n"
			      "ffffffff81003000 T end_of_it\n";

static char kallsyms[64], modules[64];

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		abort();
}

static struct event event_at(__u64 site)
{
	struct event e;

	memset(&e, 0, sizeof(e));
	e.raw.head.frames = 3;
	e.raw.head.stack[0] = 0xffffffff81000010;
	e.raw.head.stack[1] = site;
	e.raw.head.stack[2] = 0xffffffff81002010;
	return e;
}

static void name(struct stacks *s, struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;

	stacks_name(s, h->stack, h->frames, e);
}

static struct symbols *open_symbols(const char *text)
{
	struct symbols *sym = NULL;

	snprintf(kallsyms, sizeof(kallsyms), "/tmp/stacks.k.%d", (int)getpid());
	snprintf(modules, sizeof(modules), "/tmp/stacks.m.%d", (int)getpid());
	put(kallsyms, text);
	put(modules, "one 1 0 - Live 0x0\n");
	CHECK_EQ(symbols_open_file(kallsyms, modules, &sym), 0);
	return sym;
}

static void close_all(struct stacks *s, struct symbols *sym)
{
	stacks_free(s);
	symbols_close(sym);
	unlink(kallsyms);
	unlink(modules);
}

static void test_same_again(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym);

	for (__u64 i = 0; i < 4000; i++) {
		/* More stacks than are remembered, each some times, one of them most often. */
		__u64 at = 0xffffffff81001000 + (i % 3 ? 8 : i % 400);
		struct event e = event_at(at);

		name(s, &e);
		CHECK_EQ(e.frames, 3);
		CHECK_EQ(e.frame[1].address, at);
		CHECK_EQ(e.frame[1].offset, at - 0xffffffff81001000);
		CHECK(strcmp(e.frame[2].symbol, "other_take") == 0);
		CHECK(strcmp(e.site, "maze_take") == 0);
	}
	close_all(s, sym);
}

/* The same addresses, fewer of them, or none. */
static void test_depth_counts(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym);
	struct event e = event_at(0xffffffff81001008);

	name(s, &e);
	for (__u32 depth = LAB_EVENT_FRAMES + 1; depth-- > 0;) {
		e = event_at(0xffffffff81001008);
		e.raw.head.frames = depth;
		name(s, &e);
		if (depth <= 3)
			CHECK_EQ(e.frames, depth);
		CHECK((depth >= 2) == !strcmp(e.site, "maze_take"));
	}
	close_all(s, sym);
}

static void test_forgets(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym);
	struct event e = event_at(0xffffffff81001008);

	name(s, &e);
	put(kallsyms, renamed);
	put(modules, "two 1 0 - Live 0x0\n");
	CHECK(symbols_refresh(sym, 10 * SECOND));
	stacks_forget(s);
	e = event_at(0xffffffff81001008);
	name(s, &e);
	CHECK(strcmp(e.site, "new_take") == 0);
	close_all(s, sym);
}

/* An address that is not known is looked for each time: that is what has the symbols read again. */
static void test_unknown_is_missed_each_time(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym);

	for (__u64 i = 1; i < 4; i++) {
		struct event e = event_at(0xffffffffc0000000);

		name(s, &e);
		CHECK(!e.site[0] && !e.frame[1].symbol[0]);
		/* The wait after a reading that changed nothing grows to a minute. */
		CHECK(symbols_refresh(sym, i * 100 * SECOND));
	}
	close_all(s, sym);
}

static const struct test_case cases[] = {
	{"same_again", test_same_again},
	{"depth_counts", test_depth_counts},
	{"forgets", test_forgets},
	{"unknown_is_missed_each_time", test_unknown_is_missed_each_time},
};

TEST_MAIN("stacks", cases)
