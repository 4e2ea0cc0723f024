// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* why_report.c - see why_report.h. */
#include "view/why_report.h"

#include <stdlib.h>

void why_figures_add(struct why_figures *dst, const struct why_figures *src)
{
	const __u64 *from = (const __u64 *)src;
	__u64 *to = (__u64 *)dst;

	while (to < &dst->latency_max_ns)
		*to++ += *from++;
	if (src->latency_max_ns > dst->latency_max_ns)
		dst->latency_max_ns = src->latency_max_ns;
}

struct why_figures why_list_sum(const struct why_list *l)
{
	struct why_figures sum = l->other;

	for (unsigned int i = 0; i < l->sites; i++)
		why_figures_add(&sum, &l->site[i].count);
	return sum;
}

__u64 why_requests(const struct why_figures *f, __u32 sample_every)
{
	__u64 estimate = f->requests_sampled * sample_every, known = f->failed + f->below_min;

	return estimate > known ? estimate : known;
}

__u64 why_told(const struct why_figures *f)
{
	__u64 judged = 0, printed = 0;

	for (unsigned int i = 0; i < VERDICTS; i++)
		judged += f->verdict[i];
	for (unsigned int i = 0; i < PRINTEDS; i++)
		printed += f->printed[i];
	/* A kernel log may have no verdict, an old recording not say what was printed. */
	return judged > printed ? judged : printed;
}

bool why_at_least(const struct why_report *r, const struct why_figures *sum)
{
	return sum->not_followed ||
	       (!r->counted && (r->head.total.throttled || r->head.total.dropped));
}

void why_report_free(struct why_report *r)
{
	free(r->interval.site);
	free(r->total.site);
	r->interval = r->total = (struct why_list){0};
}
