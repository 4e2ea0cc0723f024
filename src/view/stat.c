// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stat.c - the view stat: requests by class and context. */
#include "view/stat_shape.h"
#include "view/stat_text.h"
#include "view/views.h"

static struct report *cells(void *report)
{
	return report;
}

static int parse(const char *line, size_t len, void *report, struct stream_error *err)
{
	return stream_parse(line, len, report, err);
}

static void drop(void *report)
{
	(void)report; /* owns nothing */
}

const struct view view_stat = {
	.name = "stat",
	.help = "requests by class and context, failures, latency, reserve and\n"
		"headroom: a report every INTERVAL seconds, COUNT times or until\n"
		"Ctrl-C, and one since start at the end (default for a pipe)",
	.watching = "Watching page requests that may not sleep. Hit Ctrl-C to end.",
	.nothing = "no report",
	.recorded_by = "--json",
	.size = sizeof(struct report),
	.line = {&stat_shape},
	.options = OPTIONS_OF_A_RUN | OPTION_INTERVAL | OPTION_CPU | OPTION_FAILURES |
		   OPTION_ALL_CLASSES | OPTION_ANON | OPTION_RESERVE | OPTION_NO_LATENCY,
	.slow_path = true,
	.scope = SCOPE_CELLS | SCOPE_GROWTH | SCOPE_RESERVE,
	.class_mask = LAB_CLASS_MASK_WATCHED,
	.interval_ns = 1000000000ULL,
	.cells = cells,
	.text = stat_text,
	.json = stat_json,
	.parse = parse,
	.drop = drop,
};
