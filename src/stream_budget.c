// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stream_budget.c - what the tool took and left out, to JSON and back. */
#include "stream_budget.h"

#include <stdint.h>

/* One line a key. */
/* clang-format off */
#define AT(name, member, of_kind) .key = name, .offset = offsetof(struct budget_report, member), .kind = of_kind
#define U64(name, member) {AT(name, member, FIELD_U64)}

static const struct field limit_fields[] = {
	U64("limit_ns", limit_ns),
	{.key = NULL},
};

static const struct field budget_fields[] = {
	U64("process_ns", process_ns),
	{AT("step", step, FIELD_NAME), .name_of = budget_step_name},
	U64("steps_down", steps_down),
	U64("steps_up", steps_up),
	U64("skipped", skipped),
	{AT("over", over, FIELD_BOOL)},
	{.key = NULL},
};
/* clang-format on */

static json_t *number_if(bool has, __u64 v)
{
	return has ? wr_number(v) : json_null();
}

void wr_put_budget(struct writer *w, json_t *root, const struct budget_report *b)
{
	json_t *object;

	if (!b->limit_ns) {
		wr_put(w, root, "budget", json_null());
		return;
	}
	object = wr_fields(w, limit_fields, b);
	wr_put(w, object, "programs_ns", number_if(b->programs_known, b->programs_ns));
	wr_put_fields(w, object, budget_fields, b);
	wr_put(w, object, "sites_sampled_every", number_if(b->sites_sampled, b->sites_sampled));
	wr_put(w, root, "budget", object);
}

/* 0 for null. */
static __u64 read_number(struct reader *rd, const json_t *object, const char *key, __u64 min,
			 __u64 max)
{
	const json_t *v = rd_get(rd, object, key);

	if (json_is_null(v))
		return 0;
	return (__u64)rd_as_integer(rd, key, v, (json_int_t)min, (json_int_t)max);
}

void rd_get_budget(struct reader *rd, const json_t *root, struct budget_report *b)
{
	const json_t *object = json_object_get(root, "budget");
	size_t before;

	if (!object || json_is_null(object))
		return;
	object = rd_get_object(rd, root, "budget");
	before = rd_enter(rd, "budget", -1);
	b->limit_ns = (__u64)rd_get_integer(rd, object, "limit_ns", 1, INT64_MAX);
	b->programs_known = !json_is_null(rd_get(rd, object, "programs_ns"));
	b->programs_ns = read_number(rd, object, "programs_ns", 0, INT64_MAX);
	rd_get_fields(rd, object, budget_fields, b);
	b->sites_sampled = (__u32)read_number(rd, object, "sites_sampled_every", 1, UINT32_MAX);
	rd_leave(rd, before);
}
