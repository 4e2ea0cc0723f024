/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * notify.h - what a service tells systemd: sd_notify(3), whose protocol is one datagram and is kept
 * for good. Without libsystemd, whose own libraries would be locked in memory with it.
 */
#ifndef LAB_OUT_NOTIFY_H
#define LAB_OUT_NOTIFY_H

#include <linux/types.h>

struct notify {
	int fd; /* -1: nobody wants to know */
	__u64 watchdog_ns, told_ns;
};

/* By $NOTIFY_SOCKET and $WATCHDOG_USEC. */
void notify_open(struct notify *n);
/* "READY=1\nSTATUS=..."; does not wait, and what is lost is lost. */
void notify_send(const struct notify *n, const char *state);
/* Alive at this time (CLOCK_MONOTONIC): sent when a third of the watchdog's time is over. */
void notify_alive(struct notify *n, __u64 now_ns);
void notify_close(struct notify *n);

#endif
