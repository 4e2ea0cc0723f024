// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tables_text.c - what the reports of flags and lint have in common, for people. */
#include <inttypes.h>

#include "base/exits.h"
#include "view/show.h"
#include "view/tables_text.h"
#include "base/util.h"
#include "base/out.h"
#include "view/fold.h"
#include "view/page.h"

void tables_head_text(FILE *f, const struct show *show, const struct run_head *head)
{
	page_part(f, head);
	page_heading(f, head, show->timestamp, show->timestamp);
	page_missing(f, show, head);
}

void tables_audit_text(FILE *f, const struct show *show, const struct run_head *head, bool seen)
{
	const struct run_audit *a = head->final ? &head->total : &head->interval;

	view_budget(f, show, &head->budget);
	fputs("audit: ", f);
	if (seen)
		fprintf(f, "seen %" PRIu64 ", ", (uint64_t)a->seen);
	fprintf(f, "missed %" PRIu64 ", uncounted %" PRIu64, (uint64_t)a->missed,
		(uint64_t)a->uncounted);
	text_item(f, true, "skipped", a->skipped);
	text_item(f, true, "unread", a->unread);
	text_complete(f, show, run_audit_complete(a));
}

void tables_filter_text(FILE *f, const struct show *show, const struct run_head *head)
{
	__u32 recorded = head->info.class_mask;
	bool listed = false;

	if (!show->only_classes || (recorded & ~show->only_classes) == 0)
		return;
	fputs("filtered: the rows; the audit is of ", f);
	for (unsigned int i = 0; i < LAB_CLASSES; i++) {
		if (!(recorded & (1U << i)))
			continue;
		fprintf(f, "%s%s", listed ? ", " : "", class_name(i));
		listed = true;
	}
	fputc('\n', f);
}

int tables_page(FILE *f, const struct show *show, const void *report,
		void (*fn)(FILE *f, const struct show *show, const void *report))
{
	_cleanup_(freep) char *buf = NULL;
	size_t len;
	FILE *page = open_memstream(&buf, &len);

	if (!page)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	fn(page, show, report);
	if (fclose(page) != 0)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for a report as text");
	return fold_put(f, show, buf, len) ?: out_flush(f);
}
