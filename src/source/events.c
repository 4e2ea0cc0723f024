// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * events.c - events from the running kernel: records off the ring, named, judged, and held
 * back until it is known what came of their callers.
 */
#include "source/events.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/aftermath.h"
#include "base/text.h"
#include "base/exits.h"
#include "live/attach.h"
#include "live/counters.h"
#include "live/describe.h"
#include "live/governor.h"
#include "live/ring.h"
#include "live/selftest.h"
#include "live/start.h"
#include "live/tallies.h"
#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "base/batch.h"
#include "base/util.h"
#include "model/settle.h"
#include "model/verdict.h"

#define NS_PER_S 1000000000ULL

/* An event on its way out; owned by the list. */
struct ready {
	struct ready *next;
	struct event *event;
};

struct events {
	struct source source;
	const struct view *view;
	struct live live;
	struct reader *reader; /* for zone names, and what was seen and missed in the end */
	struct ring *ring;
	struct symbols *symbols;
	struct stacks *stacks;
	struct aftermath_tracker *tracker;
	struct verdict_rules rules;
	struct seen_marks marks;
	struct printed_state printed;
	struct report *report; /* the last reading */
	struct audit paired;   /* at the last report */
	struct ready *first, **last;
	struct event *told; /* the last one that next() gave */
	struct event_summary summary;
	struct settlement settlement; /* the last reading */
	struct pace pace;	      /* interval 0: one report, at the end */
	struct batch batch;
	__s64 realtime_offset_ns; /* CLOCK_REALTIME less CLOCK_MONOTONIC */
	__u64 unkept;		  /* for which there was no memory */
	__u64 name_ns;		  /* earliest time to name new rows between reports */
	int failed;		  /* FAIL() once logged, of the last report */
	bool stop;		  /* nothing more is wanted but the last report */
	bool ended;		  /* nothing is attached any more */
	bool closed;		  /* the last report was given */
};

/* ---- from a record to an event ---- */

/* Its own stack, or the one its counts are under; how many frames. */
static unsigned int frames_of(struct events *s, const struct lab_event_head *head,
			      __u64 stack[LAB_EVENT_FRAMES])
{
	if (head->flags & LAB_EVENT_STACK_ID)
		return live_stack(&s->live.hooks, head->stack[0], stack);
	memcpy(stack, head->stack, sizeof(head->stack));
	return head->frames < LAB_EVENT_FRAMES ? head->frames : LAB_EVENT_FRAMES;
}

static void resolve_frames(struct events *s, struct event *e)
{
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int frames = frames_of(s, &e->raw.head, stack);

	stacks_refresh(s->stacks, e->raw.head.time_ns);
	stacks_name(s->stacks, stack, frames, e);
}

static void name_zones(const struct events *s, struct event *e)
{
	for (unsigned int i = 0; i < e->raw.zones && i < LAB_EVENT_ZONES; i++)
		for (unsigned int j = 0; j < s->report->zones; j++) {
			const struct zone_row *z = &s->report->zone[j];

			if (z->node == e->raw.zone[i].node && z->zone == e->raw.zone[i].zone)
				memcpy(e->zone_name[i], z->name, sizeof(z->name));
		}
}

/* A follow-up ends after its head. */
static void copy_record(struct lab_event *to, const struct lab_event *from)
{
	if (from->head.kind == LAB_EVENT_FOLLOW)
		to->head = from->head;
	else
		*to = *from;
	to->head.comm[sizeof(to->head.comm) - 1] = '\0';
	text_clean(to->head.comm);
}

/* Beyond what memory_hold() set aside: it is still in the kernel's counts, and is dropped here. */
static void count_unkept(struct events *s)
{
	if (!s->unkept++)
		log_warn("no memory for an event: from now on such are counted as dropped");
}

static void on_record(void *arg, const struct lab_event *record)
{
	struct events *s = arg;
	struct event *e = malloc(sizeof(*e));

	if (!e) {
		count_unkept(s);
		return;
	}
	event_clear(e);
	copy_record(&e->raw, record);
	e->time_ns = (__u64)((__s64)e->raw.head.time_ns + s->realtime_offset_ns);
	resolve_frames(s, e);
	name_zones(s, e);
	marks_note(&s->marks, &e->raw);
	if (e->raw.head.kind == LAB_EVENT_FAILED) {
		verdict_decide_seen(e, &s->rules, &s->marks);
		aftermath_printed(&s->printed, e);
	}
	aftermath_feed(s->tracker, e);
}

static void on_settled(void *arg, struct event *e)
{
	struct events *s = arg;
	struct ready *ready;

	if (e->raw.head.kind == LAB_EVENT_FOLLOW) {
		free(e);
		return;
	}
	/* What came of it may have gone unseen: nobody is said to have gone without for that. */
	if (e->aftermath == AFTERMATH_LOST &&
	    (live_is_unseen(&s->live.hooks, e->raw.head.gfp, e->raw.head.order) ||
	     live_budget_hid(s->live.budget, e->raw.head.time_ns,
			     e->raw.head.time_ns + AFTERMATH_TRY_WINDOW_NS)))
		e->aftermath = AFTERMATH_PENDING;
	ready = calloc(1, sizeof(*ready));
	if (!ready) {
		count_unkept(s);
		free(e);
		return;
	}
	ready->event = e;
	*s->last = ready;
	s->last = &ready->next;
}

/* ---- opening and closing ---- */

static struct events *events_of(struct source *source)
{
	return (struct events *)source;
}

static void events_close(struct source *source)
{
	struct events *s = events_of(source);
	struct ready *next;

	for (struct ready *r = s->first; r; r = next) {
		next = r->next;
		free(r->event);
		free(r);
	}
	free(s->told);
	aftermath_free(s->tracker);
	stacks_free(s->stacks);
	symbols_close(s->symbols);
	ring_close(s->ring);
	reader_close(s->reader);
	live_stop(&s->live);
	free(s->report);
	free(s);
}

static void set_rules(struct events *s)
{
	s->rules = s->live.features.rules;
	s->rules.trylock_possible = s->live.features.nolock;
	/* Its folder in debugfs is there when it is built in, whether or not it is set to anything.
	 */
	s->rules.injection_possible = access("/sys/kernel/debug/fail_page_alloc", F_OK) == 0;
}

/* The last that is opened: live_describe() gives up the right to. */
static int open_parts(struct events *s)
{
	int r = reader_open(&s->reader, &s->live.hooks, &s->live.scope);

	if (r)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot map the counters: %s", strerror(-r));
	reader_count_from_load(s->reader);
	reader_read(s->reader, s->report, false);
	r = symbols_open(&s->symbols);
	if (!r)
		r = ring_open(&s->ring, &s->live.hooks, on_record, s);
	s->tracker = aftermath_new(on_settled, s);
	s->stacks = r ? NULL : stacks_new(s->symbols, live_stacks_most(&s->live.hooks));
	if (r || !s->tracker || !s->stacks)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot read events: %s",
			       strerror(r ? -r : ENOMEM));
	if (symbols_state_text(symbols_state(s->symbols)))
		log_warn("%s", symbols_state_text(symbols_state(s->symbols)));
	set_rules(s);
	return live_describe(&s->live, s->report->zones);
}

static int events_next(struct source *source, int stop_fd, void *report,
		       const struct event **ret_event);

static bool events_ready(const struct source *source)
{
	return ((const struct events *)source)->first;
}

static void events_end(struct source *source)
{
	events_of(source)->stop = true;
}

static const struct run_info *events_info(const struct source *source)
{
	return &((const struct events *)source)->live.info;
}

int source_events(struct source **ret, const struct view *view, const struct scope *scope,
		  const struct pace *pace)
{
	static const struct source_ops ops = {
		.next = events_next,
		.ready = events_ready,
		.end = events_end,
		.info = events_info,
		.close = events_close,
	};
	struct events *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	s->source.ops = &ops;
	s->view = view;
	s->pace = *pace;
	s->last = &s->first;
	s->batch = batch_for((unsigned int)sysconf(_SC_NPROCESSORS_ONLN));
	s->report = calloc(1, sizeof(*s->report));
	r = s->report ? live_start(&s->live, scope)
		      : log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	if (!r)
		r = open_parts(s);
	if (r) {
		events_close(&s->source);
		return r;
	}
	pace_start(&s->pace);
	s->realtime_offset_ns = (__s64)(clock_ns(CLOCK_REALTIME) - s->pace.start_ns);
	*ret = &s->source;
	return 0;
}

/* ---- running ---- */

static struct event *take_ready(struct events *s)
{
	struct ready *ready = s->first;
	struct event *e;

	if (!ready)
		return NULL;
	s->first = ready->next;
	if (!s->first)
		s->last = &s->first;
	e = ready->event;
	free(ready);
	return e;
}

static __u64 sooner(__u64 due, __u64 other)
{
	return other && (!due || other < due) ? other : due;
}

/*
 * Until there may be something to do: a record, a caller whose time is over, the end. -1: no limit.
 * What waits for others waits, callers as well: in a storm each has its own time.
 */
static int wait_ms(const struct events *s, __u64 now, bool waits)
{
	__u64 due = waits ? s->batch.until_ns : aftermath_due_ns(s->tracker);
	bool end;

	due = sooner(due, pace_due(&s->pace, &end));
	if (due == ~0ULL)
		return -1;
	return due > now ? (int)((due - now) / 1000000 < 60000 ? (due - now) / 1000000 + 1 : 60000)
			 : 0;
}

/* Are starts still seen? Only while they are attached this can be told. */
static int check_called(struct events *s)
{
	return s->ended ? 0 : selftest_again(&s->live.hooks, &s->report->total.audit, &s->paired);
}

/* The last requests come off the ring once nothing is attached any more. */
static void end_run(struct events *s)
{
	if (s->ended)
		return;
	s->failed = check_called(s);
	live_detach(&s->live);
	ring_consume(s->ring);
	aftermath_expire(s->tracker, clock_ns(CLOCK_MONOTONIC) + AFTERMATH_TRY_WINDOW_NS);
	aftermath_finish(s->tracker);
	reader_read(s->reader, s->report, true);
	s->ended = true;
}

static int ignore_row(void *arg, const struct site_row *row)
{
	(void)arg;
	(void)row;
	return 0;
}

/*
 * A row is named by what is loaded when it is new. By the next report its module may be gone, and
 * another one at its address.
 */
static void name_new_rows(struct events *s, __u64 now)
{
	if (!s->view->site || !stacks_are_fresh(s->stacks) || now < s->name_ns)
		return;
	s->name_ns = now + NS_PER_S;
	live_sites(&s->live.hooks, s->stacks, now, ignore_row, NULL);
}

static void take_records(struct events *s)
{
	int records = ring_consume(s->ring);
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	aftermath_expire(s->tracker, now);
	if (records > 0 || s->first)
		batch_begin(&s->batch, now);
	name_new_rows(s, now);
}

static bool is_over(const struct events *s)
{
	return s->pace.duration_ns &&
	       clock_ns(CLOCK_MONOTONIC) >= s->pace.start_ns + s->pace.duration_ns;
}

/* 0 or FAIL(). */
static int step(struct events *s, int stop_fd)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);
	bool waits = batch_waits(&s->batch, now);
	const struct source_also *also = s->source.also;
	/* The kernel wakes for the first record after all were taken, and for no other. */
	struct pollfd fds[] = {{.fd = stop_fd, .events = POLLIN},
			       {.fd = also ? also->fd : -1, .events = POLLIN},
			       {.fd = waits ? -1 : ring_fd(s->ring), .events = POLLIN}};
	int r = poll(fds, ARRAY_SIZE(fds), wait_ms(s, now, waits));

	if (r < 0 && errno != EINTR)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot wait for events: %s",
			       strerror(errno));
	if (r > 0 && fds[1].revents)
		also->ready(also->arg);
	take_records(s);
	if ((r > 0 && fds[0].revents) || is_over(s))
		end_run(s);
	return 0;
}

/* ---- a report ---- */

/* A reading of what was counted by stack: for the view, and for what became of all. */
struct reading {
	struct events *source;
	void *report;
};

static int on_row(void *arg, const struct site_row *row)
{
	struct reading *r = arg;

	settle_row(&r->source->settlement, row);
	return r->source->view->site ? r->source->view->site(r->report, row) : 0;
}

static int on_pair(void *arg, const struct site_pair *pair)
{
	struct reading *r = arg;

	settle_pair(&r->source->settlement, pair);
	return r->source->view->pair ? r->source->view->pair(r->report, pair) : 0;
}

static int read_rows(struct events *s, void *report)
{
	struct reading reading = {s, report};
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	if (s->view->begin)
		s->view->begin(report);
	s->settlement = (struct settlement){0};
	return live_sites(&s->live.hooks, s->stacks, now, on_row, &reading)
		       ?: live_pairs(&s->live.hooks, s->reader, s->stacks, s->ended, on_pair,
				     &reading);
}

/* What was counted by now; read before the rows, which may only be more. */
static void read_audit(struct events *s, struct run_audit *ret)
{
	const struct audit *a = &s->report->total.audit;

	if (!s->ended)
		reader_read(s->reader, s->report, false);
	*ret = (struct run_audit){
		.seen = a->seen,
		.missed = a->missed,
		.uncounted = reader_uncounted(s->reader) + a->endless,
		.throttled = reader_throttled(s->reader),
		.dropped = a->dropped + s->unkept,
		.unread = hooks_unread(&s->live.hooks),
	};
}

static void fill_head(struct events *s, struct run_head *head, const struct run_audit *audit)
{
	struct pace_stamp stamp = pace_stamp(&s->pace);

	run_head_stamp(head, &s->live.info, &stamp, s->ended);
	head->min_free_kbytes = live_min_free_kbytes(&s->live);
	run_head_audit(head, audit);
	live_budget_read(s->live.budget, &head->budget);
	head->budget.skipped = reader_skipped(s->reader);
}

/* What became of all failures, whichever were reported. */
static void sum_up(struct events *s)
{
	struct outcomes all = settle_outcomes(&s->settlement);

	s->summary.failed = all.failed;
	s->summary.lost = all.lost;
	s->summary.recovered = all.recovered;
	s->summary.retried = all.retried;
	s->summary.pending = all.pending;
	s->summary.not_followed = all.unknown;
	s->summary.counted = true;
}

static int give_report(struct events *s, void *report)
{
	struct run_audit audit;
	int r;

	read_audit(s, &audit);
	r = s->failed ?: check_called(s);
	if (r)
		return r;
	r = read_rows(s, report);
	if (r)
		return r;
	fill_head(s, report, &audit);
	if (s->view->cells)
		*s->view->cells(report) = *s->report;
	if (s->view->sampled)
		s->view->sampled(report,
				 run_is_slow_only(&s->live.info) ? 0 : s->live.scope.sample);
	if (s->ended) {
		sum_up(s);
		s->summary.head = *(const struct run_head *)report;
		s->view->summary(report, &s->summary);
		s->closed = true;
	}
	r = s->view->fill ? s->view->fill(report) : 0;
	return r ?: ITEM_REPORT;
}

/* ---- an item ---- */

static int give_event(struct events *s, struct event *e, const struct event **ret_event)
{
	event_summary_add(&s->summary, e);
	free(s->told);
	*ret_event = s->told = e;
	return ITEM_EVENT;
}

/* Events may come so fast that there is always another one. */
static bool report_is_due(const struct events *s)
{
	bool end;
	__u64 due = pace_due(&s->pace, &end);

	return !s->ended && !end && clock_ns(CLOCK_MONOTONIC) >= due;
}

static bool reports_are_over(const struct events *s)
{
	return s->pace.count && s->pace.reports >= s->pace.count;
}

static int events_next(struct source *source, int stop_fd, void *report,
		       const struct event **ret_event)
{
	struct events *s = events_of(source);
	struct event *e;
	int r = 0;

	while (!r && !s->closed) {
		if (s->stop || reports_are_over(s))
			end_run(s);
		if (report_is_due(s))
			return give_report(s, report);
		e = s->stop ? NULL : take_ready(s);
		if (e)
			return give_event(s, e, ret_event);
		r = s->ended ? give_report(s, report) : step(s, stop_fd);
	}
	return r;
}
