/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* view_event_text.h - the parts of an event's text view. */
#ifndef LAB_VIEW_EVENT_TEXT_H
#define LAB_VIEW_EVENT_TEXT_H

#include <stdio.h>

#include "event.h"

struct options;

/* view_event_text.c: a stack, innermost frame first. */
void event_frames_text(FILE *f, const struct event_frame *frame, unsigned int frames);

/* view_event_zones.c: the zones of a failed request, in the order they were tried. */
void event_zones_text(FILE *f, const struct event *e);

/* view_event_sum.c: what the events come to; how many were lost comes first. */
void event_summary_text(FILE *f, const struct options *opt, const struct event_summary *s);

#endif
