// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* views.c - see views.h. */
#include "view/views.h"

#include <string.h>

const struct view *view_at(unsigned int index)
{
#define VIEW_ADDRESS(name) &view_##name,
	static const struct view *const views[] = {VIEWS(VIEW_ADDRESS)};

	return index < VIEW_COUNT ? views[index] : NULL;
}

const struct view *view_named(const char *name)
{
	const struct view *view;

	for (unsigned int i = 0; (view = view_at(i)); i++)
		if (strcmp(view->name, name) == 0)
			return view;
	return NULL;
}
