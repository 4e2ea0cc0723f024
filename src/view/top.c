// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top.c - the view top: see top.h. */
#include "view/top.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"
#include "view/show.h"
#include "view/stat_shape.h"
#include "view/top_screen.h"
#include "view/views.h"
#include "view/why.h"
#include "view/why_shape.h"

#define TOP_ROWS 24

struct top_screen *top_screen_of(struct top_report *r)
{
	if (!r->screen)
		r->screen = calloc(1, sizeof(*r->screen));
	return r->screen;
}

static int no_memory(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

/* ---- gathering: as why does, beside the cells ---- */

static struct report *cells(void *report)
{
	struct top_report *r = report;

	r->has_cells = true;
	return &r->cells;
}

static void begin(void *report)
{
	view_why.begin(&((struct top_report *)report)->why);
}

static int take_site(void *report, const struct site_row *row)
{
	return view_why.site(&((struct top_report *)report)->why, row);
}

static int take_pair(void *report, const struct site_pair *pair)
{
	return view_why.pair(&((struct top_report *)report)->why, pair);
}

static int take_event(void *report, const struct event *e)
{
	struct top_report *r = report;

	if (r->told)
		top_events_clear(&r->events);
	r->told = false;
	r->has_events = true;
	top_events_add(&r->events, e);
	return view_why.event(&r->why, e);
}

static void sampled(void *report, __u32 every)
{
	view_why.sampled(&((struct top_report *)report)->why, every);
}

static void summary(void *report, const struct event_summary *s)
{
	view_why.summary(&((struct top_report *)report)->why, s);
}

/* ---- a report is there ---- */

static int give(struct top_report *r)
{
	struct top_screen *s = top_screen_of(r);

	if (!s)
		return no_memory();
	if (r->told)
		top_events_clear(&r->events);
	top_shown_take(&s->shown, r, s->state.paused);
	if (!s->state.paused)
		top_state_order(&s->state, &s->shown);
	r->told = true;
	r->fresh_sites = false;
	return 0;
}

static int fill_sites(struct top_report *r)
{
	r->why.head = r->head;
	r->has_sites = true;
	r->fresh_sites = true;
	return view_why.fill(&r->why);
}

/* Behind a recording comes a report of its events alone: the last one with cells stays as it is. */
static int fill(void *report)
{
	struct top_report *r = report;
	int ret;

	if (r->recorded) {
		r->head = r->cells.head;
		return 0;
	}
	ret = fill_sites(r);
	r->cells.head = r->head;
	return ret ?: give(r);
}

/* ---- a recording ---- */

/* Waits for the line of stat that comes behind it. */
static int parse_sites(const char *line, size_t len, struct top_report *r, struct stream_error *err)
{
	int ret = view_why.parse(line, len, &r->why, err);

	if (ret)
		return ret;
	r->has_sites = r->recorded_sites = r->fresh_sites = true;
	err->view = view_why.name;
	return -ENOMSG;
}

static int take_cells(struct top_report *r)
{
	r->cells = r->read;
	r->head = r->cells.head;
	r->recorded = r->has_cells = true;
	if (r->has_events && !r->recorded_sites && fill_sites(r))
		return -ENOMEM;
	return give(r) ? -ENOMEM : 0;
}

static int parse(const char *line, size_t len, void *report, struct stream_error *err)
{
	struct top_report *r = report;
	int ret = stream_parse(line, len, &r->read, err);

	if (ret == -ENOMSG && err->view && strcmp(err->view, view_why.name) == 0)
		return parse_sites(line, len, r, err);
	if (!ret && take_cells(r)) {
		snprintf(err->text, sizeof(err->text), "no memory for it");
		ret = -EINVAL;
	}
	return ret;
}

void top_restart(struct top_report *r)
{
	struct top_screen *s = r->screen;

	view_why.drop(&r->why);
	memset(r, 0, sizeof(*r));
	r->screen = s;
	if (!s)
		return;
	memset(&s->shown, 0, sizeof(s->shown));
	if (s->state.span == SPAN_ZERO)
		s->state.span = SPAN_INTERVAL;
}

static void drop(void *report)
{
	struct top_report *r = report;

	view_why.drop(&r->why);
	free(r->screen);
	r->screen = NULL;
}

/* ---- as text ---- */

static int text(FILE *f, const struct show *show, const void *report)
{
	const struct top_report *r = report;

	if (!r->screen)
		return no_memory();
	r->screen->state.filter.classes = show->only_classes;
	top_screen_draw(r->screen, show_columns(show), show->lines ?: TOP_ROWS, show->ascii);
	grid_print(f, &r->screen->grid, show->coloured);
	return out_flush(f);
}

/* The lines of both views. */
static int json(FILE *f, const struct show *show, const void *report)
{
	const struct top_report *r = report;
	int ret = r->has_sites ? view_why.json(f, show, &r->why) : 0;

	return ret ?: r->has_cells ? view_stat.json(f, show, &r->cells) : 0;
}

const struct view view_top = {
	.name = "top",
	.help = "the same and why on a full screen, live or of a recording: rates,\n"
		"latency, a gauge for each zone, sites, advice (default)",
	.watching = "Watching page requests that may not sleep. Hit q to end.",
	.nothing = "no report of stat",
	.recorded_by = "top --json or stat --json",
	.screen = true,
	.size = sizeof(struct top_report),
	.options = (OPTIONS_OF_A_RUN & ~(OPTION_TIMESTAMP | OPTION_FROM)) | OPTION_INTERVAL |
		   OPTION_ALL_CLASSES | OPTION_RESERVE | OPTION_SAMPLE | OPTION_NO_LATENCY |
		   OPTION_FLIGHT,
	.scope = SCOPE_CELLS | SCOPE_EVENTS | SCOPE_SITES | SCOPE_GROWTH | SCOPE_RESERVE,
	.class_mask = LAB_CLASS_MASK_WATCHED,
	.interval_ns = 1000000000ULL,
	.cells = cells,
	.begin = begin,
	.site = take_site,
	.pair = take_pair,
	.event = take_event,
	.sampled = sampled,
	.summary = summary,
	.fill = fill,
	.text = text,
	.json = json,
	.parse = parse,
	.drop = drop,
};
