// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * sink.c - see sink.h.
 *
 * Packed, lines become sure together, when what was put ends with one and the packer is flushed.
 * The stream stands at the end of a block then. When a later block is not taken, the file is cut
 * back to there, the frame is ended by an empty block, and the next line begins another frame.
 */
#include "base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "base/stop.h"
#include "base/util.h"

#define PACKED_BYTES (128U << 10)
#define LEVEL 3
#define WINDOW_LOG 18 /* some lines of JSON; the packer takes a megabyte then */
#define WARM_BYTES (1U << 20)

struct sink {
	int fd;
	bool is_file;
	bool losing;		   /* the rest of the line that is being put is left out */
	bool inside;		   /* a line has begun */
	__u64 lines, lost, unsure; /* unsure: those of lines that the packer may still have */
	off_t good;		   /* the end of the last line that is in the file */
	off_t frame;		   /* where the frame begins that the packer writes */
	int error;
	ZSTD_CCtx *packer; /* NULL: as they are */
	bool broken;	   /* the frame must be ended by an empty block */
	char packed[PACKED_BYTES];
};

static int put_bytes(struct sink *s, const char *text, size_t len)
{
	return s->fd < 0 ? s->fd : stop_write(s->fd, text, len, NULL);
}

static void keep_place(struct sink *s)
{
	if (s->is_file)
		s->good = lseek(s->fd, 0, SEEK_CUR);
}

/* ---- packed ---- */

static int pack(struct sink *s, const char *text, size_t len, ZSTD_EndDirective how)
{
	ZSTD_inBuffer in = {text, len, 0};
	size_t left;
	int r;

	do {
		ZSTD_outBuffer out = {s->packed, sizeof(s->packed), 0};

		left = ZSTD_compressStream2(s->packer, &out, &in, how);
		if (ZSTD_isError(left))
			return -ENOMEM;
		r = out.pos ? put_bytes(s, s->packed, out.pos) : 0;
	} while (!r && (how == ZSTD_e_continue ? in.pos < in.size : left > 0));
	return r;
}

/* A raw block of no bytes, the last of its frame: what the packer has forgotten needs no more. */
static int end_broken(struct sink *s)
{
	static const char last_block[] = {1, 0, 0};
	int r = put_bytes(s, last_block, sizeof(last_block));

	if (r)
		return r;
	s->broken = false;
	keep_place(s);
	s->frame = s->good;
	return 0;
}

static int put_packed(struct sink *s, const char *text, size_t len)
{
	int r = s->broken ? end_broken(s) : 0;

	return r ?: pack(s, text, len, ZSTD_e_continue);
}

/* All of it is allocated, and will be used again. */
static bool warm(struct sink *s)
{
	__u32 seed = 1;
	bool good = true;
	char text[4096];

	for (size_t done = 0; good && done < WARM_BYTES; done += sizeof(text)) {
		ZSTD_inBuffer in = {text, sizeof(text), 0};

		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = (char)('a' + (seed >> 28));
		}
		while (good && in.pos < in.size) {
			ZSTD_outBuffer out = {s->packed, sizeof(s->packed), 0};

			good = !ZSTD_isError(
				ZSTD_compressStream2(s->packer, &out, &in, ZSTD_e_continue));
		}
	}
	ZSTD_CCtx_reset(s->packer, ZSTD_reset_session_only);
	return good;
}

static bool open_packer(struct sink *s)
{
	/* On the heap, where memory_hold() touches all of it: a mapping of its own would be too
	 * large for that. */
	mallopt(M_MMAP_MAX, 0);
	s->packer = ZSTD_createCCtx();
	return s->packer &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(s->packer, ZSTD_c_compressionLevel, LEVEL)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(s->packer, ZSTD_c_windowLog, WINDOW_LOG)) &&
	       warm(s);
}

/* ---- lines ---- */

static void give_up_packed(struct sink *s)
{
	s->lost += s->unsure;
	s->unsure = 0;
	/* Is there any of the frame in the file? Its header comes with its first block. */
	s->broken |= s->good > s->frame;
	ZSTD_CCtx_reset(s->packer, ZSTD_reset_session_only);
}

/* The file ends with a whole line, whatever was written of what is left out. */
static void lose(struct sink *s, int error)
{
	s->error = s->error ?: error;
	s->losing = true;
	if (s->packer)
		give_up_packed(s);
	if (s->is_file && s->fd >= 0 &&
	    (ftruncate(s->fd, s->good) || lseek(s->fd, s->good, SEEK_SET) != s->good))
		log_debug(1, "cannot take back a part of a line: %s", strerror(errno));
}

static int put_piece(struct sink *s, const char *text, size_t len, bool ends)
{
	int r = s->losing ? 0 : s->packer ? put_packed(s, text, len) : put_bytes(s, text, len);

	if (r == -EPIPE)
		return r;
	if (r)
		lose(s, r);
	s->inside = !ends;
	if (!ends)
		return 0;
	s->lines++;
	if (s->losing)
		s->lost++;
	else if (s->packer)
		s->unsure++;
	else
		keep_place(s);
	s->losing = false;
	return 0;
}

/* What the packer has of whole lines goes out. */
static int make_sure(struct sink *s)
{
	int r;

	if (!s->unsure || s->inside)
		return 0;
	r = pack(s, NULL, 0, ZSTD_e_flush);
	if (r == -EPIPE)
		return r;
	if (r)
		lose(s, r);
	else
		keep_place(s);
	s->losing = false;
	s->unsure = 0;
	return 0;
}

int sink_put(struct sink *s, const char *text, size_t size)
{
	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t len = end ? (size_t)(end + 1 - text) - at : size - at;
		int r = put_piece(s, text + at, len, end);

		if (r)
			return r;
		at += len;
	}
	return make_sure(s);
}

bool sink_between_lines(const struct sink *s)
{
	return !s->inside && !s->unsure;
}

/* ---- interface ---- */

struct sink *sink_new(bool packed)
{
	struct sink *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	sink_to(s, -1, false);
	if (!packed || open_packer(s))
		return s;
	sink_free(s);
	return NULL;
}

void sink_free(struct sink *s)
{
	if (!s)
		return;
	ZSTD_freeCCtx(s->packer);
	free(s);
}

void sink_to(struct sink *s, int fd, bool is_file)
{
	s->fd = fd < 0 ? -EBADF : fd;
	s->is_file = is_file;
	s->good = s->frame = 0;
	s->broken = false;
	if (s->packer)
		ZSTD_CCtx_reset(s->packer, ZSTD_reset_session_only);
}

int sink_end(struct sink *s)
{
	int r;

	if (!s->packer || s->fd < 0)
		return 0;
	r = s->broken ? end_broken(s) : pack(s, NULL, 0, ZSTD_e_end);
	if (r)
		lose(s, r);
	s->losing = false;
	if (!r)
		keep_place(s);
	return r;
}

struct sink_counts sink_counts(const struct sink *s)
{
	return (struct sink_counts){
		.lines = s->lines,
		.lost = s->lost,
		.bytes = (__u64)s->good,
		.error = s->error,
	};
}
