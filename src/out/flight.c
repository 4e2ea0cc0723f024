// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* flight.c - see flight.h. */
#include "out/flight.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/sink.h"
#include "base/util.h"
#include "model/figures.h"
#include "model/names.h"
#include "view/views.h"

#define STREAM_ROOM (64U << 10)
#define SUMMARY_MAX 400

/* Stands before each line in the ring. */
struct line_head {
	__u64 time_ns;
	size_t len;
};

struct flight {
	const struct flight_options *opt;
	struct clerk *clerk;
	struct sink *sink;
	FILE *in, *out; /* into the ring, into the file */
	char *ring;
	size_t start, used; /* whole lines, each behind its head */
	size_t begun;	    /* of the line that comes, head included; 0: none has begun */
	bool too_long;	    /* the rest of it is left out */
	__u64 now_ns;	    /* of the line that comes */
	__u64 written_ns;   /* the time that the last file was written at */
	__u64 requests;	    /* that were lost */
	__u64 since;	    /* of those, behind the last file */
	__u64 files, missing, not_run, busy;
	int error; /* of the first file that is missing */
	char name[PATH_MAX];
	char room[2][STREAM_ROOM];
};

/* ---- the ring ---- */

static void put_at(struct flight *f, size_t at, const void *from, size_t len)
{
	size_t place = (f->start + at) % FLIGHT_BYTES, first = FLIGHT_BYTES - place;

	first = first < len ? first : len;
	memcpy(f->ring + place, from, first);
	memcpy(f->ring, (const char *)from + first, len - first);
}

static struct line_head head_at(const struct flight *f, size_t at)
{
	size_t place = (f->start + at) % FLIGHT_BYTES, first = FLIGHT_BYTES - place;
	struct line_head head;

	first = first < sizeof(head) ? first : sizeof(head);
	memcpy(&head, f->ring + place, first);
	memcpy((char *)&head + first, f->ring, sizeof(head) - first);
	return head;
}

static void drop_oldest(struct flight *f)
{
	size_t len = sizeof(struct line_head) + head_at(f, 0).len;

	f->start = (f->start + len) % FLIGHT_BYTES;
	f->used -= len;
}

/* Of what is older than asked for. A clock that went back keeps all. */
static void drop_old(struct flight *f)
{
	while (f->used && head_at(f, 0).time_ns + f->opt->keep_ns < f->now_ns)
		drop_oldest(f);
}

static void add_piece(struct flight *f, const char *text, size_t len)
{
	if (!f->begun)
		f->begun = sizeof(struct line_head);
	f->too_long |= f->begun + len > FLIGHT_BYTES / 2;
	if (f->too_long)
		return;
	while (f->used + f->begun + len > FLIGHT_BYTES)
		drop_oldest(f);
	put_at(f, f->used + f->begun, text, len);
	f->begun += len;
}

static void end_line(struct flight *f)
{
	struct line_head head = {f->now_ns, f->begun - sizeof(head)};

	if (!f->too_long) {
		put_at(f, f->used, &head, sizeof(head));
		f->used += f->begun;
	}
	f->begun = 0;
	f->too_long = false;
}

static ssize_t take_lines(void *cookie, const char *text, size_t size)
{
	struct flight *f = cookie;

	for (size_t at = 0; at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t len = end ? (size_t)(end + 1 - text) - at : size - at;

		add_piece(f, text + at, len);
		if (end)
			end_line(f);
		at += len;
	}
	drop_old(f);
	return (ssize_t)size;
}

/* ---- a file of it ---- */

static ssize_t put_to_sink(void *cookie, const char *text, size_t size)
{
	struct flight *f = cookie;

	return sink_put(f->sink, text, size) ? 0 : (ssize_t)size;
}

static void write_line(struct flight *f, size_t at, size_t len)
{
	size_t place = (f->start + at) % FLIGHT_BYTES, first = FLIGHT_BYTES - place;

	first = first < len ? first : len;
	sink_put(f->sink, f->ring + place, first);
	sink_put(f->sink, f->ring, len - first);
}

/* 0 or -errno: the file, or a line of it, is missing. */
static int fill_file(struct flight *f, int fd, const struct run_info *info)
{
	static const struct show whole;
	__u64 lost = sink_counts(f->sink).lost;
	size_t at = 0;
	int r;

	sink_to(f->sink, fd, true);
	view_events.json_start(f->out, &whole, info);
	fflush(f->out);
	while (at < f->used) {
		size_t len = head_at(f, at).len;

		write_line(f, at + sizeof(struct line_head), len);
		at += sizeof(struct line_head) + len;
	}
	r = sink_end(f->sink);
	return r ?: sink_counts(f->sink).lost > lost ? sink_counts(f->sink).error : 0;
}

static int write_file(struct flight *f, const struct run_info *info)
{
	int fd = clerk_open(f->clerk, CLERK_LOST), r, named;

	if (fd < 0)
		return fd;
	r = fill_file(f, fd, info);
	close(fd);
	sink_to(f->sink, -1, false);
	named = clerk_finish(f->clerk, CLERK_LOST, f->name);
	if (!named)
		f->files++;
	return named ?: r;
}

/* "rack4: request lost: order 0, GFP_ATOMIC, softirq, e1000 e1000_alloc_rx_buffers: exhausted" */
static void sum_up(const struct flight *f, const struct run_info *info, const struct event *e,
		   char text[SUMMARY_MAX])
{
	const struct lab_event_head *head = &e->raw.head;
	char gfp[160];
	int n;

	n = snprintf(text, SUMMARY_MAX, "%s: request lost: order %u, %s, %s, %s%s%s: %s",
		     info->host, head->order, gfp_names(gfp, sizeof(gfp), head->gfp),
		     context_name(head->context), e->driver, e->driver[0] ? " " : "",
		     e->site[0] ? e->site : "unknown site",
		     e->verdict < VERDICTS ? verdict_name(e->verdict) : "unexplained");
	if (f->since > 1 && n < SUMMARY_MAX)
		snprintf(text + n, SUMMARY_MAX - (size_t)n, "; %" PRIu64 " since the file before",
			 (uint64_t)f->since);
}

static void run_program(struct flight *f, const char *summary)
{
	int r = f->opt->program ? clerk_run(f->clerk, CLERK_LOST, summary) : 0;

	f->busy += r == -EBUSY;
	f->not_run += r && r != -EBUSY;
}

static void give_away(struct flight *f, const struct run_info *info, const struct event *e)
{
	__u64 files = f->files;
	char summary[SUMMARY_MAX];
	int r = write_file(f, info);

	if (r) {
		f->error = f->missing ? f->error : r;
		f->missing++;
	}
	f->written_ns = e->time_ns;
	if (f->files == files)
		return;
	sum_up(f, info, e, summary);
	if (!f->opt->quiet)
		log_warn("%s; what came before it is in %s", summary, f->name);
	run_program(f, summary);
	f->since = 0;
}

/* ---- interface ---- */

void flight_event(struct flight *f, const struct run_info *info, const struct event *e)
{
	static const struct show whole;

	if (!f)
		return;
	f->now_ns = e->time_ns;
	view_events.json_event(f->in, &whole, info, e);
	fflush(f->in);
	if (e->raw.head.kind != LAB_EVENT_FAILED || e->aftermath != AFTERMATH_LOST)
		return;
	f->requests++;
	f->since++;
	if (!f->written_ns || e->time_ns >= f->written_ns + f->opt->keep_ns)
		give_away(f, info, e);
}

void flight_report(struct flight *f, const struct view *view, const void *report)
{
	static const struct show whole;

	if (!f)
		return;
	f->now_ns = ((const struct run_head *)report)->time_ns;
	view->json(f->in, &whole, report);
	fflush(f->in);
}

int flight_finish(struct flight *f)
{
	if (!f)
		return 0;
	if (f->files)
		log_warn("requests lost: %" PRIu64 "; files of what came before: %" PRIu64
			 ", the last is %s; lost after it: %" PRIu64,
			 (uint64_t)f->requests, (uint64_t)f->files, f->name, (uint64_t)f->since);
	if (f->busy)
		log_warn("%s was not run for %" PRIu64 " of its files: it was still running",
			 f->opt->program, (uint64_t)f->busy);
	if (f->not_run)
		log_warn("%s could not be run for %" PRIu64 " of its files", f->opt->program,
			 (uint64_t)f->not_run);
	if (!f->missing)
		return 0;
	return log_err(FAIL(LAB_EXIT_RUNTIME),
		       "cannot write %s: %s; %" PRIu64 " of %" PRIu64
		       " files of what came before a loss are missing, or have not all of it",
		       f->opt->path, strerror(-f->error), (uint64_t)f->missing,
		       (uint64_t)(f->files > f->missing ? f->files : f->missing));
}

static bool is_zst(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && strcmp(path + len - 4, ".zst") == 0;
}

/* Its pages are there before they are needed. */
static bool open_ring(struct flight *f)
{
	const cookie_io_functions_t in = {.write = take_lines}, out = {.write = put_to_sink};

	f->ring = malloc(FLIGHT_BYTES);
	f->sink = sink_new(is_zst(f->opt->path));
	f->in = fopencookie(f, "w", in);
	f->out = fopencookie(f, "w", out);
	if (!f->ring || !f->sink || !f->in || !f->out)
		return false;
	memset(f->ring, 1, FLIGHT_BYTES);
	setvbuf(f->in, f->room[0], _IOFBF, STREAM_ROOM);
	setvbuf(f->out, f->room[1], _IOFBF, STREAM_ROOM);
	return true;
}

int flight_new(struct flight **ret, const struct flight_options *opt, struct clerk *clerk)
{
	struct flight *f;

	*ret = NULL;
	if (!opt->path)
		return 0;
	f = calloc(1, sizeof(*f));
	if (f) {
		f->opt = opt;
		f->clerk = clerk;
		memset(f->room, 1, sizeof(f->room));
	}
	if (f && open_ring(f)) {
		*ret = f;
		return 0;
	}
	flight_free(f);
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

void flight_free(struct flight *f)
{
	if (!f)
		return;
	fclosep(&f->in);
	fclosep(&f->out);
	sink_free(f->sink);
	free(f->ring);
	free(f);
}
