/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * stop.h - the end that a signal asks for, and waits that end with it.
 *
 * A thread of its own takes SIGINT, SIGTERM and SIGHUP: what the rest waits for, in the kernel too,
 * does not keep it from that. The first one asks for the end of the run. The second SIGINT or
 * SIGTERM ends the process, whatever it waits for.
 *
 * Until stop_open() nothing asks for an end, and waits are as long as they are.
 */
#ifndef LAB_BASE_STOP_H
#define LAB_BASE_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Call once, before other threads are started, which then leave the signals alone. A descriptor
 * that becomes readable when the end is asked for, or -errno. SIGHUP that is ignored (nohup) stays
 * ignored.
 */
int stop_open(void);

/* Was the end asked for? */
bool stop_wanted(void);

/* read(), once: bytes, 0 at the end, -errno; -EINTR only when the end is asked for. */
ssize_t stop_read(int fd, void *buf, size_t size);

/* open(), as stop_read(). */
int stop_openat(int dir, const char *path, int flags, mode_t mode);

/*
 * All of it: 0 or -errno, *ret_done (unless NULL) bytes that were written. Once the end is asked
 * for, a reader that takes nothing for half a second is not waited for any longer: -EINTR.
 */
int stop_write(int fd, const void *buf, size_t size, size_t *ret_done);

/* Called, from another thread, just before the second SIGINT or SIGTERM ends the process. Once,
 * after stop_open(). */
void stop_before_death(void (*fn)(void));

/*
 * Around calls of others that may wait: they get EINTR, again and again, while the end is asked
 * for. They do not nest.
 */
void stop_wait_begin(void);
void stop_wait_end(void);

#endif
