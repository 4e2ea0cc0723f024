// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * btf_subset.c - some of the kernel's types as a BTF of its own. Given all of them, libbpf scans
 * them all for each lookup, and those of all modules for each type that does not exist.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/btf_subset.h"
#include "base/util.h"

struct bytes {
	char *data;
	size_t size, capacity;
};

struct subset {
	const struct kernel_btf *from;
	__u32 *taken;  /* their ids in the full BTF, in the order of their new ids, which begin with
			  1 */
	__u32 *new_id; /* by id in the full BTF; 0: not taken */
	__u32 count;   /* number of types taken */
	struct bytes types, strings;
	bool no_memory;
};

static void append(struct subset *s, struct bytes *b, const void *data, size_t size)
{
	if (b->size + size > b->capacity) {
		size_t capacity = 2 * (b->size + size);
		char *p = realloc(b->data, capacity);

		if (!p) {
			s->no_memory = true;
			return;
		}
		b->data = p;
		b->capacity = capacity;
	}
	memcpy(b->data + b->size, data, size);
	b->size += size;
}

static __u32 add_name(struct subset *s, __u32 offset)
{
	const char *name = kernel_btf_name(s->from, offset);
	size_t at = s->strings.size;

	if (!name[0])
		return 0;
	append(s, &s->strings, name, strlen(name) + 1);
	return (__u32)at;
}

/* Returns the new id of a type, adding it to the subset. */
static __u32 take(struct subset *s, __u32 id)
{
	if (!kernel_btf_type(s->from, id))
		return 0;
	if (!s->new_id[id]) {
		s->taken[s->count++] = id;
		s->new_id[id] = s->count;
	}
	return s->new_id[id];
}

static void translate_members(struct subset *s, struct btf_type *t)
{
	struct btf_member *m = (void *)(t + 1);

	for (unsigned int i = 0; i < BTF_INFO_VLEN(t->info); i++) {
		m[i].name_off = add_name(s, m[i].name_off);
		m[i].type = take(s, m[i].type);
	}
}

static void translate_names(struct subset *s, struct btf_type *t, size_t size)
{
	char *element = (void *)(t + 1);

	/* Enumerators of either kind begin with their name. */
	for (unsigned int i = 0; i < BTF_INFO_VLEN(t->info); i++, element += size) {
		__u32 name;

		memcpy(&name, element, sizeof(name));
		name = add_name(s, name);
		memcpy(element, &name, sizeof(name));
	}
}

static void translate_array(struct subset *s, struct btf_type *t)
{
	struct btf_array *array = (void *)(t + 1);

	array->type = take(s, array->type);
	array->index_type = take(s, array->index_type);
}

/* Turns names and ids of the full BTF into those of the subset. */
static void translate(struct subset *s, struct btf_type *t)
{
	t->name_off = add_name(s, t->name_off);
	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		translate_members(s, t);
		break;
	case BTF_KIND_ENUM:
		translate_names(s, t, sizeof(struct btf_enum));
		break;
	case BTF_KIND_ENUM64:
		translate_names(s, t, sizeof(struct btf_enum64));
		break;
	case BTF_KIND_ARRAY:
		translate_array(s, t);
		break;
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		t->type = take(s, t->type);
		break;
	case BTF_KIND_PTR:
		t->type = 0; /* void */
		break;
	default:
		break;
	}
}

static void add_type(struct subset *s, __u32 id)
{
	const struct btf_type *t = kernel_btf_type(s->from, id);
	size_t at = s->types.size;

	append(s, &s->types, t, kernel_btf_type_size(t));
	/* The type does not move: only names are added meanwhile. */
	if (!s->no_memory)
		translate(s, (void *)(s->types.data + at));
}

/* Types of that name that programs can read; "___v6_12" behind it is ignored. */
static void take_named(struct subset *s, const char *flavoured)
{
	static const unsigned int kinds[] = {BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_ENUM,
					     BTF_KIND_ENUM64, BTF_KIND_TYPEDEF};
	const char *flavour = strstr(flavoured, "___");
	char name[128];

	snprintf(name, sizeof(name), "%.*s",
		 (int)(flavour ? (size_t)(flavour - flavoured) : strlen(flavoured)), flavoured);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (__u32 id = kernel_btf_find(s->from, name, kinds[i]); id;
		     id = kernel_btf_next(s->from, id))
			take(s, id);
}

static void *put_together(struct subset *s, size_t *ret_size)
{
	const struct btf_header h = {
		.magic = BTF_MAGIC,
		.version = 1,
		.hdr_len = sizeof(h),
		.type_len = (__u32)s->types.size,
		.str_off = (__u32)s->types.size,
		.str_len = (__u32)s->strings.size,
	};
	char *data = malloc(sizeof(h) + s->types.size + s->strings.size);

	if (!data)
		return NULL;
	memcpy(data, &h, sizeof(h));
	if (s->types.size)
		memcpy(data + sizeof(h), s->types.data, s->types.size);
	memcpy(data + sizeof(h) + s->types.size, s->strings.data, s->strings.size);
	*ret_size = sizeof(h) + s->types.size + s->strings.size;
	return data;
}

int kernel_btf_subset(const struct kernel_btf *b, const char *const *names, size_t n,
		      void **ret_data, size_t *ret_size)
{
	struct subset s = {.from = b};

	s.taken = calloc(kernel_btf_count(b), sizeof(*s.taken));
	s.new_id = calloc(kernel_btf_count(b), sizeof(*s.new_id));
	s.no_memory = !s.taken || !s.new_id;
	if (!s.no_memory)
		append(&s, &s.strings, "", 1);
	for (size_t i = 0; i < n && !s.no_memory; i++)
		take_named(&s, names[i]);
	for (__u32 i = 0; i < s.count && !s.no_memory; i++)
		add_type(&s, s.taken[i]);
	*ret_data = s.no_memory ? NULL : put_together(&s, ret_size);
	free(s.taken);
	free(s.new_id);
	free(s.types.data);
	free(s.strings.data);
	return *ret_data ? 0 : -ENOMEM;
}
