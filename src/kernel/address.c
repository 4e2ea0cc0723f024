// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * address.c - see address.h. Formatting 170 000 lines of /proc/kallsyms to find two symbols
 * dominated start-up in user space. Since 5.16 a program can look up one symbol by name.
 */
#include "kernel/address.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "base/util.h"

#define NAME_SIZE 32 /* in the program's frame: four words */

static const char *const names[SYMS] = {
	[SYM_NODE_DATA] = "node_data",
	[SYM_CONTIG_PAGE_DATA] = "contig_page_data",
	[SYM_PER_CPU_OFFSET] = "__per_cpu_offset",
	[SYM_PREEMPT_COUNT] = "__preempt_count",
	[SYM_PCPU_HOT] = "pcpu_hot",
	/* include/asm-generic/sections.h */
	[SYM_ENTRY_TEXT] = "__entry_text_start",
	[SYM_ENTRY_TEXT_END] = "__entry_text_end",
	[SYM_SOFTIRQ_TEXT] = "__softirqentry_text_start",
	[SYM_SOFTIRQ_TEXT_END] = "__softirqentry_text_end",
	[SYM_IRQ_TEXT] = "__irqentry_text_start",
	[SYM_IRQ_TEXT_END] = "__irqentry_text_end",
};

/* ---- asked for ---- */

#define INSN(op, d, s, o, i)                                                                       \
	((struct bpf_insn){.code = (op), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i)})

/* The stack frame, from its end: the address at -8, the name below it. */
#define AT_ADDRESS (-8)
#define AT_NAME (AT_ADDRESS - NAME_SIZE)

static size_t put_word(struct bpf_insn *p, int at, __u64 word)
{
	p[0] = INSN(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, 0, 0, (__s32)word);
	p[1] = INSN(0, 0, 0, 0, (__s32)(word >> 32));
	p[2] = INSN(BPF_STX | BPF_MEM | BPF_DW, BPF_REG_10, BPF_REG_1, (__s16)at, 0);
	return 3;
}

/* bpf_kallsyms_lookup_name(name, size, 0, &address); the program returns its result. */
static size_t write_program(struct bpf_insn *p, const char *name)
{
	const __u8 mov = BPF_ALU64 | BPF_MOV, add = BPF_ALU64 | BPF_ADD;
	const __u8 load = BPF_LDX | BPF_MEM | BPF_DW, store = BPF_STX | BPF_MEM | BPF_DW;
	__u64 words[NAME_SIZE / 8] = {0};
	size_t n = 0;

	memcpy(words, name, strnlen(name, sizeof(words) - 1));
	p[n++] = INSN(mov | BPF_X, BPF_REG_6, BPF_REG_1, 0, 0);
	n += put_word(p + n, AT_ADDRESS, 0);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		n += put_word(p + n, AT_NAME + 8 * (int)i, words[i]);
	p[n++] = INSN(mov | BPF_X, BPF_REG_1, BPF_REG_10, 0, 0);
	p[n++] = INSN(add | BPF_K, BPF_REG_1, 0, 0, AT_NAME);
	p[n++] = INSN(mov | BPF_K, BPF_REG_2, 0, 0, (__s32)strlen(name) + 1);
	p[n++] = INSN(mov | BPF_K, BPF_REG_3, 0, 0, 0);
	p[n++] = INSN(mov | BPF_X, BPF_REG_4, BPF_REG_10, 0, 0);
	p[n++] = INSN(add | BPF_K, BPF_REG_4, 0, 0, AT_ADDRESS);
	p[n++] = INSN(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_kallsyms_lookup_name);
	p[n++] = INSN(load, BPF_REG_1, BPF_REG_10, AT_ADDRESS, 0);
	p[n++] = INSN(store, BPF_REG_6, BPF_REG_1, 0, 0);
	p[n++] = INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	return n;
}

/* 0, -ENOENT, or another negative errno when the kernel does not answer. */
static int ask(const char *name, __u64 *ret_address)
{
	LIBBPF_OPTS(bpf_prog_load_opts, load, .prog_flags = BPF_F_SLEEPABLE);
	LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = ret_address,
		    .ctx_size_in = sizeof(*ret_address));
	struct bpf_insn program[32];
	_cleanup_(closep) int fd = -1;

	*ret_address = 0;
	fd = bpf_prog_load(BPF_PROG_TYPE_SYSCALL, "lab_symbol", "Dual BSD/GPL", program,
			   write_program(program, name), &load);
	if (fd < 0)
		return fd;
	if (bpf_prog_test_run_opts(fd, &run))
		return -errno;
	return (int)run.retval;
}

/* ---- read ---- */

static void read_line(struct kernel_symbols *s, char *line)
{
	char *name = strchr(line, ' ');

	name = name && name[1] && name[2] == ' ' ? name + 3 : NULL;
	if (!name || strchr(name, '\t')) /* a symbol of a module */
		return;
	name[strcspn(name, "\n")] = '\0';
	for (int i = 0; i < SYMS; i++)
		if (!strcmp(name, names[i])) {
			s->of[i].found = true;
			s->of[i].address = strtoull(line, NULL, 16);
		}
}

/* Finds all of them in one pass. */
static void read_all(struct kernel_symbols *s)
{
	_cleanup_(fclosep) FILE *f = fopen("/proc/kallsyms", "re");
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		read_line(s, line);
	s->read = true;
}

bool kernel_symbol(struct kernel_symbols *s, enum kernel_symbol_id id, __u64 *ret_address)
{
	int r = s->read ? -EOPNOTSUPP : ask(names[id], ret_address);

	if (r == 0 || r == -ENOENT)
		return r == 0;
	if (!s->read) {
		log_debug(1,
			  "kernel symbols: all read, because this kernel resolves none by name: %s",
			  strerror(-r));
		read_all(s);
	}
	*ret_address = s->of[id].address;
	return s->of[id].found;
}

void kernel_symbol_cuts(struct lab_text cut[LAB_CUTS])
{
	static const enum kernel_symbol_id first[LAB_CUTS] = {SYM_ENTRY_TEXT, SYM_SOFTIRQ_TEXT,
							      SYM_IRQ_TEXT};
	struct kernel_symbols sym = {0};

	for (int i = 0; i < LAB_CUTS; i++) {
		__u64 start, end;
		bool known = kernel_symbol(&sym, first[i], &start) &&
			     kernel_symbol(&sym, first[i] + 1, &end) && start < end;

		cut[i] = known ? (struct lab_text){start, end - start} : (struct lab_text){0};
		log_debug(2, "stacks end at %s: %llu bytes", names[first[i]], cut[i].size);
	}
}
