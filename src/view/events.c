// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* events.c - the view events: its report is what the events come to. */
#include "view/events.h"

#include "view/events_shape.h"
#include "view/events_text.h"
#include "view/views.h"

bool events_wants(const struct show *show, const struct event *e)
{
	return show_class(show, lab_class_of(e->raw.head.gfp));
}

static void take_summary(void *report, const struct event_summary *s)
{
	*(struct event_summary *)report = *s;
}

static void drop(void *report)
{
	(void)report; /* owns nothing */
}

const struct view view_events = {
	.name = "events",
	.help = "each failed request as it happens: who, why, and whether it mattered;\n"
		"COUNT events or until Ctrl-C, then a summary",
	.watching = "Watching page requests that may not sleep. Hit Ctrl-C to end.",
	.nothing = "no event",
	.recorded_by = "events --json",
	.size = sizeof(struct event_summary),
	.line = {&event_start_shape, &event_shape, &event_summary_shape},
	.options = OPTIONS_OF_A_RUN | OPTION_CPU | OPTION_ALL_CLASSES | OPTION_SLOWER |
		   OPTION_BELOW | OPTION_STACK | OPTION_NO_LATENCY | OPTION_FLIGHT,
	.slow_path = true,
	.scope = SCOPE_EVENTS,
	.class_mask = LAB_CLASS_MASK_WATCHED,
	.summary = take_summary,
	.text = events_text,
	.json = events_json,
	.text_start = events_text_start,
	.json_start = events_json_start,
	.text_event = events_text_event,
	.json_event = events_json_event,
	.drop = drop,
};
