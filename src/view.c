// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view.c - what all views share. */
#include <errno.h>
#include <stdio_ext.h>
#include <string.h>

#include "exits.h"
#include "options.h"
#include "util.h"
#include "view.h"

static int write_error(void)
{
	if (errno == EPIPE)
		return -EPIPE;
	return log_err(-LAB_EXIT_RUNTIME, "cannot write the output: %s", strerror(errno));
}

int view_flush(FILE *f)
{
	return fflush(f) ? write_error() : 0;
}

int view_put(FILE *f, const char *text, size_t len)
{
	int r = 0;

	if (__fpending(f) + len > __fbufsize(f))
		r = view_flush(f);
	if (!r && fwrite(text, 1, len, f) != len)
		r = write_error();
	return r;
}

int view_write(FILE *f, const char *text, size_t len)
{
	return view_put(f, text, len) ?: view_flush(f);
}

bool view_wants_row(const struct options *opt, unsigned int class, const struct row *row)
{
	if (opt->class_given && !(opt->class_mask & (1U << class)))
		return false;
	if (opt->failures_only && row->failed_final + row->failed_opportunistic == 0)
		return false;
	return row->requests > 0;
}

long long view_held_blocks(const struct report *r)
{
	__u64 pages = 0;

	if (!r->info.has_zones || r->info.pageblock_pages == 0)
		return -1;
	for (unsigned int i = 0; i < r->zones; i++)
		pages += r->zone[i].reserved_highatomic;
	return (long long)(pages / r->info.pageblock_pages);
}
