/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * event.h - one noteworthy request as every view of it sees it: what the kernel side recorded, and
 * what was made of it. Pure data; filled by a source, printed by a view.
 */
#ifndef LAB_MODEL_EVENT_H
#define LAB_MODEL_EVENT_H

#include "model/figures.h"

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
	VERDICTS,	     /* of a kernel log without zones: nobody can tell */
};

/* How the numbers of a failed request stand to the kernel's test, which was made before them. */
enum basis {
	BASIS_NONE,    /* no zone was tested: oversize, bulk_short, zones not read */
	BASIS_REFUSED, /* every zone open to it refuses it by them, too */
	BASIS_WITHIN,  /* one passes, by no more than their age explains: verdict.h */
	BASIS_PASSED,  /* one passes: what was in the way is not memory, or not known */
	BASES,
};

/* What came of the caller of a failed request (aftermath.c). */
enum aftermath {
	AFTERMATH_PENDING,   /* not known yet */
	AFTERMATH_RECOVERED, /* the same caller went on to get its memory */
	AFTERMATH_RETRIED, /* the same caller tried again and failed: that failure tells the rest */
	AFTERMATH_LOST,	   /* the caller went without */
	AFTERMATHS,	   /* of a kernel log: nobody followed it */
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

/* The kernel's test of the zone that came nearest, of those open to the request: pages. It passes
 * from a margin of 1 on. */
struct event_nearest {
	bool known; /* else no zone was tested, or none that is open has memory */
	char zone[LAB_ZONE_NAME];
	__u32 node;
	__s64 usable; /* free, less CMA and exclusive pages closed to it and the tail of its order
		       */
	__u64 need;   /* min lowered by its rights, and lowmem reserve */
	__s64 margin; /* usable - need */
};

struct event {
	__u64 time_ns;	      /* CLOCK_REALTIME; 0: not known */
	struct lab_event raw; /* raw.head.stack is not used here: frames below */
	char zone_name[LAB_EVENT_ZONES][LAB_ZONE_NAME];
	char site[EVENT_SYMBOL];   /* first frame above the allocator's helpers; "" when unknown */
	char driver[EVENT_MODULE]; /* module, or built-in subsystem in brackets: "[net]"; "" unknown
				    */
	char via[EVENT_TEXT]; /* the helpers between, "kmalloc < __alloc_skb", outermost last */
	enum verdict verdict; /* FAILED only */
	enum basis basis;     /* FAILED only */
	struct event_nearest nearest;
	char evidence[EVENT_TEXT]; /* the numbers that decided it, one sentence */
	enum aftermath aftermath;  /* FAILED only */
	char how[EVENT_TEXT];	   /* "by order 0 after 12 us"; "" when not recovered */
	enum printed printed;	   /* FAILED only */
	unsigned int frames;
	struct event_frame frame[LAB_EVENT_FRAMES]; /* last: those behind frames are not read */
};

/* "+0x1f" into its function; "" where that is not known, as of a kernel log. Returns buf. */
#define EVENT_OFFSET 24
const char *event_frame_offset(char buf[EVENT_OFFSET], const struct event_frame *f);

/* Nothing is known of it. Leaves the frames as they are, which are more than half of it. */
void event_clear(struct event *e);

const char *verdict_name(enum verdict v);
/* NULL for BASIS_NONE. */
const char *basis_name(enum basis b);
const char *aftermath_name(enum aftermath a);
const char *printed_name(enum printed p);
const char *event_kind_name(enum lab_event_kind k);

#endif
