/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * out.h - whole writes. Each returns 0, -EPIPE when the reader of f has gone, -EINTR when a signal
 * asked for the end and the reader takes nothing (neither is logged: the caller knows what that
 * means), or FAIL() once logged.
 */
#ifndef LAB_BASE_OUT_H
#define LAB_BASE_OUT_H

#include <stdio.h>

/*
 * A stream on that descriptor, with that much room: what is written goes out whole, in as many
 * pieces as it takes, until a signal asks for the end (stop.h). room: NULL, or until fclose(),
 * which leaves fd open. NULL: no memory.
 */
FILE *out_open(int fd, char *room, size_t size);

/*
 * Writes one finished report to f and flushes it. Whole, so that the error of a write that failed
 * is still known.
 */
int out_write(FILE *f, const char *text, size_t len);

/*
 * The same in two steps, for events that come by the thousand: f keeps what it has room for, and no
 * part of a text is written without the rest that fits into that room.
 */
int out_put(FILE *f, const char *text, size_t len);
int out_flush(FILE *f);

#endif
