// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * empty.bpf.c - programs that do nothing, on the hooks that seeing a request needs. What they cost
 * is the price of being called at all, below which no tool on the same hooks can get.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("raw_tp/mm_page_alloc")
int empty_done(void *ctx __attribute__((unused)))
{
	return 0;
}

/* These four have no target here: the functions' names differ by kernel. */
SEC("fentry")
int empty_entry(void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("fexit")
int empty_exit(void *ctx __attribute__((unused)))
{
	return 0;
}

/* A session: one program at both ends. empty.c makes it one, for kernels that have that. */
SEC("fentry")
int empty_session(void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("fexit")
int empty_bulk(void *ctx __attribute__((unused)))
{
	return 0;
}
