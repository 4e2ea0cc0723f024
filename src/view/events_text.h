/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * events_text.h - events for people. Each prints as out_write() does; an event may stay in f for
 * out_flush().
 */
#ifndef LAB_VIEW_EVENTS_TEXT_H
#define LAB_VIEW_EVENTS_TEXT_H

#include <stdio.h>

#include "model/event_summary.h"

struct show;

/* How a run begins. */
int events_text_start(FILE *f, const struct show *show, const struct run_info *info);
int events_text_event(FILE *f, const struct show *show, const struct run_info *info,
		      const struct event *e);
/* What the events come to, a struct event_summary; how many were lost comes first. */
int events_text(FILE *f, const struct show *show, const void *report);

/* A stack, innermost frame first. */
void event_frames_text(FILE *f, const struct show *show, const struct event_frame *frame,
		       unsigned int frames);

#endif
