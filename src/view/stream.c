// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stream.c - see stream.h. */
#include "view/stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "json/schema.h"
#include "view/explain_shape.h"
#include "view/views.h"

const char stream_explain[] = "explain";

const char *stream_view_of(const char *type)
{
	const struct view *view;

	for (unsigned int i = 0; (view = view_at(i)); i++)
		for (unsigned int k = 0; k < VIEW_LINES && view->line[k]; k++)
			if (strcmp(type, view->line[k]->type) == 0)
				return view->name;
	return NULL;
}

int stream_schema(FILE *f)
{
	static const struct schema_about about = {
		.title = "labyrinth stream, schema",
		.text = "One line of what labyrinth --json prints: a report (stat, why, flags, "
			"lint), or a line of the view events. Readers must ignore keys they do not "
			"know. x-kind: a counter only grows in total, and is the difference since "
			"the report before in interval; a gauge is as it stands; what has none is "
			"a label.",
		.cut = true,
	};
	const struct shape *shape[VIEW_COUNT * VIEW_LINES];
	const struct view *view;
	size_t n = 0;

	for (unsigned int i = 0; (view = view_at(i)); i++)
		for (unsigned int k = 0; k < VIEW_LINES && view->line[k]; k++)
			shape[n++] = view->line[k];
	return schema_write(f, &about, shape, n);
}

int stream_other(int r, const char *type, struct stream_error *err)
{
	if (r != -ENOMSG)
		return r;
	err->view = stream_view_of(type);
	if (err->view)
		return r;
	if (explain_wrote(type)) {
		err->view = stream_explain;
		snprintf(err->text, sizeof(err->text),
			 "type: \"%s\" is of labyrinth explain: labyrinth why --replay has its "
			 "reports by site",
			 type);
	} else {
		snprintf(err->text, sizeof(err->text), "type: \"%s\", which no recording has",
			 type);
	}
	return -EINVAL;
}
