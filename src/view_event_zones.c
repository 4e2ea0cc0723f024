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

/* A line of the table, put together by hand: printf() takes ten times as long. */
struct line {
	char text[256];
	size_t len;
};

static void put_text(struct line *l, const char *s)
{
	while (*s && l->len + 1 < sizeof(l->text))
		l->text[l->len++] = *s++;
}

static void put_spaces(struct line *l, size_t n)
{
	while (n--)
		l->text[l->len++] = ' ';
}

/* Right, in a column so wide behind a space. */
static void put_number(struct line *l, __u64 v, size_t width)
{
	char digits[20];
	size_t at = sizeof(digits), n;

	do
		digits[--at] = (char)('0' + v % 10);
	while (v /= 10);
	n = sizeof(digits) - at;
	put_spaces(l, n < width ? width - n + 1 : 1);
	memcpy(l->text + l->len, digits + at, n);
	l->len += n;
}

/* Node and zone, after the indent; its name comes out of a kernel or a file. */
static void put_name(struct line *l, const struct lab_event_zone *z, const char *name)
{
	size_t end = INDENT + 12;

	put_spaces(l, INDENT - 1);
	put_number(l, z->node, 0);
	put_text(l, "/");
	for (; *name; name++)
		l->text[l->len++] = (unsigned char)*name < ' ' || *name == 0x7f ? '?' : *name;
	if (l->len < end)
		put_spaces(l, end - l->len);
}

static void print_zone(FILE *f, const struct event *e, unsigned int i)
{
	const struct lab_event_zone *z = &e->raw.zone[i];
	const char *why = closed(e, z);
	struct line l;

	l.len = 0;
	put_name(&l, z, e->zone_name[i]);
	put_number(&l, z->free, 9);
	put_number(&l, z->min, 8);
	put_number(&l, z->low, 8);
	put_number(&l, z->boost, 8);
	put_number(&l, z->lowmem_reserve, 8);
	put_number(&l, z->free_cma, 8);
	put_number(&l, z->unusable_highatomic, 9);
	if (why) {
		put_text(&l, "  ");
		put_text(&l, why);
	}
	l.text[l.len++] = '\n';
	fwrite_unlocked(l.text, 1, l.len, f);
	print_blocks(f, e, z);
}

void event_zones_text(FILE *f, const struct event *e)
{
	if (e->raw.zones == 0)
		return;
	fputs("    zone, pages       free      min      low    boost   lowmem      CMA exclusive\n",
	      f);
	for (unsigned int i = 0; i < e->raw.zones; i++)
		print_zone(f, e, i);
}
