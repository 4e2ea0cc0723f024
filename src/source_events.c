// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * source_events.c - events from the running kernel: records off the ring, named, judged, and held
 * back until it is known what came of their callers.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "aftermath.h"
#include "batch.h"
#include "event_source.h"
#include "exits.h"
#include "live.h"
#include "live_budget.h"
#include "stacks.h"
#include "symbols.h"
#include "pace.h"
#include "util.h"
#include "verdict.h"

#define NS_PER_S 1000000000ULL

/* An event on its way out; owned by the list. */
struct ready {
	struct ready *next;
	struct event *event;
};

struct event_source {
	struct live live;
	struct reader *reader; /* for zone names, and what was seen and missed in the end */
	struct ring *ring;
	struct symbols *symbols;
	struct stacks *stacks;
	struct aftermath_tracker *tracker;
	struct verdict_rules rules;
	struct printed_state printed;
	struct report *report; /* the last reading */
	struct ready *first, **last;
	struct event *told; /* the last one that next() gave */
	struct event_summary summary;
	__u64 start_ns, end_ns; /* CLOCK_MONOTONIC; end 0: none */
	__u64 until_ns;		/* of until(); 0: none */
	struct batch batch;
	__s64 realtime_offset_ns; /* CLOCK_REALTIME less CLOCK_MONOTONIC */
	__u64 unkept;		  /* for which there was no memory */
	bool ended;
};

/* ---- from a record to an event ---- */

/* Its own stack, or the one its counts are under; how many frames. */
static unsigned int frames_of(struct event_source *s, const struct lab_event_head *head,
			      __u64 stack[LAB_EVENT_FRAMES])
{
	if (head->flags & LAB_EVENT_STACK_ID)
		return live_stack(&s->live.hooks, head->stack[0], stack);
	memcpy(stack, head->stack, sizeof(head->stack));
	return head->frames < LAB_EVENT_FRAMES ? head->frames : LAB_EVENT_FRAMES;
}

static void resolve_frames(struct event_source *s, struct event *e)
{
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int frames = frames_of(s, &e->raw.head, stack);

	stacks_refresh(s->stacks, e->raw.head.time_ns);
	stacks_name(s->stacks, stack, frames, e);
}

static void name_zones(const struct event_source *s, struct event *e)
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
}

/* Beyond what memory_hold() set aside: it is still in the kernel's counts, and is dropped here. */
static void count_unkept(struct event_source *s)
{
	if (!s->unkept++)
		log_warn("no memory for an event: from now on such are counted as dropped");
}

static void on_record(void *arg, const struct lab_event *record)
{
	struct event_source *s = arg;
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
	if (e->raw.head.kind == LAB_EVENT_FAILED) {
		verdict_decide(e, &s->rules);
		aftermath_printed(&s->printed, e);
	}
	aftermath_feed(s->tracker, e);
}

static void on_settled(void *arg, struct event *e)
{
	struct event_source *s = arg;
	struct ready *ready;

	if (e->raw.head.kind == LAB_EVENT_FOLLOW) {
		free(e);
		return;
	}
	/* What came of it may have gone unseen: nobody is said to have gone without for that. */
	if (e->aftermath == AFTERMATH_LOST &&
	    live_budget_hid(s->live.budget, e->raw.head.time_ns,
			    e->raw.head.time_ns + AFTERMATH_TRY_WINDOW_NS))
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

static void live_events_close(struct event_source *s)
{
	struct ready *next;

	if (!s)
		return;
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

static int open_parts(struct event_source *s)
{
	int r = reader_open(&s->reader, &s->live.hooks, s->live.opt);

	if (r)
		return log_err(-LAB_EXIT_RUNTIME, "cannot map the counters: %s", strerror(-r));
	reader_count_from_load(s->reader);
	reader_read(s->reader, s->report, false);
	r = symbols_open(&s->symbols);
	if (!r)
		r = ring_open(&s->ring, &s->live.hooks, on_record, s);
	s->tracker = aftermath_new(on_settled, s);
	s->stacks = r ? NULL : stacks_new(s->symbols, live_stacks_most(&s->live.hooks));
	if (r || !s->tracker || !s->stacks)
		return log_err(-LAB_EXIT_RUNTIME, "cannot read events: %s",
			       strerror(r ? -r : ENOMEM));
	if (symbols_state_text(symbols_state(s->symbols)))
		log_warn("%s", symbols_state_text(symbols_state(s->symbols)));
	return live_describe(&s->live, s->report->zones > 0);
}

static void set_rules(struct event_source *s)
{
	s->rules = s->live.features.knobs.locked_by_index ? verdict_rules_old()
							  : verdict_rules_default();
	s->rules.trylock_possible = s->live.features.nolock;
	/* Its folder in debugfs is there when it is built in, whether or not it is set to anything.
	 */
	s->rules.injection_possible = access("/sys/kernel/debug/fail_page_alloc", F_OK) == 0;
}

static int live_events_open(const struct options *opt, struct event_source **ret_source)
{
	struct event_source *s = calloc(1, sizeof(*s));
	struct report *report = calloc(1, sizeof(*report));
	int r;

	if (!s || !report) {
		free(s);
		free(report);
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	}
	s->report = report;
	s->last = &s->first;
	r = live_start(&s->live, opt);
	if (!r)
		r = open_parts(s);
	if (r) {
		live_events_close(s);
		return r;
	}
	set_rules(s);
	s->start_ns = clock_ns(CLOCK_MONOTONIC);
	s->realtime_offset_ns = (__s64)(clock_ns(CLOCK_REALTIME) - s->start_ns);
	s->end_ns = opt->duration_ns ? s->start_ns + opt->duration_ns : 0;
	s->batch = batch_for((unsigned int)sysconf(_SC_NPROCESSORS_ONLN));
	*ret_source = s;
	return 0;
}

/* ---- running ---- */

static struct event *take_ready(struct event_source *s)
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
static int wait_ms(const struct event_source *s, __u64 now, bool waits)
{
	__u64 due = waits ? s->batch.until_ns : aftermath_due_ns(s->tracker);

	due = sooner(due, s->end_ns);
	due = sooner(due, s->until_ns);
	if (!due)
		return -1;
	return due > now ? (int)((due - now) / 1000000 < 60000 ? (due - now) / 1000000 + 1 : 60000)
			 : 0;
}

/* The last requests come off the ring once nothing is attached any more. */
static void end_run(struct event_source *s)
{
	live_detach(&s->live);
	ring_consume(s->ring);
	aftermath_expire(s->tracker, clock_ns(CLOCK_MONOTONIC) + AFTERMATH_TRY_WINDOW_NS);
	aftermath_finish(s->tracker);
	reader_read(s->reader, s->report, true);
	s->ended = true;
}

static void take_records(struct event_source *s)
{
	int records = ring_consume(s->ring);
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	aftermath_expire(s->tracker, now);
	if (records > 0 || s->first)
		batch_begin(&s->batch, now);
}

/* 0 or a negative exit code. */
static int step(struct event_source *s, int stop_fd)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);
	bool waits = batch_waits(&s->batch, now);
	/* The kernel wakes for the first record after all were taken, and for no other. */
	struct pollfd fds[] = {{.fd = stop_fd, .events = POLLIN},
			       {.fd = ring_fd(s->ring), .events = POLLIN}};
	int r = poll(fds, waits ? 1 : ARRAY_SIZE(fds), wait_ms(s, now, waits));

	if (r < 0 && errno != EINTR)
		return log_err(-LAB_EXIT_RUNTIME, "waiting: %s", strerror(errno));
	take_records(s);
	if ((r > 0 && fds[0].revents) || (s->end_ns && clock_ns(CLOCK_MONOTONIC) >= s->end_ns))
		end_run(s);
	return 0;
}

static int live_events_next(struct event_source *s, int stop_fd, const struct event **ret_event)
{
	struct event *e;
	int r = 0;

	while (!(e = take_ready(s)) && !s->ended && !r) {
		if (s->until_ns && clock_ns(CLOCK_MONOTONIC) >= s->until_ns)
			return 2;
		r = step(s, stop_fd);
	}
	if (r || !e)
		return r;
	event_summary_add(&s->summary, e);
	free(s->told);
	*ret_event = s->told = e;
	return 1;
}

static bool live_events_ready(const struct event_source *s)
{
	return s->first;
}

static void live_events_until(struct event_source *s, __u64 time_ns)
{
	s->until_ns = time_ns;
}

static int live_events_sites(struct event_source *s, site_row_fn *fn, void *arg,
			     struct site_losses *ret)
{
	if (!s->ended)
		reader_read(s->reader, s->report, false);
	ret->uncounted = reader_uncounted(s->reader) + s->report->total.audit.endless;
	return live_sites(&s->live.hooks, s->stacks, clock_ns(CLOCK_MONOTONIC), fn, arg);
}

static const struct run_info *live_events_info(const struct event_source *s)
{
	return &s->live.info;
}

static void live_events_budget(struct event_source *s, struct budget_report *ret)
{
	live_budget_read(s->live.budget, ret);
	ret->skipped = reader_skipped(s->reader);
}

static void live_events_summary(struct event_source *s, struct event_summary *ret_summary)
{
	if (!s->ended)
		end_run(s);
	s->summary.time_ns = clock_ns(CLOCK_REALTIME);
	s->summary.total_ns = clock_ns(CLOCK_MONOTONIC) - s->start_ns;
	s->summary.throttled = reader_throttled(s->reader);
	s->summary.dropped = s->report->total.audit.dropped + s->unkept;
	s->summary.seen = s->report->total.audit.seen;
	s->summary.missed = s->report->total.audit.missed;
	s->summary.final = true;
	live_events_budget(s, &s->summary.budget);
	*ret_summary = s->summary;
}

const struct event_source_ops event_source_live = {
	.name = "live",
	.open = live_events_open,
	.next = live_events_next,
	.ready = live_events_ready,
	.until = live_events_until,
	.sites = live_events_sites,
	.info = live_events_info,
	.summary = live_events_summary,
	.budget = live_events_budget,
	.close = live_events_close,
};
