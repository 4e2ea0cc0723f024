/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* frames.h - the call trace of a report, as any architecture prints it. Pure. */
#ifndef LAB_KLOG_FRAMES_H
#define LAB_KLOG_FRAMES_H

#include "model/alloc_report.h"

/* What was read of a trace so far. Zero it before the first line. */
struct trace {
	bool begun;	      /* a frame was read */
	bool interrupt_stack; /* <IRQ> stood before */
	bool cut;	      /* what follows was interrupted: it has no part in the request */
	bool ended;	      /* the outermost frame, or a mark behind it */
};

/* A function's name with an offset in text, or nothing: "" when there is none. For who is asked
 * whether a line belongs to a trace. */
void frames_first(const char *text, char ret[EVENT_SYMBOL]);

/* Adds the frames of a line to the report. True when the line is of a trace. */
bool frames_read(const char *text, struct trace *t, struct alloc_report *r);

#endif
