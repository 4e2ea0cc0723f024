// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flags.c - the view flags: what it is called, takes, watches and prints. */
#include "view/flags_report.h"
#include "view/flags_shape.h"
#include "view/flags_text.h"
#include "view/views.h"

static int parse(const char *line, size_t len, void *report, struct stream_error *err)
{
	return tables_parse(&view_flags, &flags_shape, line, len, report, err);
}

const struct view view_flags = {
	.name = "flags",
	.help = "requests by gfp mask: where they are served from, how likely they are\n"
		"to fail, how long they take",
	.watching = "Watching page requests. Hit Ctrl-C to end.",
	.nothing = "no report of flags",
	.recorded_by = "flags --json",
	.size = sizeof(struct flags_report),
	.line = {&flags_shape},
	.options = OPTIONS_OF_A_RUN | OPTION_ROWS | OPTION_INTERVAL | OPTION_FAILURES |
		   OPTION_ALL_CLASSES | OPTION_NO_LATENCY,
	.scope = SCOPE_KINDS,
	.class_mask = LAB_CLASS_MASK_ALL,
	.interval_ns = 10000000000ULL,
	.begin = flags_begin,
	.kind = flags_take,
	.text = flags_text,
	.json = flags_json,
	.parse = parse,
	.drop = flags_drop,
};
