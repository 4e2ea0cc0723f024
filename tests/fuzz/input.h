/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* input.h - bytes as a file with a name, for what reads files; it never reaches a disk. */
#ifndef LAB_FUZZ_INPUT_H
#define LAB_FUZZ_INPUT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct input {
	int fd; /* 0: not yet made */
	char path[32];
};

static inline void input_put(struct input *in, const uint8_t *data, size_t size)
{
	if (!in->fd) {
		in->fd = memfd_create("fuzz", 0);
		snprintf(in->path, sizeof(in->path), "/proc/self/fd/%d", in->fd);
	}
	if (in->fd < 0 || ftruncate(in->fd, 0) || pwrite(in->fd, data, size, 0) != (ssize_t)size)
		abort();
}

/* The part before the next byte of zero, which is passed over; at the end there is none. */
static inline const uint8_t *input_part(const uint8_t **data, size_t *size, size_t *ret_size)
{
	const uint8_t *part = *data, *end = *size ? memchr(part, 0, *size) : NULL;

	*ret_size = end ? (size_t)(end - part) : *size;
	*data += *ret_size + (end != NULL);
	*size -= *ret_size + (end != NULL);
	return part;
}

#endif
