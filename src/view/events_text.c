// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * events_text.c - an event for people, as wide as the page:
 *
 *	03:26:35.123456 LOST      exhausted   e1000e e1000_alloc_rx_buffers, softirq, cpu 3, ...
 *	    what decided it, in numbers
 *	    GFP_ATOMIC|__GFP_NOWARN, took 3.1us, kswapd woken, dmesg: not printed (__GFP_NOWARN)
 *	    zones, in the order they were tried; the stack (-S)
 *
 * and behind the last one what they come to:
 *
 *	lost 3 of 128 failed requests: recovered 120, retried 5
 *	why: exhausted 100, fragmented 28
 *	in dmesg: 2 of them, nowarn 100, ratelimited 26
 *	audit: seen 4711, missed 0, held back 0, dropped 0: complete
 *
 * LOST alone is shouted: the rest did no harm. Nothing here depends on how the event came: a replay
 * prints what the live run printed.
 */
#include "view/events_text.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"
#include "json/common.h"
#include "model/names.h"
#include "view/fold.h"
#include "view/page.h"
#include "view/show.h"
#include "view/wrap.h"

#define INDENT 4

/* ---- an event ---- */

/* Returns the columns that it takes. With the date there is the zone. */
static unsigned int print_time(FILE *f, const struct show *show, const struct run_info *info,
			       __u64 time_ns)
{
	char when[32] = "-", zone[32] = "";
	struct tm tm;
	int n;

	if (time_zone_clock(&info->time_zone, time_ns, &tm)) {
		strftime(when, sizeof(when), show->timestamp ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S",
			 &tm);
		if (show->timestamp)
			strftime(zone, sizeof(zone), " %Z", &tm);
	}
	n = fprintf(f, "%s.%06u%s", when, (unsigned int)(time_ns % 1000000000U / 1000), zone);
	return n > 0 ? (unsigned int)n : 0;
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
static void print_outcome(struct wrap *w, const struct show *show, const struct run_info *info,
			  const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;
	const char *what, *why;
	char cell[TEXT_CELL];

	if (h->kind == LAB_EVENT_FAILED) {
		what = aftermath_name(e->aftermath);
		why = verdict_name(e->verdict);
	} else if (h->kind == LAB_EVENT_SLOW) {
		what = "slow";
		why = text_ns(cell, h->flags & LAB_EVENT_HAS_START, h->latency_ns);
	} else {
		what = "near miss";
		why = below(h->level);
	}
	w->column = print_time(w->f, show, info, e->time_ns) + 23;
	if (h->kind == LAB_EVENT_FAILED && e->aftermath == AFTERMATH_LOST) {
		fputc(' ', w->f);
		text_loud(w->f, show, "LOST");
		fprintf(w->f, "      %-11s", why ?: "-");
	} else {
		fprintf(w->f, " %-9s %-11s", what ?: "-", why ?: "-");
	}
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
	if (h->flags & LAB_SLOT_WOKEN)
		wrap_text(w, "kswapd woken,");
	else if (h->flags & (LAB_EVENT_HAS_START | LAB_EVENT_OVERSIZE))
		wrap_text(w, "kswapd not woken,");
	if (h->kind == LAB_EVENT_FAILED)
		wrap_joined(w, "dmesg: ", in_dmesg(e->printed), "");
	else
		wrap_joined(w, "served at level ", level_name(h->level) ?: "-", "");
	wrap_end(w);
}

/* ---- its zones: pages, marks, and free blocks by order ---- */

#define BLOCKS_INDENT 8

/* Why the request could not use this zone at all; NULL: it could. */
static const char *closed(const struct event *e, const struct lab_event_zone *z)
{
	if (z->zone > e->raw.highest_zone)
		return "zone not allowed";
	if (e->raw.nodes && (z->node >= 64 || !(e->raw.nodes & 1ULL << z->node)))
		return "node not allowed";
	if (z->managed && z->lowmem_reserve >= z->managed &&
	    (e->raw.head.gfp & (LAB_GFP_MEMALLOC | LAB_GFP_NOMEMALLOC)) != LAB_GFP_MEMALLOC)
		return "all held back";
	return NULL;
}

/* Whose the blocks are that would have served it. */
static const char *fitting_blocks(const struct event *e, const struct lab_event_zone *z)
{
	static const char *const whose[] = {
		"none",
		"ordinary",
		"CMA",
		"ordinary, CMA",
		"exclusive",
		"ordinary, exclusive",
		"CMA, exclusive",
		"ordinary, CMA, exclusive",
	};
	__u32 order = e->raw.head.order, fitting = order < LAB_EVENT_ORDERS ? ~0U << order : 0;

	return whose[(z->ordinary & fitting ? 1 : 0) + (z->cma & fitting ? 2 : 0) +
		     (z->highatomic & fitting ? 4 : 0)];
}

/* Free blocks are looked at for requests of an order above 0. */
static void print_blocks(FILE *f, const struct show *show, const struct event *e,
			 const struct lab_event_zone *z)
{
	struct wrap w = page_wrap(f, show, BLOCKS_INDENT);
	bool any = false;

	if (e->raw.head.order == 0)
		return;
	wrap_begin(&w, BLOCKS_INDENT);
	wrap_text(&w, "free blocks by order");
	for (unsigned int i = 0; i < LAB_EVENT_ORDERS; i++) {
		if (!z->blocks[i])
			continue;
		any = true;
		wrap_format(&w, "%u:%u", i, z->blocks[i]);
	}
	wrap_format(&w, "%s- order %u and more: %s", any ? "" : "none ", e->raw.head.order,
		    fitting_blocks(e, z));
	wrap_end(&w);
}

/* A line of the table, put together by hand: printf() takes ten times as long. */
struct table_line {
	char text[256];
	size_t len;
};

static void put_text(struct table_line *l, const char *s)
{
	while (*s && l->len + 1 < sizeof(l->text))
		l->text[l->len++] = *s++;
}

static void put_spaces(struct table_line *l, size_t n)
{
	while (n--)
		l->text[l->len++] = ' ';
}

/* Right, in a column so wide behind a space. */
static void put_number(struct table_line *l, __u64 v, size_t width)
{
	char digits[20];
	size_t at = sizeof(digits), n;

	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	n = sizeof(digits) - at;
	put_spaces(l, n < width ? width - n + 1 : 1);
	memcpy(l->text + l->len, digits + at, n);
	l->len += n;
}

/* Node and zone, after the indent; its name comes out of a kernel or a file. */
static void put_name(struct table_line *l, const struct lab_event_zone *z, const char *name)
{
	size_t end = INDENT + 12;

	put_spaces(l, INDENT - 1);
	put_number(l, z->node, 0);
	put_text(l, "/");
	for (; *name; name++)
		l->text[l->len++] = (unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name;
	if (l->len < end)
		put_spaces(l, end - l->len);
}

static void print_zone(FILE *f, const struct show *show, const struct event *e, unsigned int i)
{
	const struct lab_event_zone *z = &e->raw.zone[i];
	const char *why = closed(e, z);
	struct table_line l;

	l.len = 0;
	put_name(&l, z, e->zone_name[i]);
	put_number(&l, z->free, 9);
	put_number(&l, z->min, 7);
	put_number(&l, z->low, 7);
	put_number(&l, z->boost, 7);
	put_number(&l, z->lowmem_reserve, 7);
	put_number(&l, z->free_cma, 7);
	put_number(&l, z->unusable_highatomic, 9);
	if (why) {
		put_text(&l, "  ");
		put_text(&l, why);
	}
	l.text[l.len++] = '\n';
	fwrite_unlocked(l.text, 1, l.len, f);
	print_blocks(f, show, e, z);
}

static void print_zones(FILE *f, const struct show *show, const struct event *e)
{
	if (e->raw.zones == 0)
		return;
	fputs("    zone, pages       free     min     low   boost  lowmem     CMA exclusive\n", f);
	for (unsigned int i = 0; i < e->raw.zones; i++)
		print_zone(f, show, e, i);
}

/* ---- all of it ---- */

void event_frames_text(FILE *f, const struct show *show, const struct event_frame *frame,
		       unsigned int frames)
{
	struct wrap w = page_wrap(f, show, 3 * INDENT);
	char offset[EVENT_OFFSET];

	for (unsigned int i = 0; i < frames; i++, frame++) {
		wrap_begin(&w, 2 * INDENT);
		if (frame->symbol[0])
			wrap_format(&w, "%s%s", frame->symbol, event_frame_offset(offset, frame));
		else
			wrap_text(&w, "?");
		if (frame->module[0])
			wrap_format(&w, frame->module[0] == '[' ? "%s" : "[%s]", frame->module);
		wrap_end(&w);
	}
}

static void print_event(FILE *f, const struct show *show, const struct run_info *info,
			const struct event *e)
{
	struct wrap w = page_wrap(f, show, INDENT);

	print_outcome(&w, show, info, e);
	print_request(&w, e);
	print_evidence(&w, e);
	print_flags(&w, e);
	if (e->raw.head.kind == LAB_EVENT_FAILED)
		print_zones(f, show, e);
	if (show->stack)
		event_frames_text(f, show, e->frame, e->frames);
}

/* ---- what the events come to ---- */

static void print_headline(FILE *f, const struct show *show, const struct event_summary *s)
{
	char lost[TEXT_CELL + 24];
	bool listed;

	if (s->failed == 0) {
		fputs("lost 0: no request failed\n", f);
		return;
	}
	snprintf(lost, sizeof(lost), "lost %s%" PRIu64,
		 event_summary_at_least(s) ? "at least " : "", (uint64_t)s->lost);
	(s->lost ? text_loud : text_calm)(f, show, lost);
	fprintf(f, " of %" PRIu64 " failed requests", (uint64_t)s->failed);
	if (s->not_followed)
		fprintf(f, " (%" PRIu64 " not followed)", (uint64_t)s->not_followed);
	if (s->recovered || s->retried || s->pending)
		fputs(": ", f);
	listed = text_item(f, false, "recovered", s->recovered);
	listed = text_item(f, listed, "retried", s->retried);
	text_item(f, listed, "not known yet", s->pending);
	fputc('\n', f);
}

static void print_verdicts(FILE *f, const struct show *show, const struct event_summary *s)
{
	struct wrap w = page_wrap(f, show, INDENT);
	__u64 left = 0;

	for (unsigned int i = 0; verdict_key(i); i++)
		left += s->verdict[i];
	wrap_text(&w, "why:");
	for (unsigned int i = 0; verdict_key(i); i++) {
		left -= s->verdict[i];
		if (s->verdict[i])
			wrap_format(&w, "%s %" PRIu64 "%s", verdict_key(i), (uint64_t)s->verdict[i],
				    left ? "," : "");
	}
	wrap_end(&w);
	if (s->verdict[VERDICT_UNEXPLAINED])
		fputs("unexplained is a defect of labyrinth: please report it, with a recording\n",
		      f);
}

static void print_dmesg(FILE *f, const struct event_summary *s)
{
	fprintf(f, "in dmesg: %" PRIu64 " of them", (uint64_t)s->printed[PRINTED_YES]);
	for (unsigned int i = 0; printed_key(i); i++) {
		if (i != PRINTED_YES)
			text_item(f, true, printed_key(i), s->printed[i]);
	}
	fputc('\n', f);
}

static void print_served(FILE *f, const struct event_summary *s)
{
	bool listed;

	if (!s->slow && !s->near_misses)
		return;
	fputs("served: ", f);
	listed = text_item(f, false, "slow", s->slow);
	text_item(f, listed, "near misses", s->near_misses);
	fputc('\n', f);
}

/* --class on a replay takes events away; the figures are those of the whole recording. */
static void print_filter_note(FILE *f, const struct show *show)
{
	if (show->replayed && show->only_classes)
		fputs("filtered: the events above; what follows is of all that was recorded\n", f);
}

static void print_audit(FILE *f, const struct show *show, const struct event_summary *s)
{
	if (!s->head.final) {
		fputs("audit: - (the end of the run is not in the recording)\n", f);
		return;
	}
	fprintf(f,
		"audit: seen %" PRIu64 ", missed %" PRIu64 ", held back %" PRIu64
		", dropped %" PRIu64,
		(uint64_t)s->head.total.seen, (uint64_t)s->head.total.missed,
		(uint64_t)s->head.total.throttled, (uint64_t)s->head.total.dropped);
	if (s->counted)
		fprintf(f, ", uncounted %" PRIu64, (uint64_t)s->head.total.uncounted);
	text_item(f, true, "skipped", s->head.budget.skipped);
	text_item(f, true, "unread", s->head.total.unread);
	text_complete(f, show, event_summary_complete(s));
}

static void print_summary(FILE *f, const struct show *show, const struct event_summary *s)
{
	if (s->failed || s->slow || s->near_misses)
		fputc('\n', f);
	print_filter_note(f, show);
	print_headline(f, show, s);
	if (s->failed) {
		print_verdicts(f, show, s);
		print_dmesg(f, s);
	}
	print_served(f, s);
	view_budget(f, show, &s->head.budget);
	print_audit(f, show, s);
}

/* ---- the view ---- */

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
	return p->f ? 0 : log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for an event as text");
}

static int page_put(struct page *p, FILE *f, const struct show *show)
{
	long len = ftell(p->f);

	if (fclose(p->f) || len < 0)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for an event as text");
	return fold_put(f, show, p->buf, (size_t)len);
}

int events_text_start(FILE *f, const struct show *show, const struct run_info *info)
{
	struct page p;
	int r = page_open(&p);

	if (r)
		return r;
	page_missing_list(p.f, show, info);
	return page_put(&p, f, show) ?: out_flush(f);
}

int events_text_event(FILE *f, const struct show *show, const struct run_info *info,
		      const struct event *e)
{
	struct page p;
	int r = page_open(&p);

	if (r)
		return r;
	print_event(p.f, show, info, e);
	return page_put(&p, f, show);
}

int events_text(FILE *f, const struct show *show, const void *report)
{
	struct page p;
	int r = page_open(&p);

	if (r)
		return r;
	print_summary(p.f, show, report);
	return page_put(&p, f, show) ?: out_flush(f);
}
