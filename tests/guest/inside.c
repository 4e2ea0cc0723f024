// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * inside - writes a text to a file as a task that is confined for just that write.
 *
 *	inside node NODE FILE TEXT	its memory comes from that node (MPOL_BIND)
 *	inside group DIR FILE TEXT	it is a member of the cgroup DIR
 *
 * Its own memory is all there before, as inside there may be none. Exit status: 0; 1 the write
 * failed, or there is no way in; 2 usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEFAULT = 0, BIND = 2 }; /* MPOL_... */

static int procs_inside = -1, procs_outside = -1;

static int set_policy(int mode, unsigned long nodes)
{
	return (int)syscall(SYS_set_mempolicy, mode, nodes ? &nodes : NULL,
			    nodes ? 8 * sizeof(nodes) : 0);
}

/* A writer moves itself by 0. */
static int move(int procs)
{
	return write(procs, "0", 1) == 1 ? 0 : -1;
}

/* The way in and out of a group is opened before. */
static int prepare_group(const char *dir)
{
	if (chdir(dir))
		return -1;
	procs_inside = open("cgroup.procs", O_WRONLY | O_CLOEXEC);
	procs_outside = open("../cgroup.procs", O_WRONLY | O_CLOEXEC);
	return procs_inside < 0 || procs_outside < 0 ? -1 : 0;
}

static int write_inside(int fd, const char *text, unsigned long nodes)
{
	size_t len = strlen(text);
	int error = 0;

	if (nodes ? set_policy(BIND, nodes) : move(procs_inside))
		return errno;
	if (write(fd, text, len) != (ssize_t)len)
		error = errno ? errno : EIO;
	if (nodes ? set_policy(DEFAULT, 0) : move(procs_outside))
		return errno;
	return error;
}

int main(int argc, char **argv)
{
	unsigned long nodes = 0;
	int error, fd;

	if (argc != 5 || (strcmp(argv[1], "node") != 0 && strcmp(argv[1], "group") != 0)) {
		fprintf(stderr, "usage: inside node|group WHICH FILE TEXT\n");
		return 2;
	}
	if (strcmp(argv[1], "node") == 0)
		nodes = 1UL << strtoul(argv[2], NULL, 10);
	fd = open(argv[3], O_WRONLY | O_CLOEXEC);
	if (fd < 0 || (!nodes && prepare_group(argv[2])) || mlockall(MCL_CURRENT | MCL_FUTURE)) {
		fprintf(stderr, "inside: %s\n", strerror(errno));
		return 1;
	}
	error = write_inside(fd, argv[4], nodes);
	if (error)
		fprintf(stderr, "inside: %s\n", strerror(error));
	return error ? 1 : 0;
}
