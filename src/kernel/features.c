// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * features.c - probes the running kernel. One table a question; nothing here is attached.
 *
 * Order of preference: BTF of functions, types and per-cpu variables; then symbols. A version
 * number is never looked at: stable series and distributions move features across it.
 */
#include "kernel/features.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "base/exits.h"
#include "kernel/btf.h"
#include "kernel/btf_subset.h"
#include "kernel/address.h"
#include "kernel/preempt.h"
#include "wire/counts.h"
#include "wire/request.h"
#include "base/util.h"
#include "model/rules.h"

/*
 * Functions by their names, newest first; the first one that BTF has is taken. From 6.14 on the
 * second name of the entry is a wrapper around the first. is_tracepoint: by its arguments in BTF.
 */
static const struct target {
	const char *name[4];
	bool is_tracepoint;
} targets[TARGETS] = {
	[TARGET_ENTRY] = {.name = {"__alloc_frozen_pages_noprof", /* 6.14 */
				   "__alloc_pages_noprof",	  /* 6.10 */
				   "__alloc_pages",		  /* 5.13 */
				   "__alloc_pages_nodemask"}},
	[TARGET_END] = {.name = {"mm_page_alloc"}, .is_tracepoint = true},
	[TARGET_LOCKED] = {.name = {"mm_page_alloc_zone_locked"}, .is_tracepoint = true},
	[TARGET_WAKE] = {.name = {"wakeup_kswapd"}},
	[TARGET_WARN] = {.name = {"warn_alloc"}},
	[TARGET_MOVE] = {.name = {"move_freepages_block"}},
	[TARGET_UNRESERVE] = {.name = {"unreserve_highatomic_pageblock"}},
	[TARGET_BULK] = {.name = {"alloc_pages_bulk_noprof", /* 6.10 */
				  "__alloc_pages_bulk"}},    /* 5.13; no bulk allocator before */
	/* Where PG_anon_exclusive is set on a new page; the flag itself came in 5.19. */
	[TARGET_ANON] = {.name = {"folio_add_new_anon_rmap", "page_add_new_anon_rmap"}},
};

static void find_function(const struct kernel_btf *btf, const struct target *t,
			  struct kernel_target_found *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(t->name) && t->name[i] && !ret->name; i++) {
		const struct btf_type *proto = kernel_btf_func_proto(btf, t->name[i]);

		if (!proto)
			continue;
		ret->name = t->name[i];
		ret->args = BTF_INFO_VLEN(proto->info);
	}
}

static void find_targets(struct features *f)
{
	for (int id = 0; id < TARGETS; id++) {
		const struct target *t = &targets[id];

		if (!t->is_tracepoint) {
			find_function(f->btf, t, &f->target[id]);
			continue;
		}
		f->target[id].args = kernel_btf_tracepoint_args(f->btf, t->name[0]);
		/* Requests end by their tracepoint everywhere, in BTF or not. */
		if (f->target[id].args || id == TARGET_END)
			f->target[id].name = t->name[0];
	}
}

static void drop_target(struct features *f, enum kernel_target id)
{
	f->target[id].name = NULL;
}

static void probe_symbols(struct features *f)
{
	struct kernel_symbols sym = {0};
	struct lab_knobs *k = &f->knobs;

	/* Either the array of nodes or the only one itself. What is not there is looked for
	 * longest.
	 */
	if (!kernel_btf_member(f->btf, "zone", "node") ||
	    !kernel_symbol(&sym, SYM_NODE_DATA, &k->node_data)) {
		if (!kernel_symbol(&sym, SYM_CONTIG_PAGE_DATA, &k->contig_page_data))
			kernel_symbol(&sym, SYM_NODE_DATA, &k->node_data);
	}
	preempt_find_count(k, f->btf, f->machine, &sym);
}

static __u32 log2_floor(__u32 v)
{
	return v ? 31 - __builtin_clz(v) : 0;
}

/* Highest node + 1 of a list such as "0-3" or "0,2". */
static __u32 nodes_of(const char *path)
{
	char buf[256];
	char *last;

	if (read_text(path, buf, sizeof(buf)) <= 0)
		return 1;
	last = buf + strcspn(buf, "");
	while (last > buf && last[-1] != ',' && last[-1] != '-')
		last--;
	return (__u32)strtoul(last, NULL, 10) + 1;
}

/*
 * Where page->flags keeps node and zone (linux/page-flags-layout.h, with SPARSEMEM_VMEMMAP, which
 * every 64-bit distribution kernel has): [NODE][ZONE]...[FLAGS] from the top.
 */
static void probe_page_layout(struct features *f)
{
	struct lab_knobs *k = &f->knobs;
	int zones = kernel_btf_enum_value(f->btf, "zone_type", "__MAX_NR_ZONES");
	__u32 refs = kernel_btf_member_elems(f->btf, "zonelist", "_zonerefs");
	__u32 node_bits, zone_bits;

	k->nodes = nodes_of("/sys/devices/system/node/possible");
	f->memory_nodes = nodes_of("/sys/devices/system/node/has_memory");
	k->zones_per_node = zones > 0 ? (__u32)zones : 0;
	if (zones <= 0 || zones > LAB_MAX_NR_ZONES || refs < 2)
		return;
	node_bits = log2_floor((refs - 1) / (__u32)zones);
	zone_bits = zones == 1 ? 0 : log2_floor((__u32)zones - 1) + 1;
	k->page_node_mask = (1U << node_bits) - 1;
	k->page_node_shift = node_bits ? 64 - node_bits : 0;
	k->page_zone_mask = (1U << zone_bits) - 1;
	k->page_zone_shift = 64 - node_bits - zone_bits;
}

static __u32 pageblock_pages(void)
{
	char buf[32];
	__u64 bytes;

	/* pageblock_order is the huge page's order where there are huge pages, else the maximum. */
	if (read_text("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", buf, sizeof(buf)) > 0 &&
	    !parse_u64(buf, 1, 1ULL << 40, &bytes))
		return (__u32)(bytes / (__u64)sysconf(_SC_PAGESIZE));
	return 512;
}

/* 6.12: (zone, page, old type, new type); before: (zone, page, type, int *). */
static void probe_move(struct features *f)
{
	const struct kernel_target_found *move = &f->target[TARGET_MOVE];
	const struct btf_type *proto, *last;

	if (!move->name || move->args != 4) {
		drop_target(f, TARGET_MOVE);
		return;
	}
	proto = kernel_btf_func_proto(f->btf, move->name);
	last = kernel_btf_type(f->btf, ((const struct btf_param *)(proto + 1))[3].type);
	f->knobs.move_has_old = !last || BTF_INFO_KIND(last->info) != BTF_KIND_PTR;
	/* What moves to another type is seen by both then: one of them is enough. */
	if (f->knobs.move_has_old)
		drop_target(f, TARGET_UNRESERVE);
}

static void probe_functions(struct features *f)
{
	probe_move(f);
	if (kernel_btf_enum_value(f->btf, "pageflags", "PG_anon_exclusive") < 0)
		drop_target(f, TARGET_ANON);
	f->knobs.bulk_args = f->target[TARGET_BULK].args;
	f->knobs.anon_args = f->target[TARGET_ANON].args;
}

/*
 * What follows from the architecture. Where x86 and others have ftrace call a kprobe at the entry
 * of a function, arm64 puts a BRK there (no HAVE_KPROBES_ON_FTRACE up to 7.3), an exception with
 * all interrupts masked. What pstate tells there of whom it interrupted is not proven, and with
 * pseudo-NMI interrupts are masked by priority (arch/arm64/include/asm/ptrace.h:
 * interrupts_enabled).
 */
static void probe_machine(struct features *f)
{
	bool arm64 = !strcmp(f->machine, "aarch64"), x86 = !strcmp(f->machine, "x86_64");

	f->proven = arm64 || x86;
	f->kprobe_traps = arm64;
	f->kprobe_flags = x86;
}

static void probe_allocator(struct features *f)
{
	struct lab_knobs *k = &f->knobs;
	__u32 orders = kernel_btf_member_elems(f->btf, "zone", "free_area");
	int cma = kernel_btf_enum_value(f->btf, "migratetype", "MIGRATE_CMA");
	bool has_hot;

	k->cma_type = cma > 0 ? (__u32)cma : 0;
	k->max_order = orders ? orders - 1 : 10;
	/* The list's type is an argument since the tracepoint got percpu_refill, 5.19. */
	k->locked_by_index = f->target[TARGET_LOCKED].args == 3;
	/* 7.3 gave the entry function the alloc_flags, and the fast path the right to the reserve.
	 */
	k->eligible_fast = f->target[TARGET_ENTRY].args >= 5;
	f->nolock = kernel_btf_func_proto(f->btf, "alloc_pages_nolock_noprof") ||
		    kernel_btf_func_proto(f->btf, "alloc_frozen_pages_nolock_noprof") ||
		    kernel_btf_func_proto(f->btf, "try_alloc_pages_noprof");
	k->harder_by_bit = f->rules.harder_by_bit;
	k->harder_alone_dips = f->rules.harder_alone_dips;
	k->reserve_by_any_right = f->rules.reserve_by_any_right;
	/* ALLOC_NOLOCK of mm/page_alloc.h, which is in no BTF. */
	k->nolock_flag = f->target[TARGET_ENTRY].args >= 5 ? 0x400 : 0;
	k->nolock_apart = f->nolock && !k->nolock_flag;
	f->rt = kernel_btf_member(f->btf, "task_struct", "softirq_disable_cnt") != NULL;
	/* A variable in BTF, and the one that the fast programs take it for. */
	has_hot = kernel_btf_find(f->btf, "pcpu_hot", BTF_KIND_STRUCT);
	f->fast = !f->rt && k->preempt_count_how == (has_hot ? LAB_PC_HOT : LAB_PC_VAR);
	k->rcu_nesting = kernel_btf_member(f->btf, "task_struct", "rcu_read_lock_nesting") != NULL;
	probe_machine(f);
	f->pageblock_pages = pageblock_pages();
}

/* libbpf has error codes of its own, for files that are no BTF. */
static const char *btf_strerror(int error, char *buf, size_t size)
{
	libbpf_strerror(error, buf, size);
	return buf;
}

/* By libbpf: from a file of any kind, or from where else a kernel's BTF may be. */
static int load_btf_file(const char *path, struct kernel_btf **ret)
{
	struct btf *btf = path ? btf__parse(path, NULL) : btf__load_vmlinux_btf();
	const void *data;
	__u32 size;
	int r;

	if (!btf)
		return -errno;
	data = btf__raw_data(btf, &size);
	r = data ? kernel_btf_new(data, size, ret) : -ENOMEM;
	btf__free(btf);
	return r;
}

static int load_btf(struct features *f, const char *btf_path)
{
	const char *path = btf_path ?: "/sys/kernel/btf/vmlinux";
	char why[128];
	int r = btf_path ? -ENOENT : kernel_btf_open(&f->btf);

	if (r == -ENOENT || r == -EINVAL)
		r = load_btf_file(btf_path, &f->btf);
	if (!r)
		return 0;
	if (error_is_lack(r))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot read BTF from %s: %s; %s", path,
			       strerror(-r), error_lack_advice(r));
	if (btf_path)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot read BTF from %s: %s", path,
			       btf_strerror(-r, why, sizeof(why)));
	if (r == -EACCES || r == -EPERM)
		return log_err(FAIL(LAB_EXIT_PRIVILEGE), "cannot read BTF from %s: %s", path,
			       strerror(-r));
	return log_err(FAIL(LAB_EXIT_UNSUPPORTED),
		       "kernel %s has no BTF (/sys/kernel/btf/vmlinux): boot one built with "
		       "CONFIG_DEBUG_INFO_BTF, or give its BTF with --btf FILE",
		       f->release);
}

/*
 * Offsets of another kernel would be read as if they were this one's, and nothing would tell. 0 or
 * FAIL().
 */
static int check_own(const struct features *f, const char *btf_path)
{
	_cleanup_(kernel_btf_freep) struct kernel_btf *own = NULL;

	if (!btf_path || kernel_btf_open(&own) || kernel_btf_same(f->btf, own))
		return 0;
	return log_err(FAIL(LAB_EXIT_USAGE),
		       "--btf %s is not of the running kernel (%s), whose own types are in "
		       "/sys/kernel/btf/vmlinux: leave out --btf",
		       btf_path, f->release);
}

/* What the kernel knows its functions and variables by: ids in its own BTF, not in a file. */
static void find_ids(struct features *f, bool from_file)
{
	_cleanup_(kernel_btf_freep) struct kernel_btf *file = NULL;
	const struct kernel_btf *own = f->btf;

	if (from_file) {
		if (kernel_btf_open(&file))
			return;
		own = file;
	}
	for (int id = 0; id < TARGETS; id++)
		if (f->target[id].name && !targets[id].is_tracepoint)
			f->target[id].btf_id =
				kernel_btf_find(own, f->target[id].name, BTF_KIND_FUNC);
	if (f->knobs.preempt_count_how == LAB_PC_HOT)
		f->count_variable = kernel_btf_find(own, "pcpu_hot", BTF_KIND_VAR);
	else if (f->knobs.preempt_count_how == LAB_PC_VAR)
		f->count_variable = kernel_btf_find(own, "__preempt_count", BTF_KIND_VAR);
}

static void probe_rules(struct features *f, const struct utsname *u)
{
	struct kernel_release release = release_parse(u->release, u->version);
	struct verdict_rules before, after;

	f->rules = rules_of_release(&release);
	f->rules.page_kib = (unsigned int)(sysconf(_SC_PAGESIZE) / 1024);
	f->rules_in_doubt = rules_in_doubt(&release, &before, &after);
}

int features_of(struct features *f, const struct utsname *u, const char *btf_path)
{
	int r;

	memset(f, 0, sizeof(*f));
	memcpy(f->release, u->release, sizeof(f->release));
	memcpy(f->machine, u->machine, sizeof(f->machine));
	memcpy(f->host, u->nodename, sizeof(f->host));
	text_clean(f->host);
	probe_rules(f, u);
	r = load_btf(f, btf_path);
	if (r)
		return r;
	find_targets(f);
	if (!f->target[TARGET_ENTRY].name)
		return log_err(FAIL(LAB_EXIT_UNSUPPORTED),
			       "no known entry function in this kernel's BTF (looked for %s, %s, "
			       "%s, %s): kernel %s is older than 5.10 or newer than this labyrinth",
			       targets[TARGET_ENTRY].name[0], targets[TARGET_ENTRY].name[1],
			       targets[TARGET_ENTRY].name[2], targets[TARGET_ENTRY].name[3],
			       f->release);
	probe_symbols(f);
	probe_functions(f);
	preempt_probe(&f->knobs, f->btf);
	probe_page_layout(f);
	probe_allocator(f);
	return 0;
}

int features_probe(struct features *f, const char *btf_path)
{
	struct utsname u;
	int r;

	uname(&u);
	r = features_of(f, &u, btf_path);
	if (!r)
		r = check_own(f, btf_path);
	if (!r)
		find_ids(f, btf_path);
	return r;
}

int features_types(struct features *f, const char *const *names, size_t n)
{
	_cleanup_(closep) int fd = memfd_create("labyrinth-types", MFD_CLOEXEC);
	_cleanup_(freep) void *data = NULL;
	size_t size;
	int r;

	if (fd < 0)
		return -errno;
	r = kernel_btf_subset(f->btf, names, n, &data, &size);
	if (r)
		return r;
	if (write(fd, data, size) != (ssize_t)size)
		return -EIO;
	snprintf(f->types_path, sizeof(f->types_path), "/proc/self/fd/%d", fd);
	f->types_fd = fd;
	fd = -1;
	kernel_btf_free(f->btf);
	f->btf = NULL;
	return 0;
}

void features_free(struct features *f)
{
	kernel_btf_free(f->btf);
	f->btf = NULL;
	if (f->types_path[0])
		close(f->types_fd);
	f->types_path[0] = '\0';
}

void features_lockdown(char *buf, size_t size)
{
	char text[128];
	char *begin, *end;

	snprintf(buf, size, "unknown");
	if (read_text("/sys/kernel/security/lockdown", text, sizeof(text)) <= 0)
		return;
	begin = strchr(text, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (end)
		snprintf(buf, size, "%.*s", (int)(end - begin - 1), begin + 1);
}

bool features_privileged(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
	__u64 caps;

	/* Needs no file: neither a hidden /proc nor too many open files look like a missing right.
	 */
	if (syscall(SYS_capget, &head, data))
		return false;
	caps = data[0].effective | (__u64)data[1].effective << 32;
	if (caps & (1ULL << CAP_SYS_ADMIN))
		return true;
	return caps & (1ULL << CAP_PERFMON) && caps & (1ULL << CAP_BPF);
}

void features_obstacle(char *buf, size_t size)
{
	char lockdown[32];

	buf[0] = '\0';
	features_lockdown(lockdown, sizeof(lockdown));
	if (!features_privileged())
		snprintf(buf, size, "needs root (CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON)");
	else if (!strcmp(lockdown, "confidentiality"))
		snprintf(buf, size,
			 "kernel lockdown mode is confidentiality, which forbids reading kernel "
			 "memory: boot with lockdown=integrity or none");
}
