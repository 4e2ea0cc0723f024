/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stdout.h - standard output in a descriptor of the test's, and what came out of it. */
#ifndef LAB_TEST_STDOUT_H
#define LAB_TEST_STDOUT_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int stdout_saved = -1;

static inline void stdout_to(int fd)
{
	fflush(stdout);
	stdout_saved = dup(STDOUT_FILENO);
	if (stdout_saved < 0 || dup2(fd, STDOUT_FILENO) < 0)
		abort();
}

static inline void stdout_back(void)
{
	fflush(stdout);
	clearerr(stdout);
	if (dup2(stdout_saved, STDOUT_FILENO) < 0)
		abort();
	close(stdout_saved);
}

/* Lines of a file, from its start. */
static inline unsigned int lines_in(FILE *f)
{
	unsigned int n = 0;

	rewind(f);
	for (int c; (c = getc(f)) != EOF;)
		n += c == '\n';
	return n;
}

#endif
