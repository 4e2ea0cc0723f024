/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* views.h - the list of the views, in the order of the help; the first is the default. */
#ifndef LAB_VIEW_VIEWS_H
#define LAB_VIEW_VIEWS_H

#include "view/view.h"

/* x for the struct view_x. */
/* clang-format off */
#define VIEWS(view) \
	view(stat) \
	view(top) \
	view(events) \
	view(why) \
	view(flags) \
	view(lint)
/* clang-format on */

#define VIEW_DECLARE(name) extern const struct view view_##name;
VIEWS(VIEW_DECLARE)

#define VIEW_ONE(name) +1
#define VIEW_COUNT (0 VIEWS(VIEW_ONE))

/* All views; NULL behind the last. */
const struct view *view_at(unsigned int index);

/* The view of that name; NULL when there is none. */
const struct view *view_named(const char *name);

#endif
