// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fuzz_klog.c - any bytes as a kernel log: read, decided and printed in every way, under the
 * sanitizers. What is printed must add up, whatever was read.
 */
#include <stdint.h>
#include <stdlib.h>

#include "klog/klog.h"
#include "view/explain_shape.h"
#include "view/explain_text.h"
#include "view/explain_group.h"

struct sink {
	FILE *f;
	struct explain_groups *groups;
	__u64 reports;
};

static int on_report(void *arg, struct alloc_report *r)
{
	struct sink *s = arg;

	s->reports++;
	if (r->verdict != REPORT_NONE && !r->zones)
		abort(); /* a verdict without a number */
	if (r->nearest.known && r->verdict == REPORT_EXHAUSTED && r->nearest.trial.margin > 0)
		abort();
	return explain_groups_add(s->groups, r) ?: explain_json(s->f, r) ?:
						   explain_text(s->f, r, s->reports, 0);
}

/* One reader for all: to set it up takes longer than a log. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sink s;
	static struct klog *k;

	if (!k) {
		s.f = fopen("/dev/null", "w");
		k = klog_new(on_report, &s);
	}
	s.groups = explain_groups_new();
	if (!s.f || !s.groups || !k)
		abort();
	if (klog_read_bytes(k, "fuzz", (const char *)data, size))
		abort();
	if (klog_counts(k).reports != s.reports)
		abort();
	explain_groups_text(s.f, s.groups);
	explain_groups_json(s.f, s.groups);
	explain_groups_free(s.groups);
	s.groups = NULL;
	return 0;
}
