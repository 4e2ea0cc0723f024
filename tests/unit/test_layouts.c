// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_layouts.c - kernels that users run and that cannot be booted here: what kernel/features.c
 * makes of their BTF, described in layouts/, and of their release. Each gets the right functions,
 * knobs and rules, or a refusal that names what was looked for. The descriptions are of the release
 * that a distribution starts from, and of what later ones have where it takes parts over; its own
 * kernels were not looked at.
 */
#include <sys/utsname.h>
#include <unistd.h>

#include "stderr.h"
#include "test.h"

#include "base/exits.h"
#include "base/util.h"
#include "kernel/address.h"
#include "kernel/features.h"
#include "kernel/preempt.h"

/* Instead of this machine's own symbols: every kernel has them. */
bool __wrap_kernel_symbol(struct kernel_symbols *s, enum kernel_symbol_id id, __u64 *ret_address);
bool __wrap_kernel_symbol(struct kernel_symbols *s, enum kernel_symbol_id id, __u64 *ret_address)
{
	(void)s;
	*ret_address = 0xffffffff80000000ULL + 0x1000 * (id + 1);
	return true;
}

struct layout {
	const char *name, *release, *machine;
	const char *entry, *bulk, *move, *unreserve, *anon;
	unsigned int entry_args, bulk_args, max_order;
	bool locked_by_index, move_has_old, preempt_known, fast, kprobe_traps, kprobe_flags, proven;
	__u32 count_how;
	const char *rules;
	bool in_doubt;
};

#define OLD "Linux up to 6.2"
#define NEW "Linux 6.3 and later"
#define UNRESERVE "unreserve_highatomic_pageblock"
#define MOVE "move_freepages_block"

static const struct layout layouts[] = {
	{.name = "rhel8",
	 .release = "4.18.0-553.el8_10.x86_64",
	 .machine = "x86_64",
	 .entry = "__alloc_pages_nodemask",
	 .entry_args = 4,
	 .move = MOVE,
	 .unreserve = UNRESERVE,
	 .max_order = 10,
	 .locked_by_index = true,
	 .kprobe_flags = true,
	 .proven = true,
	 .count_how = LAB_PC_ADDRESS,
	 .rules = OLD},
	{.name = "rhel9",
	 .release = "5.14.0-70.13.1.el9_0.x86_64",
	 .machine = "x86_64",
	 .entry = "__alloc_pages",
	 .entry_args = 4,
	 .bulk = "__alloc_pages_bulk",
	 .bulk_args = 6,
	 .move = MOVE,
	 .unreserve = UNRESERVE,
	 .max_order = 10,
	 .locked_by_index = true,
	 .preempt_known = true,
	 .fast = true,
	 .kprobe_flags = true,
	 .proven = true,
	 .count_how = LAB_PC_VAR,
	 .rules = OLD,
	 .in_doubt = true},
	{.name = "rhel9_late",
	 .release = "5.14.0-570.el9.x86_64",
	 .machine = "x86_64",
	 .entry = "__alloc_pages_noprof",
	 .entry_args = 4,
	 .bulk = "alloc_pages_bulk_noprof",
	 .bulk_args = 6,
	 .move = MOVE,
	 .anon = "folio_add_new_anon_rmap",
	 .max_order = 10,
	 .move_has_old = true,
	 .preempt_known = true,
	 .fast = true,
	 .kprobe_flags = true,
	 .proven = true,
	 .count_how = LAB_PC_VAR,
	 .rules = OLD,
	 .in_doubt = true},
	{.name = "ubuntu_5_15",
	 .release = "5.15.0-91-generic",
	 .machine = "x86_64",
	 .entry = "__alloc_pages",
	 .entry_args = 4,
	 .bulk = "__alloc_pages_bulk",
	 .bulk_args = 6,
	 .move = MOVE,
	 .unreserve = UNRESERVE,
	 .max_order = 10,
	 .locked_by_index = true,
	 .fast = true,
	 .kprobe_flags = true,
	 .proven = true,
	 .count_how = LAB_PC_VAR,
	 .rules = OLD,
	 .in_doubt = true},
	{.name = "ubuntu_6_8",
	 .release = "6.8.0-45-generic",
	 .machine = "x86_64",
	 .entry = "__alloc_pages",
	 .entry_args = 4,
	 .bulk = "__alloc_pages_bulk",
	 .bulk_args = 6,
	 .move = MOVE,
	 .unreserve = UNRESERVE,
	 .anon = "folio_add_new_anon_rmap",
	 .max_order = 10,
	 .preempt_known = true,
	 .fast = true,
	 .kprobe_flags = true,
	 .proven = true,
	 .count_how = LAB_PC_HOT,
	 .rules = NEW},
	/* Its name has the patch level: 6.1.116 took the reworked reserves over. */
	{.name = "amazon_6_1",
	 .release = "6.1.115-126.197.amzn2023.x86_64",
	 .machine = "x86_64",
	 .entry = "__alloc_pages",
	 .entry_args = 4,
	 .bulk = "__alloc_pages_bulk",
	 .bulk_args = 6,
	 .move = MOVE,
	 .unreserve = UNRESERVE,
	 .anon = "page_add_new_anon_rmap",
	 .max_order = 10,
	 .fast = true,
	 .kprobe_flags = true,
	 .proven = true,
	 .count_how = LAB_PC_VAR,
	 .rules = OLD},
	{.name = "amazon_6_1",
	 .release = "6.1.141-155.222.amzn2023.x86_64",
	 .machine = "x86_64",
	 .entry = "__alloc_pages",
	 .entry_args = 4,
	 .bulk = "__alloc_pages_bulk",
	 .bulk_args = 6,
	 .move = MOVE,
	 .unreserve = UNRESERVE,
	 .anon = "page_add_new_anon_rmap",
	 .max_order = 10,
	 .fast = true,
	 .kprobe_flags = true,
	 .proven = true,
	 .count_how = LAB_PC_VAR,
	 .rules = NEW},
	{.name = "android_6_1",
	 .release = "6.1.75-android14-11-g9d327d5a1b9e",
	 .machine = "aarch64",
	 .entry = "__alloc_pages",
	 .entry_args = 4,
	 .bulk = "__alloc_pages_bulk",
	 .bulk_args = 6,
	 .move = MOVE,
	 .unreserve = UNRESERVE,
	 .anon = "page_add_new_anon_rmap",
	 .max_order = 10,
	 .preempt_known = true,
	 .kprobe_traps = true,
	 .proven = true,
	 .count_how = LAB_PC_THREAD_INFO,
	 .rules = OLD},
	{.name = "arm64_64k",
	 .release = "6.12.0-55.9.1.el10_0.aarch64+64k",
	 .machine = "aarch64",
	 .entry = "__alloc_pages_noprof",
	 .entry_args = 4,
	 .bulk = "alloc_pages_bulk_noprof",
	 .bulk_args = 6,
	 .move = MOVE,
	 .max_order = 13,
	 .move_has_old = true,
	 .kprobe_traps = true,
	 .proven = true,
	 .count_how = LAB_PC_THREAD_INFO,
	 .rules = NEW},
	{.name = "riscv",
	 .release = "6.12.31-riscv64",
	 .machine = "riscv64",
	 .entry = "__alloc_pages_noprof",
	 .entry_args = 4,
	 .bulk = "alloc_pages_bulk_noprof",
	 .bulk_args = 6,
	 .move = MOVE,
	 .max_order = 10,
	 .move_has_old = true,
	 .count_how = LAB_PC_THREAD_INFO,
	 .rules = NEW},
};

static int read_layout(struct features *f, const struct layout *l)
{
	struct utsname u = {.nodename = "test", .version = "#1 SMP"};
	char path[512];

	snprintf(u.release, sizeof(u.release), "%s", l->release);
	snprintf(u.machine, sizeof(u.machine), "%s", l->machine);
	snprintf(path, sizeof(path), "%s/%s.o", LAYOUTS, l->name);
	return features_of(f, &u, path);
}

static void check_name(const struct layout *l, const char *what, const char *got, const char *want)
{
	CHECK_MSG(!strcmp(got ?: "none", want ?: "none"), "%s (%s): %s is %s, not %s", l->name,
		  l->release, what, got ?: "none", want ?: "none");
}

static void check_number(const struct layout *l, const char *what, __u32 got, __u32 want)
{
	CHECK_MSG(got == want, "%s (%s): %s is %u, not %u", l->name, l->release, what, got, want);
}

static void check_targets(const struct layout *l, const struct features *f)
{
	check_name(l, "entry", f->target[TARGET_ENTRY].name, l->entry);
	check_name(l, "end", f->target[TARGET_END].name, "mm_page_alloc");
	check_name(l, "wake", f->target[TARGET_WAKE].name, "wakeup_kswapd");
	check_name(l, "bulk", f->target[TARGET_BULK].name, l->bulk);
	check_name(l, "move", f->target[TARGET_MOVE].name, l->move);
	check_name(l, "unreserve", f->target[TARGET_UNRESERVE].name, l->unreserve);
	check_name(l, "anon", f->target[TARGET_ANON].name, l->anon);
	check_number(l, "arguments of entry", f->target[TARGET_ENTRY].args, l->entry_args);
	check_number(l, "arguments of bulk", f->knobs.bulk_args, l->bulk_args);
}

static void check_rest(const struct layout *l, const struct features *f)
{
	check_number(l, "locked_by_index", f->knobs.locked_by_index, l->locked_by_index);
	check_number(l, "move_has_old", f->knobs.move_has_old, l->move_has_old);
	check_number(l, "max_order", f->knobs.max_order, l->max_order);
	check_number(l, "irq_mask", f->knobs.irq_mask, 0x00ff0000);
	check_number(l, "preempt_known", f->knobs.preempt_known, l->preempt_known);
	check_number(l, "preempt_count", f->knobs.preempt_count_how, l->count_how);
	check_number(l, "eligible_fast", f->knobs.eligible_fast, 0);
	check_number(l, "nolock", f->nolock, 0);
	check_number(l, "fast", f->fast, l->fast);
	check_number(l, "kprobe_traps", f->kprobe_traps, l->kprobe_traps);
	check_number(l, "kprobe_flags", f->kprobe_flags, l->kprobe_flags);
	check_number(l, "proven", f->proven, l->proven);
	check_name(l, "rules", rules_name(&f->rules), l->rules);
	check_number(l, "rules in doubt", f->rules_in_doubt, l->in_doubt);
}

static void every_layout(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		struct features f;
		int r = read_layout(&f, &layouts[i]);

		check_number(&layouts[i], "refused", (__u32)r, 0);
		if (!r) {
			check_targets(&layouts[i], &f);
			check_rest(&layouts[i], &f);
		}
		features_free(&f);
	}
}

/* All names that were looked for, and the release: what an issue needs. */
static void unknown_entry(void)
{
	static const struct layout renamed = {
		.name = "renamed", .release = "8.1.0", .machine = "x86_64"};
	struct features f;
	char said[512];
	int r;

	stderr_catch();
	r = read_layout(&f, &renamed);
	stderr_release(said, sizeof(said));
	features_free(&f);
	CHECK_EQ(r, FAIL(LAB_EXIT_UNSUPPORTED));
	CHECK_MSG(strstr(said, "no known entry function") && strstr(said, "__alloc_pages_noprof") &&
			  strstr(said, "8.1.0"),
		  "said: %s", said);
}

static const struct test_case cases[] = {
	{"every-layout", every_layout},
	{"unknown-entry", unknown_entry},
};

TEST_MAIN("layouts", cases)
