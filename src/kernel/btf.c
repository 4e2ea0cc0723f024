// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * btf.c - see btf.h. One pass finds where each type begins and puts the named ones into a hash
 * table.
 */
#include "kernel/btf.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"

#define BUCKET_BITS 14

struct kernel_btf {
	char *data; /* the section, and enough behind it to read any start of a name as a number */
	const char *types, *strings;
	__u32 types_size, strings_size;
	__u32 count;   /* of types, with void, which is type 0 */
	__u32 *offset; /* [count] into types */
	__u32 *next;   /* [count] of the same bucket; 0: none */
	__u32 bucket[1U << BUCKET_BITS];
};

/* ---- types ---- */

static unsigned int kind_of(const struct btf_type *t)
{
	return BTF_INFO_KIND(t->info);
}

/* Size of what follows the common part, bytes; -1: unknown kind. */
static long tail_size(const struct btf_type *t)
{
	size_t n = BTF_INFO_VLEN(t->info);

	switch (kind_of(t)) {
	case BTF_KIND_FWD:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_FUNC:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPE_TAG:
		return 0;
	case BTF_KIND_INT:
		return sizeof(__u32);
	case BTF_KIND_ENUM:
		return (long)(n * sizeof(struct btf_enum));
	case BTF_KIND_ENUM64:
		return (long)(n * sizeof(struct btf_enum64));
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return (long)(n * sizeof(struct btf_member));
	case BTF_KIND_FUNC_PROTO:
		return (long)(n * sizeof(struct btf_param));
	case BTF_KIND_VAR:
		return sizeof(struct btf_var);
	case BTF_KIND_DATASEC:
		return (long)(n * sizeof(struct btf_var_secinfo));
	case BTF_KIND_DECL_TAG:
		return sizeof(struct btf_decl_tag);
	default:
		return -1;
	}
}

__u32 kernel_btf_count(const struct kernel_btf *b)
{
	return b->count;
}

size_t kernel_btf_type_size(const struct btf_type *t)
{
	return sizeof(*t) + (size_t)tail_size(t);
}

static const struct btf_type *type_at(const struct kernel_btf *b, __u32 offset)
{
	return (const void *)(b->types + offset);
}

const struct btf_type *kernel_btf_type(const struct kernel_btf *b, __u32 id)
{
	return id && id < b->count ? type_at(b, b->offset[id]) : NULL;
}

const char *kernel_btf_name(const struct kernel_btf *b, __u32 offset)
{
	return offset < b->strings_size ? b->strings + offset : "";
}

/* ---- names ---- */

/* Hashes the first eight characters: few names are equal up to there, and those are compared. */
static __u32 bucket_of(const char *name, unsigned int kind)
{
	__u64 v, zeros;

	memcpy(&v, name, sizeof(v));
	v = le64toh(v);
	/* Bytes behind the lowest zero byte do not count. */
	zeros = (v - 0x0101010101010101ULL) & ~v & 0x8080808080808080ULL;
	v &= zeros ? (zeros & -zeros) - 1 : ~0ULL;
	return (__u32)(((v ^ kind) * 0x9e3779b97f4a7c15ULL) >> (64 - BUCKET_BITS));
}

__u32 kernel_btf_find(const struct kernel_btf *b, const char *name, unsigned int kind)
{
	char start[8] = "";
	__u32 id;

	memcpy(start, name, strnlen(name, sizeof(start)));
	for (id = b->bucket[bucket_of(start, kind)]; id; id = b->next[id]) {
		const struct btf_type *t = type_at(b, b->offset[id]);

		if (kind_of(t) == kind && strcmp(b->strings + t->name_off, name) == 0)
			return id;
	}
	return 0;
}

__u32 kernel_btf_next(const struct kernel_btf *b, __u32 id)
{
	const struct btf_type *t = type_at(b, b->offset[id]);

	while ((id = b->next[id])) {
		const struct btf_type *next = type_at(b, b->offset[id]);

		if (kind_of(next) == kind_of(t) &&
		    strcmp(b->strings + next->name_off, b->strings + t->name_off) == 0)
			return id;
	}
	return 0;
}

/* From the last type to the first, so that each bucket begins with the first. */
static int hash_names(struct kernel_btf *b)
{
	b->next = calloc(b->count, sizeof(*b->next));
	if (!b->next)
		return -ENOMEM;
	for (__u32 id = b->count - 1; id > 0; id--) {
		const struct btf_type *t = type_at(b, b->offset[id]);
		__u32 *bucket;

		if (!t->name_off)
			continue;
		if (t->name_off >= b->strings_size)
			return -EINVAL;
		bucket = &b->bucket[bucket_of(b->strings + t->name_off, kind_of(t))];
		b->next[id] = *bucket;
		*bucket = id;
	}
	return 0;
}

/* ---- reading ---- */

static int find_types(struct kernel_btf *b)
{
	/* The smallest type has 12 bytes; most have more. */
	size_t capacity = b->types_size / sizeof(struct btf_type) + 2;
	__u32 offset = 0;

	b->offset = malloc(capacity * sizeof(*b->offset));
	if (!b->offset)
		return -ENOMEM;
	b->count = 1;
	while (offset < b->types_size) {
		long tail = -1;

		if (b->types_size - offset >= sizeof(struct btf_type))
			tail = tail_size(type_at(b, offset));
		if (tail < 0 || (__u64)tail > b->types_size - offset - sizeof(struct btf_type))
			return -EINVAL;
		b->offset[b->count++] = offset;
		offset += sizeof(struct btf_type) + (__u32)tail;
	}
	return 0;
}

static int find_sections(struct kernel_btf *b, size_t size)
{
	const struct btf_header *h = (const void *)b->data;

	if (size < sizeof(*h) || h->magic != BTF_MAGIC || h->hdr_len < sizeof(*h) ||
	    h->hdr_len > size)
		return -EINVAL;
	size -= h->hdr_len;
	if (h->type_off > size || h->type_len > size - h->type_off || h->str_off > size ||
	    h->str_len > size - h->str_off || !h->str_len ||
	    (h->hdr_len | h->type_off | h->type_len) % 4)
		return -EINVAL;
	b->types = b->data + h->hdr_len + h->type_off;
	b->types_size = h->type_len;
	b->strings = b->data + h->hdr_len + h->str_off;
	b->strings_size = h->str_len;
	return b->strings[b->strings_size - 1] == '\0' ? 0 : -EINVAL;
}

/* Takes ownership of data, which has eight bytes more than size. */
static int index_data(char *data, size_t size, struct kernel_btf **ret)
{
	_cleanup_(kernel_btf_freep) struct kernel_btf *b = calloc(1, sizeof(*b));
	int r;

	if (!b) {
		free(data);
		return -ENOMEM;
	}
	b->data = data;
	memset(data + size, 0, sizeof(__u64));
	r = find_sections(b, size);
	if (!r)
		r = find_types(b);
	if (!r)
		r = hash_names(b);
	if (!r)
		*ret = TAKE_PTR(b);
	return r;
}

int kernel_btf_new(const void *data, size_t size, struct kernel_btf **ret)
{
	char *copy = malloc(size + sizeof(__u64));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, data, size);
	return index_data(copy, size, ret);
}

static int read_whole(int fd, char *buf, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, buf + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EINVAL;
		done += (size_t)n;
	}
	return 0;
}

int kernel_btf_open(struct kernel_btf **ret)
{
	_cleanup_(closep) int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	_cleanup_(freep) char *data = NULL;
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	data = malloc((size_t)st.st_size + sizeof(__u64));
	if (!data)
		return -ENOMEM;
	r = read_whole(fd, data, (size_t)st.st_size);
	return r ?: index_data(TAKE_PTR(data), (size_t)st.st_size, ret);
}

void kernel_btf_free(struct kernel_btf *b)
{
	if (!b)
		return;
	free(b->next);
	free(b->offset);
	free(b->data);
	free(b);
}

void kernel_btf_freep(struct kernel_btf **b)
{
	kernel_btf_free(*b);
}

bool kernel_btf_same(const struct kernel_btf *a, const struct kernel_btf *b)
{
	return a->types_size == b->types_size && a->strings_size == b->strings_size &&
	       memcmp(a->types, b->types, a->types_size) == 0 &&
	       memcmp(a->strings, b->strings, a->strings_size) == 0;
}

/* ---- questions ---- */

static const struct btf_type *find_type(const struct kernel_btf *b, const char *name,
					unsigned int kind)
{
	return kernel_btf_type(b, kernel_btf_find(b, name, kind));
}

static unsigned int vlen_of(const struct btf_type *t)
{
	return BTF_INFO_VLEN(t->info);
}

/* What follows the common part of a type. */
static const void *tail_of(const struct btf_type *t)
{
	return t + 1;
}

const struct btf_type *kernel_btf_func_proto(const struct kernel_btf *b, const char *name)
{
	const struct btf_type *func = find_type(b, name, BTF_KIND_FUNC);

	return func ? kernel_btf_type(b, func->type) : NULL;
}

unsigned int kernel_btf_tracepoint_args(const struct kernel_btf *b, const char *name)
{
	const struct btf_type *t;
	char typedef_name[64];

	snprintf(typedef_name, sizeof(typedef_name), "btf_trace_%s", name);
	t = find_type(b, typedef_name, BTF_KIND_TYPEDEF);
	t = t ? kernel_btf_type(b, t->type) : NULL; /* pointer */
	t = t ? kernel_btf_type(b, t->type) : NULL; /* function */
	return t && kind_of(t) == BTF_KIND_FUNC_PROTO && vlen_of(t) ? vlen_of(t) - 1 : 0;
}

/*
 * Anonymous members nest three deep in the kernel, whose largest struct has some 300 members. The
 * BTF of a file may have a circle, which would be walked for ever.
 */
#define ANONYMOUS_DEPTH 8
#define MEMBERS_MOST 10000

static const struct btf_member *member_in(const struct kernel_btf *b, const struct btf_type *t,
					  const char *name, unsigned int depth, unsigned int *left)
{
	const struct btf_member *m, *found = NULL;

	if (!t || (kind_of(t) != BTF_KIND_STRUCT && kind_of(t) != BTF_KIND_UNION) ||
	    depth == ANONYMOUS_DEPTH)
		return NULL;
	m = tail_of(t);
	for (unsigned int i = 0; i < vlen_of(t) && !found && *left; i++, m++) {
		--*left;
		if (!m->name_off)
			found = member_in(b, kernel_btf_type(b, m->type), name, depth + 1, left);
		else if (!strcmp(kernel_btf_name(b, m->name_off), name))
			found = m;
	}
	return found;
}

const struct btf_member *kernel_btf_member(const struct kernel_btf *b, const char *type,
					   const char *member)
{
	unsigned int left = MEMBERS_MOST;

	return member_in(b, find_type(b, type, BTF_KIND_STRUCT), member, 0, &left);
}

__u32 kernel_btf_member_elems(const struct kernel_btf *b, const char *type, const char *member)
{
	const struct btf_member *m = kernel_btf_member(b, type, member);
	const struct btf_type *t = m ? kernel_btf_type(b, m->type) : NULL;
	const struct btf_array *array = t ? tail_of(t) : NULL;

	return t && kind_of(t) == BTF_KIND_ARRAY ? array->nelems : 0;
}

int kernel_btf_enum_value(const struct kernel_btf *b, const char *type, const char *name)
{
	const struct btf_type *t = find_type(b, type, BTF_KIND_ENUM);
	const struct btf_enum *e = t ? tail_of(t) : NULL;

	for (unsigned int i = 0; t && i < vlen_of(t); i++)
		if (!strcmp(kernel_btf_name(b, e[i].name_off), name))
			return e[i].val;
	return -1;
}

bool kernel_btf_has_var(const struct kernel_btf *b, const char *name)
{
	return kernel_btf_find(b, name, BTF_KIND_VAR);
}

__s64 kernel_btf_percpu_offset(const struct kernel_btf *b, const char *name)
{
	const struct btf_type *t = find_type(b, ".data..percpu", BTF_KIND_DATASEC);
	const struct btf_var_secinfo *v = t ? tail_of(t) : NULL;
	__u32 var = kernel_btf_find(b, name, BTF_KIND_VAR);

	for (unsigned int i = 0; t && var && i < vlen_of(t); i++)
		if (v[i].type == var)
			return v[i].offset;
	return -1;
}
