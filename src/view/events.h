/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* events.h - which events the view events shows. */
#ifndef LAB_VIEW_EVENTS_H
#define LAB_VIEW_EVENTS_H

#include "model/event.h"
#include "view/show.h"

/* Is an event of this class to be shown? */
bool events_wants(const struct show *show, const struct event *e);

#endif
