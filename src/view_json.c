// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_json.c - a report as one JSON object on one line. Raw counts only; the same keys in the same
 * order every time. This line is also the recording that a replay reads.
 */
#include <string.h>

#include "json_write.h"
#include "options.h"
#include "stream_budget.h"
#include "stream_hist.h"
#include "view.h"

static json_t *orders_array(struct writer *w, const struct row *row)
{
	static const struct order_row none;
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		json_t *object;

		if (memcmp(&row->order[i], &none, sizeof(none)) == 0)
			continue;
		object = json_object();
		wr_put(w, object, "order", wr_number(i));
		wr_put_fields(w, object, stream_order_fields, &row->order[i]);
		wr_add(w, array, object);
	}
	return array;
}

static json_t *row_object(struct writer *w, unsigned int class, unsigned int context,
			  const struct row *row)
{
	json_t *object = json_object();

	wr_put(w, object, "class", json_string(class_name(class)));
	wr_put(w, object, "context", json_string(context_name(context)));
	wr_put_fields(w, object, stream_row_fields, row);
	wr_put_hist(w, object, &row->latency);
	wr_put(w, object, "orders", orders_array(w, row));
	return object;
}

/* wanted: the figures whose rows decide what is listed, so that interval and total list the same.
 */
static json_t *rows_array(struct writer *w, const struct options *opt, const struct figures *fig,
			  const struct figures *wanted)
{
	json_t *array = json_array();

	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			if (view_wants_row(opt, c, &wanted->row[c][x]))
				wr_add(w, array, row_object(w, c, x, &fig->row[c][x]));
		}
	}
	return array;
}

static json_t *failures_array(struct writer *w, const struct figures *fig)
{
	static const __u64 none[LAB_LEVELS];
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		json_t *object;

		if (memcmp(fig->failure[i], none, sizeof(none)) == 0)
			continue;
		object = json_object();
		wr_put(w, object, "order", wr_number(i));
		wr_put_fields(w, object, stream_failure_fields, fig->failure[i]);
		wr_add(w, array, object);
	}
	return array;
}

static json_t *figures_object(struct writer *w, const struct options *opt,
			      const struct figures *fig, const struct figures *wanted)
{
	json_t *object = json_object(), *audit;

	wr_put(w, object, "rows", rows_array(w, opt, fig, wanted));
	wr_put(w, object, "failures", failures_array(w, fig));
	wr_put(w, object, "exclusive", wr_fields(w, stream_exclusive_fields, &fig->exclusive));
	wr_put(w, object, "bulk", wr_fields(w, stream_bulk_fields, &fig->bulk));
	wr_put(w, object, "anon_exclusive_pages", wr_number(fig->anon_exclusive_pages));
	audit = wr_fields(w, stream_audit_fields, &fig->audit);
	wr_put(w, audit, "complete", json_boolean(audit_complete(&fig->audit)));
	wr_put(w, object, "audit", audit);
	return object;
}

static json_t *zones_array(struct writer *w, const struct report *r)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < r->zones; i++) {
		json_t *object = json_object();

		wr_put(w, object, "name", wr_text(r->zone[i].name));
		wr_put_fields(w, object, stream_zone_fields, &r->zone[i]);
		wr_add(w, array, object);
	}
	return array;
}

static json_t *report_object(struct writer *w, const struct options *opt, const struct report *r)
{
	long long held = view_held_blocks(r);
	json_t *root = json_object();

	wr_put(w, root, "type", json_string("stat"));
	wr_put(w, root, "schema", wr_number(STREAM_SCHEMA));
	wr_put(w, root, "time", wr_time(r->time_ns));
	wr_put_fields(w, root, stream_head_fields, r);
	wr_put_info(w, root, &r->info);
	wr_put_budget(w, root, &r->budget);
	wr_put(w, root, "exclusive_held_blocks", held < 0 ? json_null() : json_integer(held));
	wr_put(w, root, "interval", figures_object(w, opt, &r->interval, &r->total));
	wr_put(w, root, "total", figures_object(w, opt, &r->total, &r->total));
	wr_put(w, root, "zones", zones_array(w, r));
	return root;
}

static int json_report(FILE *f, const struct options *opt, const struct report *r)
{
	struct writer w = {0};
	json_t *root = report_object(&w, opt, r);

	return wr_line(f, &w, root);
}

int view_json_record(FILE *f, const struct report *r)
{
	static const struct options everything = {.view = VIEW_STAT, .json = true};

	return json_report(f, &everything, r);
}

/* A stream needs no frame: each line stands for itself. */
static int json_frame(FILE *f, const struct options *opt)
{
	(void)f;
	(void)opt;
	return 0;
}

const struct view_ops view_json = {
	.name = "json",
	.begin = json_frame,
	.report = json_report,
	.end = json_frame,
};
