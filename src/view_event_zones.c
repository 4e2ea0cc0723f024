// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_event_zones.c - the zones of a failed request: pages, marks, and free blocks by order. */
#include <inttypes.h>
#include <string.h>

#include "view_event_text.h"
#include "view_wrap.h"

#define INDENT 4
#define BLOCKS_INDENT 8

/* Why the request could not use this zone at all; NULL: it could. */
static const char *closed(const struct event *e, const struct lab_event_zone *z)
{
	if (z->zone > e->raw.highest_zone)
		return "zone not allowed";
	if (e->raw.nodes && (z->node >= 64 || !(e->raw.nodes & 1ULL << z->node)))
		return "node not allowed";
	return NULL;
}

/* Whose the blocks are that would have served it. */
static const char *fitting_blocks(const struct event *e, const struct lab_event_zone *z)
{
	static const char *const whose[] = {
		"none",
		"ordinary",
		"CMA",
		"ordinary, CMA",
		"exclusive",
		"ordinary, exclusive",
		"CMA, exclusive",
		"ordinary, CMA, exclusive",
	};
	__u32 order = e->raw.head.order, fitting = order < LAB_EVENT_ORDERS ? ~0U << order : 0;

	return whose[(z->ordinary & fitting ? 1 : 0) + (z->cma & fitting ? 2 : 0) +
		     (z->highatomic & fitting ? 4 : 0)];
}

/* Free blocks are looked at for requests of an order above 0. */
static void print_blocks(FILE *f, const struct event *e, const struct lab_event_zone *z)
{
	struct wrap w = {.f = f, .indent = BLOCKS_INDENT};
	bool any = false;

	if (e->raw.head.order == 0)
		return;
	wrap_begin(&w, BLOCKS_INDENT);
	wrap_text(&w, "free blocks by order");
	for (unsigned int i = 0; i < LAB_EVENT_ORDERS; i++) {
		if (!z->blocks[i])
			continue;
		any = true;
		wrap_format(&w, "%u:%u", i, z->blocks[i]);
	}
	wrap_format(&w, "%s- order %u and more: %s", any ? "" : "none ", e->raw.head.order,
		    fitting_blocks(e, z));
	wrap_end(&w);
}

static void print_zone(FILE *f, const struct event *e, unsigned int i)
{
	const struct lab_event_zone *z = &e->raw.zone[i];
	char name[LAB_ZONE_NAME + 16];
	const char *why = closed(e, z);

	snprintf(name, sizeof(name), "%u/%.*s", z->node, LAB_ZONE_NAME - 1, e->zone_name[i]);
	for (char *c = name; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	}
	fprintf(f,
		"%*s%-12s %9" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64
		" %8" PRIu64 " %9" PRIu64 "%s%s\n",
		INDENT, "", name, (uint64_t)z->free, (uint64_t)z->min, (uint64_t)z->low,
		(uint64_t)z->boost, (uint64_t)z->lowmem_reserve, (uint64_t)z->free_cma,
		(uint64_t)z->unusable_highatomic, why ? "  " : "", why ?: "");
	print_blocks(f, e, z);
}

void event_zones_text(FILE *f, const struct event *e)
{
	if (e->raw.zones == 0)
		return;
	fprintf(f, "%*s%-12s %9s %8s %8s %8s %8s %8s %9s\n", INDENT, "", "zone, pages", "free",
		"min", "low", "boost", "lowmem", "CMA", "exclusive");
	for (unsigned int i = 0; i < e->raw.zones; i++)
		print_zone(f, e, i);
}
