/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * tables.h - the running kernel's counts by stack and by kind of request, for the views flags and
 * lint: attach, wait as you like, read, detach.
 */
#ifndef LAB_TABLES_H
#define LAB_TABLES_H

#include "kind_row.h"
#include "model.h"
#include "site_row.h"

struct options;
struct tables;

/* What the counts are worth. */
struct tables_audit {
	__u64 seen;	 /* requests counted (flags: by class, lint: 0, not known) */
	__u64 missed;	 /* requests that left no trace, at most */
	__u64 uncounted; /* of those seen: no room in the table, or no end */
	__u64 skipped;	 /* not looked at: passed over by the budget */
};

/*
 * Attaches what opt->view needs. 0 and *ret, or a negative exit code (logged). Every count below is
 * one since then.
 */
int tables_open(struct tables **ret, const struct options *opt);
/* Does not change during the run. */
const struct run_info *tables_info(const struct tables *t);
/* Rows as they are now, in no order. 0, or what fn said, or a negative exit code (logged). */
int tables_sites(struct tables *t, site_row_fn *fn, void *arg);
int tables_kinds(struct tables *t, kind_row_fn *fn, void *arg);
void tables_audit(struct tables *t, struct tables_audit *ret);
/* What the tool took; behind tables_audit(). */
void tables_budget(struct tables *t, struct budget_report *ret);
/* Before the last reading: nothing is attached any more, every count stays readable. */
void tables_detach(struct tables *t);
/* NULL is fine. */
void tables_close(struct tables *t);

#endif
