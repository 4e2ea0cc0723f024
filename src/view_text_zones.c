// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_text_zones.c - free pages of each zone, its marks, and how far it is from a failure. */
#include <inttypes.h>

#include "options.h"
#include "view_text.h"

static void print_zone(FILE *f, const struct zone_row *z)
{
	char name[LAB_ZONE_NAME + 16];

	snprintf(name, sizeof(name), "%u/%s", z->node, z->name);
	for (char *c = name; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
	fprintf(f,
		"%-14s %11" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %11" PRId64
		" %11" PRId64 "\n",
		name, (uint64_t)z->free, (uint64_t)z->min, (uint64_t)z->low, (uint64_t)z->high,
		(uint64_t)z->floor, (int64_t)z->headroom, (int64_t)z->lowest_headroom);
	if (z->boost)
		fprintf(f, "%-14s marks boosted by %" PRIu64 " pages until kswapd has caught up\n",
			"", (uint64_t)z->boost);
}

void text_zones(const struct text_part *p)
{
	const struct report *r = p->report;

	if (!r->info.has_zones || r->zones == 0) {
		fputs("headroom: -\n", p->f);
		return;
	}
	fprintf(p->f, "%-14s %11s %9s %9s %9s %9s %11s %11s\n", "zone, pages", "free", "min", "low",
		"high", "floor", "headroom", r->final ? "lowest*" : "lowest");
	for (unsigned int i = 0; i < r->zones; i++)
		print_zone(p->f, &r->zone[i]);
	/* Only the last interval's low points are in a report: they are not since start. */
	if (r->final)
		fputs("  * in the last interval\n", p->f);
}
