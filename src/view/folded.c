// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* folded.c - see folded.h. */
#include "view/folded.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"

#define LINE (LAB_EVENT_FRAMES * (EVENT_SYMBOL + EVENT_MODULE + 4))

struct stack {
	char *line;
	__u64 weight;
};

/* Open addressing; never more than half full. */
struct folded {
	struct stack *stack;
	size_t room, used;
};

const char *stack_weight_name(unsigned int weight)
{
	static const char *const names[WEIGHTS] = {
		[WEIGHT_FAILED] = "failed",
		[WEIGHT_LOST] = "lost",
		[WEIGHT_PAGES] = "pages",
	};

	return weight < WEIGHTS ? names[weight] : NULL;
}

__u64 stack_weight_of(enum stack_weight weight, const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;

	if (h->kind != LAB_EVENT_FAILED)
		return 0;
	if (weight == WEIGHT_LOST)
		return e->aftermath == AFTERMATH_LOST;
	if (weight == WEIGHT_FAILED)
		return 1;
	if (h->flags & LAB_EVENT_BULK)
		return e->raw.bulk_asked > e->raw.bulk_got ? e->raw.bulk_asked - e->raw.bulk_got
							   : 0;
	return h->order < 32 ? 1ULL << h->order : 0;
}

struct folded *folded_new(void)
{
	return calloc(1, sizeof(struct folded));
}

void folded_free(struct folded *s)
{
	for (size_t i = 0; s && i < s->room; i++)
		free(s->stack[i].line);
	if (s)
		free(s->stack);
	free(s);
}

/* What parts functions, and a stack from its weight, is in no name. */
static char *put_name(char *to, const char *name)
{
	for (; *name; name++)
		*to++ = *name <= ' ' || *name == ';' || *name == 0x7f ? '_' : *name;
	return to;
}

static void make_line(char line[LINE], const struct event *e)
{
	char *to = line;

	for (unsigned int i = e->frames; i--;) {
		const struct event_frame *frame = &e->frame[i];
		bool bare = frame->module[0] && frame->module[0] != '[';

		to = put_name(to, frame->symbol[0] ? frame->symbol : "?");
		if (frame->module[0]) {
			to = put_name(to, bare ? "_[" : "_");
			to = put_name(to, frame->module);
			to = put_name(to, bare ? "]" : "");
		}
		*to++ = ';';
	}
	if (to == line)
		strcpy(line, "[stack unknown]");
	else
		to[-1] = '\0';
}

static struct stack *find(struct stack *stack, size_t room, const char *line)
{
	__u64 hash = 0xcbf29ce484222325ULL;
	size_t i;

	for (const char *c = line; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3ULL;
	for (i = hash % room; stack[i].line && strcmp(stack[i].line, line) != 0; i = (i + 1) % room)
		;
	return &stack[i];
}

static int grow(struct folded *s)
{
	size_t room = s->room ? 2 * s->room : 256;
	struct stack *stack = calloc(room, sizeof(*stack));

	if (!stack)
		return -ENOMEM;
	for (size_t i = 0; i < s->room; i++)
		if (s->stack[i].line)
			*find(stack, room, s->stack[i].line) = s->stack[i];
	free(s->stack);
	s->stack = stack;
	s->room = room;
	return 0;
}

int folded_add(struct folded *s, const struct event *e, __u64 weight)
{
	char line[LINE];
	struct stack *stack;

	if (!weight)
		return 0;
	if (2 * (s->used + 1) > s->room && grow(s))
		return -ENOMEM;
	make_line(line, e);
	stack = find(s->stack, s->room, line);
	if (!stack->line) {
		stack->line = strdup(line);
		if (!stack->line)
			return -ENOMEM;
		s->used++;
	}
	stack->weight += weight;
	return 0;
}

static int heavier(const void *a, const void *b)
{
	const struct stack *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	if (!x->line || !y->line)
		return 0;
	return strcmp(x->line, y->line);
}

int folded_print(FILE *f, struct folded *s)
{
	_cleanup_(freep) char *buf = NULL;
	size_t len = 0;
	FILE *page = open_memstream(&buf, &len);

	if (!page)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for the stacks");
	/* No longer a table to look anything up in. */
	if (s->room)
		qsort(s->stack, s->room, sizeof(*s->stack), heavier);
	for (size_t i = 0; i < s->used; i++)
		fprintf(page, "%s %" PRIu64 "\n", s->stack[i].line, (uint64_t)s->stack[i].weight);
	if (fclose(page))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for the stacks");
	return out_write(f, buf, len);
}
