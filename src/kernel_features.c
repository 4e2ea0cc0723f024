// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * kernel_features.c - probes the running kernel. One table a question; nothing here is attached.
 *
 * Order of preference: BTF of functions, types and per-cpu variables; then symbols. A version
 * number is never looked at: stable series and distributions move features across it.
 */
#include "kernel_features.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "exits.h"
#include "kernel_btf.h"
#include "kernel_symbol.h"
#include "labyrinth.h"
#include "util.h"

/* Newest first. From 6.14 on the second one is a wrapper around the first: only one may be taken.
 */
static const char *const entry_names[] = {
	"__alloc_frozen_pages_noprof", /* 6.14 */
	"__alloc_pages_noprof",	       /* 6.10 */
	"__alloc_pages",	       /* 5.13 */
	"__alloc_pages_nodemask",
};

static const char *const bulk_names[] = {
	"alloc_pages_bulk_noprof", /* 6.10 */
	"__alloc_pages_bulk",	   /* 5.13; no bulk allocator before */
};

/* Where PG_anon_exclusive is set on a new page; the flag itself came in 5.19. */
static const char *const anon_names[] = {
	"folio_add_new_anon_rmap",
	"page_add_new_anon_rmap",
};

const char *features_entry_names(void)
{
	return "__alloc_frozen_pages_noprof, __alloc_pages_noprof, __alloc_pages, "
	       "__alloc_pages_nodemask";
}

static const struct btf_type *find_type(const struct kernel_btf *btf, const char *name,
					unsigned int kind)
{
	return kernel_btf_type(btf, kernel_btf_find(btf, name, kind));
}

static const struct btf_type *func_proto(const struct kernel_btf *btf, const char *name)
{
	const struct btf_type *func = find_type(btf, name, BTF_KIND_FUNC);

	return func ? kernel_btf_type(btf, func->type) : NULL;
}

static bool find_func(const struct kernel_btf *btf, const char *const *names, size_t n,
		      struct kernel_func *ret)
{
	for (size_t i = 0; i < n; i++) {
		const struct btf_type *proto = func_proto(btf, names[i]);

		if (!proto)
			continue;
		ret->name = names[i];
		ret->args = btf_vlen(proto);
		return true;
	}
	return false;
}

/* Arguments of a tracepoint, without the hidden first one; 0: not in BTF. */
static unsigned int tracepoint_args(const struct kernel_btf *btf, const char *name)
{
	const struct btf_type *t;
	char typedef_name[64];

	snprintf(typedef_name, sizeof(typedef_name), "btf_trace_%s", name);
	t = find_type(btf, typedef_name, BTF_KIND_TYPEDEF);
	t = t ? kernel_btf_type(btf, t->type) : NULL; /* pointer */
	t = t ? kernel_btf_type(btf, t->type) : NULL; /* function */
	return t && btf_is_func_proto(t) && btf_vlen(t) ? btf_vlen(t) - 1 : 0;
}

static const struct btf_member *find_member(const struct kernel_btf *btf, const char *type,
					    const char *member)
{
	const struct btf_type *t = find_type(btf, type, BTF_KIND_STRUCT);

	for (int i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(kernel_btf_name(btf, btf_members(t)[i].name_off), member))
			return &btf_members(t)[i];
	return NULL;
}

/* Elements of an array member; 0 when there is none. */
static __u32 member_elems(const struct kernel_btf *btf, const char *type, const char *member)
{
	const struct btf_member *m = find_member(btf, type, member);
	const struct btf_type *t = m ? kernel_btf_type(btf, m->type) : NULL;

	return t && btf_is_array(t) ? btf_array(t)->nelems : 0;
}

/* Value of a named enumerator; -1 when absent. */
static int enum_value(const struct kernel_btf *btf, const char *type, const char *name)
{
	const struct btf_type *t = find_type(btf, type, BTF_KIND_ENUM);

	for (int i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(kernel_btf_name(btf, btf_enum(t)[i].name_off), name))
			return btf_enum(t)[i].val;
	return -1;
}

static bool has_var(const struct kernel_btf *btf, const char *name)
{
	return kernel_btf_find(btf, name, BTF_KIND_VAR);
}

/* Where a per-cpu variable lies among its kind; -1 when BTF does not tell. */
static __s64 percpu_offset(const struct kernel_btf *btf, const char *name)
{
	const struct btf_type *t = find_type(btf, ".data..percpu", BTF_KIND_DATASEC);
	__u32 var = kernel_btf_find(btf, name, BTF_KIND_VAR);

	for (int i = 0; t && var && i < btf_vlen(t); i++)
		if (btf_var_secinfos(t)[i].type == var)
			return btf_var_secinfos(t)[i].offset;
	return -1;
}

/*
 * x86: a per-cpu variable. The kernel resolves a program's reference to it by name through its own
 * symbols, so a kernel without them (no CONFIG_KALLSYMS) would refuse the program.
 */
static void find_x86_preempt_count(struct features *f, struct kernel_symbols *sym)
{
	__s64 count = percpu_offset(f->btf, "__preempt_count");
	__s64 runqueues = percpu_offset(f->btf, "runqueues");
	struct lab_knobs *k = &f->knobs;
	__u64 address, base;

	if (has_var(f->btf, "pcpu_hot") && kernel_symbol(sym, SYM_PCPU_HOT, &address)) {
		k->preempt_count_how = LAB_PC_HOT;
	} else if (has_var(f->btf, "__preempt_count") &&
		   kernel_symbol(sym, SYM_PREEMPT_COUNT, &address)) {
		k->preempt_count_how = LAB_PC_VAR;
	} else if (kernel_symbol(sym, SYM_PREEMPT_COUNT, &address) &&
		   kernel_symbol(sym, SYM_PER_CPU_OFFSET, &base) && base) {
		k->preempt_count_offset = address;
		k->per_cpu_offset = base;
		k->preempt_count_how = LAB_PC_ADDRESS;
	} else if (count >= 0 && runqueues >= 0) {
		k->preempt_count_offset = (__u64)(count - runqueues);
		k->preempt_count_how = LAB_PC_RUNQUEUE;
	}
}

static void probe_symbols(struct features *f)
{
	struct kernel_symbols sym = {0};
	struct lab_knobs *k = &f->knobs;

	/* Either the array of nodes or the only one itself. What is not there is looked for
	 * longest.
	 */
	if (!find_member(f->btf, "zone", "node") ||
	    !kernel_symbol(&sym, SYM_NODE_DATA, &k->node_data)) {
		if (!kernel_symbol(&sym, SYM_CONTIG_PAGE_DATA, &k->contig_page_data))
			kernel_symbol(&sym, SYM_NODE_DATA, &k->node_data);
	}
	k->preempt_count_how = LAB_PC_NONE;
	if (!strcmp(f->machine, "x86_64"))
		find_x86_preempt_count(f, &sym);
	else if (find_member(f->btf, "thread_info", "preempt_count") ||
		 find_member(f->btf, "thread_info", "preempt"))
		k->preempt_count_how = LAB_PC_THREAD_INFO;
}

static void probe_preempt_count(struct features *f)
{
	struct lab_knobs *k = &f->knobs;

	/* 7.3 put a count of disabled interrupts below the hardirq bits and moved those up. */
	if (has_var(f->btf, "local_interrupt_disable_state")) {
		k->irq_mask = 0x1f000000;
		k->nmi_mask = 0x10000000;
	} else {
		k->irq_mask = 0x00ff0000;
		k->nmi_mask = 0x00f00000;
	}
	/* Without CONFIG_PREEMPTION, preempt_disable() leaves no trace (Debian's 5.10). */
	k->preempt_known = func_proto(f->btf, "preempt_schedule") != NULL;
}

bool features_has_symbols(const struct features *f)
{
	return f->knobs.preempt_count_how != LAB_PC_NONE &&
	       f->knobs.preempt_count_how != LAB_PC_RUNQUEUE;
}

const char *features_preempt_count_name(const struct features *f)
{
	static const char *const names[] = {
		[LAB_PC_NONE] = "not found",
		[LAB_PC_VAR] = "per-cpu variable __preempt_count (BTF)",
		[LAB_PC_HOT] = "per-cpu pcpu_hot.preempt_count (BTF)",
		[LAB_PC_ADDRESS] = "per-cpu variable __preempt_count (kallsyms)",
		[LAB_PC_RUNQUEUE] = "per-cpu variable __preempt_count (by the run queue)",
		[LAB_PC_THREAD_INFO] = "thread_info.preempt_count (BTF)",
	};

	return names[f->knobs.preempt_count_how];
}

static __u32 log2_floor(__u32 v)
{
	return v ? 31 - __builtin_clz(v) : 0;
}

/* Highest possible node + 1, from a list such as "0-3" or "0,2". */
static __u32 possible_nodes(void)
{
	char buf[256];
	char *last;

	if (read_text("/sys/devices/system/node/possible", buf, sizeof(buf)) <= 0)
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
	int zones = enum_value(f->btf, "zone_type", "__MAX_NR_ZONES");
	__u32 refs = member_elems(f->btf, "zonelist", "_zonerefs");
	__u32 node_bits, zone_bits;

	k->nodes = possible_nodes();
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

static void probe_functions(struct features *f)
{
	static const char *const wake[] = {"wakeup_kswapd"};
	static const char *const move[] = {"move_freepages_block"};
	static const char *const unreserve[] = {"unreserve_highatomic_pageblock"};
	const struct btf_type *proto;

	find_func(f->btf, bulk_names, ARRAY_SIZE(bulk_names), &f->bulk);
	find_func(f->btf, wake, 1, &f->wake);
	find_func(f->btf, move, 1, &f->move);
	find_func(f->btf, unreserve, 1, &f->unreserve);
	if (enum_value(f->btf, "pageflags", "PG_anon_exclusive") >= 0)
		find_func(f->btf, anon_names, ARRAY_SIZE(anon_names), &f->anon);
	/* 6.12: (zone, page, old type, new type); before: (zone, page, type, int *). */
	proto = f->move.args == 4 ? func_proto(f->btf, f->move.name) : NULL;
	if (proto) {
		const struct btf_type *t = kernel_btf_type(f->btf, btf_params(proto)[3].type);

		f->knobs.move_has_old = !btf_is_ptr(t);
	} else {
		f->move.name = NULL;
	}
	f->knobs.bulk_args = f->bulk.args;
	f->knobs.anon_args = f->anon.args;
}

static void probe_allocator(struct features *f)
{
	struct lab_knobs *k = &f->knobs;
	__u32 orders = member_elems(f->btf, "zone", "free_area");
	unsigned int locked = tracepoint_args(f->btf, "mm_page_alloc_zone_locked");
	int cma = enum_value(f->btf, "migratetype", "MIGRATE_CMA");
	bool has_hot;

	k->cma_type = cma > 0 ? (__u32)cma : 0;
	k->max_order = orders ? orders - 1 : 10;
	f->locked_tracepoint = locked > 0;
	/* The list's type is an argument since the tracepoint got percpu_refill, 5.19. */
	k->locked_by_index = locked == 3;
	/* 7.3 gave the entry function the alloc_flags, and the fast path the right to the reserve.
	 */
	k->eligible_fast = f->entry.args >= 5;
	f->nolock = func_proto(f->btf, "alloc_pages_nolock_noprof") ||
		    func_proto(f->btf, "alloc_frozen_pages_nolock_noprof") ||
		    func_proto(f->btf, "try_alloc_pages_noprof");
	f->rt = find_member(f->btf, "task_struct", "softirq_disable_cnt") != NULL;
	/* A variable in BTF, and the one that the lean programs take it for. */
	has_hot = kernel_btf_find(f->btf, "pcpu_hot", BTF_KIND_STRUCT);
	f->lean = !f->rt && k->preempt_count_how == (has_hot ? LAB_PC_HOT : LAB_PC_VAR);
	k->rcu_nesting = find_member(f->btf, "task_struct", "rcu_read_lock_nesting") != NULL;
	f->kprobe_flags = !strcmp(f->machine, "x86_64");
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
	char why[128];
	int r = btf_path ? -ENOENT : kernel_btf_open(&f->btf);

	if (r && r != -ENOMEM)
		r = load_btf_file(btf_path, &f->btf);
	if (!r)
		return 0;
	if (btf_path)
		return log_err(-LAB_EXIT_RUNTIME, "cannot read BTF from %s: %s", btf_path,
			       btf_strerror(-r, why, sizeof(why)));
	return log_err(-LAB_EXIT_UNSUPPORTED,
		       "kernel %s offers no BTF (/sys/kernel/btf/vmlinux): boot one built with "
		       "CONFIG_DEBUG_INFO_BTF, or give its BTF with --btf FILE",
		       f->release);
}

/* What the kernel knows its functions and variables by: ids in its own BTF, not in a file. */
static void find_ids(struct features *f, bool from_file)
{
	struct kernel_func *funcs[] = {&f->entry, &f->wake,	 &f->bulk,
				       &f->move,  &f->unreserve, &f->anon};
	_cleanup_(kernel_btf_freep) struct kernel_btf *file = NULL;
	const struct kernel_btf *own = f->btf;

	if (from_file) {
		if (kernel_btf_open(&file))
			return;
		own = file;
	}
	for (size_t i = 0; i < ARRAY_SIZE(funcs); i++)
		if (funcs[i]->name)
			funcs[i]->btf_id = kernel_btf_find(own, funcs[i]->name, BTF_KIND_FUNC);
	if (f->knobs.preempt_count_how == LAB_PC_HOT)
		f->count_variable = kernel_btf_find(own, "pcpu_hot", BTF_KIND_VAR);
	else if (f->knobs.preempt_count_how == LAB_PC_VAR)
		f->count_variable = kernel_btf_find(own, "__preempt_count", BTF_KIND_VAR);
}

int features_probe(struct features *f, const char *btf_path)
{
	struct utsname u;
	int r;

	memset(f, 0, sizeof(*f));
	uname(&u);
	memcpy(f->release, u.release, sizeof(f->release));
	memcpy(f->machine, u.machine, sizeof(f->machine));
	memcpy(f->host, u.nodename, sizeof(f->host));
	r = load_btf(f, btf_path);
	if (r)
		return r;
	if (!find_func(f->btf, entry_names, ARRAY_SIZE(entry_names), &f->entry))
		return log_err(-LAB_EXIT_UNSUPPORTED,
			       "no known entry function in this kernel's BTF (looked for %s): "
			       "kernel %s is older than 5.10 or newer than this labyrinth",
			       features_entry_names(), f->release);
	probe_symbols(f);
	probe_functions(f);
	probe_preempt_count(f);
	probe_page_layout(f);
	probe_allocator(f);
	find_ids(f, btf_path);
	return 0;
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

#define CAP_SYS_ADMIN_BIT 21
#define CAP_PERFMON_BIT 38
#define CAP_BPF_BIT 39

bool features_privileged(void)
{
	_cleanup_(fclosep) FILE *f = fopen("/proc/self/status", "re");
	unsigned long long caps = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	if (caps & (1ULL << CAP_SYS_ADMIN_BIT))
		return true;
	return caps & (1ULL << CAP_PERFMON_BIT) && caps & (1ULL << CAP_BPF_BIT);
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
