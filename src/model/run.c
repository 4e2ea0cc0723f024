// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* run.c - see run.h. */
#include "model/run.h"

#include <string.h>

#include "base/pace.h"

bool run_is_slow_only(const struct run_info *info)
{
	for (unsigned int i = 0; i < info->hooks; i++)
		if (strcmp(info->hook[i].name, RUN_HOOK_FAILED) == 0)
			return true;
	return false;
}

void run_head_stamp(struct run_head *head, const struct run_info *info,
		    const struct pace_stamp *stamp, bool final)
{
	head->info = *info;
	time_zone_here(&head->info.time_zone, stamp->time_ns);
	head->time_ns = stamp->time_ns;
	head->interval_ns = stamp->interval_ns;
	head->total_ns = stamp->total_ns;
	head->sequence = stamp->sequence;
	head->final = final;
}

static __u64 more(__u64 now, __u64 then)
{
	return now > then ? now - then : 0;
}

void run_head_audit(struct run_head *head, const struct run_audit *now)
{
	const struct run_audit *then = &head->total;

	head->interval = (struct run_audit){
		.seen = more(now->seen, then->seen),
		.missed = more(now->missed, then->missed),
		.uncounted = more(now->uncounted, then->uncounted),
		.skipped = more(now->skipped, then->skipped),
		.throttled = more(now->throttled, then->throttled),
		.dropped = more(now->dropped, then->dropped),
		.unread = more(now->unread, then->unread),
	};
	head->total = *now;
}

bool run_audit_complete(const struct run_audit *a)
{
	return a->missed == 0 && a->uncounted == 0 && a->skipped == 0 && a->unread == 0;
}

bool run_head_complete(const struct run_head *head, __u64 not_followed)
{
	const struct run_audit *a = &head->total;

	return !a->missed && !a->throttled && !a->dropped && !a->uncounted && !a->unread &&
	       !not_followed && !head->budget.skipped;
}

const char *budget_step_name(unsigned int step)
{
	static const char *const names[BUDGET_STEPS] = {
		[BUDGET_EVERYTHING] = "everything",
		[BUDGET_NO_STACKS] = "no_stacks",
		[BUDGET_COARSE_SITES] = "coarse_sites",
		[BUDGET_FAILURES_ONLY] = "failures_only",
	};

	return step < BUDGET_STEPS ? names[step] : NULL;
}

__u64 run_page_bytes(const struct run_info *info)
{
	if (info->page_bytes)
		return info->page_bytes;
	return info->pageblock_pages == 512 || info->pageblock_pages == 1024 ? 4096 : 0;
}
