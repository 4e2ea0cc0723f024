// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* check_report.c - see check_report.h. */
#include "cli/check_report.h"

#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "base/util.h"
#include "kernel/btf.h"
#include "kernel/features.h"

#define FUNCTIONS_MOST 60

/* ---- the machine ---- */

static void put_distribution(FILE *f)
{
	static const char key[] = "PRETTY_NAME=";
	char text[2048];
	char *at;

	if (read_text("/etc/os-release", text, sizeof(text)) <= 0)
		return;
	at = strstr(text, key);
	if (at)
		fprintf(f, "distribution     %.*s\n", (int)strcspn(at + strlen(key), "\n"),
			at + strlen(key));
}

static void put_machine(FILE *f, const struct features *k)
{
	struct utsname u;

	uname(&u);
	fprintf(f, "kernel           Linux %s %s %s\n", k->release, u.version, k->machine);
	put_distribution(f);
	fprintf(f, "pages            %ld bytes, orders to %u, blocks of %u pages\n",
		sysconf(_SC_PAGESIZE), k->knobs.max_order, k->pageblock_pages);
	fprintf(f, "processors       %ld, nodes with memory %u, zones a node %u\n",
		sysconf(_SC_NPROCESSORS_CONF), k->memory_nodes, k->knobs.zones_per_node);
}

/* ---- the configuration ---- */

static bool config_matters(const char *line)
{
	static const char *const starts[] = {
		"BPF",
		"DEBUG_INFO_BTF",
		"KPROBE",
		"FUNCTION_TRACER",
		"DYNAMIC_FTRACE",
		"PREEMPT",
		"KALLSYMS",
		"CFI",
		"LTO",
		"ARM64_PSEUDO_NMI",
		"CMA=",
		"HIST_TRIGGERS",
		"NUMA=",
		"FAIL_PAGE_ALLOC",
	};

	line += strncmp(line, "CONFIG_", 7) == 0 ? 7 : strlen(line);
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (!strncmp(line, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* zlib reads what is not compressed as it is. */
static void put_config(FILE *f, const struct features *k)
{
	char path[128], line[256];
	gzFile config = gzopen("/proc/config.gz", "re");

	snprintf(path, sizeof(path), "/boot/config-%s", k->release);
	config = config ?: gzopen(path, "re");
	if (!config) {
		fprintf(f, "configuration    neither /proc/config.gz nor %s\n", path);
		return;
	}
	fprintf(f, "configuration\n");
	while (gzgets(config, line, sizeof(line)))
		if (config_matters(line))
			fprintf(f, "  %s", line);
	gzclose(config);
}

/* ---- its functions ---- */

static void put_function(FILE *f, const struct kernel_btf *b, const struct btf_type *func)
{
	const struct btf_type *proto = kernel_btf_type(b, func->type);
	const struct btf_param *p = (const void *)(proto + 1);
	unsigned int n = proto ? BTF_INFO_VLEN(proto->info) : 0;

	fprintf(f, "  %s(", kernel_btf_name(b, func->name_off));
	for (unsigned int i = 0; i < n; i++)
		fprintf(f, "%s%s", i ? ", " : "", kernel_btf_name(b, p[i].name_off));
	fprintf(f, ")\n");
}

/* A part of a name that the allocator's entries, old and new, have in it. */
static bool function_matters(const char *name)
{
	static const char *const parts[] = {
		"alloc_pages",	     "alloc_frozen_pages", "get_page_from_freelist",
		"wakeup_kswapd",     "move_freepages",	   "unreserve_highatomic",
		"add_new_anon_rmap", "prep_move_freepages"};

	/* Of each tracepoint there are some, and drivers have pages of their own. */
	if (!strncmp(name, "__probestub", 11) || !strncmp(name, "__traceiter", 11) ||
	    !strncmp(name, "__bpf_trace", 11) || strstr(name, "dma_"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}

static void put_functions(FILE *f, const struct kernel_btf *b)
{
	unsigned int put = 0;

	fprintf(f, "functions, by BTF\n");
	for (__u32 id = 1; id < kernel_btf_count(b) && put < FUNCTIONS_MOST; id++) {
		const struct btf_type *t = kernel_btf_type(b, id);

		if (BTF_INFO_KIND(t->info) != BTF_KIND_FUNC ||
		    !function_matters(kernel_btf_name(b, t->name_off)))
			continue;
		put_function(f, b, t);
		put++;
	}
	fprintf(f, "arguments of     mm_page_alloc %u, mm_page_alloc_zone_locked %u\n",
		kernel_btf_tracepoint_args(b, "mm_page_alloc"),
		kernel_btf_tracepoint_args(b, "mm_page_alloc_zone_locked"));
}

static void put_types(FILE *f, const struct kernel_btf *b)
{
	static const char *const members[][2] = {
		{"zone", "nr_free_highatomic"},
		{"zone", "nr_reserved_highatomic"},
		{"zone", "_watermark"},
		{"thread_info", "preempt_count"},
		{"pcpu_hot", "preempt_count"},
		{"task_struct", "softirq_disable_cnt"},
		{"task_struct", "rcu_read_lock_nesting"},
	};
	static const char *const variables[] = {"__preempt_count", "pcpu_hot",
						"local_interrupt_disable_state"};

	fprintf(f, "members         ");
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		fprintf(f, " %s%s.%s",
			kernel_btf_member(b, members[i][0], members[i][1]) ? "" : "no ",
			members[i][0], members[i][1]);
	fprintf(f, "\nvariables       ");
	for (size_t i = 0; i < ARRAY_SIZE(variables); i++)
		fprintf(f, " %s%s", kernel_btf_has_var(b, variables[i]) ? "" : "no ", variables[i]);
	fprintf(f, "\n");
}

void check_report_begin(FILE *f, const struct features *k)
{
	fprintf(f, "labyrinth %s; this names neither the host nor a user.\n\n```text\n",
		LAB_VERSION);
	put_machine(f, k);
	put_config(f, k);
	if (k->btf) {
		put_functions(f, k->btf);
		put_types(f, k->btf);
	}
	fprintf(f, "\n");
}

void check_report_end(FILE *f)
{
	fprintf(f, "```\n");
}
