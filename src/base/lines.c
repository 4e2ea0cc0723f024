// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* lines.c - the lines of a recorded stream. */
#include "base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/log_file.h"
#include "base/stop.h"
#include "base/util.h"

/* A line is some ten KiB; the largest possible (every bucket of every row) stays below 1 MiB. */
#define LINE_MAX_BYTES (16U << 20)

#define READ_BYTES 65536

int lines_open(struct lines *l, const char *path)
{
	bool standard = strcmp(path, "-") == 0;

	*l = (struct lines){
		.fd = standard ? STDIN_FILENO : stop_openat(AT_FDCWD, path, O_RDONLY, 0),
		.name = standard ? "standard input" : path,
		.read = malloc(READ_BYTES),
	};
	if (l->fd >= 0 && l->read)
		return 0;
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot replay %s: %s", path,
		       l->fd == -EINTR ? "a signal came before it was open"
				       : strerror(l->fd < 0 ? -l->fd : ENOMEM));
}

void lines_close(struct lines *l)
{
	if (l->file)
		log_file_close(l->file);
	else
		closep(&l->fd);
	free(l->read);
	free(l->line);
}

void lines_progress(const struct lines *l, __u64 *ret_done, __u64 *ret_size)
{
	*ret_done = l->file ? log_file_done(l->file) : 0;
	*ret_size = l->file ? log_file_size(l->file) : 0;
}

int lines_rewind(struct lines *l)
{
	int r = l->file ? log_file_rewind(l->file) : 0;

	if (r)
		return r;
	l->stopped = false;
	l->read_at = l->read_len = 0;
	l->number = 0;
	return 0;
}

static int read_error(const struct lines *l, int error)
{
	if (error == -EBADMSG)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "%s is damaged or cut as a compressed file: the replay ends here",
			       l->name);
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot read %s: %s", l->name, strerror(-error));
}

/* 0 or FAIL() */
static int line_append(struct lines *l, const char *s, size_t len)
{
	if (l->len + len > LINE_MAX_BYTES)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "%s:%" PRIu64 ": a line of more than %u MiB, which no recording has",
			       l->name, (uint64_t)l->number, LINE_MAX_BYTES >> 20);
	while (l->len + len > l->room) {
		size_t room = l->room ? l->room * 2 : 65536;
		char *line = realloc(l->line, room);

		if (!line)
			return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory to replay %s", l->name);
		l->line = line;
		l->room = room;
	}
	memcpy(l->line + l->len, s, len);
	l->len += len;
	return 0;
}

/* Its first bytes say how it is packed. They are read here, when rights are given up, not in open.
 */
static ssize_t read_more(struct lines *l)
{
	int r;

	if (stop_wanted())
		return -EINTR;
	r = l->file ? 0 : log_file_open(l->fd, &l->file);
	if (r && !l->file)
		l->fd = -1;
	return r ?: log_file_read(l->file, l->read, READ_BYTES);
}

/* More of the stream, when nothing is left: 1, 0 at its end or that of the run, FAIL(). */
static int refill(struct lines *l)
{
	ssize_t n;

	if (l->read_at < l->read_len)
		return 1;
	n = read_more(l);
	l->stopped |= n == -EINTR;
	if (n < 0 && n != -EINTR)
		return read_error(l, (int)n);
	l->read_at = 0;
	l->read_len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* Appends the next line without its newline: 1, 0 at the end of the stream, FAIL(). */
static int read_line(struct lines *l)
{
	size_t before = l->len;
	int r;

	l->read_lines++;
	while ((r = refill(l)) > 0) {
		const char *from = l->read + l->read_at;
		const char *end = memchr(from, '\n', l->read_len - l->read_at);
		size_t len = end ? (size_t)(end - from) : l->read_len - l->read_at;

		r = line_append(l, from, len);
		if (r)
			return r;
		l->read_at += len + (end != NULL);
		if (end)
			return 1;
	}
	/* Half a line is none when a signal cut it. */
	return r ?: l->len > before && !l->stopped;
}

static bool line_blank(const struct lines *l)
{
	for (size_t i = 0; i < l->len; i++) {
		if (!strchr(" \t\r", l->line[i]) || l->line[i] == '\0')
			return false;
	}
	return true;
}

/* Is what was read from there on this one character, and blanks? */
static bool line_is(const struct lines *l, size_t from, char c)
{
	size_t len = l->len;

	while (len > from && strchr(" \t\r", l->line[len - 1]) && l->line[len - 1])
		len--;
	return len == from + 1 && l->line[from] == c;
}

/*
 * The rest of an object that jq or python spread over lines: up to the one that closes it, which
 * stands at the margin alone. Another one that opens there shows that it was cut.
 */
static int read_object(struct lines *l)
{
	size_t from;
	int r;

	do {
		r = line_append(l, "\n", 1);
		from = l->len;
		r = r ?: read_line(l);
	} while (r > 0 && !line_is(l, from, '}') && !(l->len > from && l->line[from] == '{'));
	/* Half an object is none when a signal cut it. */
	return r < 0 ? r : r > 0 || !l->stopped;
}

static int next_line(struct lines *l)
{
	int r;

	l->len = 0;
	r = read_line(l);
	l->number = l->read_lines;
	return r > 0 && line_is(l, 0, '{') ? read_object(l) : r;
}

int lines_next(struct lines *l)
{
	int r;

	do
		r = stop_wanted() ? 0 : next_line(l);
	while (r > 0 && line_blank(l));
	l->stopped |= stop_wanted();
	return r;
}
