/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * event.h - one noteworthy request as every view of it sees it: what the kernel side recorded, and
 * what was made of it. Pure data; filled by a source, printed by a view.
 */
#ifndef LAB_EVENT_H
#define LAB_EVENT_H

#include "model.h"

/* Why a request failed; each decided by redoing the kernel's own test (verdict.c). */
enum verdict {
	VERDICT_EXHAUSTED,   /* free pages below what its rights allow, in all eligible zones */
	VERDICT_FRAGMENTED,  /* enough pages, no block of that order it may use */
	VERDICT_RESERVED,    /* enough pages, but in CMA or exclusive blocks closed to it */
	VERDICT_CONSTRAINED, /* zones or nodes that it was not allowed to use had memory */
	VERDICT_OVERSIZE,    /* order beyond the maximum */
	VERDICT_INJECTED,    /* fault injection */
	VERDICT_CHARGE,	     /* a page was found, the memory cgroup refused it */
	VERDICT_CONTENDED,   /* nolock or trylock lost */
	VERDICT_BULK_SHORT,  /* a bulk request got fewer pages than asked */
	VERDICT_UNEXPLAINED, /* none of these: a defect to chase */
	VERDICTS,
};

/* What came of the caller of a failed request (aftermath.c). */
enum aftermath {
	AFTERMATH_PENDING,   /* not known yet */
	AFTERMATH_RECOVERED, /* the same caller went on to get its memory */
	AFTERMATH_RETRIED, /* the same caller tried again and failed: that failure tells the rest */
	AFTERMATH_LOST,	   /* the caller went without */
	AFTERMATHS,
};

/* Would dmesg have shown it? */
enum printed {
	PRINTED_YES,	     /* the first in 10 s */
	PRINTED_NOWARN,	     /* no: __GFP_NOWARN */
	PRINTED_RATELIMITED, /* no: one report per 10 s for the whole machine */
	PRINTED_NEVER,	     /* no: the kernel reports no failure of this kind */
	PRINTEDS,
};

#define EVENT_SYMBOL 64
#define EVENT_MODULE 32
#define EVENT_TEXT 256

struct event_frame {
	__u64 address;		   /* 0 where hidden */
	__u64 offset;		   /* into symbol */
	char symbol[EVENT_SYMBOL]; /* "" when unknown */
	char module[EVENT_MODULE]; /* "" for the kernel itself */
};

struct event {
	__u64 time_ns;	      /* CLOCK_REALTIME */
	struct lab_event raw; /* raw.head.stack is not used here: frames below */
	char zone_name[LAB_EVENT_ZONES][LAB_ZONE_NAME];
	char site[EVENT_SYMBOL];   /* first frame above the allocator's helpers; "" when unknown */
	char driver[EVENT_MODULE]; /* module, or built-in subsystem in brackets: "[net]"; "" unknown
				    */
	char via[EVENT_TEXT]; /* the helpers between, "kmalloc < __alloc_skb", outermost last */
	enum verdict verdict; /* FAILED only */
	char evidence[EVENT_TEXT]; /* the numbers that decided it, one sentence */
	enum aftermath aftermath;  /* FAILED only */
	char how[EVENT_TEXT];	   /* "by order 0 after 12 us"; "" when not recovered */
	enum printed printed;	   /* FAILED only */
	unsigned int frames;
	struct event_frame frame[LAB_EVENT_FRAMES]; /* last: those behind frames are not read */
};

/*
 * A run in numbers. What was told one by one is counted as told; what was not has its own counts.
 * failed = lost + recovered + retried + pending.
 */
struct event_summary {
	__u64 time_ns;	/* CLOCK_REALTIME at the end */
	__u64 total_ns; /* length of the run, CLOCK_MONOTONIC */
	__u64 failed;
	__u64 lost, recovered, retried, pending; /* by aftermath */
	__u64 slow, near_misses;
	__u64 verdict[VERDICTS]; /* failures by verdict */
	__u64 printed[PRINTEDS]; /* failures by whether dmesg would have shown them */
	__u64 throttled;	 /* events held back in the kernel: a storm */
	__u64 dropped;		 /* events lost: the ring was full */
	__u64 seen;		 /* requests watched */
	__u64 missed;		 /* requests that left no trace */
	bool final;		 /* false: a recording that was cut, or a part of one: total_ns and
				    the last four above are not known */
	struct budget_report budget; /* of the last run, when several are joined */
};

/* Nothing is known of it. Leaves the frames as they are, which are more than half of it. */
void event_clear(struct event *e);

/* Counts one event. FOLLOW ones are not counted. */
void event_summary_add(struct event_summary *s, const struct event *e);

const char *verdict_name(enum verdict v);
const char *aftermath_name(enum aftermath a);
const char *printed_name(enum printed p);
const char *event_kind_name(enum lab_event_kind k);

#endif
