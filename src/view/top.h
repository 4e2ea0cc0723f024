/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * top.h - the view top: what stat and why gather, on one screen. Its recording has the lines of
 * both, that of why first; it shows one of stat alone, and one with events among its lines.
 */
#ifndef LAB_VIEW_TOP_H
#define LAB_VIEW_TOP_H

#include "view/top_report.h"

/* Its screen, made when it is first asked for; each report goes into it as it is filled. NULL: no
 * memory. */
struct top_screen *top_screen_of(struct top_report *r);

/* Forgets what was shown, not what was asked for: the recording begins anew. */
void top_restart(struct top_report *r);

#endif
