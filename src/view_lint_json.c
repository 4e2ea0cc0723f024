// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_lint_json.c - a report of the view lint as one JSON object on one line. Raw counts only; the
 * same keys in the same order every time. This line is also the recording that a replay reads.
 */
#include "event_stream.h"
#include "gfp_names.h"
#include "lint.h"
#include "util.h"
#include "view_lint.h"

static json_t *contexts_array(struct writer *w, __u32 contexts)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < LAB_CONTEXTS; i++)
		if (contexts & 1U << i)
			wr_add(w, array, json_string(context_name(i)));
	return array;
}

static json_t *stack_array(struct writer *w, const struct lint_finding *f)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < f->frames; i++)
		wr_add(w, array, wr_fields(w, event_symbol_fields, &f->frame[i]));
	return array;
}

static json_t *finding_object(struct writer *w, const struct lint_finding *f, __u64 times)
{
	json_t *object = wr_fields(w, lint_identity_fields, f);
	char names[GFP_NAMES_TEXT];

	gfp_kind_names(names, sizeof(names), f->gfp);
	wr_put(w, object, "gfp_names", wr_text(names));
	wr_put(w, object, "class", json_string(class_name(lab_class_of(f->gfp))));
	wr_put(w, object, "bug", json_boolean(lint_is_bug(f->mistake)));
	wr_put(w, object, "contexts", contexts_array(w, f->contexts));
	wr_put(w, object, "times", wr_number(times));
	wr_put_fields(w, object, lint_known_fields, f);
	wr_put(w, object, "stack", stack_array(w, f));
	return object;
}

/* Interval and total list the same findings, in the order of total. */
static json_t *part_object(struct writer *w, const struct lint_report *r, bool interval,
			   const struct lint_finding **finding, size_t findings)
{
	json_t *object = json_object(), *array = json_array();

	for (size_t i = 0; i < findings; i++)
		wr_add(w, array,
		       finding_object(w, finding[i],
				      interval ? finding[i]->interval : finding[i]->total));
	wr_put(w, object, "findings", array);
	wr_put(w, object, "audit",
	       tables_audit_json(w, &tables_view_lint,
				 interval ? &r->head.interval : &r->head.total));
	return object;
}

int lint_json(FILE *f, const struct options *opt, const void *report)
{
	_cleanup_(freep) const struct lint_finding **finding = NULL;
	const struct lint_report *r = report;
	size_t findings = lint_sorted(r, opt, false, &finding);
	struct writer w = {.failed = !finding};
	json_t *root = tables_head_json(&w, &tables_view_lint, &r->head);

	wr_put(&w, root, "interval", part_object(&w, r, true, finding, findings));
	wr_put(&w, root, "total", part_object(&w, r, false, finding, findings));
	return wr_line(f, &w, root);
}
