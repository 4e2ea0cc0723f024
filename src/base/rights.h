/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * rights.h - giving up what is no longer needed, with no way back: capabilities, thread by thread,
 * and system calls, for all threads at once.
 */
#ifndef LAB_BASE_RIGHTS_H
#define LAB_BASE_RIGHTS_H

#include <linux/types.h>
#include <stdbool.h>

/* What a run still does. */
#define RIGHTS_BPF (1U << 0)	  /* reads maps and counters of programs, and detaches them */
#define RIGHTS_REATTACH (1U << 1) /* attaches them again, and has their run time counted */
#define RIGHTS_RENAME (1U << 2)	  /* gives a recording its name */
#define RIGHTS_SCREEN (1U << 3)	  /* sets the modes of its terminal */
#define RIGHTS_CLERK (1U << 4)	  /* takes open files from its clerk */

/*
 * Takes from this thread all capabilities but those of the mask (bit = CAP_...) that it has, and
 * from the process the way to new ones (no_new_privs). 0 or -errno.
 */
int rights_keep(__u64 caps);

/* For as long as it is false: nothing in effect, all can be had back. 0 or -errno. */
int rights_effective(bool on);

/* The capabilities of this thread: permitted, bit = CAP_... */
__u64 rights_permitted(void);

/*
 * Where this thread is root: nobody from now on. 0, or -errno where a container forbids that; what
 * is left there are capabilities, for rights_keep().
 */
int rights_leave_root(void);

/*
 * From now on every thread of the process may make only the system calls of such a run (RIGHTS_...)
 * on what is open: none that opens, connects, loads or starts anything. Others give EPERM. 0 or
 * -errno.
 */
int rights_confine(unsigned int rights);

#endif
