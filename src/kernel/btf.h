/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * btf.h - the kernel's types, read once. libbpf holds two copies of the 5 MB and scans all 130,000
 * types per lookup: with it a start took 1350 million instructions and 18.0 MiB instead of 665
 * million and 8.3 MiB. To be dropped when libbpf looks names up by hash.
 */
#ifndef LAB_KERNEL_BTF_H
#define LAB_KERNEL_BTF_H

#include <linux/btf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct kernel_btf;

/*
 * Copies the data of a .BTF section. 0, -EINVAL when it is not one (in this machine's byte order),
 * -ENOMEM.
 */
int kernel_btf_new(const void *data, size_t size, struct kernel_btf **ret);

/* The same for the running kernel; also an errno from reading it. */
int kernel_btf_open(struct kernel_btf **ret);
void kernel_btf_free(struct kernel_btf *b);
void kernel_btf_freep(struct kernel_btf **b);

/* Are they the same, to the byte? */
bool kernel_btf_same(const struct kernel_btf *a, const struct kernel_btf *b);

/* The first type of that name and kind (BTF_KIND_...); 0: none. */
__u32 kernel_btf_find(const struct kernel_btf *b, const char *name, unsigned int kind);

/* The next type of the same name and kind; 0: none. */
__u32 kernel_btf_next(const struct kernel_btf *b, __u32 id);

/* Number of types, including void: ids are below it. */
__u32 kernel_btf_count(const struct kernel_btf *b);
/* NULL: no such type. */
const struct btf_type *kernel_btf_type(const struct kernel_btf *b, __u32 id);
/* Size of the type and all that follows it, bytes. */
size_t kernel_btf_type_size(const struct btf_type *t);
/* The name of a type, a member or an enumerator; "" for none. */
const char *kernel_btf_name(const struct kernel_btf *b, __u32 offset);

/* ---- questions ---- */

/* The signature of a function; NULL: there is none of that name. */
const struct btf_type *kernel_btf_func_proto(const struct kernel_btf *b, const char *name);

/* Arguments of a tracepoint, without the hidden first one; 0: not in BTF. */
unsigned int kernel_btf_tracepoint_args(const struct kernel_btf *b, const char *name);

/*
 * A member of a struct, or of an anonymous struct or union in it, which C does not name either;
 * NULL: none. Its offset is that within what it lies in.
 */
const struct btf_member *kernel_btf_member(const struct kernel_btf *b, const char *type,
					   const char *member);

/* Elements of an array member; 0 when there is none. */
__u32 kernel_btf_member_elems(const struct kernel_btf *b, const char *type, const char *member);

/* Value of a named enumerator; -1 when absent. */
int kernel_btf_enum_value(const struct kernel_btf *b, const char *type, const char *name);

bool kernel_btf_has_var(const struct kernel_btf *b, const char *name);

/* Where a per-cpu variable lies among its kind; -1 when BTF does not have it. */
__s64 kernel_btf_percpu_offset(const struct kernel_btf *b, const char *name);

#endif
