// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_flags_json.c - a report of the view flags as one JSON object on one line. Raw counts only;
 * the same keys in the same order every time. This line is also the recording that a replay reads.
 */
#include "exits.h"
#include "flags.h"
#include "gfp_names.h"
#include "stream_hist.h"
#include "util.h"
#include "view_flags.h"

static json_t *path_object(struct writer *w, const struct hist *h)
{
	json_t *object = json_object();

	wr_put_hist(w, object, h);
	return object;
}

static json_t *kind_object(struct writer *w, const struct flags_kind *kind,
			   const struct flags_count *c)
{
	json_t *object = wr_fields(w, flags_kind_fields, kind);
	char names[GFP_NAMES_TEXT];

	gfp_kind_names(names, sizeof(names), kind->gfp);
	wr_put(w, object, "gfp_names", wr_text(names));
	wr_put(w, object, "class", json_string(class_name(lab_class_of(kind->gfp))));
	wr_put(w, object, "may_sleep", json_boolean(flags_may_sleep(kind->gfp)));
	wr_put(w, object, "rights", json_string(flags_rights_name(flags_rights_of(kind->gfp))));
	wr_put(w, object, "requests", wr_number(flags_requests(c)));
	wr_put_fields(w, object, flags_count_fields, c);
	wr_put(w, object, "fast", path_object(w, &c->fast));
	wr_put(w, object, "slow", path_object(w, &c->slow));
	return object;
}

/* Interval and total list the same kinds, in the order of total. */
static json_t *part_object(struct writer *w, const struct flags_report *r, bool interval,
			   const struct flags_kind **kind, size_t kinds)
{
	json_t *object = json_object(), *array = json_array();

	for (size_t i = 0; i < kinds; i++)
		wr_add(w, array,
		       kind_object(w, kind[i], interval ? &kind[i]->interval : &kind[i]->total));
	wr_put(w, object, "kinds", array);
	wr_put(w, object, "audit",
	       tables_audit_json(w, &tables_view_flags,
				 interval ? &r->head.interval : &r->head.total));
	return object;
}

int flags_json(FILE *f, const struct options *opt, const void *report)
{
	_cleanup_(freep) const struct flags_kind **kind = NULL;
	const struct flags_report *r = report;
	size_t kinds = flags_sorted(r, opt, false, &kind);
	struct writer w = {.failed = !kind};
	json_t *root = tables_head_json(&w, &tables_view_flags, &r->head);

	wr_put(&w, root, "interval", part_object(&w, r, true, kind, kinds));
	wr_put(&w, root, "total", part_object(&w, r, false, kind, kinds));
	return wr_line(f, &w, root);
}
