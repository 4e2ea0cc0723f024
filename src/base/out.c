// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* out.c - see out.h. */
#include <errno.h>
#include <stdint.h>
#include <stdio_ext.h>
#include <string.h>

#include "base/exits.h"
#include "base/stop.h"
#include "base/util.h"
#include "base/out.h"

/* The descriptor is the cookie: nothing to free. */
static ssize_t write_all(void *cookie, const char *buf, size_t size)
{
	size_t done;

	errno = -stop_write((int)(intptr_t)cookie, buf, size, &done);
	return (ssize_t)done;
}

/* By stdio alone what is left of a write that was interrupted would be lost. */
FILE *out_open(int fd, char *room, size_t size)
{
	const cookie_io_functions_t calls = {.write = write_all};
	FILE *f = fopencookie((void *)(intptr_t)fd, "w", calls);

	if (f && room)
		setvbuf(f, room, _IOFBF, size);
	return f;
}

static int write_error(void)
{
	if (errno == EPIPE || errno == EINTR)
		return -errno;
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write the output: %s", strerror(errno));
}

int out_flush(FILE *f)
{
	return fflush(f) ? write_error() : 0;
}

int out_put(FILE *f, const char *text, size_t len)
{
	int r = 0;

	if (__fpending(f) + len > __fbufsize(f))
		r = out_flush(f);
	if (!r && fwrite(text, 1, len, f) != len)
		r = write_error();
	return r;
}

int out_write(FILE *f, const char *text, size_t len)
{
	return out_put(f, text, len) ?: out_flush(f);
}
