// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why_read.c - one line of the view why back into its report. Believes nothing. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "event_stream.h"
#include "json_read.h"
#include "stream_budget.h"
#include "why_stream.h"

struct list_target {
	const struct why_report *report;
	struct why_list *list;
};

/* A number, or null: 0. */
static __u64 number_or_null(struct reader *rd, const json_t *object, const char *key)
{
	const json_t *v = rd_get(rd, object, key);

	return json_is_null(v) ? 0 : (__u64)rd_as_integer(rd, key, v, 0, INT64_MAX);
}

static void read_figures(struct reader *rd, const json_t *object, const struct why_report *r,
			 struct why_figures *f)
{
	if (r->counted)
		f->requests_sampled = rd_get_u64(rd, object, "requests_sampled");
	rd_get_fields(rd, object, why_count_fields, f);
	f->latency_max_ns = number_or_null(rd, object, "latency_max_ns");
	rd_get_named(rd, object, "verdicts", event_verdict_name, f->verdict);
	rd_get_named(rd, object, "printed_by_kernel", event_printed_name, f->printed);
	if (!rd->failed && f->not_followed > f->failed)
		rd_fail(rd, "not_followed", "more than failed");
}

static void read_frame(struct reader *rd, const json_t *object, size_t i, void *to)
{
	rd_get_fields(rd, object, event_symbol_fields, &((struct why_case *)to)->frame[i]);
}

static void read_example(struct reader *rd, const json_t *object, struct why_site *s)
{
	struct why_case *c = &s->example;
	size_t before;

	if (json_is_null(rd_get(rd, object, "example")))
		return;
	object = rd_get_object(rd, object, "example");
	before = rd_enter(rd, "example", -1);
	s->has_example = true;
	c->failed = !json_is_null(rd_get(rd, object, "verdict"));
	if (c->failed)
		rd_get_fields(rd, object, why_outcome_fields, c);
	rd_get_fields(rd, object, why_case_fields, c);
	c->frames = rd_each_object(rd, object, "stack", LAB_EVENT_FRAMES, read_frame, c);
	rd_leave(rd, before);
}

static void read_site(struct reader *rd, const json_t *object, size_t i, void *to)
{
	const struct list_target *t = to;
	struct why_site *s = &t->list->site[i];
	const json_t *advice;

	rd_get_fields(rd, object, why_site_fields, s);
	read_figures(rd, object, t->report, &s->count);
	read_example(rd, object, s);
	advice = rd_get_array(rd, object, "advice", WHY_ADVICE);
	for (size_t k = 0; k < json_array_size(advice) && !rd->failed; k++)
		rd_as_string(rd, "advice", json_array_get(advice, k), s->advice[k],
			     sizeof(s->advice[k]));
}

static void read_list(struct reader *rd, const json_t *root, const char *key,
		      const struct why_report *r, struct why_list *l)
{
	const json_t *object = rd_get_object(rd, root, key), *other;
	size_t before = rd_enter(rd, key, -1);
	size_t sites = json_array_size(rd_get_array(rd, object, "sites", WHY_SITES));

	l->site = calloc(sites + 1, sizeof(*l->site));
	if (!l->site)
		rd_fail(rd, "sites", "no memory for %zu of them", sites);
	l->sites = rd_each_object(rd, object, "sites", WHY_SITES, read_site,
				  &(struct list_target){r, l});
	l->other_sites = rd_get_u64(rd, object, "other_sites");
	other = rd_get_object(rd, object, "other");
	read_figures(rd, other, r, &l->other);
	rd_leave(rd, before);
}

static bool is_why(struct reader *rd, const json_t *root)
{
	char type[32];

	rd_get_string(rd, root, "type", type, sizeof(type));
	if (strcmp(type, "why") == 0) {
		rd_check_schema(rd, root);
		return true;
	}
	rd->err->view = rd->failed ? NULL : stream_view_of(type);
	if (rd->err->view)
		return false;
	rd_fail(rd, "type", "\"%s\", which is none of a recording", type);
	return true;
}

static int read_report(struct reader *rd, const json_t *root, struct why_report *ret)
{
	if (!is_why(rd, root))
		return -ENOMSG;
	rd_get_fields(rd, root, why_head_fields, ret);
	rd_get_info(rd, root, &ret->info);
	rd_get_budget(rd, root, &ret->budget);
	if (ret->counted)
		rd_get_fields(rd, root, why_sample_fields, ret);
	if (ret->ended)
		rd_get_fields(rd, root, why_audit_fields, ret);
	ret->min_free_kbytes = number_or_null(rd, root, "min_free_kbytes");
	if (!rd->failed)
		read_list(rd, root, "interval", ret, &ret->interval);
	if (!rd->failed)
		read_list(rd, root, "total", ret, &ret->total);
	return rd->failed ? -EINVAL : 0;
}

int why_line_parse(const char *line, size_t len, struct why_report *ret, struct stream_error *err)
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
