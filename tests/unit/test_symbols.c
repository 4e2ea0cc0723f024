// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_symbols.c - addresses to names, tables that are hidden or broken, modules that come and go.
 */
#include <unistd.h>

#include "kernel/symbols.h"
#include "test.h"

#define SECOND 1000000000ULL
/* Later than all that is looked up for now. */
#define NOW (1ULL << 62)

/* A pair of files that can be changed while they are in use. */
static char kallsyms[64], modules[64];

static void make_files(void)
{
	snprintf(kallsyms, sizeof(kallsyms), "/tmp/kallsyms.%d", (int)getpid());
	snprintf(modules, sizeof(modules), "/tmp/modules.%d", (int)getpid());
}

static void remove_files(void)
{
	unlink(kallsyms);
	unlink(modules);
}

static void put(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		abort();
}

static void put_text(const char *path, const char *text)
{
	put(path, text, strlen(text));
}

static struct symbols *open_files(const char *k, const char *m)
{
	struct symbols *s = NULL;

	if (symbols_open_file(k, m, &s) < 0)
		abort();
	return s;
}

static struct symbols *open_text(const char *text)
{
	make_files();
	put_text(kallsyms, text);
	return open_files(kallsyms, modules);
}

static void close_text(struct symbols *s)
{
	symbols_close(s);
	remove_files();
}

/* symbol NULL: unknown; module NULL: so is that. */
static void check_find_at(struct symbols *s, __u64 addr, __u64 from_ns, __u64 to_ns,
			  const char *symbol, __u64 offset, const char *module)
{
	struct event_frame frame;
	bool known;

	memset(&frame, 0xa5, sizeof(frame));
	known = symbols_find(s, addr, from_ns, to_ns, &frame);
	/* Symbols of modules are read in a tenth of the time at most: on a busy host it is not yet
	 * time. */
	for (int i = 0; i < 500 && symbol && !known; i++) {
		usleep(10000);
		known = symbols_find(s, addr, from_ns, to_ns, &frame);
	}
	CHECK(frame.address == addr);
	if (!symbol) {
		CHECK_MSG(!known && !frame.symbol[0] && frame.offset == 0 &&
				  strcmp(frame.module, module ?: "") == 0,
			  "%llx is %s [%s]", (unsigned long long)addr, frame.symbol, frame.module);
		return;
	}
	CHECK_MSG(known && strcmp(frame.symbol, symbol) == 0 && frame.offset == offset &&
			  strcmp(frame.module, module) == 0,
		  "%llx is %s+%llx [%s]", (unsigned long long)addr, frame.symbol,
		  (unsigned long long)frame.offset, frame.module);
}

static void check_find(struct symbols *s, __u64 addr, const char *symbol, __u64 offset,
		       const char *module)
{
	check_find_at(s, addr, NOW, NOW, symbol, offset, module);
}

static void lookups(void)
{
	struct symbols *s = open_files("data/kallsyms", "data/modules");

	CHECK_EQ(symbols_state(s), SYMBOLS_READY);
	CHECK(!symbols_state_text(symbols_state(s)));
	CHECK_EQ(symbols_count(s), 22);
	check_find(s, 0, NULL, 0, NULL);
	check_find(s, 0xffffffff80ffffff, NULL, 0, NULL);
	check_find(s, 0xffffffff81000000, "_stext", 0, ""); /* the first of two */
	check_find(s, 0xffffffff8100003f, "_stext", 0x3f, "");
	check_find(s, 0xffffffff81000040, "startup_64", 0, "");
	check_find(s, 0xffffffff813011ff, "get_page_from_freelist", 0x11ff, "");
	check_find(s, 0xffffffff81301200, "__alloc_pages_nodemask", 0, "");
	check_find(s, 0xffffffff81301501, "arch_weak_default", 1, "");
	check_find(s, 0xffffffff81301541, "local_weak", 1, "");
	check_find(s, 0xffffffff81301590,
		   "a_name_that_is_longer_than_a_frame_has_room_for_and_is_cut_ther", 0x10, "");
	check_find(s, 0xffffffffffffffff, NULL, 0, NULL);
	symbols_close(s);
}

static void module_lookups(void)
{
	struct symbols *s = open_files("data/kallsyms", "data/modules");

	check_find(s, 0xffffffffc0201000, "e1000_clean", 0, "e1000");
	check_find(s, 0xffffffffc0201401, "e1000_clean_rx_irq", 1, "e1000"); /* out of order */
	check_find(s, 0xffffffffc0201900, "e1000_alloc_rx_buffers", 0x100, "e1000");
	check_find(s, 0xffffffffc02027ff, "e1000_alloc_rx_buffers", 0xfff, "e1000");
	/* Behind the last symbol by more than a page: of e1000 still, by the list of modules. */
	check_find(s, 0xffffffffc0202800, NULL, 0, "e1000");
	check_find(s, 0xffffffffc0206010, "maze_ioctl", 0x10, "maze");
	check_find(s, 0xffffffffc0206101, "module_with_a_name", 1,
		   "a_module_whose_name_is_longer_t");
	check_find(s, 0xffffffffc0100010, "bpf_prog_6deef7357e7b4530_lab_alloc_done", 0x10,
		   "[bpf]");
	check_find(s, 0xffffffffc0102010, "bpf_trampoline_6442508829", 0x10, "[bpf]");
	check_find(s, 0xffffffffc0400001, "ftrace_trampoline", 1, "[ftrace]");
	check_find(s, 0xffffffffc0401001, "kprobe_insn_page", 1, "[kprobes]");
	symbols_close(s);
}

static void bounds(void)
{
	struct symbols *s = open_files("data/kallsyms", "data/modules");

	/* Too far behind a symbol to belong to it. */
	check_find(s, 0xffffffff8143ffff, "before_a_gap", 0x3ffff, "");
	check_find(s, 0xffffffff81440000, NULL, 0, NULL);
	/* Not in the list of modules: of what is behind it nothing is known. */
	check_find(s, 0xffffffffc02070ff, "module_with_a_name", 0xfff,
		   "a_module_whose_name_is_longer_t");
	check_find(s, 0xffffffffc0209fff, NULL, 0, "maze");
	check_find(s, 0xffffffffc0400fff, "ftrace_trampoline", 0xfff, "[ftrace]");
	check_find(s, 0xffffffffc0401fff, "kprobe_insn_page", 0xfff, "[kprobes]");
	check_find(s, 0xffffffffc0402000, NULL, 0, NULL); /* the last of all */
	/* Of no module, 0x2028 behind a trampoline: of a driver that was gone before it was read.
	 */
	check_find(s, 0xffffffffc0402028, NULL, 0, NULL);
	check_find(s, 0xffffffffc0102fff, "bpf_trampoline_6442508829", 0xfff, "[bpf]");
	check_find(s, 0xffffffffc0103000, NULL, 0, NULL);
	/* Where code ends. */
	check_find(s, 0xffffffff81500000, NULL, 0, NULL);
	check_find(s, 0xffffffff81500010, NULL, 0, NULL);
	check_find(s, 0xffffffff82380010, NULL, 0, NULL);
	check_find(s, 0xffffffff82300110, "early_setup", 0x10, "");
	symbols_close(s);
}

static void hidden(void)
{
	struct symbols *s = open_text("0000000000000000 A fixed_percpu_data\n"
				      "0000000000000000 T _stext\n"
				      "0000000000000000 t e1000_clean\t[e1000]\n");

	CHECK_EQ(symbols_state(s), SYMBOLS_HIDDEN);
	/* Which of the two it is goes by the rights of whoever runs this. */
	CHECK(strstr(symbols_state_text(symbols_state(s)), "kptr_restrict") ||
	      strstr(symbols_state_text(symbols_state(s)), "CAP_SYSLOG"));
	CHECK_EQ(symbols_count(s), 0);
	check_find(s, 0, NULL, 0, NULL);
	check_find(s, 0xffffffff81000000, NULL, 0, NULL);
	/* Allowed later. */
	put_text(kallsyms, "ffffffff81000000 T _stext\n");
	CHECK(symbols_refresh(s, SECOND));
	CHECK_EQ(symbols_state(s), SYMBOLS_READY);
	check_find(s, 0xffffffff81000000, "_stext", 0, "");
	close_text(s);
}

static void absent(void)
{
	struct symbols *s = open_files("data/no-such-file", "data/no-such-file");

	CHECK_EQ(symbols_state(s), SYMBOLS_ABSENT);
	CHECK(symbols_state_text(symbols_state(s)) != NULL);
	check_find(s, 0xffffffff81000000, NULL, 0, NULL);
	symbols_close(s);
	s = open_text("");
	CHECK_EQ(symbols_state(s), SYMBOLS_ABSENT);
	close_text(s);
	s = open_files("data", "data"); /* a directory can be opened, but not read */
	CHECK_EQ(symbols_state(s), SYMBOLS_ABSENT);
	symbols_close(s);
	symbols_close(NULL);
}

static void truncated(void)
{
	struct symbols *s = open_text("ffffffff81000000 T whole\nffffffff81000100 T cut_of");

	CHECK_EQ(symbols_state(s), SYMBOLS_READY);
	CHECK_EQ(symbols_count(s), 1);
	check_find(s, 0xffffffff81000100, "whole", 0x100, "");
	close_text(s);
}

static void garbage(void)
{
	static const char text[] =
		"\n \nhello\nffffffff81000000\nffffffff81000000 \nffffffff81000000 T\n"
		"ffffffff81000000 T \nffffffff81000000 TT two\nfffffffff81000000 T seventeen\n"
		" T no_address\nFFFFFFFF81000000 T capitals\n0xffffffff81000000 T prefix\n"
		"ffffffff81000000 T name\tmodule\nffffffff81000000 T name\t[]\n"
		"ffffffff81000000 T name\t[mod\nffffffff81000000 T name\t[mod] more\n"
		"ffffffff81000000 T name\x1b[31m\nffffffff81000000 T na\xc3\xa4me\n"
		"ffffffff81000000 T name\0behind\nffffffff81000200 t good\n";
	struct symbols *s;

	make_files();
	put(kallsyms, text, sizeof(text) - 1);
	s = open_files(kallsyms, modules);
	CHECK_EQ(symbols_state(s), SYMBOLS_READY);
	CHECK_EQ(symbols_count(s), 1);
	check_find(s, 0xffffffff81000200, "good", 0, "");
	close_text(s);
}

static void long_lines(void)
{
	static char text[50000];
	struct symbols *s;
	int n = snprintf(text, sizeof(text), "ffffffff81000000 T first\nffffffff81000100 T ");

	memset(text + n, 'x', 30000);
	snprintf(text + n + 30000, 100, "\nffffffff81000200 T last\n");
	s = open_text(text);
	CHECK_EQ(symbols_count(s), 2); /* that line is left out */
	check_find(s, 0xffffffff81000100, "first", 0x100, "");
	check_find(s, 0xffffffff81000200, "last", 0, "");
	close_text(s);
}

static void mutations(void)
{
	static char good[8192], text[8192];
	FILE *f = fopen("data/kallsyms", "r");
	__u64 seed = 3;
	size_t len;

	if (!f)
		abort();
	len = fread(good, 1, sizeof(good), f);
	fclose(f);
	make_files();
	for (int round = 0; round < 500; round++) {
		struct event_frame frame;
		struct symbols *s;

		memcpy(text, good, len);
		for (int i = 0; i < 1 + round % 40; i++)
			text[test_random(&seed) % len] = (char)test_random(&seed);
		put(kallsyms, text, 1 + test_random(&seed) % len);
		s = open_files(kallsyms, kallsyms);
		for (int i = 0; i < 20; i++)
			symbols_find(s, 0xffffffff81000000 + test_random(&seed) % 0x50000000, 0,
				     test_random(&seed) % (2 * SECOND), &frame);
		symbols_refresh(s, SECOND);
		symbols_close(s);
	}
	remove_files();
}

#define KERNEL "ffffffff81000000 T _stext\n"
#define MAZE_SYMBOL "ffffffffc0206000 t maze_ioctl\t[maze]\n"
#define OTHER_SYMBOL "ffffffffc0206000 t other_ioctl\t[other]\n"

static void modules_come_and_go(void)
{
	struct symbols *s;

	make_files();
	put_text(kallsyms, KERNEL);
	put_text(modules, "");
	s = open_files(kallsyms, modules);
	CHECK(!symbols_refresh(s, 1 * SECOND)); /* nothing happened, nothing was missed */
	/* It comes. */
	put_text(kallsyms, KERNEL MAZE_SYMBOL);
	put_text(modules, "maze 16384 0 - Loading 0xffffffffc0206000 (OE)\n");
	CHECK(!symbols_refresh(s, 1 * SECOND + SECOND / 5 - 1)); /* five times a second */
	CHECK(symbols_refresh(s, 1 * SECOND + SECOND / 5));
	check_find(s, 0xffffffffc0206004, "maze_ioctl", 4, "maze");
	CHECK_EQ(symbols_unloads(s), 0);
	/* It is ready, it is used: only the first of these matters. */
	put_text(modules, "maze 16384 0 - Live 0xffffffffc0206000 (OE)\n");
	CHECK(symbols_refresh(s, 3 * SECOND));
	put_text(modules, "maze 16384 7 user, Live 0xffffffffc0206000 (OE)\n");
	CHECK(!symbols_refresh(s, 4 * SECOND));
	check_find(s, 0xffffffffc0206004, "maze_ioctl", 4, "maze");
	/* Another one in its place. */
	put_text(kallsyms, KERNEL OTHER_SYMBOL);
	put_text(modules, "other 16384 0 - Live 0xffffffffc0206000 (OE)\n");
	CHECK(symbols_refresh(s, 5 * SECOND));
	CHECK_EQ(symbols_unloads(s), 1);
	check_find(s, 0xffffffffc0206004, "other_ioctl", 4, "other");
	/* It goes. */
	put_text(kallsyms, KERNEL);
	put_text(modules, "");
	CHECK(symbols_refresh(s, 6 * SECOND));
	check_find(s, 0xffffffffc0206004, NULL, 0, NULL);
	/* What was there keeps its name, for when it was there. */
	check_find_at(s, 0xffffffffc0206004, 3 * SECOND, 3 * SECOND, "maze_ioctl", 4, "maze");
	check_find_at(s, 0xffffffffc0206004, 5 * SECOND + 1, 6 * SECOND, "other_ioctl", 4, "other");
	/* It went between 4 s and 5 s, when the other one came: either may have been there. */
	check_find_at(s, 0xffffffffc0206004, 4 * SECOND + 1, 4 * SECOND + 1, NULL, 0, NULL);
	check_find_at(s, 0xffffffffc0206004, 1 * SECOND, 7 * SECOND, NULL, 0, NULL);
	/* The other one went between 5 s and 6 s, and nothing came. */
	check_find_at(s, 0xffffffffc0206004, 6 * SECOND - 1, 6 * SECOND - 1, "other_ioctl", 4,
		      "other");
	check_find_at(s, 0xffffffffc0206004, 6 * SECOND, 6 * SECOND, NULL, 0, NULL);
	close_text(s);
}

/* The same module again, at another place, and at the same one. */
static void module_comes_back(void)
{
	struct symbols *s;

	make_files();
	put_text(kallsyms, KERNEL MAZE_SYMBOL);
	put_text(modules, "maze 16384 0 - Live 0xffffffffc0206000 (OE)\n");
	s = open_files(kallsyms, modules);
	check_find(s, 0xffffffffc0206004, "maze_ioctl", 4, "maze");
	put_text(kallsyms, KERNEL "ffffffffc0306000 t maze_ioctl\t[maze]\n");
	put_text(modules, "maze 16384 0 - Live 0xffffffffc0306000 (OE)\n");
	CHECK(symbols_refresh(s, 1 * SECOND));
	check_find(s, 0xffffffffc0206004, NULL, 0, NULL);
	check_find(s, 0xffffffffc0306004, "maze_ioctl", 4, "maze");
	put_text(kallsyms, KERNEL);
	put_text(modules, "");
	CHECK(symbols_refresh(s, 2 * SECOND));
	put_text(kallsyms, KERNEL MAZE_SYMBOL);
	put_text(modules, "maze 16384 0 - Live 0xffffffffc0206000 (OE)\n");
	CHECK(symbols_refresh(s, 3 * SECOND));
	check_find(s, 0xffffffffc0206004, "maze_ioctl", 4, "maze");
	CHECK_EQ(symbols_unloads(s), 2);
	/* At a place that overlaps the old one: of that name in any case, at an unknown symbol. */
	put_text(kallsyms, KERNEL "ffffffffc0207000 t maze_ioctl\t[maze]\n");
	put_text(modules, "maze 16384 0 - Live 0xffffffffc0207000 (OE)\n");
	CHECK(symbols_refresh(s, 4 * SECOND));
	check_find_at(s, 0xffffffffc0207004, 4 * SECOND - 1, 4 * SECOND - 1, NULL, 0, "maze");
	check_find(s, 0xffffffffc0207004, "maze_ioctl", 4, "maze");
	close_text(s);
}

/* What a module allocates as it begins is asked for by code that is gone soon. */
static void initial_code(void)
{
	struct symbols *s;

	make_files();
	put_text(kallsyms, KERNEL MAZE_SYMBOL "ffffffffc0300000 t maze_init\t[maze]\n");
	put_text(modules, "maze 16384 0 - Loading 0xffffffffc0206000 (OE)\n");
	s = open_files(kallsyms, modules);
	check_find(s, 0xffffffffc0300010, "maze_init", 0x10, "maze");
	put_text(modules, "maze 8192 0 - Live 0xffffffffc0206000 (OE)\n");
	CHECK(symbols_refresh(s, 1 * SECOND));
	check_find(s, 0xffffffffc0300010, NULL, 0, NULL);
	check_find(s, 0xffffffffc0206010, "maze_ioctl", 0x10, "maze");
	close_text(s);
}

/*
 * Only what changed is read: one that comes and goes unused is not, and of one that is read the
 * others are not read again.
 */
static void reads_what_changed(void)
{
	struct symbols *s;

	make_files();
	put_text(kallsyms, KERNEL MAZE_SYMBOL);
	put_text(modules, "maze 16384 0 - Live 0xffffffffc0206000 (OE)\n");
	s = open_files(kallsyms, modules);
	/* A file that names everything anew shows what is read of it. */
	put_text(kallsyms, "ffffffff81000000 T renamed\nffffffffc0206000 t renamed\t[maze]\n"
			   "ffffffffc0406000 t other_ioctl\t[other]\n");
	put_text(modules, "other 16384 0 - Live 0xffffffffc0406000 (OE)\n"
			  "maze 16384 0 - Live 0xffffffffc0206000 (OE)\n");
	CHECK(symbols_refresh(s, 1 * SECOND));
	CHECK_EQ(symbols_count(s), 2);
	check_find(s, 0xffffffffc0406004, "other_ioctl", 4, "other");
	CHECK_EQ(symbols_count(s), 3);
	check_find(s, 0xffffffffc0206004, "maze_ioctl", 4, "maze");
	check_find(s, 0xffffffff81000004, "_stext", 4, "");
	/* It is known by its place before anything of it is read. */
	put_text(modules, "third 16384 0 - Live 0xffffffffc0506000 (OE)\n"
			  "other 16384 0 - Live 0xffffffffc0406000 (OE)\n"
			  "maze 16384 0 - Live 0xffffffffc0206000 (OE)\n");
	unlink(kallsyms);
	CHECK(symbols_refresh(s, 2 * SECOND));
	check_find(s, 0xffffffffc0506004, NULL, 0, "third");
	close_text(s);
}

/* Programs are loaded without a sign: an address that nobody knows is one, at growing distances. */
static void unknown_addresses(void)
{
	struct symbols *s = open_text(KERNEL);
	__u64 now = 100 * SECOND;
	unsigned int readings = 0;

	check_find(s, 0xffffffffc0206004, NULL, 0, NULL);
	for (int i = 0; i < 1000; i++, now += SECOND) {
		readings += symbols_refresh(s, now);
		check_find(s, 0xffffffffc0206004, NULL, 0, NULL);
	}
	/* After 0, 2, 6, 14, 30, 62, 126 s and then every 64 s. */
	CHECK_EQ(readings, 7 + (1000 - 1 - 126) / 64);
	put_text(kallsyms, KERNEL "ffffffffc0206000 t bpf_prog_0123456789abcdef_x\t[bpf]\n");
	for (int i = 0; i < 64; i++, now += SECOND)
		symbols_refresh(s, now);
	check_find(s, 0xffffffffc0206004, "bpf_prog_0123456789abcdef_x", 4, "[bpf]");
	/* That was of use, so the next one is looked for at once; address 0 never is. */
	check_find(s, 0xffffffffd0000000, NULL, 0, NULL);
	CHECK(symbols_refresh(s, now += 64 * SECOND));
	check_find(s, 0, NULL, 0, NULL);
	CHECK(!symbols_refresh(s, now + 1000 * SECOND));
	/* What is in the file is gone, and comes back. */
	put_text(kallsyms, "");
	check_find(s, 0xffffffffd0000000, NULL, 0, NULL);
	symbols_refresh(s, now += 2000 * SECOND);
	CHECK_EQ(symbols_state(s), SYMBOLS_PARTIAL); /* of the kernel's own nothing is lost */
	put_text(kallsyms, KERNEL);
	check_find(s, 0xffffffff81000000, "_stext", 0, "");
	check_find(s, 0xffffffffd0000000, NULL, 0, NULL);
	symbols_refresh(s, now + 100 * SECOND);
	CHECK_EQ(symbols_state(s), SYMBOLS_READY);
	check_find(s, 0xffffffff81000000, "_stext", 0, "");
	close_text(s);
}

/* n symbols of 25 characters, a tenth of them in modules; backwards, so that they must be sorted.
 */
static void put_many(unsigned int n)
{
	FILE *f = fopen(kallsyms, "w");

	if (!f)
		abort();
	for (unsigned int i = n; i-- > 0;)
		fprintf(f, "%016llx t a_function_with_no_%06u%s\n",
			0xffffffff81000000ULL + i * 64ULL, i,
			i % 10	 ? ""
			: i % 20 ? "\t[one]"
				 : "\t[two]");
	if (fclose(f))
		abort();
}

static void size(void)
{
	struct symbols *s;
	size_t bytes;

	make_files();
	put_many(200000);
	s = open_files(kallsyms, modules);
	CHECK_EQ(symbols_count(s), 200000);
	bytes = symbols_bytes(s);
	CHECK_MSG(bytes < 12 << 20, "200000 symbols take %zu bytes", bytes);
	check_find(s, 0xffffffff81000000 + 123456 * 64 + 5, "a_function_with_no_123456", 5, "");
	check_find(s, 0xffffffff81000000 + 123450 * 64 + 5, "a_function_with_no_123450", 5, "one");
	check_find(s, 0xffffffff81000000 + 123440 * 64 + 5, "a_function_with_no_123440", 5, "two");
	/* Reading again takes no more. */
	check_find(s, 1, NULL, 0, NULL);
	CHECK(symbols_refresh(s, SECOND));
	CHECK_EQ(symbols_bytes(s), bytes);
	close_text(s);
}

static void too_many(void)
{
	struct symbols *s;

	make_files();
	put_many(1200000); /* 1 080 000 of the kernel itself */
	s = open_files(kallsyms, modules);
	CHECK_EQ(symbols_state(s), SYMBOLS_PARTIAL);
	CHECK(symbols_count(s) > 1 << 19 && symbols_count(s) < 1200000);
	CHECK(symbols_bytes(s) <= 64 << 20);
	close_text(s);
}

static const struct test_case cases[] = {
	{"lookups", lookups},
	{"module_lookups", module_lookups},
	{"bounds", bounds},
	{"hidden", hidden},
	{"absent", absent},
	{"truncated", truncated},
	{"garbage", garbage},
	{"long_lines", long_lines},
	{"mutations", mutations},
	{"modules_come_and_go", modules_come_and_go},
	{"module_comes_back", module_comes_back},
	{"initial_code", initial_code},
	{"reads_what_changed", reads_what_changed},
	{"unknown_addresses", unknown_addresses},
	{"size", size},
	{"too_many", too_many},
};

TEST_MAIN("symbols", cases)
