// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lint.c - the view lint: what it is called, takes, watches and prints. */
#include "view/lint_report.h"
#include "view/lint_shape.h"
#include "view/lint_text.h"
#include "view/views.h"

static int parse(const char *line, size_t len, void *report, struct stream_error *err)
{
	return tables_parse(&view_lint, &lint_shape, line, len, report, err);
}

const struct view view_lint = {
	.name = "lint",
	.help = "requests that do not fit their context: they may sleep where that is\n"
		"forbidden, or may not where they could have",
	.watching = "Watching page requests. Hit Ctrl-C to end.",
	.nothing = "no report of lint",
	.recorded_by = "lint --json",
	.size = sizeof(struct lint_report),
	.line = {&lint_shape},
	.options = OPTIONS_OF_A_RUN | OPTION_INTERVAL | OPTION_STACK,
	.scope = SCOPE_MISTAKES,
	.class_mask = LAB_CLASS_MASK_ALL,
	.interval_ns = 10000000000ULL,
	.begin = lint_begin,
	.site = lint_take,
	.text = lint_text,
	.json = lint_json,
	.parse = parse,
	.drop = lint_drop,
};
