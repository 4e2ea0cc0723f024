// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* stacks.c - see stacks.h. A table with one place for each hash: a new stack takes the old one's.
 */
#include "stacks.h"

#include <stdlib.h>
#include <string.h>

#include "sites.h"
#include "symbols.h"

#define PLACES 32

/* What a stack comes to. */
struct named {
	__u64 stack[LAB_EVENT_FRAMES];
	unsigned int depth; /* of stack; 0: a free place */
	unsigned int frames;
	bool known; /* all addresses: else the symbols may be read again for one */
	struct event_frame frame[LAB_EVENT_FRAMES];
	struct site site;
};

struct stacks {
	struct symbols *symbols;
	struct named place[PLACES];
};

struct stacks *stacks_new(struct symbols *symbols)
{
	struct stacks *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	/* Written to, all of it, as calloc() would not: later there may be no memory to have. */
	explicit_bzero(s, sizeof(*s));
	s->symbols = symbols;
	return s;
}

void stacks_forget(struct stacks *s)
{
	for (unsigned int i = 0; i < PLACES; i++)
		s->place[i].depth = 0;
}

void stacks_free(struct stacks *s)
{
	free(s);
}

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
	n->known = true;
	for (unsigned int i = 0; i < depth; i++)
		n->known &= symbols_find(s->symbols, stack[i], &n->frame[i]);
	n->frames = site_strip_probes(n->frame, depth);
	memset(&n->site, 0, sizeof(n->site));
	site_find(n->frame, n->frames, &n->site);
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
