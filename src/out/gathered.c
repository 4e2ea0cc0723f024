// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* gathered.c - see gathered.h. */
#include "out/gathered.h"

#include <string.h>

/* ---- events ---- */

static struct gathered_site *site_of(struct gathered *g, const struct event *e)
{
	struct gathered_site *new;

	for (unsigned int i = 0; i < g->sites; i++)
		if (strcmp(g->site[i].site, e->site) == 0 &&
		    strcmp(g->site[i].driver, e->driver) == 0)
			return &g->site[i];
	if (g->sites == GATHERED_SITES)
		return &g->other;
	new = &g->site[g->sites++];
	memcpy(new->site, e->site, sizeof(new->site));
	memcpy(new->driver, e->driver, sizeof(new->driver));
	return new;
}

static int take_event(void *report, const struct event *e)
{
	struct gathered *g = report;
	struct gathered_site *site;

	if (e->raw.head.kind != LAB_EVENT_FAILED || e->verdict >= VERDICTS ||
	    e->aftermath >= AFTERMATHS || e->printed >= PRINTEDS)
		return 0;
	site = site_of(g, e);
	site->failed++;
	site->lost += e->aftermath == AFTERMATH_LOST;
	g->verdict[e->verdict]++;
	g->aftermath[e->aftermath]++;
	g->printed[e->printed]++;
	return 0;
}

/* ---- readings ---- */

static struct report *cells(void *report)
{
	return &((struct gathered *)report)->cells;
}

static void summary(void *report, const struct event_summary *s)
{
	(void)report;
	(void)s; /* how it ended is in the head */
}

/*
 * A start without an end may for a moment be counted nowhere (accounting.h). A counter that goes
 * back is a restart for those who scrape it, and all that was counted is counted again.
 */
static void keep_larger(void *kept, const void *now, size_t size)
{
	__u64 *to = kept;
	const __u64 *from = now;

	for (size_t i = 0; i < size / sizeof(__u64); i++)
		to[i] = from[i] > to[i] ? from[i] : to[i];
}

static void keep_low(struct gathered_low *l, const struct zone_row *z)
{
	if (l->node != z->node || l->zone != z->zone)
		*l = (struct gathered_low){.node = z->node, .zone = z->zone};
	l->lowest[l->reports++ % GATHERED_WINDOW] = z->lowest_headroom;
}

__s64 gathered_lowest(const struct gathered *g, unsigned int zone)
{
	const struct gathered_low *l = &g->low[zone];
	unsigned int n = l->reports < GATHERED_WINDOW ? l->reports : GATHERED_WINDOW;
	__s64 lowest = g->cells.zone[zone].lowest_headroom;

	for (unsigned int i = 0; i < n; i++)
		if (l->lowest[i] < lowest && l->lowest[i] != ZONE_CLOSED)
			lowest = l->lowest[i];
	return lowest;
}

static int fill(void *report)
{
	struct gathered *g = report;

	keep_larger(&g->total, &g->cells.total, sizeof(g->total));
	g->cells.total = g->total;
	g->cells.head = g->head;
	for (unsigned int i = 0; i < g->cells.zones; i++)
		keep_low(&g->low[i], &g->cells.zone[i]);
	return 0;
}

static void drop(void *report)
{
	(void)report; /* owns nothing */
}

const struct view view_serve = {
	.name = "serve",
	.help = "metrics for Prometheus, over HTTP or in a file, until SIGTERM",
	.watching = "Watching page requests that may not sleep. Hit Ctrl-C to end.",
	.size = sizeof(struct gathered),
	.options = OPTION_CLASS | OPTION_ORDER | OPTION_ALL_CLASSES | OPTION_RESERVE |
		   OPTION_BUDGET | OPTION_ATTACH | OPTION_NO_LATENCY | OPTION_BTF | OPTION_SERVE,
	.slow_path = true,
	.scope = SCOPE_CELLS | SCOPE_EVENTS | SCOPE_GROWTH | SCOPE_RESERVE,
	.class_mask = LAB_CLASS_MASK_WATCHED,
	.interval_ns = 1000000000ULL,
	.cells = cells,
	.event = take_event,
	.summary = summary,
	.fill = fill,
	.drop = drop,
};
