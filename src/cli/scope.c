// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* scope.c - see scope.h. */
#include "cli/scope.h"

#include "cli/options.h"
#include "cli/terminal.h"
#include "view/view.h"

/* Check attaches all that any view may attach beside events. */
#define SCOPE_CHECK (SCOPE_CELLS | SCOPE_GROWTH | SCOPE_RESERVE | SCOPE_ANON)

/* A request that failed took nothing from the reserve: it matters for the others only. */
static bool shows_served(const struct options *opt)
{
	return opt->view->text_event && (opt->slower_ns || opt->below_level >= 0);
}

static __u32 what_of(const struct options *opt)
{
	__u32 what = opt->view ? opt->view->scope : SCOPE_CHECK;

	if (opt->view && shows_served(opt))
		what |= SCOPE_RESERVE;
	if (opt->no_exclusive)
		what &= ~SCOPE_RESERVE;
	if (opt->anon_exclusive)
		what |= SCOPE_ANON;
	return what;
}

struct scope scope_of(const struct options *opt)
{
	return (struct scope){
		.what = what_of(opt),
		.attach = opt->attach,
		.class_mask = opt->class_mask,
		.order_mask = opt->order_mask,
		.cpu = opt->cpu,
		.below_level = opt->below_level,
		.slower_ns = opt->slower_ns,
		.budget_ns = opt->budget_ns,
		.sample = opt->sample,
		.btf_path = opt->btf_path,
	};
}

struct pace pace_of(const struct options *opt)
{
	return (struct pace){
		.interval_ns = opt->interval_ns,
		.duration_ns = opt->duration_ns,
		.count = opt->view->text_event ? 0 : opt->count,
	};
}

struct show show_of(const struct options *opt)
{
	return (struct show){
		.only_classes = opt->class_given ? opt->class_mask : 0,
		.failures_only = opt->failures_only,
		.stack = opt->stack,
		.timestamp = opt->timestamp,
		.replayed = opt->replay_path,
		.coloured = terminal_colours(opt->colours),
		.cut = opt->split,
		.rows = opt->rows,
		.lines = terminal_lines(),
		.ascii = terminal_ascii(),
	};
}
