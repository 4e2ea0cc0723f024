/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* verdict.h - why a request failed: the kernel's own test for it, redone. Pure. */
#ifndef LAB_MODEL_VERDICT_H
#define LAB_MODEL_VERDICT_H

#include <stdbool.h>

#include "model/event.h"
#include "model/marks.h"
#include "model/rules.h"
#include "model/zone_trial.h"

/*
 * Fills verdict, basis and evidence of a failed request; other events are left alone.
 *
 * The numbers are younger than the test: it was made between the start and the end of the request,
 * they are read after its end. So they are at most latency_ns and the few microseconds of our own
 * program older than it. A zone that refuses by them refused. One that passes by no more than may
 * have come free in that time did not serve when it mattered (zone_trial.c: a page a microsecond
 * from 64 to 4096, or a hundredth of the floor): within N pages of it, K us younger. One that
 * passes by more is explained by something else, or not at all.
 *
 * seen: marks that other events showed, this event's among them; NULL: none. Where others may have
 * been in force at the test (marks.h) and every zone refuses by those, it is explained by them.
 */
void verdict_decide_seen(struct event *e, const struct verdict_rules *rules,
			 const struct seen_marks *seen);
void verdict_decide(struct event *e, const struct verdict_rules *rules);

/*
 * What closes a zone to the request, "by __GFP_DMA"; NULL when it may use it. A zone whose lowmem
 * reserve against this request is all that it has (zone DMA of x86 from some 3.75 GB on) is closed
 * too: no number of free pages makes it serve.
 */
const char *verdict_closed_by(const struct lab_event *raw, const struct lab_event_zone *z,
			      const struct verdict_rules *rules);

/*
 * The zone that came nearest, of those open to the request or of those closed to it. False when
 * there is none with memory.
 */
bool verdict_nearest_zone(const struct event *e, const struct verdict_rules *rules, bool open,
			  struct trial *ret);

#endif
