/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * compare.h - two recordings, figure by figure: what differs, and whether it exceeds noise
 * (interval.h). Pure.
 */
#ifndef LAB_OUT_COMPARE_H
#define LAB_OUT_COMPARE_H

#include "out/interval.h"
#include "out/recording.h"

#define COMPARE_BLOCKS 40		/* of a recording, at most */
#define COMPARE_BLOCK_NS 10000000000ULL /* each at least; and as long as the longest episode */
#define COMPARE_LEAST_BLOCKS 5		/* fewer tell nothing */
#define COMPARE_LEAST_REPORTS 30

enum compare_kind {
	COMPARE_REQUESTS, /* a second */
	COMPARE_LOST,	  /* a minute */
	COMPARE_FAILED,	  /* a minute */
	COMPARE_BELOW,	  /* of 1000 requests */
	COMPARE_P50,	  /* ns */
	COMPARE_P99,
	COMPARE_P999,
	COMPARE_HEADROOM, /* pages: the mean of the lowest of each interval */
	COMPARE_COST,	  /* per cent of a processor */
	COMPARE_KINDS,
};

struct compare_figure {
	bool known; /* in both */
	int better; /* 1: more is, -1: less is, 0: neither */
	struct difference is;
};

struct compare {
	const struct recording *before, *after;
	__u64 block_ns;
	struct compare_figure figure[COMPARE_KINDS];
	int zone_before, zone_after; /* of COMPARE_HEADROOM; -1: none */
	bool alike;		     /* else no figure is known */
};

/* What must be alike; the text is of the side. */
enum compare_what {
	COMPARE_CLASSES,
	COMPARE_ORDERS,
	COMPARE_CPUS,
	COMPARE_ATTACH,
	COMPARE_STEP,
	COMPARE_REPORTS,
	COMPARE_WHATS,
};
const char *compare_what_name(enum compare_what what);
void compare_what_text(const struct recording *r, enum compare_what what, char *text, size_t size);
bool compare_is_alike(const struct compare *c, enum compare_what what);

/* Works out all. 0 or -ENOMEM. */
int compare_make(struct compare *c, const struct recording *before, const struct recording *after);

#endif
