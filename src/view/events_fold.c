// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* events_fold.c - see events_fold.h. */
#include "view/events_fold.h"

#include <inttypes.h>

#include "base/out.h"

/* FNV-1a, of 64 bits. */
#define HASH_START 0xcbf29ce484222325ULL
#define HASH_PRIME 0x100000001b3ULL

static __u64 add_number(__u64 hash, __u64 v)
{
	for (unsigned int i = 0; i < sizeof(v); i++, v >>= 8)
		hash = (hash ^ (v & 0xff)) * HASH_PRIME;
	return hash;
}

/* With its end, or "ab" and "c" were "a" and "bc". */
static __u64 add_text(__u64 hash, const char *s)
{
	do
		hash = (hash ^ (unsigned char)*s) * HASH_PRIME;
	while (*s++);
	return hash;
}

/* Who asked for what, where, and what came of it. */
static __u64 key_of(const struct event *e)
{
	const struct lab_event_head *h = &e->raw.head;
	__u64 key = add_text(HASH_START, e->driver);

	key = add_text(add_text(key, e->site), e->via);
	key = add_number(key, (__u64)h->gfp << 32 | h->order << 16 | h->context << 8 | h->kind);
	return add_number(key, (__u64)e->verdict << 48 | (__u64)e->aftermath << 32 |
				       (__u64)e->printed << 16 | h->level);
}

bool events_fold_takes(struct events_fold *fold, const struct event *e)
{
	if (!fold->shown_ns || fold->key != key_of(e))
		return false;
	fold->more++;
	fold->last_ns = e->time_ns;
	return true;
}

void events_fold_show(struct events_fold *fold, const struct event *e)
{
	*fold = (struct events_fold){.key = key_of(e), .shown_ns = e->time_ns};
}

int events_fold_text(FILE *f, struct events_fold *fold)
{
	char text[128];
	int n;

	if (fold->more == fold->said)
		return 0;
	fold->said = fold->more;
	n = snprintf(text, sizeof(text),
		     "    and %" PRIu64 " more like it, the last %.3f s later\n",
		     (uint64_t)fold->more, (double)(__s64)(fold->last_ns - fold->shown_ns) / 1e9);
	return out_put(f, text, (size_t)n);
}
