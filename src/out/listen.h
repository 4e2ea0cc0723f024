/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* listen.h - the socket that scrapes come to: one of our own, or one that systemd passes. */
#ifndef LAB_OUT_LISTEN_H
#define LAB_OUT_LISTEN_H

#include <stdbool.h>

/* Behind the range of ports that exporters of Prometheus share, 9100 to 9999. */
#define LISTEN_DEFAULT "127.0.0.1:10435"

/* "127.0.0.1:10435", "[::1]:10435", ":10435" (all addresses): is it one of these? */
bool listen_is_address(const char *text);

/*
 * The socket that systemd passed (LISTEN_FDS), or one bound to address; NULL: LISTEN_DEFAULT. The
 * descriptor, which does not block, or FAIL() once logged.
 */
int listen_open(const char *address);

#endif
