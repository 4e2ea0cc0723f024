// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * aftermath.c - a queue of events in the order they came, and a hash of those that still wait, by
 * their caller. A caller has one that waits at most: its next request settles it.
 */
#include "model/aftermath.h"

#include "model/absorb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024
#define OUTERMOST 4  /* frames that tell callers apart where the site is unknown */
#define INNERMOST 16 /* frames that are looked at for the slab allocator's, without a site */

/* How much of a mere try a request is: the sum of these; 0: it is meant. */
#define RANK_NORETRY 1U
#define RANK_NOMEMALLOC 2U
#define RANK_PREFILL 4U /* for a cpu's sheaf of objects: there may be others */

/* A request by who asked for it: of an event, or of a row. */
struct asked {
	__u32 gfp, order;
	const struct event_frame *frame;
	unsigned int frames;
	const char *site, *driver;
};

/* Where on the stair a request stands. */
struct step {
	unsigned int rank, order;
	bool slab;     /* for objects */
	bool blind;    /* no symbols: neither slab nor prefill can be told */
	bool stripped; /* of a request that may sleep, and falls back to it */
};

struct entry {
	struct event *event;
	struct entry *next; /* of the same bucket */
	struct step step;
	bool waits;
};

struct aftermath_tracker {
	aftermath_fn *fn;
	void *arg;
	__u64 forced;
	size_t first, count; /* of queue */
	struct entry *bucket[BUCKETS];
	struct entry queue[AFTERMATH_LIMIT];
};

static struct asked asked_of(const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;

	return (struct asked){h->gfp, h->order, e->frame, e->frames, e->site, e->driver};
}

/* ---- steps ---- */

/* Is this frame of that function? Compilers and kernels append .isra.0, _noprof. */
static bool is_function(const char *symbol, const char *name)
{
	size_t n = strlen(name);

	return n && strncmp(symbol, name, n) == 0 &&
	       (symbol[n] == '\0' || symbol[n] == '.' || strcmp(symbol + n, "_noprof") == 0);
}

/* Frames up to the site: those behind it may be of what an interrupt interrupted. */
static void look_at_frames(struct step *s, const struct asked *a)
{
	unsigned int last = a->site[0] ? LAB_EVENT_FRAMES : INNERMOST;

	s->blind = true;
	for (unsigned int i = 0; i < a->frames && i < last; i++) {
		const char *symbol = a->frame[i].symbol;

		s->blind &= !symbol[0];
		if (is_function(symbol, "__pcs_replace_empty_main"))
			s->rank |= RANK_PREFILL;
		s->slab |= is_function(symbol, "allocate_slab");
		if (is_function(symbol, a->site))
			break;
	}
}

static struct step step_of(const struct asked *a)
{
	struct step s = {.order = a->order};
	__u32 gfp = a->gfp;

	s.rank = (gfp & LAB_GFP_NORETRY ? RANK_NORETRY : 0) |
		 (gfp & LAB_GFP_NOMEMALLOC ? RANK_NOMEMALLOC : 0);
	look_at_frames(&s, a);
	/* IO and FS are for reclaim: who may not reclaim has lost the right just for this try. */
	s.stripped = s.rank && gfp & (LAB_GFP_IO | LAB_GFP_FS) && !(gfp & LAB_GFP_DIRECT_RECLAIM);
	return s;
}

/* Does the caller go on with the same allocation? */
static bool goes_on(const struct step *then, const struct step *now)
{
	if (now->rank < then->rank)
		/* One that is meant more may be a new round of SLUB's, from its best order on. */
		return now->order <= then->order || now->rank / 2 < then->rank / 2;
	if (now->order < then->order)
		return now->rank == then->rank || !then->slab;
	/* Without symbols a refilled sheaf looks like any other try. */
	return then->blind && then->rank && now->order == then->order;
}

/* ---- callers ---- */

static __u64 caller_key(const struct lab_event_head *h)
{
	__u64 cpu = (__u64)h->context << 32 | h->cpu;

	switch (h->context) {
	case LAB_CTX_TASK:
		return h->task;
	case LAB_CTX_UNKNOWN:
		return h->task ^ cpu;
	default:
		return cpu;
	}
}

static size_t bucket_of(const struct event *e)
{
	return (size_t)(caller_key(&e->raw.head) * 0x9e3779b97f4a7c15ULL >> 54) % BUCKETS;
}

static bool same_frame(const struct event_frame *a, const struct event_frame *b)
{
	if (a->symbol[0] || b->symbol[0])
		return strcmp(a->symbol, b->symbol) == 0 && a->offset == b->offset;
	return a->address == b->address;
}

static bool same_site(const struct asked *a, const struct asked *b)
{
	if (a->site[0] || b->site[0])
		return strcmp(a->site, b->site) == 0 && strcmp(a->driver, b->driver) == 0;
	for (unsigned int i = 1; i <= OUTERMOST; i++) {
		if (i > a->frames || i > b->frames)
			return a->frames == b->frames;
		if (!same_frame(&a->frame[a->frames - i], &b->frame[b->frames - i]))
			return false;
	}
	return true;
}

static bool same_class(const struct step *then, __u32 was, __u32 is)
{
	__u32 class = lab_class_of(is);

	return (then->stripped && class >= LAB_CLASSES_WATCHED) || lab_class_of(was) == class;
}

static bool same_caller(const struct entry *then, const struct event *now)
{
	const struct lab_event_head *a = &then->event->raw.head, *b = &now->raw.head;
	struct asked was = asked_of(then->event), is = asked_of(now);

	return a->context == b->context && caller_key(a) == caller_key(b) &&
	       same_class(&then->step, a->gfp, b->gfp) && same_site(&was, &is);
}

/* ---- settling ---- */

static void say_after(struct event *e, const char *how, __u64 then, __u64 now)
{
	unsigned long long ns = now > then ? now - then : 0;

	if (ns < 1000)
		snprintf(e->how, sizeof(e->how), "%s after %llu ns", how, ns);
	else if (ns < 10000000)
		snprintf(e->how, sizeof(e->how), "%s after %llu us", how, ns / 1000);
	else
		snprintf(e->how, sizeof(e->how), "%s after %llu ms", how, ns / 1000000);
}

static void recovered_by(struct entry *then, const struct event *now)
{
	char how[64] = "by a second try";

	if (now->raw.head.order != then->step.order)
		snprintf(how, sizeof(how), "by order %u", (unsigned int)now->raw.head.order);
	then->event->aftermath = AFTERMATH_RECOVERED;
	say_after(then->event, how, then->event->raw.head.time_ns, now->raw.head.time_ns);
}

static void unhash(struct aftermath_tracker *t, struct entry *entry)
{
	struct entry **p = &t->bucket[bucket_of(entry->event)];

	while (*p && *p != entry)
		p = &(*p)->next;
	if (*p)
		*p = entry->next;
	entry->waits = false;
}

/* What a caller has that was not seen to go on; NULL: nothing. */
static const char *alone_by(const struct step *step, const struct asked *a)
{
	const char *by;

	if (step->rank & RANK_PREFILL)
		return "by a free object of its slab cache";
	by = absorbed_by(a->frame, a->frames, a->site);
	if (!by && step->stripped)
		by = "by a request that may sleep, which was not seen";
	return by;
}

/* The caller was not seen to go on. */
static void settle_alone(struct aftermath_tracker *t, struct entry *entry)
{
	struct event *e = entry->event;
	struct asked asked = asked_of(e);
	const char *how = alone_by(&entry->step, &asked);

	e->aftermath = how ? AFTERMATH_RECOVERED : AFTERMATH_LOST;
	if (how)
		snprintf(e->how, sizeof(e->how), "%s", how);
	unhash(t, entry);
}

/* A bulk request that gets no page tries for a single one before it gives up. */
static bool is_end_of_bulk(const struct entry *then, const struct event *now)
{
	return now->raw.head.flags & LAB_EVENT_BULK && !then->step.order &&
	       !(then->event->raw.head.flags & LAB_EVENT_BULK);
}

/* The last moment at which the caller may go on. A refilled sheaf may have been no need of its. */
static __u64 deadline_ns(const struct entry *entry)
{
	bool try = entry->step.rank && !(entry->step.rank & RANK_PREFILL);

	return entry->event->raw.head.time_ns +
	       (try ? AFTERMATH_TRY_WINDOW_NS : AFTERMATH_WINDOW_NS);
}

static void settle_by(struct aftermath_tracker *t, struct entry *then, const struct event *now)
{
	const struct lab_event_head *b = &now->raw.head;
	bool in_time = b->time_ns <= deadline_ns(then);
	struct asked asked = asked_of(now);
	struct step step = step_of(&asked);

	if (!in_time || !(goes_on(&then->step, &step) || is_end_of_bulk(then, now))) {
		settle_alone(t, then);
		return;
	}
	if (b->kind == LAB_EVENT_FAILED)
		then->event->aftermath = AFTERMATH_RETRIED;
	else
		recovered_by(then, now);
	unhash(t, then);
}

static void settle_callers(struct aftermath_tracker *t, const struct event *now)
{
	struct entry *entry = t->bucket[bucket_of(now)], *next;

	for (; entry; entry = next) {
		next = entry->next;
		if (same_caller(entry, now))
			settle_by(t, entry, now);
	}
}

/* ---- the queue ---- */

static struct entry *oldest(struct aftermath_tracker *t)
{
	return &t->queue[t->first];
}

static void deliver(struct aftermath_tracker *t)
{
	while (t->count && !oldest(t)->waits) {
		struct event *e = oldest(t)->event;

		t->first = (t->first + 1) % AFTERMATH_LIMIT;
		t->count--;
		t->fn(t->arg, e);
	}
}

/* A bulk request that got some pages has them. */
static bool has_some(const struct event *e)
{
	return e->raw.head.flags & LAB_EVENT_BULK && e->raw.bulk_got;
}

static void enqueue(struct aftermath_tracker *t, struct event *e)
{
	struct entry *entry = &t->queue[(t->first + t->count++) % AFTERMATH_LIMIT];
	struct entry **bucket = &t->bucket[bucket_of(e)];
	struct asked asked = asked_of(e);

	*entry = (struct entry){.event = e};
	if (e->raw.head.kind != LAB_EVENT_FAILED)
		return;
	e->aftermath = AFTERMATH_PENDING;
	e->how[0] = '\0';
	if (has_some(e)) {
		e->aftermath = AFTERMATH_RECOVERED;
		snprintf(e->how, sizeof(e->how), "with %u of %u pages",
			 (unsigned int)e->raw.bulk_got, (unsigned int)e->raw.bulk_asked);
		return;
	}
	entry->step = step_of(&asked);
	entry->waits = true;
	entry->next = *bucket;
	*bucket = entry;
}

void aftermath_feed(struct aftermath_tracker *t, struct event *e)
{
	aftermath_expire(t, e->raw.head.time_ns);
	settle_callers(t, e);
	if (e->raw.head.kind == LAB_EVENT_FOLLOW) {
		t->fn(t->arg, e);
		deliver(t);
		return;
	}
	deliver(t);
	if (t->count == AFTERMATH_LIMIT) {
		settle_alone(t, oldest(t));
		t->forced++;
		deliver(t);
	}
	enqueue(t, e);
	deliver(t);
}

void aftermath_expire(struct aftermath_tracker *t, __u64 now_ns)
{
	while (t->count && oldest(t)->waits && now_ns > deadline_ns(oldest(t))) {
		settle_alone(t, oldest(t));
		deliver(t);
	}
}

__u64 aftermath_due_ns(const struct aftermath_tracker *t)
{
	if (!t->count)
		return 0;
	return deadline_ns(&t->queue[t->first]) + 1;
}

void aftermath_finish(struct aftermath_tracker *t)
{
	while (t->count) {
		unhash(t, oldest(t));
		deliver(t);
	}
}

__u64 aftermath_forced(const struct aftermath_tracker *t)
{
	return t->forced;
}

struct aftermath_tracker *aftermath_new(aftermath_fn *fn, void *arg)
{
	struct aftermath_tracker *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->fn = fn;
	t->arg = arg;
	return t;
}

void aftermath_free(struct aftermath_tracker *t)
{
	free(t);
}

/* ---- of what was counted ---- */

static struct asked asked_by(const struct site_row *row, __u32 gfp)
{
	return (struct asked){gfp, row->key.order, row->frame, row->frames, row->site, row->driver};
}

/* Of one whose end was not seen there is no stack, and where it stands is known by numbers. */
static bool pair_goes_on(const struct site_pair *pair)
{
	struct asked then = asked_by(&pair->then, pair->then_gfp);
	struct asked now = asked_by(&pair->now, pair->now_gfp);
	struct step was = step_of(&then), is = step_of(&now);

	if (!same_class(&was, then.gfp, now.gfp) ||
	    (pair->how != SITE_PAIR_LEFT && !same_site(&then, &now)))
		return false;
	if (pair->how == SITE_PAIR_BULK && !pair->then_bulk && !was.order)
		return true;
	return goes_on(&was, &is);
}

enum aftermath aftermath_of_pair(const struct site_pair *pair)
{
	if (pair->how == SITE_PAIR_PENDING)
		return AFTERMATH_PENDING;
	if (!pair_goes_on(pair))
		return AFTERMATH_LOST;
	return pair->how == SITE_PAIR_FAILED || pair->how == SITE_PAIR_BULK ? AFTERMATH_RETRIED
									    : AFTERMATH_RECOVERED;
}

enum aftermath aftermath_alone(const struct site_row *row)
{
	struct asked asked = asked_by(row, row->key.gfp);
	struct step step = step_of(&asked);

	/* The rights that tell are not in the key of the row. */
	step.stripped = row->count.stripped;
	return alone_by(&step, &asked) ? AFTERMATH_RECOVERED : AFTERMATH_LOST;
}

/* ---- dmesg ---- */

#define REPORT_INTERVAL_NS 10000000000ULL

static bool has_report(const struct event *e)
{
	switch (e->verdict) {
	case VERDICT_CHARGE:
	case VERDICT_INJECTED:
	case VERDICT_BULK_SHORT:
		return false;
	default:
		return true;
	}
}

void aftermath_printed(struct printed_state *s, struct event *e)
{
	__u64 now = e->raw.head.time_ns;

	if (e->raw.head.kind != LAB_EVENT_FAILED)
		return;
	e->printed = PRINTED_RATELIMITED;
	if (e->raw.head.gfp & LAB_GFP_NOWARN) {
		e->printed = PRINTED_NOWARN;
	} else if (!has_report(e)) {
		e->printed = PRINTED_NEVER;
	} else if (e->verdict == VERDICT_OVERSIZE) {
		/* A warning of its own, once since boot. */
		if (!s->oversize_told)
			e->printed = PRINTED_YES;
		s->oversize_told = true;
	} else if (!s->started || now > s->begin_ns + REPORT_INTERVAL_NS) {
		s->started = true;
		s->begin_ns = now;
		e->printed = PRINTED_YES;
	}
}
