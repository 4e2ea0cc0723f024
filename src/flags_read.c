// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flags_read.c - one line of the view flags back into a report. Believes nothing. */
#include <inttypes.h>

#include "flags.h"
#include "stream_hist.h"

/* More masks than any kernel makes; a line that has more is damaged. */
#define KINDS_MAX 4096

struct target {
	struct flags_report *report;
	bool interval; /* behind total: each kind is known already */
};

static void read_path(struct reader *rd, const json_t *object, const char *key, struct hist *h)
{
	const json_t *path = rd_get_object(rd, object, key);
	size_t before = rd_enter(rd, key, -1);

	rd_get_hist(rd, path, h);
	rd_leave(rd, before);
}

static void read_count(struct reader *rd, const json_t *object, struct flags_count *c)
{
	__u64 requests = rd_get_u64(rd, object, "requests");

	rd_get_fields(rd, object, flags_count_fields, c);
	read_path(rd, object, "fast", &c->fast);
	read_path(rd, object, "slow", &c->slow);
	if (!rd->failed && flags_requests(c) != requests)
		rd_fail(rd, "requests", "%" PRIu64 ", and its parts come to %" PRIu64,
			(uint64_t)requests, (uint64_t)flags_requests(c));
}

/* The row of an entry; NULL: already said. */
static struct flags_kind *kind_of(struct reader *rd, const json_t *object, struct target *t)
{
	size_t kinds = t->report->kinds;
	struct flags_kind read = {0}, *kind;

	rd_get_fields(rd, object, flags_kind_fields, &read);
	if (rd->failed)
		return NULL;
	kind = flags_find(t->report, read.gfp);
	if (!kind)
		rd_fail(rd, "gfp", "out of memory");
	else if (t->interval && t->report->kinds > kinds)
		rd_fail(rd, "gfp", "0x%x is not in total", read.gfp);
	else if (!t->interval && t->report->kinds == kinds)
		rd_fail(rd, "gfp", "0x%x comes twice", read.gfp);
	return rd->failed ? NULL : kind;
}

static void read_kind(struct reader *rd, const json_t *object, size_t i, void *to)
{
	struct target *t = to;
	struct flags_kind *kind = kind_of(rd, object, t);
	struct flags_count c = {0};

	(void)i;
	if (!kind)
		return;
	read_count(rd, object, &c);
	*(t->interval ? &kind->interval : &kind->total) = c;
}

static void read_part(struct reader *rd, const json_t *root, const char *key, bool interval,
		      struct flags_report *r)
{
	const json_t *object = rd_get_object(rd, root, key);
	struct target t = {.report = r, .interval = interval};
	size_t before = rd_enter(rd, key, -1);

	rd_each_object(rd, object, "kinds", KINDS_MAX, read_kind, &t);
	tables_audit_read(rd, &tables_view_flags, object,
			  interval ? &r->head.interval : &r->head.total);
	rd_leave(rd, before);
}

void flags_read(struct reader *rd, const json_t *root, void *report)
{
	read_part(rd, root, "total", false, report);
	read_part(rd, root, "interval", true, report);
}
