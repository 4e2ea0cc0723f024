/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * http.h - the answers to scrapes, by libmicrohttpd and without a thread: the caller waits for
 * http_fd() in its own loop and calls http_run().
 *
 * All is bounded: connections, those of one peer, memory and time of each. An answer is written
 * from memory, and from a text that is made at most once for each reading.
 */
#ifndef LAB_OUT_HTTP_H
#define LAB_OUT_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "out/expo.h"

struct http;

struct http_text {
	const char *text;
	size_t len;
};

struct http_ops {
	/* The metrics in this format, valid until the next call; false: there are none (yet). */
	bool (*metrics)(void *arg, enum expo_format format, struct http_text *ret);
	/* A few lines on how it is; true: well. */
	bool (*health)(void *arg, char *buf, size_t size);
};

/* fd: a socket that listens, taken over when it is 0. FAIL() once logged; http_close() in either
 * case. */
int http_open(struct http **ret, int fd, const struct http_ops *ops, void *arg);
/* Readable when there is something to do. */
int http_fd(const struct http *h);
/* Does what can be done at once. */
void http_run(struct http *h);
/* There is a new reading: texts made before are not given out again. Call it once a second: it
 * also ends connections whose time is over. */
void http_renew(struct http *h);
void http_close(struct http *h);

#endif
