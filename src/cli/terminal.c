// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* terminal.c - see terminal.h. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/util.h"

#define LEAST 40 /* less is taken for this: nothing could be read */
#define MOST 1000

static unsigned int sane(__u64 columns)
{
	if (columns > MOST)
		return MOST;
	return columns < LEAST ? LEAST : (unsigned int)columns;
}

unsigned int terminal_columns(void)
{
	const char *given = getenv("COLUMNS");
	struct winsize size;
	__u64 columns;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return sane(size.ws_col);
	if (given && parse_u64(given, 1, MOST, &columns) == 0)
		return sane(columns);
	return 0;
}

unsigned int terminal_lines(void)
{
	const char *given = getenv("LINES");
	struct winsize size;
	__u64 lines;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row)
		return size.ws_row;
	if (given && parse_u64(given, 1, MOST, &lines) == 0)
		return (unsigned int)lines;
	return 0;
}

/* As setlocale() takes them: the first that is set. */
bool terminal_ascii(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = getenv(names[i]);

		if (value && value[0])
			return !strcasestr(value, "utf-8") && !strcasestr(value, "utf8");
	}
	return true;
}

bool terminal_colours(enum colours when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != COLOURS_AUTO)
		return when == COLOURS_ALWAYS;
	return isatty(STDOUT_FILENO) && (!no || !no[0]) && term && strcmp(term, "dumb") != 0;
}
