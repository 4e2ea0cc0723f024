/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* exits.h - exit codes; documented in labyrinth(8), EXIT STATUS. */
#ifndef LAB_BASE_EXITS_H
#define LAB_BASE_EXITS_H

#include <errno.h>
#include <stdbool.h>

enum lab_exit {
	LAB_EXIT_OK = 0,
	LAB_EXIT_RUNTIME = 1,	  /* a syscall, a file or the kernel failed while running */
	LAB_EXIT_USAGE = 2,	  /* bad option or argument */
	LAB_EXIT_UNSUPPORTED = 3, /* the kernel lacks what is needed */
	LAB_EXIT_PRIVILEGE = 4,	  /* not allowed */
};

/*
 * What a function returns once the error is logged, so that its callers only pass it on. Below
 * every -errno (include/linux/err.h: MAX_ERRNO is 4095), so one int never means both.
 */
#define FAIL(code) (-4096 - (int)(code))

/*
 * Did something run out, here and now? Such an error (-errno) says nothing of the kernel or of the
 * rights of the caller.
 */
static inline bool error_is_lack(int error)
{
	return error == -ENOMEM || error == -EMFILE || error == -ENFILE || error == -EAGAIN ||
	       error == -EINTR;
}

/* What helps against it, for the end of a message. */
static inline const char *error_lack_advice(int error)
{
	if (error == -EMFILE || error == -ENFILE)
		return "raise the limit of open files (ulimit -n, fs.file-max)";
	return error == -ENOMEM ? "free memory, or raise the memory limit of its cgroup"
				: "try again";
}

/* The exit code of a result: FAIL(code) gives code; a -errno that nobody logged is a failed run. */
static inline int lab_exit_of(int result)
{
	if (result >= 0)
		return LAB_EXIT_OK;
	return result <= -4096 ? -4096 - result : LAB_EXIT_RUNTIME;
}

#endif
