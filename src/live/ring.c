// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* ring.c - see ring.h. */
#include "live/ring.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "live/skel.h"

struct ring {
	struct ring_buffer *buffer;
	ring_fn *fn;
	void *arg;
};

/* A follow-up is a head alone; anything shorter than its kind needs is not ours. */
static int on_record(void *ctx, void *data, size_t size)
{
	const struct lab_event_head *head = data;
	struct ring *ring = ctx;

	if (size < sizeof(*head) || head->kind >= LAB_EVENT_KINDS)
		return 0;
	if (head->kind != LAB_EVENT_FOLLOW && size < sizeof(struct lab_event))
		return 0;
	ring->fn(ring->arg, data);
	return 0;
}

int ring_open(struct ring **ret, struct hooks *h, ring_fn *fn, void *arg)
{
	struct ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		return -ENOMEM;
	ring->fn = fn;
	ring->arg = arg;
	ring->buffer = ring_buffer__new(bpf_map__fd(h->skel->maps.events), on_record, ring, NULL);
	if (!ring->buffer) {
		int r = -errno;

		free(ring);
		return r;
	}
	*ret = ring;
	return 0;
}

int ring_fd(const struct ring *ring)
{
	return ring_buffer__epoll_fd(ring->buffer);
}

int ring_consume(struct ring *ring)
{
	return ring_buffer__consume(ring->buffer);
}

void ring_close(struct ring *ring)
{
	if (!ring)
		return;
	ring_buffer__free(ring->buffer);
	free(ring);
}
