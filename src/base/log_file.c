// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* log_file.c - plain, gzip and zstd files as one stream of bytes. */
#include "base/log_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/stop.h"
#include "base/util.h"

#define INPUT_BYTES (256U << 10)

struct log_file {
	int fd;
	enum { LOG_PLAIN, LOG_GZIP, LOG_ZSTD } kind;
	bool end;	  /* of the file itself */
	bool inside;	  /* a member or frame has begun and not ended */
	__u64 done, size; /* of the file itself */
	z_stream gzip;
	bool gzip_ready;
	ZSTD_DStream *zstd;
	size_t at, len;
	char in[INPUT_BYTES];
};

/* More of the file, behind what is left in the buffer: bytes in it, or -errno. */
static ssize_t refill(struct log_file *f)
{
	ssize_t n;

	if (f->at) {
		memmove(f->in, f->in + f->at, f->len - f->at);
		f->len -= f->at;
		f->at = 0;
	}
	if (!f->end && f->len < sizeof(f->in)) {
		n = stop_read(f->fd, f->in + f->len, sizeof(f->in) - f->len);
		if (n < 0)
			return n;
		f->end = n == 0;
		f->len += (size_t)n;
		f->done += (__u64)n;
	}
	return (ssize_t)f->len;
}

static int find_kind(struct log_file *f)
{
	static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	ssize_t n;

	do
		n = refill(f);
	while (n >= 0 && n < (ssize_t)sizeof(zstd) && !f->end);
	if (n < 0)
		return (int)n;
	if (n >= (ssize_t)sizeof(gzip) && memcmp(f->in, gzip, sizeof(gzip)) == 0)
		f->kind = LOG_GZIP;
	else if (n >= (ssize_t)sizeof(zstd) && memcmp(f->in, zstd, sizeof(zstd)) == 0)
		f->kind = LOG_ZSTD;
	if (f->kind == LOG_GZIP) {
		f->gzip_ready = inflateInit2(&f->gzip, 15 + 16) == Z_OK;
		return f->gzip_ready ? 0 : -ENOMEM;
	}
	f->zstd = f->kind == LOG_ZSTD ? ZSTD_createDStream() : NULL;
	return f->kind == LOG_ZSTD && !f->zstd ? -ENOMEM : 0;
}

/*
 * From here to its end; 0: a pipe has no size. Not by fstat(), which glibc makes a call that takes
 * a path, and by then no path may be given any more.
 */
static __u64 bytes_ahead(int fd)
{
	off_t here = lseek(fd, 0, SEEK_CUR), end = here < 0 ? -1 : lseek(fd, 0, SEEK_END);

	if (here < 0 || end < 0 || lseek(fd, here, SEEK_SET) < 0)
		return 0;
	return end > here ? (__u64)(end - here) : 0;
}

int log_file_open(int fd, struct log_file **ret)
{
	struct log_file *f = calloc(1, sizeof(*f));
	int r;

	if (!f) {
		close(fd);
		return -ENOMEM;
	}
	f->fd = fd;
	f->size = bytes_ahead(f->fd);
	r = find_kind(f);
	if (r) {
		log_file_close(f);
		return r;
	}
	*ret = f;
	return 0;
}

void log_file_close(struct log_file *f)
{
	if (!f)
		return;
	if (f->gzip_ready)
		inflateEnd(&f->gzip);
	ZSTD_freeDStream(f->zstd);
	close(f->fd);
	free(f);
}

static ssize_t read_plain(struct log_file *f, char *buf, size_t size)
{
	size_t n = f->len - f->at;
	ssize_t r;

	if (n) {
		n = n < size ? n : size;
		memcpy(buf, f->in + f->at, n);
		f->at += n;
		return (ssize_t)n;
	}
	r = f->end ? 0 : stop_read(f->fd, buf, size);
	if (r < 0)
		return r;
	f->done += (__u64)r;
	return r;
}

/* One step of a decompressor: bytes written, or -EBADMSG. */
static ssize_t step_gzip(struct log_file *f, char *buf, size_t size)
{
	int r;

	f->gzip.next_in = (Bytef *)f->in + f->at;
	f->gzip.avail_in = (uInt)(f->len - f->at);
	f->gzip.next_out = (Bytef *)buf;
	f->gzip.avail_out = (uInt)size;
	r = inflate(&f->gzip, Z_NO_FLUSH);
	f->at = f->len - f->gzip.avail_in;
	if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR)
		return -EBADMSG;
	f->inside = r != Z_STREAM_END;
	if (r == Z_STREAM_END && inflateReset(&f->gzip) != Z_OK)
		return -EBADMSG;
	return (ssize_t)(size - f->gzip.avail_out);
}

static ssize_t step_zstd(struct log_file *f, char *buf, size_t size)
{
	ZSTD_inBuffer in = {f->in, f->len, f->at};
	ZSTD_outBuffer out = {buf, size, 0};
	size_t r = ZSTD_decompressStream(f->zstd, &out, &in);

	f->at = in.pos;
	if (ZSTD_isError(r))
		return -EBADMSG;
	f->inside = r != 0;
	return (ssize_t)out.pos;
}

ssize_t log_file_read(struct log_file *f, char *buf, size_t size)
{
	if (f->kind == LOG_PLAIN)
		return read_plain(f, buf, size);
	if (size > 1U << 30)
		size = 1U << 30;
	for (;;) {
		bool dry = f->at == f->len;
		ssize_t n = dry ? refill(f) : 0;

		if (n < 0)
			return n;
		if (dry && f->at == f->len && !f->inside)
			return 0;
		dry = f->at == f->len;
		n = f->kind == LOG_GZIP ? step_gzip(f, buf, size) : step_zstd(f, buf, size);
		if (n)
			return n;
		if (dry && f->end)
			return f->inside ? -EBADMSG : 0;
	}
}

int log_file_rewind(struct log_file *f)
{
	if (lseek(f->fd, 0, SEEK_SET) < 0)
		return -errno;
	if (f->gzip_ready && inflateReset(&f->gzip) != Z_OK)
		return -EBADMSG;
	if (f->zstd && ZSTD_isError(ZSTD_initDStream(f->zstd)))
		return -EBADMSG;
	f->end = f->inside = false;
	f->at = f->len = 0;
	f->done = 0;
	return 0;
}

__u64 log_file_done(const struct log_file *f)
{
	return f->done;
}

__u64 log_file_size(const struct log_file *f)
{
	return f->size;
}
