// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* part.c - see part.h. */
#include "base/part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/stop.h"
#include "base/util.h"

/* No two runs write it, and what a killed one left is not lost. 1: it left something; 0, -errno. */
static int move_left(const char *part, const char *killed)
{
	int old = stop_openat(AT_FDCWD, part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
	bool busy = old >= 0 && flock(old, LOCK_EX | LOCK_NB);

	if (old >= 0)
		close(old);
	if (busy)
		return -EBUSY;
	if (old < 0)
		return 0;
	return renameat(AT_FDCWD, part, AT_FDCWD, killed) ? -errno : 1;
}

int part_open(const char *path, bool *ret_left)
{
	_cleanup_(freep) char *part = NULL, *killed = NULL;
	int r;

	*ret_left = false;
	if (asprintf(&part, "%s.part", path) < 0)
		part = NULL;
	if (asprintf(&killed, "%s.killed", path) < 0)
		killed = NULL;
	if (!part || !killed)
		return -ENOMEM;
	r = move_left(part, killed);
	if (r < 0)
		return r;
	*ret_left = r;
	r = stop_openat(AT_FDCWD, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (r >= 0)
		flock(r, LOCK_EX | LOCK_NB);
	return r;
}
