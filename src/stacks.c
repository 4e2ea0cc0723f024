// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * stacks.c - see stacks.h. Stacks of events: a table with one place for each hash, where a new
 * stack takes the old one's. Stacks of rows: their sites as text, one behind the other, until it is
 * full.
 */
#include "stacks.h"

#include <stdlib.h>
#include <string.h>

#include "sites.h"
#include "symbols.h"

#define PLACES 32

/* A site, its driver and the helpers between are 60 to 80 bytes mostly. */
#define TEXT_OF_ROW 96

/* What a stack comes to. */
struct named {
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int depth; /* of stack; 0: a free place */
	unsigned int frames;
	bool known; /* all addresses: else the symbols may be read again for one */
	struct event_frame frame[LAB_EVENT_FRAMES];
	struct site site;
};

/* The site of a stack of rows. */
struct kept {
	__u64 key;     /* LAB_NO_STACK: a free place */
	__u32 text;    /* where its site, driver and via begin, each with its end */
	__u32 skipped; /* frames below the allocator */
};

struct stacks {
	struct symbols *symbols;
	struct named place[PLACES];
	unsigned int rows, kept; /* stacks of rows: at most, and now */
	unsigned int row_places; /* more than rows: some are always free */
	char *text;
	size_t text_used, text_room;
	struct kept row[]; /* the text is behind them */
};

struct stacks *stacks_new(struct symbols *symbols, unsigned int rows)
{
	unsigned int places = 2 * rows + 1;
	size_t table = sizeof(struct stacks) + places * sizeof(struct kept);
	size_t room = (size_t)rows * TEXT_OF_ROW;
	struct stacks *s = malloc(table + room);

	if (!s)
		return NULL;
	/* Written to, all of it, as calloc() would not: later there may be no memory to have. */
	explicit_bzero(s, table + room);
	s->symbols = symbols;
	s->rows = rows;
	s->row_places = places;
	s->text = (char *)s + table;
	s->text_room = room;
	return s;
}

static void forget(struct stacks *s)
{
	for (unsigned int i = 0; i < PLACES; i++)
		s->place[i].depth = 0;
	memset(s->row, 0, s->row_places * sizeof(s->row[0]));
	s->kept = 0;
	s->text_used = 0;
}

bool stacks_refresh(struct stacks *s, __u64 now_ns)
{
	bool changed = symbols_refresh(s->symbols, now_ns);

	if (changed)
		forget(s);
	return changed;
}

void stacks_free(struct stacks *s)
{
	free(s);
}

/* Names its frames but those below the allocator, and finds its site. How many, and are all known?
 */
static unsigned int name_frames(struct stacks *s, const __u64 *stack, unsigned int depth,
				struct event_frame *frame, struct site *ret, bool *ret_known)
{
	unsigned int frames;

	*ret_known = true;
	for (unsigned int i = 0; i < depth; i++)
		*ret_known &= symbols_find(s->symbols, stack[i], &frame[i]);
	frames = site_strip_probes(frame, depth);
	*ret = (struct site){0};
	site_find(frame, frames, ret);
	return frames;
}

/* ---- of events ---- */

static unsigned int place_of(const __u64 *stack, unsigned int depth)
{
	__u64 hash = depth;

	for (unsigned int i = 0; i < depth; i++)
		hash = (hash ^ stack[i]) * 0x9e3779b97f4a7c15ULL;
	return (unsigned int)(hash >> 32) % PLACES;
}

static void name_stack(struct stacks *s, struct named *n, const __u64 *stack, unsigned int depth)
{
	memcpy(n->stack, stack, depth * sizeof(*stack));
	n->depth = depth;
	n->frames = name_frames(s, stack, depth, n->frame, &n->site, &n->known);
}

static void fill(struct event *e, const struct named *n)
{
	e->frames = n->frames;
	memcpy(e->frame, n->frame, n->frames * sizeof(n->frame[0]));
	memcpy(e->site, n->site.site, sizeof(e->site));
	memcpy(e->driver, n->site.driver, sizeof(e->driver));
	memcpy(e->via, n->site.via, sizeof(e->via));
}

void stacks_name(struct stacks *s, const __u64 *stack, unsigned int depth, struct event *e)
{
	struct named *place = &s->place[place_of(stack, depth)];

	if (place->depth != depth || !place->known ||
	    memcmp(place->stack, stack, depth * sizeof(stack[0])) != 0)
		name_stack(s, place, stack, depth);
	fill(e, place);
}

/* ---- of rows ---- */

/* The place of a key, or a free one for it. */
static struct kept *find_row(struct stacks *s, __u64 key)
{
	unsigned int at = (unsigned int)(key >> 32) % s->row_places;

	while (s->row[at].key != LAB_NO_STACK && s->row[at].key != key)
		at = (at + 1) % s->row_places;
	return &s->row[at];
}

static void put_text(struct stacks *s, const char *text, size_t size)
{
	memcpy(s->text + s->text_used, text, size);
	s->text_used += size;
}

/* Where there is no room it is found anew each time. */
static void keep_row(struct stacks *s, struct kept *k, const struct site_row *row,
		     unsigned int skipped)
{
	size_t site = strlen(row->site) + 1, driver = strlen(row->driver) + 1;
	size_t via = strlen(row->via) + 1;

	if (s->kept == s->rows || s->text_used + site + driver + via > s->text_room)
		return;
	*k = (struct kept){row->key.stack, (__u32)s->text_used, skipped};
	put_text(s, row->site, site);
	put_text(s, row->driver, driver);
	put_text(s, row->via, via);
	s->kept++;
}

static void find_site(struct stacks *s, struct kept *k, const __u64 *stack, unsigned int depth,
		      struct site_row *row)
{
	struct site site;
	bool known;

	row->frames = name_frames(s, stack, depth, row->frame, &site, &known);
	memcpy(row->site, site.site, sizeof(row->site));
	memcpy(row->driver, site.driver, sizeof(row->driver));
	memcpy(row->via, site.via, sizeof(row->via));
	keep_row(s, k, row, depth - row->frames);
}

static const char *take_text(const char *text, char *ret)
{
	size_t size = strlen(text) + 1;

	memcpy(ret, text, size);
	return text + size;
}

static void recall_site(const struct stacks *s, const struct kept *k, const __u64 *stack,
			unsigned int depth, struct site_row *row)
{
	const char *text = s->text + k->text;

	/* Not kept: to find them again costs little, to keep them some KiB each. */
	for (unsigned int i = k->skipped; i < depth; i++)
		symbols_find(s->symbols, stack[i], &row->frame[row->frames++]);
	text = take_text(text, row->site);
	text = take_text(text, row->driver);
	take_text(text, row->via);
}

void stacks_name_row(struct stacks *s, const __u64 *stack, unsigned int depth, struct site_row *row)
{
	struct kept *k = find_row(s, row->key.stack);

	if (k->key == LAB_NO_STACK)
		find_site(s, k, stack, depth, row);
	else
		recall_site(s, k, stack, depth, row);
}
