// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* assemble.c - which record belongs to which report, and when a report is complete. */
#include "klog/assemble.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "klog/copies.h"
#include "klog/header.h"
#include "klog/open.h"

#define OPEN_MOST 16U
/* A report is printed within this time, even to a serial line. */
#define REPORT_US 10000000
/* Reports that are in each other begin within this. */
#define MIXED_US 1000000
/* Records in a row that belong to none: it is over. Behind the memory state only SLUB's follow. */
#define IDLE_MOST 300U
#define IDLE_BEHIND_MEM 40U
#define FRAMES_SURE 4U

struct assembler {
	report_fn fn;
	void *arg;
	struct open open[OPEN_MOST]; /* in the order of their headers */
	unsigned int n;
	int current;	  /* index; -1: what comes is of none */
	__u64 suppressed; /* since the last header */
	bool vmalloc_before;
	__u64 vmalloc_caller;
	struct copies *copies;
	struct klog_counts counts;
	char file[64];
};

struct assembler *assembler_new(report_fn fn, void *arg)
{
	struct assembler *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->copies = copies_new();
	if (!a->copies) {
		free(a);
		return NULL;
	}
	a->fn = fn;
	a->arg = arg;
	a->current = -1;
	return a;
}

void assembler_free(struct assembler *a)
{
	if (!a)
		return;
	for (unsigned int i = 0; i < a->n; i++)
		open_drop(&a->open[i]);
	copies_free(a->copies);
	free(a);
}

void assembler_file(struct assembler *a, const char *name)
{
	size_t len = strlen(name), most = sizeof(a->file) - 1;

	snprintf(a->file, sizeof(a->file), "%s", len > most ? name + len - most : name);
}

/* ---- a report is complete ---- */

static int give(struct assembler *a, struct open *o)
{
	struct alloc_report *r = o->r;

	/* The words, and no mask behind them. */
	if (o->mode_pending) {
		a->suppressed += r->suppressed;
		return 0;
	}
	if (copies_seen(a->copies, r)) {
		a->counts.copies++;
		return 0;
	}
	a->counts.reports++;
	a->counts.suppressed += r->suppressed;
	return a->fn(a->arg, r);
}

/* Gives out, in their order, those that nothing before them holds up. */
static int give_done(struct assembler *a)
{
	unsigned int n = 0;
	int r = 0;

	while (n < a->n && a->open[n].done && !r) {
		r = give(a, &a->open[n]);
		open_drop(&a->open[n++]);
	}
	memmove(a->open, a->open + n, (a->n - n) * sizeof(a->open[0]));
	a->n -= n;
	a->current = a->current >= (int)n ? a->current - (int)n : -1;
	return r;
}

static void close_one(struct assembler *a, unsigned int i)
{
	if (!a->open[i].done)
		open_finish(&a->open[i]);
	if (a->current == (int)i)
		a->current = -1;
}

int assembler_flush(struct assembler *a)
{
	for (unsigned int i = 0; i < a->n; i++)
		close_one(a, i);
	a->vmalloc_before = false;
	return give_done(a);
}

struct klog_counts assembler_counts(const struct assembler *a)
{
	struct klog_counts c = a->counts;

	c.suppressed += a->suppressed;
	return c;
}

/* ---- a header ---- */

static __s64 apart_us(const struct open *o, const struct record *rec)
{
	__s64 d;

	if (o->r->time_us < 0 || rec->prefix.time_us < 0)
		return REPORT_UNKNOWN;
	d = rec->prefix.time_us - o->r->time_us;
	return d < 0 ? -d : d;
}

/* Is it over, now that the next report of the same source begins? */
static bool is_over(const struct open *o, const struct record *rec)
{
	__s64 apart = apart_us(o, rec);

	if (o->caller != rec->prefix.caller)
		return false;
	if (o->caller || o->mem_begun || o->trace.ended)
		return true;
	return apart > MIXED_US || (apart < 0 && o->r->frames >= FRAMES_SURE);
}

static int make_way(struct assembler *a, const struct record *rec)
{
	for (unsigned int i = 0; i < a->n; i++) {
		struct open *o = &a->open[i];

		if (!o->done && !o->mode_pending && is_over(o, rec))
			close_one(a, i);
		else if (!o->done && o->caller == rec->prefix.caller)
			o->r->mixed = true;
	}
	if (a->n == OPEN_MOST)
		close_one(a, 0);
	return give_done(a);
}

static struct open *begin_report(struct assembler *a, const struct record *rec,
				 const struct header *h)
{
	struct open *o = &a->open[a->n];
	struct alloc_report *r = alloc_report_new();

	if (!r)
		return NULL;
	*o = (struct open){.r = r, .caller = rec->prefix.caller, .zone_us = REPORT_UNKNOWN};
	r->order = h->order;
	open_name_task(r, h);
	r->time_us = rec->prefix.time_us;
	r->wall_s = rec->prefix.wall_s;
	r->line = rec->line;
	_Static_assert(sizeof(r->date) == sizeof(rec->prefix.date), "a date fits");
	snprintf(r->date, sizeof(r->date), "%s", rec->prefix.date);
	snprintf(r->file, sizeof(r->file), "%s", a->file);
	r->suppressed = a->suppressed;
	a->suppressed = 0;
	r->vmalloc = a->vmalloc_before && a->vmalloc_caller == rec->prefix.caller;
	a->vmalloc_before = false;
	a->current = (int)a->n++;
	return o;
}

/* All headers of a record: two stand in one where they were torn. */
static int read_headers(struct assembler *a, const struct record *rec, bool *found)
{
	struct header h;
	const char *text = rec->text;
	unsigned int before = 0;

	*found = false;
	while (header_find(text, &h)) {
		int r = make_way(a, rec);
		struct open *o;

		if (r)
			return r;
		o = begin_report(a, rec, &h);
		if (!o)
			return -ENOMEM;
		open_mode(o, h.end);
		o->r->mixed = before++ > 0;
		*found = true;
		text = h.end;
	}
	return 0;
}

/* ", mode:..." that was torn from its header. */
static bool read_torn_mode(struct assembler *a, const struct record *rec)
{
	for (unsigned int i = 0; i < a->n; i++) {
		struct open *o = &a->open[i];

		if (o->done || !o->mode_pending || o->caller != rec->prefix.caller)
			continue;
		open_mode(o, rec->text);
		if (!o->mode_pending)
			return true;
	}
	return false;
}

/* ---- whose line is it ---- */

static struct open *current(struct assembler *a, const struct record *rec)
{
	if (rec->prefix.caller) {
		for (unsigned int i = a->n; i-- > 0;)
			if (!a->open[i].done && a->open[i].caller == rec->prefix.caller)
				return &a->open[i];
		return NULL;
	}
	return a->current < 0 || a->open[a->current].done ? NULL : &a->open[a->current];
}

/* What comes next is of something else: an OOM report, another warning. */
static void leave(struct assembler *a, const struct record *rec)
{
	if (rec->prefix.caller) {
		struct open *o = current(a, rec);

		if (o)
			close_one(a, (unsigned int)(o - a->open));
	}
	a->current = -1;
}

static bool same_task(const struct alloc_report *r, const char *comm)
{
	/* What stood in the same line before the name belongs to another program. */
	size_t len = strlen(comm), own = strlen(r->comm);

	return !own || strcmp(r->comm, comm) == 0 ||
	       (own > len && len && strcmp(r->comm + own - len, comm) == 0) || !len;
}

static struct open *open_for_cpu(struct assembler *a, const struct record *rec, const char *comm)
{
	for (unsigned int i = 0; i < a->n; i++) {
		struct open *o = &a->open[i];

		if (!o->done && !o->cpu_seen && o->caller == rec->prefix.caller && !o->mem_begun &&
		    same_task(o->r, comm))
			return o;
	}
	return NULL;
}

static bool read_cpu_line(struct assembler *a, const struct record *rec)
{
	struct cpu_line cpu;
	struct open *o;

	if (!header_cpu_line(rec->text, &cpu))
		return false;
	o = open_for_cpu(a, rec, cpu.comm);
	if (!o) {
		leave(a, rec);
		return true;
	}
	o->cpu_seen = true;
	o->idle = 0;
	o->release_pending = !cpu.release[0];
	o->r->cpu = cpu.cpu;
	o->r->pid = cpu.pid;
	if (!o->r->comm[0] || strlen(o->r->comm) > 16)
		snprintf(o->r->comm, sizeof(o->r->comm), "%s", cpu.comm);
	snprintf(o->r->release, sizeof(o->r->release), "%s", cpu.release);
	snprintf(o->r->package, sizeof(o->r->package), "%s", cpu.package);
	a->current = (int)(o - a->open);
	return true;
}

static bool has_frame(const struct alloc_report *r, const char *symbol)
{
	for (unsigned int i = 0; i < r->frames; i++)
		if (strcmp(r->frame[i].symbol, symbol) == 0)
			return true;
	return false;
}

static bool in_trace(const struct open *o, const struct record *rec)
{
	return !o->done && !o->mem_begun && o->cpu_seen && !o->trace.ended &&
	       o->caller == rec->prefix.caller;
}

/*
 * Two traces in each other, without ids: a function that the one has already is the other's. Right
 * where both took the same way, which is when they meet.
 */
static struct open *open_for_frame(struct assembler *a, const struct record *rec, struct open *o)
{
	char symbol[EVENT_SYMBOL];

	if (!o || rec->prefix.caller || a->n < 2)
		return o;
	frames_first(rec->text, symbol);
	if (!symbol[0] || !has_frame(o->r, symbol))
		return o;
	for (unsigned int i = 0; i < a->n; i++) {
		struct open *other = &a->open[i];

		if (other == o || !in_trace(other, rec) || has_frame(other->r, symbol))
			continue;
		other->r->mixed = o->r->mixed = true;
		a->current = (int)i;
		return other;
	}
	return o;
}

/* ---- the memory state ---- */

/* "Mem-Info:" and what may follow it in the same line. */
static bool read_mem_begin(struct assembler *a, const struct record *rec)
{
	const char *p = strstr(rec->text, "Mem-Info:") ?: strstr(rec->text, "Mem-info:");
	struct open *o = current(a, rec);

	if (!p)
		return false;
	/* The oldest of those that are in each other. */
	for (unsigned int i = 0; o && !rec->prefix.caller && i < a->n; i++) {
		if (a->open[i].done || a->open[i].mem_begun || a->open[i].caller)
			continue;
		o = &a->open[i];
		break;
	}
	if (!o || o->mem_begun) {
		leave(a, rec);
		return true;
	}
	o->mem_begun = true;
	a->current = (int)(o - a->open);
	open_mem(o, p + strlen("Mem-Info:"), rec->prefix.time_us);
	return true;
}

/* ---- a record ---- */

/* Lines of something else that prints the same kinds of lines. */
static bool read_neighbour(struct assembler *a, const struct record *rec)
{
	const char *p;

	if (strstr(rec->text, "invoked oom-killer")) {
		a->counts.oom++;
		leave(a, rec);
		return true;
	}
	if (strstr(rec->text, "Show Memory") || strstr(rec->text, "WARNING: CPU:") ||
	    strstr(rec->text, "BUG: ")) {
		leave(a, rec);
		return true;
	}
	p = strstr(rec->text, "vmalloc: allocation failure") ?:
	    strstr(rec->text, "vmalloc error: ") ?: strstr(rec->text, "vmalloc size ");
	if (!p)
		return false;
	a->counts.vmalloc++;
	/* Up to 4.8 it has a line of its own, and the header that follows is false. */
	a->vmalloc_before = p == rec->text;
	a->vmalloc_caller = rec->prefix.caller;
	leave(a, rec);
	return true;
}

/* A line inside a report, of those that have no name of their own. */
static void read_inside(struct assembler *a, const struct record *rec)
{
	struct open *o = current(a, rec);

	if (!o)
		return;
	if (o->release_pending)
		open_release(o, rec->text);
	if (strstr(rec->text, "mems_allowed="))
		header_nodes(rec->text, o->r);
	if (open_slub(o, rec->text))
		return;
	if (o->mem_begun) {
		if (open_is_mem(rec->text))
			open_mem(o, rec->text, rec->prefix.time_us);
		return;
	}
	open_workqueue(o, rec->text);
	o = open_for_frame(a, rec, o);
	if (frames_read(rec->text, &o->trace, o->r))
		o->idle = 0;
}

/* Closes what is over by time, or because nothing of it came for long. */
static int expire(struct assembler *a, const struct record *rec)
{
	for (unsigned int i = 0; i < a->n; i++) {
		struct open *o = &a->open[i];

		if (o->done)
			continue;
		o->idle++;
		if (apart_us(o, rec) > REPORT_US ||
		    o->idle > (o->mem_begun ? IDLE_BEHIND_MEM : IDLE_MOST))
			close_one(a, i);
	}
	return give_done(a);
}

static void mark_lost(struct assembler *a)
{
	for (unsigned int i = 0; i < a->n; i++)
		a->open[i].r->lines_lost = true;
}

int assembler_record(struct assembler *a, const struct record *rec)
{
	__u64 suppressed = header_suppressed(rec->text);
	bool found;
	int r = expire(a, rec);

	if (r)
		return r;
	if (suppressed) {
		a->suppressed += suppressed;
		return 0;
	}
	r = read_headers(a, rec, &found);
	if (r || found)
		return r;
	if (strstr(rec->text, "messages dropped"))
		mark_lost(a);
	if (!read_torn_mode(a, rec) && !read_neighbour(a, rec) && !read_cpu_line(a, rec) &&
	    !read_mem_begin(a, rec))
		read_inside(a, rec);
	return 0;
}
