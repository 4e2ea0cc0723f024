/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* exits.h - exit codes; documented in labyrinth(8), EXIT STATUS. */
#ifndef LAB_EXITS_H
#define LAB_EXITS_H

enum lab_exit {
	LAB_EXIT_OK = 0,
	LAB_EXIT_RUNTIME = 1,	  /* a syscall, a file or the kernel failed while running */
	LAB_EXIT_USAGE = 2,	  /* bad option or argument */
	LAB_EXIT_UNSUPPORTED = 3, /* the kernel lacks what is needed */
	LAB_EXIT_PRIVILEGE = 4,	  /* not allowed */
};

#endif
