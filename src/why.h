/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * why.h - the failures by site: what a report of the view why says. Pure: no I/O, no clock.
 *
 *	events (told one by one)  -> why_add_event() -> struct why -> why_fill() -> struct
 *why_report rows (counted by stack)   -> why_add_row()
 *
 * What was counted is exact and may be more than what was told: the difference is not_followed.
 */
#ifndef LAB_WHY_H
#define LAB_WHY_H

#include "event.h"
#include "site_row.h"

#define WHY_SITES 512 /* rows of a report: those behind them are summed up as other */
#define WHY_ADVICE 2
#define WHY_ADVICE_TEXT 400

/* Failures closer than that are one run of them. */
#define WHY_RUN_GAP_NS 100000000ULL

/*
 * Numbers of a site. failed = lost + recovered + retried + pending + not_followed; verdict and
 * printed are of those that were followed. __u64 throughout: they are added as an array.
 */
struct why_figures {
	__u64 requests_sampled; /* one in so many: struct why_report */
	__u64 failed, failed_final;
	__u64 lost, recovered, retried, pending;
	__u64 not_followed; /* counted, and not told: what came of them is not known */
	__u64 below_min;    /* served out of the reserve */
	__u64 slow;
	__u64 verdict[VERDICTS];
	__u64 printed[PRINTEDS];
	__u64 latency_max_ns; /* of those counted; 0: not known. The last one: it is not added. */
};

/* What the zones of a failed request say, for advice: not in the stream. */
struct why_facts {
	char zone[LAB_ZONE_NAME];	 /* open to it, and the nearest to serve it; "": none */
	__u64 free, min, low, need;	 /* pages; need: that it fell short by */
	__u64 cma, exclusive;		 /* free, and closed to it */
	int largest_order;		 /* that it could have had; -1: not known */
	char closed_zone[LAB_ZONE_NAME]; /* would have served it, but is closed; "": none */
	char closed_by[48];
	__u64 closed_free;
	__u32 closed_node;
	char comm[16]; /* in task context */
};

/* A request that stands for its site. */
struct why_case {
	bool failed;	      /* else: it was counted, and nothing of the next two is known */
	enum verdict verdict; /* the leading one of the site */
	enum aftermath aftermath;
	__u64 time_ns; /* CLOCK_REALTIME; 0: not known */
	__u32 gfp, order, context, flags;
	char via[EVENT_TEXT], evidence[EVENT_TEXT], how[EVENT_TEXT];
	struct event_frame frame[LAB_EVENT_FRAMES];
	unsigned int frames;
	struct why_facts facts;
};

struct why_site {
	char site[EVENT_SYMBOL], driver[EVENT_MODULE]; /* "": not known */
	struct why_figures count;
	bool has_example;
	struct why_case example;
	char advice[WHY_ADVICE][WHY_ADVICE_TEXT]; /* "": none */
};

/* By lost, then final failures, then below_min. */
struct why_list {
	struct why_site *site; /* owned */
	unsigned int sites;
	__u64 other_sites; /* behind them */
	struct why_figures other;
};

struct why_audit {
	__u64 uncounted; /* of those seen: no room in the table, or no end */
	__u64 throttled, dropped, seen, missed;
};

struct why_report {
	struct run_info info;
	__u64 time_ns;		     /* CLOCK_REALTIME */
	__u64 interval_ns, total_ns; /* CLOCK_MONOTONIC; 0: not known */
	__u64 sequence;
	bool final;
	bool counted;	       /* by site, in the kernel; else all is by the events alone */
	bool ended;	       /* the last four of audit are known */
	__u32 sample_every;    /* 0: requests are not known */
	__u64 min_free_kbytes; /* vm.min_free_kbytes; 0: not known */
	__u64 page_bytes;      /* for advice: not in the stream */
	struct why_list interval, total;
	struct why_audit audit;
	struct budget_report budget;
};

/* Gives back what the report owns, and empties it. */
void why_report_free(struct why_report *r);

/* dst += src; the latency is the larger one. */
void why_figures_add(struct why_figures *dst, const struct why_figures *src);
/* All of a list. */
struct why_figures why_list_sum(const struct why_list *l);
/* Requests as the sample has it, at least those that are known of. */
__u64 why_requests(const struct why_figures *f, __u32 sample_every);
/* Failures whose outcome is known. */
__u64 why_followed(const struct why_figures *f);

struct why;

struct why *why_new(void);
/* NULL is fine. */
void why_free(struct why *w);

/* Functions that need memory return 0 or -ENOMEM. */

/* One settled event. */
int why_add_event(struct why *w, const struct event *e);

/*
 * The kernel's counts since start: why_begin_rows(), each row once, then why_fill(). A run without
 * them leaves that out.
 */
void why_begin_rows(struct why *w);
int why_add_row(struct why *w, const struct site_row *row);

/*
 * Fills the lists of *r, with advice that goes by the members of *r that are not lists; those
 * before are freed. The next interval begins.
 */
int why_fill(struct why *w, struct why_report *r);

/* why_case.c: what an event is as the example of its site. */
void why_case_of_event(struct why_case *c, const struct event *e);
void why_case_of_row(struct why_case *c, const struct site_row *row);

/* Did a matter more than b, both failed, of one verdict? */
bool why_case_worse(const struct why_case *a, const struct why_case *b);

#endif
