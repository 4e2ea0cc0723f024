/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * kernel_btf.h - the kernel's types, read once. libbpf's own reading keeps two copies of the 5 MB
 * at a time, and goes through all 130 000 types for each that it looks for.
 */
#ifndef LAB_KERNEL_BTF_H
#define LAB_KERNEL_BTF_H

#include <linux/btf.h>
#include <linux/types.h>
#include <stddef.h>

struct kernel_btf;

/*
 * Takes a copy of the data of a .BTF section. 0, -EINVAL when it is none (of this machine's byte
 * order), -ENOMEM.
 */
int kernel_btf_new(const void *data, size_t size, struct kernel_btf **ret);

/* The same with the running kernel's, or another errno of reading it. */
int kernel_btf_open(struct kernel_btf **ret);
void kernel_btf_free(struct kernel_btf *b);
void kernel_btf_freep(struct kernel_btf **b);

/* The first type of that name and kind (BTF_KIND_...); 0: none. */
__u32 kernel_btf_find(const struct kernel_btf *b, const char *name, unsigned int kind);

/* The next one after one that was found; 0: none. */
__u32 kernel_btf_next(const struct kernel_btf *b, __u32 id);

/* With void: ids are below it. */
__u32 kernel_btf_count(const struct kernel_btf *b);
/* NULL: no such type. */
const struct btf_type *kernel_btf_type(const struct kernel_btf *b, __u32 id);
/* Bytes of it with all that follows it. */
size_t kernel_btf_type_size(const struct btf_type *t);
/* A name of a type, a member, an enumerator; "" for none. */
const char *kernel_btf_name(const struct kernel_btf *b, __u32 offset);

/*
 * The types that have one of these names (in which "___" and what follows it does not count), and
 * what lies in them, as BTF of its own: all that libbpf relocates by, as it never looks where a
 * pointer points to. For the caller to free. 0 or -ENOMEM. btf_subset.c.
 */
int kernel_btf_subset(const struct kernel_btf *b, const char *const *names, size_t n,
		      void **ret_data, size_t *ret_size);

#endif
