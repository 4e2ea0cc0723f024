// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* words.c - see words.h. */
#include "cli/words.h"

#include <string.h>

#include "base/util.h"
#include "out/gathered.h"
#include "view/views.h"

const char *word_name(unsigned int i)
{
	static const char *const others[] = {"check",  "serve", "explain",
					     "report", "help",	"completion"};
	const struct view *view = i < VIEW_COUNT ? view_at(i) : NULL;

	if (view)
		return view->name;
	return i - VIEW_COUNT < ARRAY_SIZE(others) ? others[i - VIEW_COUNT] : NULL;
}

/* What serve gathers for is a view as well, of the room after those of the list. */
const struct view *word_view(const char *word)
{
	return strcmp(word, view_serve.name) == 0 ? &view_serve : view_named(word);
}
