// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * klog.c - most of a log is left behind unread: only what is near a word of a report is taken
 * apart.
 */
#include "klog/klog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log_file.h"
#include "base/scan.h"
#include "base/util.h"

#define BUFFER_BYTES (2U << 20)
#define CHUNK_BYTES (1U << 20)
/* Read before a word is found: the limiter's line, and a header torn from its words. */
#define BACK_BYTES 4096U
/* And behind the last one: registers and other cpus' lines may part those of a report. */
#define AHEAD_BYTES 32768
#define LINE_BYTES 60000U

/* In the first ten bytes each. A word that is broken in two is found by the one beside it. */
static const char *const words[] = {
	"page allocation", "ation failure",	  "warn_alloc",	   "lowmem_reserve",
	"oom-killer",	   "vmalloc: allocation", "vmalloc error", "vmalloc size",
};

enum coding { BYTES, UTF16_LITTLE, UTF16_BIG };

struct klog {
	struct scan scan;
	struct transport *transport;
	struct assembler *assembler;
	void (*progress)(void *arg, __u64 done, __u64 size);
	void *progress_arg;
	/* The file that is read. */
	enum coding coding;
	bool begun; /* its coding is known */
	bool half;  /* the first byte of a pair was left over */
	char half_byte;
	bool reading;	/* lines are taken apart */
	long ahead;	/* bytes until that ends */
	__u64 line;	/* newlines before buf */
	size_t at, len; /* in buf: taken so far, filled */
	size_t fed;	/* in buf: lines before this were given on */
	char buf[BUFFER_BYTES + CHUNK_BYTES];
};

static int on_record(void *arg, const struct record *r)
{
	struct klog *k = arg;

	return assembler_record(k->assembler, r);
}

struct klog *klog_new(report_fn fn, void *arg)
{
	struct klog *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	scan_init(&k->scan, words, ARRAY_SIZE(words));
	k->transport = transport_new(on_record, k);
	k->assembler = assembler_new(fn, arg);
	if (!k->transport || !k->assembler) {
		klog_free(k);
		return NULL;
	}
	return k;
}

void klog_free(struct klog *k)
{
	if (!k)
		return;
	transport_free(k->transport);
	assembler_free(k->assembler);
	free(k);
}

void klog_on_progress(struct klog *k, void (*fn)(void *arg, __u64 done, __u64 size), void *arg)
{
	k->progress = fn;
	k->progress_arg = arg;
}

struct klog_counts klog_counts(const struct klog *k)
{
	return assembler_counts(k->assembler);
}

/* ---- what the bytes are ---- */

/* A mark at the start, or a zero beside each of the first characters. */
static enum coding find_coding(const char *p, size_t len)
{
	size_t even = 0, odd = 0, n = len < 64 ? len : 64;

	if (len >= 2 && memcmp(p, "\xff\xfe", 2) == 0)
		return UTF16_LITTLE;
	if (len >= 2 && memcmp(p, "\xfe\xff", 2) == 0)
		return UTF16_BIG;
	for (size_t i = 0; i < n; i++) {
		even += i % 2 == 0 && !p[i];
		odd += i % 2 && !p[i];
	}
	if (n >= 8 && odd * 2 >= n - 1 && !even)
		return UTF16_LITTLE;
	return n >= 8 && even * 2 >= n - 1 && !odd ? UTF16_BIG : BYTES;
}

static char narrow(enum coding coding, char first, char second)
{
	char low = coding == UTF16_LITTLE ? first : second;
	char high = coding == UTF16_LITTLE ? second : first;

	return high || (unsigned char)low >= 0x80 ? ' ' : low;
}

static size_t from_utf16(struct klog *k, char *p, size_t len)
{
	size_t out = 0, i = 0;

	if (k->half && len) {
		p[out++] = narrow(k->coding, k->half_byte, p[i++]);
		k->half = false;
	}
	for (; i + 1 < len; i += 2)
		p[out++] = narrow(k->coding, p[i], p[i + 1]);
	if (i < len) {
		k->half = true;
		k->half_byte = p[i];
	}
	return out;
}

/* A crash leaves them where nothing was written. */
static size_t drop_nuls(char *p, size_t len)
{
	char *nul = memchr(p, '\0', len), *out = nul;

	if (!nul)
		return len;
	for (const char *s = nul; s < p + len; s++)
		if (*s)
			*out++ = *s;
	return (size_t)(out - p);
}

static size_t decode(struct klog *k, char *p, size_t len)
{
	if (!k->begun) {
		k->coding = find_coding(p, len);
		k->begun = true;
	}
	if (k->coding != BYTES)
		len = from_utf16(k, p, len);
	return drop_nuls(p, len);
}

typedef unsigned char bytes16 __attribute__((vector_size(16)));

/* Of 16 bytes at once: counting one by one takes longer than the search. */
static __u64 count_newlines(const char *p, size_t len)
{
	const bytes16 newline = {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10};
	__u64 n = 0;

	while (len >= sizeof(bytes16)) {
		bytes16 found = {0};

		for (int i = 0; i < 255 && len >= sizeof(bytes16); i++) {
			bytes16 v;

			memcpy(&v, p, sizeof(v));
			found -= (bytes16)(v == newline);
			p += sizeof(v);
			len -= sizeof(v);
		}
		for (size_t i = 0; i < sizeof(found); i++)
			n += found[i];
	}
	for (size_t i = 0; i < len; i++)
		n += p[i] == '\n';
	return n;
}

/* ---- lines ---- */

static int end_reading(struct klog *k)
{
	int r = transport_flush(k->transport);

	k->reading = false;
	return r ? r : assembler_flush(k->assembler);
}

/* Lines from at on, until the region ends or no whole line is left. */
static int read_lines(struct klog *k, bool last, __u64 *line)
{
	int r = 0;

	while (k->reading && k->at < k->len && !r) {
		char *p = k->buf + k->at, *end = memchr(p, '\n', k->len - k->at);
		size_t len = end ? (size_t)(end - p) : k->len - k->at;

		if (!end && !last && len < LINE_BYTES)
			return 0;
		if (len > LINE_BYTES) {
			len = LINE_BYTES;
			end = NULL;
		}
		k->ahead = scan_find(&k->scan, p, len) ? AHEAD_BYTES : k->ahead - (long)len - 1;
		r = transport_line(k->transport, p, len, ++*line);
		*line -= !end && len == LINE_BYTES;
		k->at += len + (end ? 1 : 0);
		k->fed = k->at;
		if (!r && k->ahead < 0)
			r = end_reading(k);
	}
	return r;
}

/* To the line in which the next word stands, and some before it. False: there is none. */
static bool find_region(struct klog *k)
{
	const char *hit = scan_find(&k->scan, k->buf + k->at, k->len - k->at);
	size_t from;

	if (!hit)
		return false;
	from = (size_t)(hit - k->buf);
	from = from > k->fed + BACK_BYTES ? from - BACK_BYTES : k->fed;
	while (from > k->fed && k->buf[from - 1] != '\n')
		from--;
	k->at = from;
	k->reading = true;
	k->ahead = AHEAD_BYTES;
	return true;
}

/* Keeps what may be needed once more. */
static void shift(struct klog *k, size_t from)
{
	k->line += count_newlines(k->buf, from);
	memmove(k->buf, k->buf + from, k->len - from);
	k->len -= from;
	k->at -= from < k->at ? from : k->at;
	k->fed -= from < k->fed ? from : k->fed;
}

/* Where what was not read is cut: at a line, as far back as is looked. */
static size_t keep_from(const struct klog *k)
{
	size_t from = k->len > 2 * BACK_BYTES ? k->len - 2 * BACK_BYTES : 0;
	const char *newline;

	if (from < k->fed)
		return k->fed;
	newline = memchr(k->buf + from, '\n', k->len - from);
	return newline ? (size_t)(newline - k->buf) + 1 : from;
}

static int take(struct klog *k, bool last)
{
	for (;;) {
		__u64 line;
		int r;

		if (!k->reading && !find_region(k))
			break;
		line = k->line + count_newlines(k->buf, k->at);
		r = read_lines(k, last, &line);
		if (r)
			return r;
		if (k->reading)
			break; /* for more */
	}
	if (k->reading) {
		shift(k, k->at);
		return 0;
	}
	shift(k, keep_from(k));
	/* A word may lie across the end. */
	k->at = k->len > SCAN_WORD ? k->len - SCAN_WORD : 0;
	k->at = k->at > k->fed ? k->at : k->fed;
	return 0;
}

static void begin_file(struct klog *k, const char *name)
{
	assembler_file(k->assembler, name);
	k->begun = k->half = k->reading = false;
	k->line = 0;
	k->at = k->len = k->fed = 0;
}

static int end_file(struct klog *k)
{
	int r = take(k, true);

	return r ? r : end_reading(k);
}

int klog_read(struct klog *k, int fd, const char *name)
{
	struct log_file *f;
	ssize_t n;
	int r = log_file_open(fd, &f), e = 0;

	if (r)
		return r;
	begin_file(k, name);
	while (!r && (n = log_file_read(f, k->buf + k->len, CHUNK_BYTES)) != 0) {
		if (n < 0) {
			e = (int)n;
			break;
		}
		k->len += decode(k, k->buf + k->len, (size_t)n);
		r = take(k, false);
		if (k->progress)
			k->progress(k->progress_arg, log_file_done(f), log_file_size(f));
	}
	/* Of a file that is cut or damaged, what comes before that is worth having. */
	if (!r)
		r = end_file(k);
	log_file_close(f);
	return r ? r : e;
}

int klog_read_bytes(struct klog *k, const char *name, const char *bytes, size_t len)
{
	int r = 0;

	begin_file(k, name);
	while (len && !r) {
		size_t n = len < CHUNK_BYTES ? len : CHUNK_BYTES;

		memcpy(k->buf + k->len, bytes, n);
		k->len += decode(k, k->buf + k->len, n);
		bytes += n;
		len -= n;
		r = take(k, false);
	}
	return r ? r : end_file(k);
}
