// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* record.c - see record.h. */
#include "cli/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/types.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/stop.h"
#include "base/util.h"

struct record {
	const char *path;
	char *part, *killed; /* PATH.part, and what becomes of one that a killed run left */
	int fd;
	bool is_file; /* written as PATH.part */
	bool finished;
	FILE *stream;
	__u64 lines, lost; /* whole lines, and those of them that are not in the file */
	off_t good;	   /* the end of the last line that is in the file */
	bool losing;	   /* the rest of the line that is being written is left out */
	int error;	   /* of the first one that was lost */
};

/* ---- lines into the file ---- */

/* The file ends with a whole line, whatever was written of the one that is left out. */
static void lose(struct record *rec, int error)
{
	rec->error = rec->error ?: error;
	rec->losing = true;
	if (rec->is_file &&
	    (ftruncate(rec->fd, rec->good) || lseek(rec->fd, rec->good, SEEK_SET) != rec->good))
		log_debug(1, "%s: cannot take back a part of a line: %s", rec->part,
			  strerror(errno));
}

/* Up to the end of a line, or without one a piece of a line. 0, or -EPIPE. */
static int put_piece(struct record *rec, const char *text, size_t len, bool ends)
{
	int r = rec->losing ? 0 : stop_write(rec->fd, text, len, NULL);

	if (r == -EPIPE)
		return r;
	if (r)
		lose(rec, r);
	if (!ends)
		return 0;
	rec->lines++;
	rec->lost += rec->losing;
	if (!rec->losing && rec->is_file)
		rec->good = lseek(rec->fd, 0, SEEK_CUR);
	rec->losing = false;
	return 0;
}

static ssize_t put_lines(void *cookie, const char *text, size_t size)
{
	struct record *rec = cookie;

	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t len = end ? (size_t)(end + 1 - text) - at : size - at;
		int r = put_piece(rec, text + at, len, end);

		if (r) {
			errno = -r;
			return 0;
		}
		at += len;
	}
	return (ssize_t)size;
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

/* No two runs write it, and what a killed one left is not lost. 0 or FAIL(). */
static int take_part(struct record *rec)
{
	int old = stop_openat(AT_FDCWD, rec->part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	bool busy = old >= 0 && flock(old, LOCK_EX | LOCK_NB);

	if (old >= 0)
		close(old);
	if (busy)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write %s: another run is writing %s",
			       rec->path, rec->part);
	if (old < 0)
		return 0;
	if (renameat(AT_FDCWD, rec->part, AT_FDCWD, rec->killed))
		return refuse(rec, strerror(errno));
	log_warn("%s: left by a run that did not end; it is now %s", rec->part, rec->killed);
	return 0;
}

static int open_part(struct record *rec)
{
	int r = take_part(rec);

	if (r)
		return r;
	rec->is_file = true;
	rec->fd = stop_openat(AT_FDCWD, rec->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (rec->fd < 0) {
		const int error = rec->fd;

		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write %s: %s: %s", rec->path,
			       rec->part, strerror(-error));
	}
	flock(rec->fd, LOCK_EX | LOCK_NB);
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

static struct record *record_new(const char *path)
{
	struct record *rec = calloc(1, sizeof(*rec));

	if (!rec)
		return NULL;
	rec->path = path;
	rec->fd = -1;
	if (asprintf(&rec->part, "%s.part", path) < 0)
		rec->part = NULL;
	if (asprintf(&rec->killed, "%s.killed", path) < 0)
		rec->killed = NULL;
	if (rec->part && rec->killed)
		return rec;
	record_close(rec);
	return NULL;
}

int record_open(struct record **ret, const char *path)
{
	const cookie_io_functions_t calls = {.write = put_lines};
	struct record *rec = path ? record_new(path) : NULL;
	int r;

	*ret = NULL;
	if (!path)
		return 0;
	if (!rec)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	r = open_path(rec);
	if (!r) {
		rec->stream = fopencookie(rec, "w", calls);
		r = rec->stream ? 0 : refuse(rec, strerror(ENOMEM));
	}
	if (r) {
		record_close(rec);
		return r;
	}
	*ret = rec;
	return 0;
}

FILE *record_stream(const struct record *rec)
{
	return rec ? rec->stream : NULL;
}

/* ---- the end ---- */

static int say_lost(const struct record *rec)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME),
		       "cannot write %s: %s; %" PRIu64 " of %" PRIu64 " lines are missing in %s",
		       rec->path,
		       rec->error == -EINTR ? "its reader takes nothing" : strerror(-rec->error),
		       (uint64_t)rec->lost, (uint64_t)rec->lines,
		       rec->is_file ? rec->part : rec->path);
}

int record_finish(struct record *rec)
{
	if (!rec)
		return 0;
	if (rec->lost)
		return say_lost(rec);
	if (rec->is_file && renameat(AT_FDCWD, rec->part, AT_FDCWD, rec->path))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot rename %s to %s: %s", rec->part,
			       rec->path, strerror(errno));
	rec->finished = true;
	return 0;
}

/* Of a run that failed, or of a recording that is not whole. */
static void keep_part(const struct record *rec)
{
	if (rec->good)
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
	free(rec->part);
	free(rec->killed);
	free(rec);
}
