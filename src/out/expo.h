/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * expo.h - text in which Prometheus takes metrics: its own format 0.0.4, or OpenMetrics 1.0. Pure:
 * writes to memory of a fixed size, which is never outgrown but then marked as too small.
 */
#ifndef LAB_OUT_EXPO_H
#define LAB_OUT_EXPO_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

enum expo_format { EXPO_TEXT, EXPO_OPENMETRICS, EXPO_FORMATS };

enum expo_type { EXPO_COUNTER, EXPO_GAUGE, EXPO_HISTOGRAM, EXPO_INFO };

/* A family, by the parts of its name: "labyrinth_" is written before it, "_total" or "_info"
 * behind. */
struct expo_family {
	const char *name;
	enum expo_type type;
	const char *unit; /* "bytes", and the name ends so; NULL: none */
	const char *help; /* one sentence */
	bool whole_name;  /* without "labyrinth_": process_... */
};

struct expo {
	enum expo_format format;
	char *text;
	size_t size, len;
	unsigned int series;
	bool full; /* there was no room for all of it: not to be used */
	const struct expo_family *family;
	bool begun; /* the family has a sample: one without is not named */
};

/* Labels of one sample: pairs of name and value, NULL behind the last name. */
struct expo_label {
	const char *name, *value;
};

void expo_begin(struct expo *x, enum expo_format format, char *text, size_t size);
/* The samples behind it are of this family, which must not come again. */
void expo_family(struct expo *x, const struct expo_family *family);
/* One series. labels: NULL, or ended by one without a name. */
void expo_sample(struct expo *x, const struct expo_label *labels, __s64 value);
/* A value of seconds, by ns: exact. */
void expo_seconds(struct expo *x, const struct expo_label *labels, __u64 ns);
/* A value of so many billionths, of a ratio. */
void expo_billionths(struct expo *x, const struct expo_label *labels, __u64 value);

#define EXPO_BOUNDS 23

/* Inclusive bounds of every histogram, the same on all machines: 2^8 - 1 ns, ... 2^30 - 1 ns. */
__u64 expo_bound_ns(unsigned int index);
/* bucket: requests up to each bound, not cumulated, and behind the last one. */
void expo_histogram(struct expo *x, const struct expo_label *labels,
		    const __u64 bucket[EXPO_BOUNDS + 1], __u64 sum_ns);

/* Ends the text. Is it whole? */
bool expo_end(struct expo *x);

/* What an answer in this format is called. */
const char *expo_content_type(enum expo_format format);

#endif
