/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* scope.h - the command line as what others are told: to watch, when, and how to show it. */
#ifndef LAB_CLI_SCOPE_H
#define LAB_CLI_SCOPE_H

#include "base/pace.h"
#include "model/scope.h"
#include "view/show.h"

struct options;

/* What the view of these options is to gather. btf_path points where that of opt points. */
struct scope scope_of(const struct options *opt);

/* When reports are due; the run has not begun. Of a view that shows events one by one there is one,
 * at the end, and opt->count is of events. */
struct pace pace_of(const struct options *opt);

/* How to show what was gathered. */
struct show show_of(const struct options *opt);

#endif
