// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_tables.c - the views flags and lint as what runs them sees them. */
#include "flags.h"
#include "view_flags.h"

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
