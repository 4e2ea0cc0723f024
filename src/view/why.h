/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * why.h - the failures by site, as they are put together. Pure: no I/O, no clock.
 *
 *	events (told one by one)  -> why_add_event() -> struct why -> why_fill() -> struct
 *why_report rows, pairs (counted by stack) -> why_add_row(), why_add_pair()
 */
#ifndef LAB_VIEW_WHY_H
#define LAB_VIEW_WHY_H

#include "model/event.h"
#include "model/site_row.h"
#include "view/why_report.h"

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
/* After all rows: what became of their failures. */
int why_add_pair(struct why *w, const struct site_pair *pair);

/*
 * Fills the lists of *r, with advice that goes by the members of *r that are not lists; those
 * before are freed. The next interval begins.
 */
int why_fill(struct why *w, struct why_report *r);

#endif
