// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * stream_read.c - one line of a JSON stream back into a report. Believes nothing: the line may come
 * from anywhere. Keys it does not know are left alone, so that a newer writer can add some.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "json_read.h"
#include "stream_budget.h"
#include "stream_hist.h"

/* The order of an entry; each order comes once: bit in *seen. */
static unsigned int read_order(struct reader *rd, const json_t *object, __u32 *seen)
{
	unsigned int order = (unsigned int)rd_get_integer(rd, object, "order", 0, LAB_ORDERS - 1);

	if (*seen & (1U << order))
		rd_fail(rd, "order", "%u comes twice", order);
	*seen |= 1U << order;
	return order;
}

struct row_target {
	struct row *row;
	__u32 seen_orders;
};

static void read_row_order(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct row_target *t = to;
	unsigned int order = read_order(rd, object, &t->seen_orders);

	(void)i;
	rd_get_fields(rd, object, stream_order_fields, &t->row->order[order]);
}

struct figures_target {
	struct figures *fig;
	__u32 seen_failures;
	bool seen_rows[LAB_CLASSES][LAB_CONTEXTS];
};

static void read_row(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct figures_target *t = to;
	struct row_target rt = {0};
	unsigned int class, context;

	(void)i;
	class = rd_as_name(rd, "class", rd_get(rd, object, "class"), class_name);
	context = rd_as_name(rd, "context", rd_get(rd, object, "context"), context_name);
	if (t->seen_rows[class][context])
		rd_fail(rd, "class", "the row %s %s comes twice", class_name(class),
			context_name(context));
	t->seen_rows[class][context] = true;
	rt.row = &t->fig->row[class][context];
	rd_get_fields(rd, object, stream_row_fields, rt.row);
	rd_get_hist(rd, object, &rt.row->latency);
	rd_each_object(rd, object, "orders", LAB_ORDERS, read_row_order, &rt);
}

static void read_failure(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct figures_target *t = to;
	unsigned int order = read_order(rd, object, &t->seen_failures);

	(void)i;
	rd_get_fields(rd, object, stream_failure_fields, t->fig->failure[order]);
}

static void read_figures(struct reader *rd, const json_t *root, const char *key,
			 struct figures *fig)
{
	const json_t *object = rd_get_object(rd, root, key);
	struct figures_target t = {.fig = fig};
	size_t before = rd_enter(rd, key, -1);

	rd_each_object(rd, object, "rows", LAB_CLASSES * LAB_CONTEXTS, read_row, &t);
	rd_each_object(rd, object, "failures", LAB_ORDERS, read_failure, &t);
	rd_get_section(rd, object, "exclusive", stream_exclusive_fields, &fig->exclusive);
	rd_get_section(rd, object, "bulk", stream_bulk_fields, &fig->bulk);
	fig->anon_exclusive_pages = rd_get_u64(rd, object, "anon_exclusive_pages");
	rd_get_section(rd, object, "audit", stream_audit_fields, &fig->audit);
	rd_leave(rd, before);
}

static void read_zone(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct zone_row *z = &((struct report *)to)->zone[i];

	rd_get_string(rd, object, "name", z->name, sizeof(z->name));
	rd_get_fields(rd, object, stream_zone_fields, z);
}

/* Lines of other views may stand between the reports: false. */
static bool is_report(struct reader *rd, const json_t *root)
{
	char type[32];

	rd_get_string(rd, root, "type", type, sizeof(type));
	if (strcmp(type, "stat") != 0) {
		rd->err->view = rd->failed ? NULL : stream_view_of(type);
		if (rd->err->view)
			return false;
		rd_fail(rd, "type", "\"%s\", which is none of a recording", type);
	}
	rd_check_schema(rd, root);
	return true;
}

static int read_report(struct reader *rd, const json_t *root, struct report *ret)
{
	if (!is_report(rd, root))
		return -ENOMSG;
	rd_get_fields(rd, root, stream_head_fields, ret);
	rd_get_info(rd, root, &ret->info);
	rd_get_budget(rd, root, &ret->budget);
	read_figures(rd, root, "interval", &ret->interval);
	read_figures(rd, root, "total", &ret->total);
	ret->zones = rd_each_object(rd, root, "zones", LAB_ZONES, read_zone, ret);
	return rd->failed ? -EINVAL : 0;
}

int stream_parse(const char *line, size_t len, struct report *ret, struct stream_error *err)
{
	struct reader rd = {.err = err};
	json_t *root = rd_open(&rd, line, len);
	int r;

	memset(ret, 0, sizeof(*ret));
	if (!root)
		return -EINVAL;
	r = read_report(&rd, root, ret);
	json_decref(root);
	return r;
}
