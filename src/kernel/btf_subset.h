/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* btf_subset.h - the few of the kernel's types that programs are relocated by. */
#ifndef LAB_KERNEL_BTF_SUBSET_H
#define LAB_KERNEL_BTF_SUBSET_H

#include "kernel/btf.h"

/*
 * The types that have one of these names (in which "___" and what follows it does not count), and
 * what lies in them, as BTF of its own: all that libbpf relocates by, as it never looks where a
 * pointer points to. For the caller to free. 0 or -ENOMEM.
 */
int kernel_btf_subset(const struct kernel_btf *b, const char *const *names, size_t n,
		      void **ret_data, size_t *ret_size);

#endif
