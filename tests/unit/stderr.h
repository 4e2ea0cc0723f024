/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* stderr.h - what a piece of code says on standard error, as a string. */
#ifndef LAB_TEST_STDERR_H
#define LAB_TEST_STDERR_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int stderr_saved = -1;
static FILE *stderr_file;

static inline void stderr_catch(void)
{
	fflush(stderr);
	stderr_file = tmpfile();
	stderr_saved = dup(STDERR_FILENO);
	if (!stderr_file || stderr_saved < 0 || dup2(fileno(stderr_file), STDERR_FILENO) < 0)
		abort();
}

static inline void stderr_release(char *buf, size_t size)
{
	fflush(stderr);
	if (dup2(stderr_saved, STDERR_FILENO) < 0)
		abort();
	close(stderr_saved);
	rewind(stderr_file);
	buf[fread(buf, 1, size - 1, stderr_file)] = '\0';
	fclose(stderr_file);
}

#endif
