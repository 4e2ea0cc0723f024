// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_budget.c - see view_budget.h. */
#include "view_budget.h"

#include <inttypes.h>

#include "view_wrap.h"

/* Of a second of one processor, in per cent. */
static double percent(__u64 ns)
{
	return (double)ns / 1e7;
}

static void print_used(struct wrap *w, const struct budget_report *b)
{
	__u64 programs = b->programs_known ? b->programs_ns : 0;

	wrap_format(w, "budget: used %.2f %% of the %.2f %% of a processor",
		    percent(programs + b->process_ns), percent(b->limit_ns));
	if (b->programs_known)
		wrap_format(w, "(programs %.2f,", percent(b->programs_ns));
	else
		wrap_text(w, "(programs -,");
	wrap_format(w, "process %.2f):", percent(b->process_ns));
}

static void print_step(struct wrap *w, const struct budget_report *b)
{
	static const char *const steps[BUDGET_STEPS] = {
		[BUDGET_EVERYTHING] = "everything is told",
		[BUDGET_NO_STACKS] = "no stacks",
		[BUDGET_COARSE_SITES] = "no stacks, sites sampled one in",
		[BUDGET_FAILURES_ONLY] = "failures only",
	};

	if (b->over)
		wrap_text(w, "OVER with");
	wrap_text(w, b->step < BUDGET_STEPS ? steps[b->step] : "-");
	if (b->step == BUDGET_COARSE_SITES)
		wrap_format(w, "%u", (unsigned int)b->sites_sampled);
	if (b->steps_down)
		wrap_format(w, "(steps down %" PRIu64 ", up %" PRIu64 ")", (uint64_t)b->steps_down,
			    (uint64_t)b->steps_up);
}

void view_budget(FILE *f, const struct budget_report *b)
{
	struct wrap w = {.f = f, .indent = 4};

	if (!b->limit_ns)
		return;
	print_used(&w, b);
	print_step(&w, b);
	if (b->skipped)
		wrap_format(&w, "- passed over %" PRIu64 " since start", (uint64_t)b->skipped);
	wrap_end(&w);
}
