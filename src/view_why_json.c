// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_why_json.c - a report of the view why as one JSON object on one line. The same keys in the
 * same order every time; null where a figure is not known. These lines are also the recording that
 * a replay reads.
 */
#include "event_stream.h"
#include "gfp_names.h"
#include "json_write.h"
#include "options.h"
#include "stream_budget.h"
#include "why_stream.h"
#include "why_view.h"

bool view_why_wants(const struct options *opt, const struct why_site *s)
{
	return !opt->failures_only || s->count.failed;
}

static void put_fields_if(struct writer *w, json_t *object, bool has, const struct field *fields,
			  const void *base)
{
	if (has)
		wr_put_fields(w, object, fields, base);
	else
		wr_put_nulls(w, object, fields);
}

static json_t *number_or_null(__u64 v)
{
	return v ? wr_number(v) : json_null();
}

static void put_figures(struct writer *w, json_t *object, const struct why_report *r,
			const struct why_figures *f)
{
	wr_put(w, object, "requests_sampled",
	       r->counted ? wr_number(f->requests_sampled) : json_null());
	wr_put_fields(w, object, why_count_fields, f);
	wr_put(w, object, "latency_max_ns", number_or_null(f->latency_max_ns));
	wr_put(w, object, "verdicts", wr_named(w, event_verdict_name, f->verdict));
	wr_put(w, object, "printed_by_kernel", wr_named(w, event_printed_name, f->printed));
}

static json_t *stack_array(struct writer *w, const struct why_case *c)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < c->frames; i++)
		wr_add(w, array, wr_fields(w, event_symbol_fields, &c->frame[i]));
	return array;
}

static json_t *example_object(struct writer *w, const struct why_site *s)
{
	const struct why_case *c = &s->example;
	char names[GFP_NAMES_TEXT];
	json_t *object;

	if (!s->has_example)
		return json_null();
	object = json_object();
	wr_put(w, object, "time", c->failed ? wr_time(c->time_ns) : json_null());
	put_fields_if(w, object, c->failed, why_outcome_fields, c);
	wr_put(w, object, "class", json_string(class_name(lab_class_of(c->gfp))));
	wr_put_fields(w, object, why_case_fields, c);
	gfp_names(names, sizeof(names), c->gfp);
	wr_put(w, object, "gfp_names", wr_text(names));
	wr_put(w, object, "stack", stack_array(w, c));
	return object;
}

static json_t *advice_array(struct writer *w, const struct why_site *s)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < WHY_ADVICE && s->advice[i][0]; i++)
		wr_add(w, array, wr_text(s->advice[i]));
	return array;
}

static json_t *site_object(struct writer *w, const struct why_report *r, const struct why_site *s)
{
	json_t *object = wr_fields(w, why_site_fields, s);

	put_figures(w, object, r, &s->count);
	wr_put(w, object, "example", example_object(w, s));
	wr_put(w, object, "advice", advice_array(w, s));
	return object;
}

static json_t *list_object(struct writer *w, const struct options *opt, const struct why_report *r,
			   const struct why_list *l)
{
	json_t *object = json_object(), *array = json_array(), *other = json_object();

	for (unsigned int i = 0; i < l->sites; i++)
		if (!opt || view_why_wants(opt, &l->site[i]))
			wr_add(w, array, site_object(w, r, &l->site[i]));
	wr_put(w, object, "sites", array);
	wr_put(w, object, "other_sites", wr_number(l->other_sites));
	put_figures(w, other, r, &l->other);
	wr_put(w, object, "other", other);
	return object;
}

/* opt: NULL: all of it. */
static int print(FILE *f, const struct options *opt, const struct why_report *r)
{
	json_t *root = json_object();
	struct writer w = {0};

	wr_put(&w, root, "type", json_string("why"));
	wr_put(&w, root, "schema", wr_number(STREAM_SCHEMA));
	wr_put(&w, root, "time", wr_time(r->time_ns));
	wr_put_fields(&w, root, why_head_fields, r);
	wr_put_info(&w, root, &r->info);
	wr_put_budget(&w, root, &r->budget);
	put_fields_if(&w, root, r->counted, why_sample_fields, r);
	put_fields_if(&w, root, r->ended, why_audit_fields, r);
	wr_put(&w, root, "min_free_kbytes", number_or_null(r->min_free_kbytes));
	wr_put(&w, root, "interval", list_object(&w, opt, r, &r->interval));
	wr_put(&w, root, "total", list_object(&w, opt, r, &r->total));
	return wr_line(f, &w, root);
}

int view_why_json(FILE *f, const struct options *opt, const struct why_report *r)
{
	return print(f, opt, r);
}

int view_why_record(FILE *f, const struct why_report *r)
{
	return print(f, NULL, r);
}
