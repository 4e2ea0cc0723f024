/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * accounting.h - from the programs' raw counts to figures: every request in one place, every gap
 * with its own count. Pure: no I/O, no clock. The reasoning is in docs/accounting.md.
 *
 * One reading: accounting_begin(), add cells, rows and open slots in any order,
 * accounting_finish().
 */
#ifndef LAB_MODEL_ACCOUNTING_H
#define LAB_MODEL_ACCOUNTING_H

#include "model/figures.h"

/* Final and opportunistic requests apart. */
enum { LEFT_FINAL, LEFT_OPPORTUNISTIC, LEFT_KINDS };

/* Starts without an end and without a wake-up: as counted now, as counted before, and of these
 * misses. */
struct left {
	__u64 counted, before, skipped;
};

/* How starts are seen. */
enum starts {
	STARTS_NONE,	  /* ends alone are counted */
	STARTS_UNCOUNTED, /* seen, but the kernel does not count those that it kept from us
			     (kprobes) */
	STARTS_COUNTED,
	STARTS_UNSEEN, /* in mode slowpath: what its rounds leave open is told of as left */
};

/* What had come of starts when all programs were attached. */
struct starts_base {
	__u64 entry_misses, alone, displaced, strays;
};

/* What is carried from one reading to the next. Zero it before the first. */
struct accounting {
	struct starts_base base;
	struct left left[LAB_CLASSES][LAB_CONTEXTS][LAB_ORDERS][LEFT_KINDS];
	__u64 skipped;		 /* all of the above */
	__u64 missed;		 /* never goes back */
	__u64 silent[2];	 /* as counted before, and before that */
	__u64 excess;		 /* of skipped starts over skipped ends, as it was before */
	__u64 startless;	 /* of it: taken for failures before the tracepoint */
	__u64 displaced, strays; /* of this reading */
	__u64 parked;		 /* of this reading: starts that wait apart from their slot */
	__u64 blind_ends;	 /* of this reading: alone as starts were off */
	__u64 blind_misses;	 /* of this reading: of ends, meanwhile */
	__u64 pending;		 /* of this reading: slots open beyond any request's time */
};

/*
 * Starts a reading into *f, which is zeroed. The misses must have been read before any cell: what
 * is counted meanwhile then explains more of them, not less.
 */
void accounting_begin(struct accounting *a, struct figures *f, __u64 entry_misses,
		      __u64 done_misses);

/*
 * Of the misses of the end program those while starts were off for the budget: whose they are is
 * not told by any start. Read after the done_misses of accounting_begin().
 */
void accounting_blind(struct accounting *a, __u64 done_misses);

/*
 * Every outcome counted in it has its latency, its end without a start, or its start without an
 * end: no request was caught half counted.
 */
bool accounting_cell_is_whole(const struct lab_cell *cell);

/* Adds one cell of one cpu. */
void accounting_add_cell(struct accounting *a, struct figures *f, const struct lab_cell *cell,
			 unsigned int class, unsigned int context);

/* Adds what one cpu counts without a class. */
void accounting_add_cpu(struct accounting *a, struct figures *f, const struct lab_cpu *cpu);

/*
 * Adds a slot that is open although no request takes that long. over: it is known to be a start
 * without an end (marked so, or nothing is attached any more), and counted here until the next
 * opener counts it in its cell: cells must have been added before. Else something may still come by
 * and resolve it. One of a request that may sleep counts as nothing: it may be under way for long.
 */
void accounting_add_open(struct accounting *a, struct figures *f, const struct lab_slot *slot,
			 unsigned int context, bool over);

/*
 * Resolves what is open to interpretation and fills the sums of *f. done_misses: read again after
 * the last cell, so that no start without an end is taken for a failure because its miss was not
 * counted yet. last: starts that were taken over and whose ends never came are counted as unpaired.
 */
void accounting_finish(struct accounting *a, struct figures *f, enum starts starts,
		       __u64 done_misses, bool last);

/*
 * *f is the first reading with all programs attached. While only the end program was, ends came
 * alone whose starts nobody skipped: what is missed is known by what comes from here on.
 */
void accounting_set_base(struct accounting *a, const struct figures *f);

#endif
