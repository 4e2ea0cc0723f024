/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* options_set.h - what the words of the command line do to the options; for options.c only. */
#ifndef LAB_OPTIONS_SET_H
#define LAB_OPTIONS_SET_H

#include "options.h"

/* The state of one parse. */
struct parse {
	struct options *opt;
	__u64 seen; /* bit = index in the table */
	unsigned int positionals;
	bool view_given, interval_given;
};

/* One clear line that ends in a hint at the help; returns -LAB_EXIT_USAGE. */
int usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Each takes the word behind its option. 0, or negative exit code (logged). */
int set_interval(struct parse *p, const char *arg);
int set_duration(struct parse *p, const char *arg);
int set_cpu(struct parse *p, const char *arg);
int set_class(struct parse *p, const char *arg);
int set_order(struct parse *p, const char *arg);
int set_attach(struct parse *p, const char *arg);
int set_slower(struct parse *p, const char *arg);
int set_no_latency(struct parse *p, const char *arg);
int set_below(struct parse *p, const char *arg);
int set_sample(struct parse *p, const char *arg);
int set_budget(struct parse *p, const char *arg);
int set_btf(struct parse *p, const char *arg);
int set_replay(struct parse *p, const char *arg);
int set_record(struct parse *p, const char *arg);
int set_verbose(struct parse *p, const char *arg);

/* Name of a view as it is typed; NULL when out of range. */
const char *view_name(unsigned int view);

/* The view, INTERVAL and COUNT. */
int set_positional(struct parse *p, const char *arg);

#endif
