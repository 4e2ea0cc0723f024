/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * events_fold.h - a storm for people: of failures in a row that differ in nothing but time, cpu,
 * task and numbers the first is shown, and how many like it followed.
 */
#ifndef LAB_VIEW_EVENTS_FOLD_H
#define LAB_VIEW_EVENTS_FOLD_H

#include <stdbool.h>
#include <stdio.h>

#include "model/event.h"

/* Zero: nothing was shown yet. */
struct events_fold {
	__u64 key; /* of the one that was shown last */
	__u64 shown_ns, last_ns;
	__u64 more, said; /* like it, since, and how many of them were said */
};

/* Is it like the one that was shown last? Then it is counted. */
bool events_fold_takes(struct events_fold *fold, const struct event *e);
/* It is shown: others may be like it. */
void events_fold_show(struct events_fold *fold, const struct event *e);
/* Says how many followed, as out_put() does; nothing where that is said already. */
int events_fold_text(FILE *f, struct events_fold *fold);

#endif
