/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * transport.h - undoes what transport does to a kernel log: quotes, quoted-printable, wrapping,
 * escaped newlines, colours, several records in a line. What comes out are the kernel's records.
 */
#ifndef LAB_KLOG_TRANSPORT_H
#define LAB_KLOG_TRANSPORT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "klog/prefix.h"

#define RECORD_BYTES 65536U

/* A record of the kernel, or one line of it. */
struct record {
	struct prefix prefix; /* of its first line */
	const char *text;     /* without the prefix; valid during the call */
	__u64 line;	      /* number of the line that it begins in, from 1 */
};

struct transport;

typedef int (*record_fn)(void *arg, const struct record *r);

/* NULL: no memory. fn returns 0 or -errno, which the calls below give on. */
struct transport *transport_new(record_fn fn, void *arg);
void transport_free(struct transport *t);

/* The next line without its newline; it has no NUL in it. */
int transport_line(struct transport *t, const char *line, size_t len, __u64 number);

/* Lines were left out, or there are no more: what was held is given out. */
int transport_flush(struct transport *t);

#endif
