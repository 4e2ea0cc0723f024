// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stream_lines.c - the lines of a recorded stream. */
#include "stream_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"
#include "util.h"

/* A line is some ten KiB; the largest possible (every bucket of every row) stays below 1 MiB. */
#define LINE_MAX_BYTES (16U << 20)

int lines_open(struct lines *l, const char *path)
{
	bool standard = strcmp(path, "-") == 0;

	*l = (struct lines){
		.file = standard ? stdin : fopen(path, "re"),
		.name = standard ? "standard input" : path,
	};
	if (!l->file)
		return log_err(-LAB_EXIT_RUNTIME, "cannot replay %s: %s", path, strerror(errno));
	return 0;
}

void lines_close(struct lines *l)
{
	if (l->file && l->file != stdin)
		fclose(l->file);
	free(l->line);
}

/* 0 or -ENOMEM */
static int line_append(struct lines *l, char c)
{
	if (l->len == l->room) {
		size_t room = l->room ? l->room * 2 : 65536;
		char *line = realloc(l->line, room);

		if (!line)
			return -ENOMEM;
		l->line = line;
		l->room = room;
	}
	l->line[l->len++] = c;
	return 0;
}

/* The next line without its newline: 1, 0 at the end of the stream, negative exit code. */
static int read_line(struct lines *l)
{
	int c;

	l->len = 0;
	l->number++;
	errno = 0;
	while ((c = getc_unlocked(l->file)) != EOF && c != '\n') {
		if (l->len >= LINE_MAX_BYTES)
			return log_err(-LAB_EXIT_RUNTIME,
				       "%s:%" PRIu64
				       ": a line of more than %u MiB is none of a recording",
				       l->name, (uint64_t)l->number, LINE_MAX_BYTES >> 20);
		if (line_append(l, (char)c) < 0)
			return log_err(-LAB_EXIT_RUNTIME, "no memory to replay %s", l->name);
	}
	if (c == EOF && ferror(l->file))
		return log_err(-LAB_EXIT_RUNTIME, "cannot read %s: %s", l->name, strerror(errno));
	return c != EOF || l->len > 0;
}

static bool line_blank(const struct lines *l)
{
	for (size_t i = 0; i < l->len; i++) {
		if (!strchr(" \t\r", l->line[i]) || l->line[i] == '\0')
			return false;
	}
	return true;
}

int lines_next(struct lines *l)
{
	int r;

	do
		r = read_line(l);
	while (r > 0 && line_blank(l));
	return r;
}
