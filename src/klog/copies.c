// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* copies.c - reports are alike by task, mask, trace and all numbers of their zones. */
#include "klog/copies.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS (1U << 16)

struct slot {
	__u64 hash; /* 0: free */
	__s64 time_us, wall_s;
};

struct copies {
	struct slot slot[SLOTS];
};

struct copies *copies_new(void)
{
	return calloc(1, sizeof(struct copies));
}

void copies_free(struct copies *c)
{
	free(c);
}

static __u64 mix(__u64 h, const void *p, size_t len)
{
	const unsigned char *s = p;

	for (size_t i = 0; i < len; i++)
		h = (h ^ s[i]) * 0x100000001b3ULL;
	return h;
}

static __u64 mix_zones(__u64 h, const struct alloc_report *r)
{
	for (unsigned int i = 0; i < r->zones; i++) {
		const struct report_zone *z = &r->zone[i];
		__u64 v[] = {z->free, z->min, z->free_pcp, z->managed};

		h = mix(h, z->name, strlen(z->name));
		h = mix(h, v, sizeof(v));
	}
	return h;
}

static __u64 hash_of(const struct alloc_report *r)
{
	__u64 h = 0xcbf29ce484222325ULL;

	h = mix(h, r->comm, strlen(r->comm));
	h = mix(h, r->release, strlen(r->release));
	h = mix(h, &r->order, sizeof(r->order));
	h = mix(h, &r->gfp_number, sizeof(r->gfp_number));
	h = mix(h, &r->pid, sizeof(r->pid));
	for (unsigned int i = 0; i < r->frames; i++)
		h = mix(h, r->frame[i].symbol, strlen(r->frame[i].symbol));
	return mix_zones(h, r) ?: 1;
}

static bool alike(const struct slot *s, const struct alloc_report *r)
{
	if (s->time_us >= 0 && r->time_us >= 0)
		return s->time_us == r->time_us;
	if (s->wall_s >= 0 && r->wall_s >= 0 && s->wall_s != r->wall_s)
		return false;
	/* Without numbers, and from one log, they may be two. */
	return r->zones || (s->time_us >= 0) != (r->time_us >= 0);
}

bool copies_seen(struct copies *c, const struct alloc_report *r)
{
	__u64 hash = hash_of(r);
	struct slot *s = &c->slot[hash % SLOTS];
	bool seen = s->hash == hash && alike(s, r);

	if (!seen || s->time_us < 0)
		*s = (struct slot){hash, r->time_us, r->wall_s};
	return seen;
}
