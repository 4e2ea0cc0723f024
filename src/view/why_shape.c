// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * why_shape.c - a report of the view why in the JSON stream. The same keys in the same order every
 * time; null where a figure is not known.
 */
#include "view/why_shape.h"

#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "json/common.h"
#include "json/fields.h"
#include "json/read.h"
#include "json/write.h"
#include "model/names.h"
#include "view/stream.h"
#include "view/show.h"

bool view_why_wants(const struct show *show, const struct why_site *s)
{
	return !show->failures_only || s->count.failed;
}

/* ---- figures ---- */

static bool is_counted(const void *base, const void *root)
{
	const struct why_report *r = root;

	(void)base;
	return r->counted;
}

static void check_figures(struct reader *rd, void *base)
{
	const struct why_figures *f = base;

	if (f->not_followed > f->failed)
		rd_fail(rd, "not_followed", "more than failed");
}

#define IF_COUNTED .null = NULL_UNLESS, .has = is_counted

/* clang-format off */
static const struct field figures_fields[] = {
	U64(struct why_figures, "requests_sampled", requests_sampled, COUNTER, "requests", "Of one in sample_every requests; null: not known.", IF_COUNTED),
	U64(struct why_figures, "failed", failed, COUNTER, "requests", "lost + recovered + retried + pending + not_followed"),
	U64(struct why_figures, "failed_final", failed_final, COUNTER, "requests", "Of those, without __GFP_NORETRY and __GFP_NOMEMALLOC."),
	U64(struct why_figures, "lost", lost, COUNTER, "requests", "Failed, and the caller went without."),
	U64(struct why_figures, "recovered", recovered, COUNTER, "requests", "Failed, and the same caller then got its memory."),
	U64(struct why_figures, "retried", retried, COUNTER, "requests", "Failed, and the same caller tried again and failed."),
	U64(struct why_figures, "pending", pending, GAUGE, "requests", "Failed, and the outcome is not known yet."),
	U64(struct why_figures, "not_followed", not_followed, GAUGE, "requests", "Counted, and no event arrived: dropped, held back, or not yet."),
	U64(struct why_figures, "below_min", below_min, COUNTER, "requests", "Served out of the reserve below min."),
	U64(struct why_figures, "slow", slow, COUNTER, "requests", "Took as long as --slower, or longer."),
	U64(struct why_figures, "latency_max_ns", latency_max_ns, GAUGE, "ns", "null: not known.", .null = NULL_ZERO),
	NAMED(struct why_figures, "verdicts", verdict, verdict_key, "requests", "Failures that were followed, by verdict."),
	NAMED(struct why_figures, "printed_by_kernel", printed, printed_key, "requests", "Failures that were followed, by whether dmesg showed them."),
	END,
};
/* clang-format on */

static const struct shape figures_shape = {
	.name = "why_figures",
	.text = "All other sites together.",
	.size = sizeof(struct why_figures),
	.fields = figures_fields,
	.check = check_figures,
};

/* ---- the example ---- */

static const char *class_text(const void *base, char *buf)
{
	(void)buf;
	return class_name(lab_class_of(((const struct why_case *)base)->gfp));
}

static const char *gfp_text(const void *base, char *buf)
{
	return gfp_names(buf, WORDING_MAX, ((const struct why_case *)base)->gfp);
}

static bool has_failed(const void *base, const void *root)
{
	(void)root;
	return ((const struct why_case *)base)->failed;
}

static void mark_failed(void *base)
{
	((struct why_case *)base)->failed = true;
}

static bool has_nearest(const void *base, const void *root)
{
	return has_failed(base, root) && ((const struct why_case *)base)->nearest.known;
}

static void mark_nearest(void *base)
{
	((struct why_case *)base)->nearest.known = true;
}

static bool has_example(const void *base, const void *root)
{
	(void)root;
	return ((const struct why_site *)base)->has_example;
}

static void mark_example(void *base)
{
	((struct why_site *)base)->has_example = true;
}

#define IF_FAILED .null = NULL_UNLESS, .has = has_failed

/* clang-format off */
static const struct field case_fields[] = {
	TIME(struct why_case, "time", time_ns, "When it failed, in UTC; null: no failure was followed.", .null = NULL_OR, .has = has_failed, .mark = mark_failed),
	NANOS(struct why_case, "time_ns", time_ns, LABEL, SINCE_1970, .null = NULL_OR, .has = has_failed, .mark = mark_failed),
	NAME(struct why_case, "verdict", verdict, verdict_key, "The leading one of the site; null: no failure was followed.", IF_FAILED),
	NAME(struct why_case, "aftermath", aftermath, aftermath_key, "What became of its caller.", IF_FAILED),
	OBJECT(struct why_case, "nearest", nearest, nearest_shape, "The numbers of the kernel's test; null unless a zone open to it was tested.", .null = NULL_OR, .has = has_nearest, .mark = mark_nearest, .optional = true),
	TEXT(struct why_case, "evidence", evidence, "The numbers that decided the verdict.", IF_FAILED),
	TEXT(struct why_case, "how", how, "How the caller recovered.", IF_FAILED),
	WORDING("class", class_text, CLASS_TEXT, .name_of = class_name),
	HEX(struct why_case, "gfp", gfp, "The gfp mask."),
	U32(struct why_case, "order", order, LABEL, NULL, "It asked for 2^order pages."),
	NAME(struct why_case, "context", context, context_name, "In which it was made."),
	FLAG(struct why_case, "bh_off", flags, LAB_EVENT_BH_OFF, "Task context with bottom halves off."),
	FLAG(struct why_case, "preempt_off", flags, LAB_EVENT_PREEMPT_OFF, "Task context with preemption off."),
	TEXT(struct why_case, "via", via, "The helpers between the allocator and the site."),
	WORDING("gfp_names", gfp_text, "The gfp mask in words."),
	ARRAY(struct why_case, "stack", frame, frames, frame_shape, "Innermost first."),
	END,
};
/* clang-format on */

static const struct shape case_shape = {
	.name = "why_example",
	.text = "The request that stands for its site: of its leading verdict, the one that "
		"mattered most.",
	.size = sizeof(struct why_case),
	.fields = case_fields,
};

/* ---- sites ---- */

/* clang-format off */
static const struct field site_fields[] = {
	TEXT(struct why_site, "site", site, "First function above the allocator's helpers; null: not known."),
	TEXT(struct why_site, "driver", driver, "Its module, or in brackets its subsystem of the kernel."),
	INLINE(struct why_site, count, figures_shape),
	OBJECT(struct why_site, "example", example, case_shape, "A request that stands for the site; null: there is none.", .null = NULL_OR, .has = has_example, .mark = mark_example),
	TEXTS(struct why_site, "advice", advice, "What would help, with the figure it follows from."),
	END,
};
/* clang-format on */

static void check_site(struct reader *rd, void *base)
{
	check_figures(rd, &((struct why_site *)base)->count);
}

static const struct shape site_shape = {
	.name = "why_site",
	.text = "One site; a name that is not known is null.",
	.size = sizeof(struct why_site),
	.fields = site_fields,
	.check = check_site,
};

static const void *get_site(const struct json_line *l, const void *base, size_t *at, void *item)
{
	const struct why_list *list = base;

	(void)item;
	for (; *at < list->sites; ++*at)
		if (view_why_wants(l->arg, &list->site[*at]))
			return &list->site[*at];
	return NULL;
}

static void room_for_sites(struct reader *rd, void *base, size_t n)
{
	struct why_list *list = base;

	list->site = calloc(n + 1, sizeof(*list->site));
	if (!list->site)
		rd_fail(rd, "sites", "no memory for %zu of them", n);
}

static void put_site(struct reader *rd, void *base, const void *item)
{
	struct why_list *list = base;

	(void)rd;
	list->site[list->sites++] = *(const struct why_site *)item;
}

static const struct list site_list = {&site_shape, get_site, room_for_sites, put_site};

/* clang-format off */
static const struct field list_fields[] = {
	LIST("sites", site_list, WHY_SITES, "Worst first."),
	U64(struct why_list, "other_sites", other_sites, GAUGE, "sites", "Sites behind those."),
	OBJECT(struct why_list, "other", other, figures_shape, "Those sites together."),
	END,
};
/* clang-format on */

static const struct shape list_shape = {
	.name = "why_sites",
	.text = "Sites, worst first.",
	.size = sizeof(struct why_list),
	.fields = list_fields,
};

/* ---- the report ---- */

static bool has_ended(const void *base, const void *root)
{
	(void)root;
	return ((const struct why_report *)base)->ended;
}

#define IF_ENDED .null = NULL_UNLESS, .has = has_ended

/* clang-format off */
static const struct field report_fields[] = {
	INLINE(struct why_report, head, head_shape),
	BOOL(struct why_report, "counted", counted, "The kernel side counted by site; false: all is by the events of a recording."),
	BOOL(struct why_report, "ended", ended, "The end of the run is known, and with it throttled, dropped, seen and missed."),
	INLINE(struct why_report, head, head_run_shape),
	U32(struct why_report, "sample_every", sample_every, GAUGE, "requests", "requests_sampled are one in so many; null: not known.", IF_COUNTED),
	U64(struct why_report, "uncounted", head.total.uncounted, COUNTER, "requests", "Requests seen that no site has: no room in the table of sites, or their end was not seen.", IF_COUNTED),
	U64(struct why_report, "throttled", head.total.throttled, COUNTER, "events", "Events held back in the kernel: a storm.", IF_ENDED),
	U64(struct why_report, "dropped", head.total.dropped, COUNTER, "events", "Events lost: the ring was full.", IF_ENDED),
	U64(struct why_report, "seen", head.total.seen, COUNTER, "requests", "Requests watched.", IF_ENDED),
	U64(struct why_report, "missed", head.total.missed, COUNTER, "requests", "Requests that left no trace.", IF_ENDED),
	U64(struct why_report, "unread", head.total.unread, COUNTER, "readings", "Readings of what the kernel counts or keeps that failed: more may be missed. Not there where it is 0.", .optional = true, .rare = true),
	OBJECT(struct why_report, "interval", interval, list_shape, "Since the report before."),
	OBJECT(struct why_report, "total", total, list_shape, "Since start."),
	END,
};
/* clang-format on */

const struct shape why_shape = {
	.name = "why",
	.text = "A report of the view why: failures by site.",
	.type = "why",
	.size = sizeof(struct why_report),
	.fields = report_fields,
};

int why_json(FILE *f, const struct show *show, const void *report)
{
	return shape_write_cut(f, &why_shape, report, show, show->cut) ?: out_flush(f);
}

int why_line_parse(const char *line, size_t len, struct why_report *ret, struct stream_error *err)
{
	char type[LINE_TYPE];

	memset(ret, 0, sizeof(*ret));
	return stream_other(shape_parse(&why_shape, line, len, ret, type, err), type, err);
}
