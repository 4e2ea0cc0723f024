/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * replay.h - a recorded stream. A line of the view is a report, an event is one for each view that
 * takes events, others are skipped.
 */
#ifndef LAB_SOURCE_REPLAY_H
#define LAB_SOURCE_REPLAY_H

#include "source/source.h"

/*
 * Makes a source ready for that view, whose reports next() is to be given: 0 and *ret, or FAIL()
 * once logged. path "-" is standard input; it must live as long as the source. by_class: classes
 * are selected, which not every recording knows.
 */
int source_replay(struct source **ret, const struct view *view, const char *path, bool by_class);

/* Bytes of the file that were read so far, and its size; 0: not known (a pipe). */
void source_replay_progress(const struct source *source, __u64 *ret_done, __u64 *ret_size);

#endif
