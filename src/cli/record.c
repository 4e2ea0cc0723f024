// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* record.c - see record.h. */
#include "cli/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/types.h>
#include <stdbool.h>
#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/pace.h"
#include "base/part.h"
#include "base/sink.h"
#include "base/stop.h"
#include "base/util.h"

struct record {
	const struct record_options *opt;
	const char *path;
	char *part; /* PATH.part */
	int fd;
	bool is_file; /* written as PATH.part */
	bool finished;
	FILE *stream;
	struct sink *sink;
	/* Of one that is cut into files: */
	struct clerk *clerk; /* NULL: it is not */
	__u64 begun_ns;	     /* of this file, CLOCK_MONOTONIC */
	__u64 first;	     /* lines that there were before it */
	bool stuck;	     /* the last change did not succeed: said once */
	bool heads;	     /* the line that begins each file is still to come */
	size_t head_len;
	char head[RECORD_HEAD];
};

/* ---- from one file to the next ---- */

static int cannot_change(struct record *rec, const char *what, int error)
{
	if (!rec->stuck)
		log_warn("cannot %s: %s", what, strerror(-error));
	rec->stuck = true;
	return 0;
}

/* Until there is one, lines are lost and counted, and each asks anew. */
static int open_next_part(struct record *rec)
{
	rec->fd = clerk_open(rec->clerk, CLERK_RECORDING);
	rec->begun_ns = clock_ns(CLOCK_MONOTONIC);
	sink_to(rec->sink, rec->fd, true);
	if (rec->fd < 0)
		return cannot_change(rec, "begin the next file of the recording", rec->fd);
	rec->stuck = false;
	rec->first = sink_counts(rec->sink).lines + (rec->head_len > 0);
	return rec->head_len ? sink_put(rec->sink, rec->head, rec->head_len) : 0;
}

/* What cannot get its name is written on. */
static int change(struct record *rec)
{
	int r = sink_end(rec->sink) ?: clerk_finish(rec->clerk, CLERK_RECORDING, NULL);

	rec->begun_ns = clock_ns(CLOCK_MONOTONIC);
	if (r)
		return cannot_change(rec, "end a file of the recording", r);
	close(rec->fd);
	rec->fd = -1;
	return open_next_part(rec);
}

/* Not for a file that has nothing but its head. */
static bool is_full(const struct record *rec)
{
	struct sink_counts c = sink_counts(rec->sink);
	const struct record_options *opt = rec->opt;

	if (c.lines == rec->first || !sink_between_lines(rec->sink))
		return false;
	return (opt->rotate_bytes && c.bytes >= opt->rotate_bytes) ||
	       (opt->rotate_ns && clock_ns(CLOCK_MONOTONIC) >= rec->begun_ns + opt->rotate_ns);
}

/* A longer one than there is room for heads no file. */
static void keep_head(struct record *rec, const char *text, size_t size)
{
	const char *end = memchr(text, '\n', size);
	size_t len = end ? (size_t)(end + 1 - text) : size;
	bool fits = len <= sizeof(rec->head) - rec->head_len;

	if (fits)
		memcpy(rec->head + rec->head_len, text, len);
	rec->head_len = fits ? rec->head_len + len : 0;
	rec->heads = fits && !end;
	rec->first = 1;
}

static ssize_t put_lines(void *cookie, const char *text, size_t size)
{
	struct record *rec = cookie;
	int r = 0;

	if (rec->heads)
		keep_head(rec, text, size);
	else if (rec->clerk && rec->fd < 0)
		r = open_next_part(rec);
	else if (rec->clerk && is_full(rec))
		r = change(rec);
	r = r ?: sink_put(rec->sink, text, size);
	if (!r)
		return (ssize_t)size;
	errno = -r;
	return 0;
}

/* ---- opening ---- */

static int refuse(const struct record *rec, const char *why)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write %s: %s", rec->path, why);
}

/* What a shell made of >(command): the descriptor itself, not what its link in /proc leads to. */
static int shell_descriptor(const char *path)
{
	static const char folder[] = "/dev/fd/";
	__u64 fd;

	if (strncmp(path, folder, strlen(folder)) != 0 ||
	    parse_u64(path + strlen(folder), 0, INT32_MAX, &fd))
		return -ENOENT;
	fd = (__u64)fcntl((int)fd, F_DUPFD_CLOEXEC, 3);
	return (int)fd < 0 ? -errno : (int)fd;
}

/* A FIFO that nobody reads is not waited for. */
static int open_other(const char *path)
{
	int fd = stop_openat(AT_FDCWD, path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);

	if (fd >= 0)
		fcntl(fd, F_SETFL, O_WRONLY);
	return fd;
}

static int open_part(struct record *rec)
{
	bool left;

	rec->is_file = true;
	rec->fd = part_open(rec->path, &left);
	if (left)
		log_warn("%s: left by a run that did not end; it is now %s.killed", rec->part,
			 rec->path);
	if (rec->fd == -EBUSY)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write %s: another run is writing %s",
			       rec->path, rec->part);
	if (rec->fd < 0) {
		const int error = rec->fd;

		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write %s: %s: %s", rec->path,
			       rec->part, strerror(-error));
	}
	return 0;
}

static int open_path(struct record *rec)
{
	struct stat st;

	rec->fd = shell_descriptor(rec->path);
	if (rec->fd >= 0)
		return 0;
	if (lstat(rec->path, &st)) {
		if (errno != ENOENT)
			return refuse(rec, strerror(errno));
		return open_part(rec);
	}
	if (S_ISREG(st.st_mode))
		return open_part(rec);
	if (S_ISLNK(st.st_mode))
		return refuse(rec, "it is a link, which a recording does not follow: name the file "
				   "itself");
	if (S_ISDIR(st.st_mode))
		return refuse(rec, strerror(EISDIR));
	rec->fd = open_other(rec->path);
	if (rec->fd == -ENXIO)
		return refuse(rec, "nobody reads it: start its reader first");
	return rec->fd < 0 ? refuse(rec, strerror(-rec->fd)) : 0;
}

static bool is_packed(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && strcmp(path + len - 4, ".zst") == 0;
}

static struct record *record_new(const struct record_options *opt, struct clerk *clerk)
{
	struct record *rec = calloc(1, sizeof(*rec));

	if (!rec)
		return NULL;
	rec->opt = opt;
	rec->clerk = record_is_cut(opt) ? clerk : NULL;
	rec->heads = rec->clerk && opt->headed;
	rec->path = opt->path;
	rec->fd = -1;
	rec->sink = sink_new(is_packed(opt->path));
	if (asprintf(&rec->part, "%s.part", opt->path) < 0)
		rec->part = NULL;
	if (rec->part && rec->sink)
		return rec;
	record_close(rec);
	return NULL;
}

static int open_stream(struct record *rec)
{
	const cookie_io_functions_t calls = {.write = put_lines};
	int r = open_path(rec);

	if (r)
		return r;
	if (rec->clerk && !rec->is_file)
		return refuse(rec, "it is no file: leave out --rotate");
	sink_to(rec->sink, rec->fd, rec->is_file);
	rec->begun_ns = clock_ns(CLOCK_MONOTONIC);
	rec->stream = fopencookie(rec, "w", calls);
	return rec->stream ? 0 : refuse(rec, strerror(ENOMEM));
}

int record_open(struct record **ret, const struct record_options *opt, struct clerk *clerk)
{
	struct record *rec;
	int r;

	*ret = NULL;
	if (!opt->path)
		return 0;
	rec = record_new(opt, clerk);
	if (!rec)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	r = open_stream(rec);
	if (r) {
		record_close(rec);
		return r;
	}
	*ret = rec;
	return 0;
}

bool record_is_cut(const struct record_options *opt)
{
	return opt->rotate_bytes || opt->rotate_ns;
}

FILE *record_stream(const struct record *rec)
{
	return rec ? rec->stream : NULL;
}

/* ---- the end ---- */

static int say_lost(const struct record *rec, const struct sink_counts *c)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME),
		       "cannot write %s: %s; %" PRIu64 " of %" PRIu64 " lines are missing in %s",
		       rec->path,
		       c->error == -EINTR ? "its reader takes nothing" : strerror(-c->error),
		       (uint64_t)c->lost, (uint64_t)c->lines,
		       rec->is_file && !rec->clerk ? rec->part : rec->path);
}

/* 0 or -errno. */
static int give_record_name(struct record *rec)
{
	if (rec->clerk)
		return rec->fd < 0 ? 0 : clerk_finish(rec->clerk, CLERK_RECORDING, NULL);
	return renameat(AT_FDCWD, rec->part, AT_FDCWD, rec->path) ? -errno : 0;
}

int record_finish(struct record *rec)
{
	struct sink_counts c;
	int r;

	if (!rec)
		return 0;
	fflush(rec->stream);
	r = sink_end(rec->sink);
	c = sink_counts(rec->sink);
	/* Of one that is cut into files this one is whole, or has what there is. */
	if (c.lost && !rec->clerk)
		return say_lost(rec, &c);
	if (r)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot end %s: %s", rec->part,
			       strerror(-r));
	r = rec->is_file ? give_record_name(rec) : 0;
	if (r)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot give %s its name: %s", rec->part,
			       strerror(-r));
	rec->finished = true;
	return c.lost ? say_lost(rec, &c) : 0;
}

/* Of a run that failed, or of a recording that is not whole. */
static void keep_part(const struct record *rec)
{
	sink_end(rec->sink);
	if (sink_counts(rec->sink).lines > sink_counts(rec->sink).lost)
		log_warn("what was recorded is in %s", rec->part);
	else
		unlink(rec->part);
}

void record_close(struct record *rec)
{
	if (!rec)
		return;
	if (rec->stream)
		fclose(rec->stream);
	if (rec->is_file && rec->fd >= 0 && !rec->finished)
		keep_part(rec);
	if (rec->fd >= 0)
		close(rec->fd);
	sink_free(rec->sink);
	free(rec->part);
	free(rec);
}
