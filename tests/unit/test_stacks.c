// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_stacks.c - a stack that is remembered is what it would be anew, until symbols change. */
#include <unistd.h>

#include "test.h"

#include "kernel/stacks.h"
#include "kernel/symbols.h"

#define SECOND 1000000000ULL

static const char table[] = "ffffffff81000000 T __alloc_pages\n"
			    "ffffffff81001000 T maze_take\n"
			    "ffffffff81002000 T other_take\n"
			    "ffffffff81003000 T end_of_it\n"
			    "ffffffffc0001000 t one_take\t[one]\n";
static const char replaced[] = "ffffffff81000000 T __alloc_pages\n"
			       "ffffffff81001000 T maze_take\n"
			       "ffffffff81002000 T other_take\n"
			       "ffffffff81003000 T end_of_it\n"
			       "ffffffffc0001000 t two_take\t[two]\n";
#define ONE "one 4096 0 - Live 0xffffffffc0001000\n"
#define TWO "two 4096 0 - Live 0xffffffffc0001000\n"
#define IN_MODULE 0xffffffffc0001008

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
	put(modules, ONE);
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
	struct stacks *s = stacks_new(sym, 0);

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
	struct stacks *s = stacks_new(sym, 0);
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

/* Another module in its place: what was asked for before is its still. */
static void test_module_replaced(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym, 0);
	struct event e = event_at(IN_MODULE), old;

	stacks_refresh(s, 9 * SECOND);
	old = e;
	e.raw.head.time_ns = 9 * SECOND;
	name(s, &e);
	CHECK(strcmp(e.site, "one_take") == 0 && strcmp(e.driver, "one") == 0);
	put(kallsyms, replaced);
	put(modules, TWO);
	CHECK(stacks_refresh(s, 10 * SECOND));
	CHECK_EQ(symbols_unloads(sym), 1);
	e = event_at(IN_MODULE);
	e.raw.head.time_ns = 10 * SECOND;
	name(s, &e);
	CHECK(strcmp(e.site, "two_take") == 0 && strcmp(e.driver, "two") == 0);
	/* Held up on its way here. */
	stacks_refresh(s, 11 * SECOND);
	put(modules, "");
	CHECK(stacks_refresh(s, 12 * SECOND));
	e = old;
	e.raw.head.time_ns = 8 * SECOND;
	name(s, &e);
	CHECK(strcmp(e.site, "one_take") == 0 && strcmp(e.driver, "one") == 0);
	close_all(s, sym);
}

/* It failed and was gone before its symbols were read: its name is known, or nothing is said. */
static void test_gone_before_read(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym, 4);
	struct event e = event_at(0xffffffffc0005028);

	stacks_refresh(s, 1 * SECOND);
	put(modules, "three 8192 0 - Loading 0xffffffffc0005000\n" ONE);
	put(kallsyms, table); /* it has no symbol there */
	CHECK(stacks_refresh(s, 2 * SECOND));
	e.raw.head.time_ns = 2 * SECOND;
	name(s, &e);
	CHECK(!e.site[0] && strcmp(e.driver, "three") == 0);
	put(modules, ONE);
	CHECK(stacks_refresh(s, 3 * SECOND));
	e = event_at(0xffffffffc0007028);
	e.raw.head.time_ns = 3 * SECOND;
	name(s, &e);
	CHECK(!e.site[0] && !e.driver[0]);
	close_all(s, sym);
}

/* An address that is not known is looked for each time: that is what has the symbols read again. */
static void test_unknown_is_missed_each_time(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym, 0);

	for (__u64 i = 1; i < 4; i++) {
		struct event e = event_at(0xffffffffc0000000);

		name(s, &e);
		CHECK(!e.site[0] && !e.frame[1].symbol[0]);
		/* The wait after a reading that changed nothing grows to a minute. */
		CHECK(symbols_refresh(sym, i * 100 * SECOND));
	}
	close_all(s, sym);
}

/* ---- rows ---- */

static struct site_row row_at(struct stacks *s, __u64 key, __u64 site)
{
	const struct event e = event_at(site);
	struct site_row row;

	memset(&row, 0, sizeof(row));
	row.key.stack = key;
	stacks_name_row(s, e.raw.head.stack, e.raw.head.frames, &row);
	return row;
}

/* Its key alone tells a stack: the site is not looked for again. */
static void test_row_is_named_once(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym, 4);
	struct site_row row = row_at(s, 7ULL << 32, 0xffffffff81001008);

	CHECK(strcmp(row.site, "maze_take") == 0);
	row = row_at(s, 7ULL << 32, 0xffffffff81002008);
	CHECK(strcmp(row.site, "maze_take") == 0);
	CHECK(strcmp(row.frame[1].symbol, "other_take") == 0);
	/* Another one with the same place. */
	row = row_at(s, 16ULL << 32, 0xffffffff81002008);
	CHECK(strcmp(row.site, "other_take") == 0);
	close_all(s, sym);
}

/* What is remembered is all that there is anew: frames that were taken off stay off. */
static void test_row_as_anew(void)
{
	static const __u64 stack[] = {0xffffffff81004008, 0xffffffff81000010, 0xffffffff81001008};
	struct symbols *sym = open_symbols("ffffffff81000000 T kmalloc\n"
					   "ffffffff81001000 T tcp_take\n"
					   "ffffffff81002000 T end_of_it\n"
					   "ffffffff81004000 T bpf_trace_run2\n");
	struct stacks *s = stacks_new(sym, 4);
	struct site_row row[2];

	memset(row, 0, sizeof(row));
	for (unsigned int i = 0; i < 2; i++) {
		row[i].key.stack = 1;
		stacks_name_row(s, stack, 3, &row[i]);
		CHECK_EQ(row[i].frames, 2);
		CHECK(strcmp(row[i].site, "tcp_take") == 0);
		CHECK(strcmp(row[i].driver, "[net]") == 0);
		CHECK(strcmp(row[i].via, "kmalloc") == 0);
		CHECK(memcmp(row[0].frame, row[i].frame, 2 * sizeof(row[0].frame[0])) == 0);
	}
	close_all(s, sym);
}

/* More stacks than there is room for, all with one place, several times. */
static void test_rows_without_room(void)
{
	struct symbols *sym = open_symbols(table);

	for (unsigned int rows = 0; rows < 5; rows++) {
		struct stacks *s = stacks_new(sym, rows);

		for (__u64 i = 0; i < 60; i++) {
			__u64 n = 1 + i % 20;
			struct site_row row =
				row_at(s, n, n % 2 ? 0xffffffff81001008 : 0xffffffff81002008);

			CHECK(strcmp(row.site, n % 2 ? "maze_take" : "other_take") == 0);
		}
		stacks_free(s);
	}
	close_all(NULL, sym);
}

/* What was named stays named when its module is gone, and another one is in its place. */
static void test_row_stays(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym, 4);
	struct site_row row;

	CHECK_EQ(stacks_begin_rows(s, 1 * SECOND), 0);
	row = row_at(s, 1, IN_MODULE);
	CHECK(strcmp(row.site, "one_take") == 0 && strcmp(row.driver, "one") == 0);
	put(kallsyms, replaced);
	put(modules, TWO);
	/* From here on its addresses make other rows. */
	CHECK_EQ(stacks_begin_rows(s, 2 * SECOND), 1);
	CHECK_EQ(stacks_begin_rows(s, 3 * SECOND), 1);
	for (unsigned int i = 0; i < 2; i++) {
		row = row_at(s, 1, IN_MODULE);
		CHECK(strcmp(row.site, "one_take") == 0 && strcmp(row.driver, "one") == 0);
		CHECK(strcmp(row.frame[1].symbol, "one_take") == 0);
		CHECK(strcmp(row.frame[1].module, "one") == 0);
		row = row_at(s, 2, IN_MODULE);
		CHECK(strcmp(row.site, "two_take") == 0 && strcmp(row.driver, "two") == 0);
		put(modules, "");
		stacks_begin_rows(s, (4 + i) * SECOND);
	}
	close_all(s, sym);
}

/*
 * A row that is new when one module has gone and another come may be of either; one that was not
 * known when it was new is of no module that came later.
 */
static void test_row_of_nobody(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym, 4);
	struct site_row row;

	stacks_begin_rows(s, 1 * SECOND);
	row = row_at(s, 1, 0xffffffffc0003008);
	CHECK(!row.site[0] && !row.driver[0]);
	put(kallsyms, replaced);
	put(modules, TWO "late 4096 0 - Live 0xffffffffc0003000\n");
	for (__u64 t = 2; t < 4; t++) {
		stacks_begin_rows(s, t * SECOND);
		row = row_at(s, 2, IN_MODULE);
		CHECK(!row.site[0] && !row.driver[0]);
		row = row_at(s, 1, 0xffffffffc0003008);
		CHECK(!row.site[0] && !row.driver[0]);
	}
	row = row_at(s, 3, 0xffffffffc0003008);
	CHECK(!row.site[0] && strcmp(row.driver, "late") == 0);
	close_all(s, sym);
}

/* Each alone more than a stack has room for. */
static void test_row_long_text(void)
{
	static const char helper[] = "kmalloc_of_a_name_that_is_as_long_as_the_kernel_lets_it_be";
	struct symbols *sym = open_symbols("ffffffff81000000 T kmalloc_of_a_name_that_is_as_long_"
					   "as_the_kernel_lets_it_be\n"
					   "ffffffff81001000 T site_of_a_name_that_is_as_long_as_"
					   "the_kernel_lets_it_be\n"
					   "ffffffff81003000 T end_of_it\n");

	for (unsigned int rows = 1; rows < 4; rows++) {
		struct stacks *s = stacks_new(sym, rows);

		for (__u64 i = 0; i < 30; i++) {
			struct site_row row = row_at(s, 1 + i % 10, 0xffffffff81001008);

			CHECK(strncmp(row.site, "site_of_a_name_", 15) == 0);
			CHECK(strcmp(row.via, helper) == 0);
		}
		stacks_free(s);
	}
	close_all(NULL, sym);
}

/* An address that is not known has the symbols read again, also where it is remembered. */
static void test_row_unknown(void)
{
	struct symbols *sym = open_symbols(table);
	struct stacks *s = stacks_new(sym, 4);

	for (__u64 i = 1; i < 8; i++) {
		struct site_row row = row_at(s, 1, 0xffffffffc0000000);

		CHECK(!row.site[0] && !row.frame[1].symbol[0]);
		CHECK_EQ(row.frames, 3);
		row = row_at(s, 1, 0xffffffffc0000000);
		CHECK(!row.site[0] && !row.frame[1].symbol[0]);
		CHECK(stacks_refresh(s, i * 100 * SECOND));
	}
	CHECK(strcmp(row_at(s, 1, 0xffffffff81001008).site, "maze_take") == 0);
	close_all(s, sym);
}

static const struct test_case cases[] = {
	{"same_again", test_same_again},
	{"depth_counts", test_depth_counts},
	{"module_replaced", test_module_replaced},
	{"gone_before_read", test_gone_before_read},
	{"unknown_is_missed_each_time", test_unknown_is_missed_each_time},
	{"row_is_named_once", test_row_is_named_once},
	{"row_as_anew", test_row_as_anew},
	{"rows_without_room", test_rows_without_room},
	{"row_stays", test_row_stays},
	{"row_of_nobody", test_row_of_nobody},
	{"row_long_text", test_row_long_text},
	{"row_unknown", test_row_unknown},
};

TEST_MAIN("stacks", cases)
