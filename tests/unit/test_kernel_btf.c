// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_kernel_btf.c - types found by name, some of them as BTF of their own, and damaged ones. */
#include <errno.h>

#include "test.h"

#include "kernel/btf.h"
#include "kernel/btf_subset.h"

/* ---- a kernel's BTF in little ---- */

static char strings[512];
static __u32 types[256];
static size_t strings_size, types_size; /* bytes, words */

static __u32 text(const char *s)
{
	size_t at = strings_size;

	strcpy(strings + at, s);
	strings_size += strlen(s) + 1;
	return s[0] ? (__u32)at : 0;
}

static void word(__u32 w)
{
	types[types_size++] = w;
}

static void type(const char *name, unsigned int kind, unsigned int vlen, __u32 size_or_type)
{
	word(text(name));
	word(kind << 24 | vlen);
	word(size_or_type);
}

static void member(const char *name, __u32 id, __u32 bits)
{
	word(text(name));
	word(id);
	word(bits);
}

enum {
	INT = 1,
	ZONE,
	OTHER,
	TO_OTHER,
	AREAS,
	AREA,
	ZONES,
	GFP,
	ZONE_2,
	PROTO,
	ALLOC,
	ALLOC_2,
	INNER,
	INNER_UNION,
	THREAD_INFO,
	CIRCLE,
	TRACE,
	TO_TRACE,
	TRACE_TYPEDEF,
	COUNT,
	RUNQUEUES,
	PERCPU,
	LAST
};

/* As arm64 has preempt_count; a circle; a tracepoint; per-cpu variables. */
static void make_more(void)
{
	type("", BTF_KIND_STRUCT, 1, 8);
	member("need_resched", INT, 32);
	type("", BTF_KIND_UNION, 2, 8);
	member("preempt_count", GFP, 0);
	member("", INNER, 0);
	type("thread_info", BTF_KIND_STRUCT, 3, 24);
	member("flags", INT, 0);
	member("", INNER_UNION, 64);
	member("cpu", AREAS, 128);
	type("circle", BTF_KIND_STRUCT, 4, 8);
	for (int i = 0; i < 4; i++)
		member("", CIRCLE, 0);
	type("", BTF_KIND_FUNC_PROTO, 3, 0);
	for (int i = 0; i < 3; i++) {
		word(text(""));
		word(TO_OTHER);
	}
	type("", BTF_KIND_PTR, 0, TRACE);
	type("btf_trace_mm_page_alloc", BTF_KIND_TYPEDEF, 0, TO_TRACE);
	type("__preempt_count", BTF_KIND_VAR, 0, INT);
	word(1);
	type("runqueues", BTF_KIND_VAR, 0, ZONE);
	word(1);
	type(".data..percpu", BTF_KIND_DATASEC, 2, 4096);
	word(RUNQUEUES);
	word(128);
	word(64);
	word(COUNT);
	word(1024);
	word(4);
}

static void make_types(void)
{
	strings_size = types_size = 0;
	text("");
	type("int", BTF_KIND_INT, 0, 4);
	word(32);
	type("zone", BTF_KIND_STRUCT, 3, 64);
	member("node", INT, 0);
	member("pgdat", TO_OTHER, 64);
	member("free_area", AREAS, 128);
	type("other", BTF_KIND_STRUCT, 1, 4);
	member("x", INT, 0);
	type("", BTF_KIND_PTR, 0, OTHER);
	type("", BTF_KIND_ARRAY, 0, 0);
	word(AREA);
	word(INT);
	word(11);
	type("free_area", BTF_KIND_STRUCT, 1, 4);
	member("nr_free", INT, 0);
	type("zone_type", BTF_KIND_ENUM, 2, 4);
	word(text("ZONE_DMA"));
	word(0);
	word(text("ZONE_NORMAL"));
	word(2);
	type("gfp_t", BTF_KIND_TYPEDEF, 0, INT);
	type("zone", BTF_KIND_STRUCT, 1, 4);
	member("old", GFP, 0);
	type("", BTF_KIND_FUNC_PROTO, 1, TO_OTHER);
	word(text("gfp"));
	word(GFP);
	type("__alloc_pages_noprof", BTF_KIND_FUNC, 1, PROTO);
	type("__alloc_pages", BTF_KIND_FUNC, 1, PROTO);
	make_more();
}

static char data[sizeof(struct btf_header) + sizeof(types) + sizeof(strings)];

static size_t make_data(void)
{
	struct btf_header h = {.magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(h)};

	make_types();
	h.type_len = h.str_off = (__u32)types_size * 4;
	h.str_len = (__u32)strings_size;
	memcpy(data, &h, sizeof(h));
	memcpy(data + sizeof(h), types, h.type_len);
	memcpy(data + sizeof(h) + h.type_len, strings, strings_size);
	return sizeof(h) + h.type_len + strings_size;
}

static struct kernel_btf *make(void)
{
	struct kernel_btf *b = NULL;

	CHECK_EQ(kernel_btf_new(data, make_data(), &b), 0);
	return b;
}

/* ---- cases ---- */

static void test_finds_by_name_and_kind(void)
{
	struct kernel_btf *b = make();

	CHECK_EQ(kernel_btf_count(b), LAST);
	CHECK_EQ(kernel_btf_find(b, "int", BTF_KIND_INT), INT);
	CHECK_EQ(kernel_btf_find(b, "zone", BTF_KIND_STRUCT), ZONE);
	CHECK_EQ(kernel_btf_next(b, ZONE), ZONE_2);
	CHECK_EQ(kernel_btf_next(b, ZONE_2), 0);
	CHECK_EQ(kernel_btf_find(b, "zone_type", BTF_KIND_ENUM), ZONES);
	CHECK_EQ(kernel_btf_find(b, "__alloc_pages", BTF_KIND_FUNC), ALLOC_2);
	CHECK_EQ(kernel_btf_find(b, "__alloc_pages_noprof", BTF_KIND_FUNC), ALLOC);
	CHECK_EQ(kernel_btf_find(b, "__alloc_", BTF_KIND_FUNC), 0);
	CHECK_EQ(kernel_btf_find(b, "zone", BTF_KIND_ENUM), 0);
	CHECK_EQ(kernel_btf_find(b, "", BTF_KIND_PTR), 0);
	CHECK(!kernel_btf_type(b, 0) && !kernel_btf_type(b, LAST));
	CHECK_EQ(kernel_btf_type(b, AREA)->size, 4);
	CHECK(strcmp(kernel_btf_name(b, kernel_btf_type(b, GFP)->name_off), "gfp_t") == 0);
	CHECK(strcmp(kernel_btf_name(b, ~0U), "") == 0);
	kernel_btf_free(b);
}

static void test_members(void)
{
	struct kernel_btf *b = make();
	const struct btf_member *m = kernel_btf_member(b, "thread_info", "preempt_count");

	/* Inside an anonymous union, and one deeper; both are there by their own names alone. */
	CHECK(m && m->type == GFP);
	m = kernel_btf_member(b, "thread_info", "need_resched");
	CHECK(m && m->type == INT && m->offset == 32);
	CHECK(kernel_btf_member(b, "thread_info", "cpu") != NULL);
	CHECK(!kernel_btf_member(b, "thread_info", "preempt"));
	CHECK(!kernel_btf_member(b, "thread_info", "x")); /* of a type it does not have */
	CHECK(!kernel_btf_member(b, "zone", "nr_free"));  /* behind a named member */
	CHECK(!kernel_btf_member(b, "circle", "x"));
	CHECK_EQ(kernel_btf_member_elems(b, "zone", "free_area"), 11);
	CHECK_EQ(kernel_btf_member_elems(b, "thread_info", "cpu"), 11);
	CHECK_EQ(kernel_btf_member_elems(b, "zone", "node"), 0);
	kernel_btf_free(b);
}

static void test_questions(void)
{
	struct kernel_btf *b = make();

	CHECK_EQ(kernel_btf_tracepoint_args(b, "mm_page_alloc"), 2);
	CHECK_EQ(kernel_btf_tracepoint_args(b, "mm_page_free"), 0);
	CHECK(kernel_btf_func_proto(b, "__alloc_pages") == kernel_btf_type(b, PROTO));
	CHECK(!kernel_btf_func_proto(b, "zone"));
	CHECK_EQ(kernel_btf_enum_value(b, "zone_type", "ZONE_NORMAL"), 2);
	CHECK_EQ(kernel_btf_enum_value(b, "zone_type", "ZONE_MOVABLE"), -1);
	CHECK(kernel_btf_has_var(b, "runqueues") && !kernel_btf_has_var(b, "pcpu_hot"));
	CHECK_EQ(kernel_btf_percpu_offset(b, "__preempt_count"), 1024);
	CHECK_EQ(kernel_btf_percpu_offset(b, "runqueues"), 128);
	CHECK_EQ(kernel_btf_percpu_offset(b, "pcpu_hot"), -1);
	kernel_btf_free(b);
}

static struct kernel_btf *subset_of(const struct kernel_btf *b)
{
	static const char *const names[] = {"zone___v6_12", "zone_type", "zone", "nothing"};
	struct kernel_btf *few = NULL;
	void *out;
	size_t size;

	CHECK_EQ(kernel_btf_subset(b, names, 4, &out, &size), 0);
	CHECK_EQ(kernel_btf_new(out, size, &few), 0);
	free(out);
	return few;
}

static const struct btf_type *member_type(const struct kernel_btf *b, const struct btf_type *t,
					  unsigned int i, const char *name)
{
	const struct btf_member *m = (const void *)(t + 1);

	CHECK(strcmp(kernel_btf_name(b, m[i].name_off), name) == 0);
	return kernel_btf_type(b, m[i].type);
}

/* All that lies in the types, and nothing of what they point to. */
static void test_subset(void)
{
	struct kernel_btf *b = make(), *few = subset_of(b);
	__u32 id = kernel_btf_find(few, "zone", BTF_KIND_STRUCT);
	const struct btf_type *zone = kernel_btf_type(few, id), *t;

	CHECK(zone && zone->size == 64 && BTF_INFO_VLEN(zone->info) == 3);
	CHECK(BTF_INFO_KIND(member_type(few, zone, 0, "node")->info) == BTF_KIND_INT);
	t = member_type(few, zone, 1, "pgdat");
	CHECK(BTF_INFO_KIND(t->info) == BTF_KIND_PTR && !t->type);
	t = member_type(few, zone, 2, "free_area");
	CHECK_EQ(((const struct btf_array *)(t + 1))->nelems, 11);
	t = kernel_btf_type(few, ((const struct btf_array *)(t + 1))->type);
	CHECK(strcmp(kernel_btf_name(few, t->name_off), "free_area") == 0);
	/* The second one of that name, once each, with the typedef in it. */
	id = kernel_btf_next(few, id);
	CHECK(id && !kernel_btf_next(few, id));
	CHECK_EQ(BTF_INFO_KIND(member_type(few, kernel_btf_type(few, id), 0, "old")->info),
		 BTF_KIND_TYPEDEF);
	t = kernel_btf_type(few, kernel_btf_find(few, "zone_type", BTF_KIND_ENUM));
	CHECK(t && strcmp(kernel_btf_name(few, ((const struct btf_enum *)(t + 1))[1].name_off),
			  "ZONE_NORMAL") == 0);
	CHECK_EQ(kernel_btf_find(few, "other", BTF_KIND_STRUCT), 0);
	CHECK_EQ(kernel_btf_find(few, "__alloc_pages", BTF_KIND_FUNC), 0);
	CHECK_EQ(kernel_btf_count(few), 9);
	kernel_btf_free(few);
	kernel_btf_free(b);
}

/* Each name by itself, so that none can be left out for another that brings its types along. */
static void test_subset_of_one(void)
{
	static const char *const names[] = {"zone_type", "free_area", "gfp_t", "int"};
	/* with what lies in it: zone_type alone; free_area and int; gfp_t and int; an int is none
	 */
	static const __u32 counts[] = {1 + 1, 1 + 2, 1 + 2, 1};
	static const unsigned int kinds[] = {BTF_KIND_ENUM, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF};
	struct kernel_btf *b = make();

	for (unsigned int i = 0; i < 4; i++) {
		struct kernel_btf *few = NULL;
		void *out;
		size_t size;

		CHECK_EQ(kernel_btf_subset(b, &names[i], 1, &out, &size), 0);
		CHECK_EQ(kernel_btf_new(out, size, &few), 0);
		CHECK_MSG(kernel_btf_count(few) == counts[i], "%s: %u types", names[i],
			  kernel_btf_count(few));
		if (i < 3)
			CHECK_MSG(kernel_btf_find(few, names[i], kinds[i]), "%s is left out",
				  names[i]);
		kernel_btf_free(few);
		free(out);
	}
	kernel_btf_free(b);
}

/* Refused, or of use: never more than that, whatever a file has. */
static void use(size_t size)
{
	struct kernel_btf *b = NULL;

	if (kernel_btf_new(data, size, &b)) {
		CHECK(!b);
		return;
	}
	kernel_btf_find(b, "zone", BTF_KIND_STRUCT);
	kernel_btf_member(b, "circle", "x");
	kernel_btf_member_elems(b, "zone", "free_area");
	kernel_btf_tracepoint_args(b, "mm_page_alloc");
	kernel_btf_enum_value(b, "zone_type", "ZONE_NORMAL");
	kernel_btf_percpu_offset(b, "__preempt_count");
	kernel_btf_free(subset_of(b));
	kernel_btf_free(b);
}

static void test_cut(void)
{
	size_t size = make_data();

	for (size_t n = 0; n < size; n++) {
		struct kernel_btf *b = NULL;

		CHECK_EQ(kernel_btf_new(data, n, &b), -EINVAL);
	}
}

static void test_damaged(void)
{
	__u64 seed = 7;

	for (int i = 0; i < 20000; i++) {
		size_t size = make_data();

		for (__u64 n = test_random(&seed) % 4 + 1; n; n--)
			data[test_random(&seed) % size] = (char)test_random(&seed);
		use(size);
	}
}

static const struct test_case cases[] = {
	{"finds_by_name_and_kind", test_finds_by_name_and_kind},
	{"members", test_members},
	{"questions", test_questions},
	{"subset", test_subset},
	{"subset_of_one", test_subset_of_one},
	{"cut", test_cut},
	{"damaged", test_damaged},
};

TEST_MAIN("kernel_btf", cases)
