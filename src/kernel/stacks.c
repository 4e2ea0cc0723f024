// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * stacks.c - see stacks.h. Stacks of events: a table with one place for each hash; a new stack
 * replaces the old one. Stacks of rows: their sites as text, one after the other, until the space
 * is full.
 */
#include "kernel/stacks.h"

#include <stdlib.h>
#include <string.h>

#include "model/site.h"
#include "kernel/symbols.h"

#define PLACES 32

/* A site, its driver and the helpers between are mostly 60 to 80 bytes. */
#define TEXT_OF_ROW 96

/* A stack resolved. */
struct named {
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int depth; /* frames in stack; 0: a free place */
	unsigned int frames;
	bool known; /* all addresses are known: otherwise the symbols may be read again */
	struct event_frame frame[LAB_EVENT_FRAMES];
	struct site site;
};

/* The site of a stack of rows. */
struct kept {
	__u64 key;	      /* LAB_NO_STACK: a free place */
	__u64 from_ns, to_ns; /* when it was first made: its addresses are those of then */
	__u32 text;	      /* where its site, driver and via begin, each NUL-terminated */
	__u16 skipped;	      /* frames below the allocator */
	__u16 version;	      /* of the symbols, while some of it is not known; else KNOWN */
};

#define KNOWN 0 /* what was named stays named */

struct stacks {
	struct symbols *symbols;
	struct named place[PLACES];
	unsigned int rows, kept; /* stacks of rows: most, and now */
	unsigned int row_places; /* more than rows: some are always free */
	__u64 from_ns, to_ns;	 /* rows that are new were made in between */
	__u16 version;		 /* of the symbols, never KNOWN */
	bool fresh;		 /* an event had a stack that was not remembered */
	char *text;
	size_t text_used, text_room;
	struct kept row[]; /* the text follows */
};

struct stacks *stacks_new(struct symbols *symbols, unsigned int rows)
{
	unsigned int places = 2 * rows + 1;
	size_t table = sizeof(struct stacks) + places * sizeof(struct kept);
	size_t room = (size_t)rows * TEXT_OF_ROW;
	struct stacks *s = malloc(table + room);

	if (!s)
		return NULL;
	/* Written to, unlike calloc(): later there may be no memory for it. */
	explicit_bzero(s, table + room);
	s->symbols = symbols;
	s->version = KNOWN + 1;
	s->rows = rows;
	s->row_places = places;
	s->text = (char *)s + table;
	s->text_room = room;
	s->text_used = room ? 1 : 0; /* 0: no text */
	return s;
}

/* Of events; rows stay what they were, but for what was not known of them. */
static void forget(struct stacks *s)
{
	for (unsigned int i = 0; i < PLACES; i++)
		s->place[i].depth = 0;
	if (++s->version == KNOWN)
		s->version++;
}

bool stacks_refresh(struct stacks *s, __u64 now_ns)
{
	bool changed = symbols_refresh(s->symbols, now_ns);

	if (changed)
		forget(s);
	return changed;
}

__u32 stacks_begin_rows(struct stacks *s, __u64 now_ns)
{
	stacks_refresh(s, now_ns);
	s->from_ns = s->to_ns;
	s->to_ns = symbols_listed_ns(s->symbols);
	s->fresh = false;
	return symbols_unloads(s->symbols);
}

bool stacks_are_fresh(const struct stacks *s)
{
	return s->fresh;
}

void stacks_free(struct stacks *s)
{
	free(s);
}

/* A stack, and when it was. */
struct taken {
	const __u64 *stack;
	unsigned int depth;
	__u64 from_ns, to_ns;
};

static bool find(struct stacks *s, const struct taken *t, unsigned int i, struct event_frame *ret)
{
	return symbols_find(s->symbols, t->stack[i], t->from_ns, t->to_ns, ret);
}

/*
 * Resolves the frames above the allocator and finds the site. Returns the number of frames;
 * *ret_known: all of them are known.
 */
static unsigned int name_frames(struct stacks *s, const struct taken *t, struct event_frame *frame,
				struct site *ret, bool *ret_known)
{
	unsigned int frames;

	*ret_known = true;
	for (unsigned int i = 0; i < t->depth; i++)
		*ret_known &= find(s, t, i, &frame[i]);
	frames = site_strip_probes(frame, t->depth);
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

static void name_stack(struct stacks *s, struct named *n, const struct taken *t)
{
	memcpy(n->stack, t->stack, t->depth * sizeof(*t->stack));
	n->depth = t->depth;
	n->frames = name_frames(s, t, n->frame, &n->site, &n->known);
	s->fresh = true;
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
	const struct taken t = {stack, depth, e->raw.head.time_ns, e->raw.head.time_ns};

	if (place->depth != depth || !place->known ||
	    memcmp(place->stack, stack, depth * sizeof(stack[0])) != 0)
		name_stack(s, place, &t);
	fill(e, place);
}

/* ---- of rows ---- */

/* The place of a key, or a free place for it. */
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

/* Without room it is resolved again each time. */
static void keep_row(struct stacks *s, struct kept *k, const struct site_row *row,
		     unsigned int skipped, bool known)
{
	size_t site = strlen(row->site) + 1, driver = strlen(row->driver) + 1;
	size_t via = strlen(row->via) + 1;

	k->version = known ? KNOWN : s->version;
	k->skipped = (__u16)skipped;
	/* Named anew with the same names, as most are whose last frames are not known. */
	if (k->text && strcmp(s->text + k->text, row->site) == 0 &&
	    strcmp(s->text + k->text + site, row->driver) == 0)
		return;
	k->text = 0;
	if (s->text_used + site + driver + via > s->text_room)
		return;
	k->text = (__u32)s->text_used;
	put_text(s, row->site, site);
	put_text(s, row->driver, driver);
	put_text(s, row->via, via);
}

static void find_site(struct stacks *s, struct kept *k, const struct taken *t, struct site_row *row)
{
	struct site site;
	bool known;

	row->frames = name_frames(s, t, row->frame, &site, &known);
	memcpy(row->site, site.site, sizeof(row->site));
	memcpy(row->driver, site.driver, sizeof(row->driver));
	memcpy(row->via, site.via, sizeof(row->via));
	if (k)
		keep_row(s, k, row, t->depth - row->frames, known);
}

static const char *take_text(const char *text, char *ret)
{
	size_t size = strlen(text) + 1;

	memcpy(ret, text, size);
	return text + size;
}

static void recall_site(struct stacks *s, const struct kept *k, const struct taken *t,
			struct site_row *row)
{
	const char *text = s->text + k->text;

	/* Not cached: finding the frames again is cheap, caching them takes some KiB each. */
	for (unsigned int i = k->skipped; i < t->depth; i++)
		find(s, t, i, &row->frame[row->frames++]);
	text = take_text(text, row->site);
	text = take_text(text, row->driver);
	take_text(text, row->via);
}

/* When the row was first seen; a new one now. NULL: no room. */
static struct kept *row_of(struct stacks *s, __u64 key)
{
	struct kept *k = find_row(s, key);

	if (k->key == key)
		return k;
	if (s->kept == s->rows)
		return NULL;
	s->kept++;
	*k = (struct kept){.key = key, .from_ns = s->from_ns, .to_ns = s->to_ns};
	return k;
}

void stacks_name_row(struct stacks *s, const __u64 *stack, unsigned int depth, struct site_row *row)
{
	struct kept *k = row_of(s, row->key.stack);
	const struct taken t = {stack, depth, k ? k->from_ns : s->from_ns, k ? k->to_ns : s->to_ns};

	if (k && k->text && (k->version == KNOWN || k->version == s->version))
		recall_site(s, k, &t, row);
	else
		find_site(s, k, &t, row);
}
