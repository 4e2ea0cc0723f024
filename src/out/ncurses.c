// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ncurses.c - see ncurses.h. */
#include "out/ncurses.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

/* Of the release that the header is of: Debian has had this one since 9. */
#define LIBRARY "libncursesw.so.6"

static int missing(const char **why)
{
	*why = dlerror();
	return -ENOENT;
}

int ncurses_load(struct ncurses *ret, const char **why)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *symbol;

	if (!library)
		return missing(why);
#define NCURSES_FIND(name)                                                                         \
	symbol = dlsym(library, #name);                                                            \
	if (!symbol)                                                                               \
		return missing(why);                                                               \
	memcpy(&ret->name, &symbol, sizeof(symbol));
	NCURSES_FUNCTIONS(NCURSES_FIND)
	NCURSES_FIND(tigetstr)
#undef NCURSES_FIND
	ret->window = dlsym(library, "stdscr");
	return ret->window ? 0 : missing(why);
}
