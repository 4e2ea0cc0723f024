/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * metrics.h - what was gathered as metrics: one table of families, whose sentences and places come
 * from the tables of the JSON keys. Pure.
 *
 * The set of series is bounded on every machine, and all but those by site are there from the first
 * reading on, with 0: a series that begins at 255 has no increase for those who scrape it.
 */
#ifndef LAB_OUT_METRICS_H
#define LAB_OUT_METRICS_H

#include "out/expo.h"
#include "out/gathered.h"

/* At most so many series, and bytes of text, on the worst machine. */
#define METRICS_SERIES 512
#define METRICS_BYTES 98304

/* What the process itself takes. */
struct metrics_self {
	bool known;
	__u64 cpu_ns, resident_bytes;
	__u64 start_ns; /* CLOCK_REALTIME, of the watch */
};

/*
 * Writes all of it to text; *ret_len is its length. self NULL: for a file that others read, which
 * has names of labyrinth's own alone, and says when it was written. false: no room.
 */
bool metrics_write(const struct gathered *g, const struct metrics_self *self,
		   enum expo_format format, char text[METRICS_BYTES], size_t *ret_len,
		   unsigned int *ret_series);

#endif
