/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_filter.h - what of the screen is wanted: "class=atomic ctx=softirq driver=e1000 order=1-3".
 * Pure. */
#ifndef LAB_VIEW_TOP_FILTER_H
#define LAB_VIEW_TOP_FILTER_H

#include "view/top_event.h"
#include "view/why_report.h"

#define TOP_FILTER 64

struct top_filter {
	__u32 classes, contexts, orders; /* bits; 0: all */
	char driver[EVENT_MODULE];	 /* part of its name; "": all */
	char text[TOP_FILTER];		 /* as it was given */
};

/* 0, or -EINVAL; then *f is as it was. An empty text wants all. */
int top_filter_parse(struct top_filter *f, const char *text);

bool top_filter_row(const struct top_filter *f, unsigned int cls, unsigned int context);
/* A site is judged by its example, where it has one. */
bool top_filter_site(const struct top_filter *f, const struct why_site *s);
bool top_filter_event(const struct top_filter *f, const struct top_event *e);

#endif
