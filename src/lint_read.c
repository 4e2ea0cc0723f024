// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lint_read.c - one line of the view lint back into a report. Believes nothing. */
#include "event_stream.h"
#include "lint.h"

/* As many as the kernel side has room for. */
#define FINDINGS_MAX 4096

struct target {
	struct lint_report *report;
	bool interval; /* behind total: each finding is known already */
};

static void read_contexts(struct reader *rd, const json_t *object, struct lint_finding *f)
{
	const json_t *array = rd_get_array(rd, object, "contexts", LAB_CONTEXTS);

	for (size_t i = 0; i < json_array_size(array); i++)
		f->contexts |=
			1U << rd_as_name(rd, "contexts", json_array_get(array, i), context_name);
}

static void read_frame(struct reader *rd, const json_t *object, size_t i, void *to)
{
	rd_get_fields(rd, object, event_symbol_fields, &((struct lint_finding *)to)->frame[i]);
}

/* Of the two lists the first one tells what there is. */
static void read_known(struct reader *rd, const json_t *object, struct lint_finding *f)
{
	rd_get_fields(rd, object, lint_known_fields, f);
	read_contexts(rd, object, f);
	f->frames = rd_each_object(rd, object, "stack", LAB_EVENT_FRAMES, read_frame, f);
	f->total = rd_get_u64(rd, object, "times");
}

/* The row of an entry; NULL: already said. */
static struct lint_finding *finding_of(struct reader *rd, const json_t *object, struct target *t)
{
	size_t findings = t->report->findings;
	struct lint_finding read = {0}, *f;

	rd_get_fields(rd, object, lint_identity_fields, &read);
	if (!rd->failed && (read.mistake == LAB_MISTAKE_NONE))
		rd_fail(rd, "mistake", "\"none\" is none");
	if (rd->failed)
		return NULL;
	f = lint_find(t->report, &read);
	if (!f)
		rd_fail(rd, "site", "out of memory");
	else if (t->interval && t->report->findings > findings)
		rd_fail(rd, "site", "this one is not in total");
	else if (!t->interval && t->report->findings == findings)
		rd_fail(rd, "site", "the same mistake of it comes twice");
	return rd->failed ? NULL : f;
}

static void read_finding(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct target *t = to;
	struct lint_finding *f = finding_of(rd, object, t);

	(void)i;
	if (!f)
		return;
	if (t->interval)
		f->interval = rd_get_u64(rd, object, "times");
	else
		read_known(rd, object, f);
}

static void read_part(struct reader *rd, const json_t *root, const char *key, bool interval,
		      struct lint_report *r)
{
	const json_t *object = rd_get_object(rd, root, key);
	struct target t = {.report = r, .interval = interval};
	size_t before = rd_enter(rd, key, -1);

	rd_each_object(rd, object, "findings", FINDINGS_MAX, read_finding, &t);
	tables_audit_read(rd, &tables_view_lint, object,
			  interval ? &r->head.interval : &r->head.total);
	rd_leave(rd, before);
}

void lint_read(struct reader *rd, const json_t *root, void *report)
{
	read_part(rd, root, "total", false, report);
	read_part(rd, root, "interval", true, report);
}
