// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * view_event_text.c - an event for people, at most 100 columns wide:
 *
 *	03:26:35.123456 LOST      exhausted   e1000e e1000_alloc_rx_buffers, softirq, cpu 3, ...
 *	    what decided it, in numbers
 *	    GFP_ATOMIC|__GFP_NOWARN, took 3.1us, kswapd woken, dmesg: not printed (__GFP_NOWARN)
 *	    zones, in the order they were tried; the stack (-S)
 *
 * LOST alone is shouted: the rest did no harm. Nothing here depends on how the event came: a replay
 * prints what the live run printed.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "event_view.h"
#include "exits.h"
#include "gfp_names.h"
#include "options.h"
#include "util.h"
#include "view.h"
#include "view_event_text.h"
#include "view_text.h"
#include "view_wrap.h"

#define INDENT 4

bool event_wanted(const struct options *opt, const struct event *e)
{
	return !opt->class_given || opt->class_mask & 1U << lab_class_of(e->raw.head.gfp);
}

static void print_time(FILE *f, const struct options *opt, __u64 time_ns)
{
	time_t seconds = (time_t)(time_ns / 1000000000U);
	char when[32] = "-";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), opt->timestamp ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S",
			 &tm);
	fprintf(f, "%s.%06u", when, (unsigned int)(time_ns % 1000000000U / 1000));
}

/* The mark that a near miss was served below. */
static const char *below(__u32 level)
{
	switch (level) {
	case LAB_LEVEL_MIN:
		return "below low";
	case LAB_LEVEL_RESERVE:
		return "below min";
	case LAB_LEVEL_NONE:
		return "by no mark";
	default:
		return "-";
	}
}

/* Time and the two columns that the eye runs down. */
static void print_outcome(struct wrap *w, const struct options *opt, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;
	const char *what, *why;
	char cell[TEXT_CELL];

	if (h->kind == LAB_EVENT_FAILED) {
		what = e->aftermath == AFTERMATH_LOST ? "LOST" : aftermath_name(e->aftermath);
		why = verdict_name(e->verdict);
	} else if (h->kind == LAB_EVENT_SLOW) {
		what = "slow";
		why = text_ns(cell, h->flags & LAB_EVENT_HAS_START, h->latency_ns);
	} else {
		what = "near miss";
		why = below(h->level);
	}
	print_time(w->f, opt, e->time_ns);
	fprintf(w->f, " %-9s %-11s", what ?: "-", why ?: "-");
	w->column = (opt->timestamp ? 26 : 15) + 22;
	w->begun = true;
}

/* In an interrupt the current task is a bystander: it is not named. */
static void print_context(struct wrap *w, const struct lab_event_head *h)
{
	if (h->context == LAB_CTX_TASK)
		wrap_format(w, "task %.16s (%u)%s%s,", h->comm, h->pid,
			    h->flags & LAB_EVENT_BH_OFF ? " with bottom halves off" : "",
			    h->flags & LAB_EVENT_PREEMPT_OFF ? " with preemption off" : "");
	else if (h->context == LAB_CTX_UNKNOWN)
		wrap_text(w, "context unknown,");
	else
		wrap_joined(w, "", context_name(h->context) ?: "-", ",");
}

static void print_site(struct wrap *w, const struct event *e)
{
	const char *site = e->site[0] ? e->site : "site unknown";

	if (e->driver[0])
		wrap_text(w, e->driver);
	if (e->via[0]) {
		wrap_text(w, site);
		wrap_joined(w, "(via ", e->via, "),");
	} else {
		wrap_joined(w, "", site, ",");
	}
}

static void print_request(struct wrap *w, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;

	print_site(w, e);
	print_context(w, h);
	if (h->flags & LAB_EVENT_BULK)
		wrap_format(w, "bulk %u of %u pages,", e->raw.bulk_got, e->raw.bulk_asked);
	wrap_format(w, "cpu %u, order %u, %s", h->cpu, h->order, class_name(lab_class_of(h->gfp)));
	wrap_end(w);
}

static void print_evidence(struct wrap *w, const struct event *e)
{
	if (!e->evidence[0] && !e->how[0])
		return;
	wrap_begin(w, INDENT);
	wrap_text(w, e->evidence);
	if (e->how[0])
		wrap_format(w, "%srecovered %s", e->evidence[0] ? "- " : "", e->how);
	wrap_end(w);
}

static const char *in_dmesg(enum printed printed)
{
	static const char *const texts[PRINTEDS] = {
		[PRINTED_YES] = "printed",
		[PRINTED_NOWARN] = "not printed (__GFP_NOWARN)",
		[PRINTED_RATELIMITED] = "not printed (rate limit)",
		[PRINTED_NEVER] = "not printed (never for this kind)",
	};

	return (unsigned int)printed < PRINTEDS ? texts[printed] : "-";
}

static void print_flags(struct wrap *w, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;
	char names[GFP_NAMES_TEXT], cell[TEXT_CELL];

	wrap_begin(w, INDENT);
	wrap_joined(w, "", gfp_names(names, sizeof(names), h->gfp), ",");
	if (h->flags & LAB_EVENT_HAS_START)
		wrap_joined(w, "took ", text_ns(cell, true, h->latency_ns), ",");
	wrap_text(w, h->flags & LAB_SLOT_WOKEN ? "kswapd woken," : "kswapd not woken,");
	if (h->kind == LAB_EVENT_FAILED)
		wrap_joined(w, "dmesg: ", in_dmesg(e->printed), "");
	else
		wrap_joined(w, "served at level ", level_name(h->level) ?: "-", "");
	wrap_end(w);
}

void event_frames_text(FILE *f, const struct event_frame *frame, unsigned int frames)
{
	struct wrap w = {.f = f, .indent = INDENT};

	for (unsigned int i = 0; i < frames; i++, frame++) {
		wrap_begin(&w, 2 * INDENT);
		if (frame->symbol[0])
			wrap_format(&w, "%s+0x%" PRIx64, frame->symbol, (uint64_t)frame->offset);
		else
			wrap_text(&w, "?");
		if (frame->module[0])
			wrap_format(&w, frame->module[0] == '[' ? "%s" : "[%s]", frame->module);
		wrap_end(&w);
	}
}

static void print_event(FILE *f, const struct options *opt, const struct event *e)
{
	struct wrap w = {.f = f, .indent = INDENT};

	print_outcome(&w, opt, e);
	print_request(&w, e);
	print_evidence(&w, e);
	print_flags(&w, e);
	if (e->raw.head.kind == LAB_EVENT_FAILED)
		event_zones_text(f, e);
	if (opt->stack)
		event_frames_text(f, e->frame, e->frames);
}

/*
 * Prints into memory, then puts it into f at once. An event has some 10 KiB at most, with all zones
 * and a whole stack.
 */
struct page {
	FILE *f;
	char buf[32768];
};

static int page_open(struct page *p)
{
	p->f = fmemopen(p->buf, sizeof(p->buf), "w");
	return p->f ? 0 : log_err(-LAB_EXIT_RUNTIME, "no memory for an event as text");
}

static int page_put(struct page *p, FILE *f)
{
	long len = ftell(p->f);

	if (fclose(p->f) || len < 0)
		return log_err(-LAB_EXIT_RUNTIME, "no memory for an event as text");
	return view_put(f, p->buf, (size_t)len);
}

static int text_begin(FILE *f, const struct options *opt, const struct run_info *info)
{
	struct page p;
	int r = page_open(&p);

	(void)opt;
	if (r)
		return r;
	for (unsigned int i = 0; i < info->missings; i++) {
		struct wrap w = {.f = p.f, .indent = INDENT};

		wrap_format(&w, "missing: %s", info->missing[i]);
		wrap_end(&w);
	}
	return page_put(&p, f) ?: view_flush(f);
}

static int text_event(FILE *f, const struct options *opt, const struct run_info *info,
		      const struct event *e)
{
	struct page p;
	int r = page_open(&p);

	(void)info;
	if (r)
		return r;
	print_event(p.f, opt, e);
	return page_put(&p, f);
}

static int text_end(FILE *f, const struct options *opt, const struct run_info *info,
		    const struct event_summary *s)
{
	struct page p;
	int r = page_open(&p);

	(void)info;
	if (r)
		return r;
	event_summary_text(p.f, opt, s);
	return page_put(&p, f) ?: view_flush(f);
}

const struct event_view_ops event_view_text = {
	.name = "text",
	.begin = text_begin,
	.event = text_event,
	.end = text_end,
};
