// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_tables.c - the views flags and lint as what runs them sees them. */
#include "flags.h"
#include "lint.h"
#include "view_flags.h"
#include "view_lint.h"

const struct tables_view tables_view_flags = {
	.name = "flags",
	.size = sizeof(struct flags_report),
	.begin = flags_begin,
	.kind = flags_take,
	.parse = flags_read,
	.text = flags_text,
	.json = flags_json,
	.drop = flags_drop,
};

const struct tables_view tables_view_lint = {
	.name = "lint",
	.size = sizeof(struct lint_report),
	.begin = lint_begin,
	.site = lint_take,
	.parse = lint_read,
	.text = lint_text,
	.json = lint_json,
	.drop = lint_drop,
};
