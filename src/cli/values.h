/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* values.h - what the words of the command line do to the options; for parse.c only. */
#ifndef LAB_CLI_VALUES_H
#define LAB_CLI_VALUES_H

#include "cli/options.h"

/* The state of one parse. */
struct parse {
	struct options *opt;
	__u64 seen; /* bit = index in the table */
	unsigned int positionals;
	bool view_given, interval_given;
	enum { PRINT_HELP, PRINT_VERSION, PRINT_SCHEMA } print; /* instead of all else */
};

/* One clear line that ends in a hint at the help; returns FAIL(LAB_EXIT_USAGE). */
int usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Each takes the word behind its option. 0, or FAIL() once logged. */
int set_interval(struct parse *p, const char *arg);
int set_duration(struct parse *p, const char *arg);
int set_cpu(struct parse *p, const char *arg);
int set_class(struct parse *p, const char *arg);
int set_order(struct parse *p, const char *arg);
int set_attach(struct parse *p, const char *arg);
int set_slower(struct parse *p, const char *arg);
int set_no_latency(struct parse *p, const char *arg);
int set_split(struct parse *p, const char *arg);
int set_below(struct parse *p, const char *arg);
int set_sample(struct parse *p, const char *arg);
int set_budget(struct parse *p, const char *arg);
int set_btf(struct parse *p, const char *arg);
int set_replay(struct parse *p, const char *arg);
int set_record(struct parse *p, const char *arg);
int set_rotate(struct parse *p, const char *arg);
int set_on_lost(struct parse *p, const char *arg);
int set_keep(struct parse *p, const char *arg);
int set_lost_file(struct parse *p, const char *arg);
int set_keep_files(struct parse *p, const char *arg);
int set_listen(struct parse *p, const char *arg);
int set_textfile(struct parse *p, const char *arg);
int set_color(struct parse *p, const char *arg);
int set_folded(struct parse *p, const char *arg);
int set_rows(struct parse *p, const char *arg);
int set_from(struct parse *p, const char *arg);
int set_to(struct parse *p, const char *arg);
int set_verbose(struct parse *p, const char *arg);
/* These return 1: what p->print says is to be printed, and nothing else is read. */
int set_help(struct parse *p, const char *arg);
int set_version(struct parse *p, const char *arg);
int set_schema(struct parse *p, const char *arg);

/* Name of the view of these options as it is typed. */
const char *view_name(const struct options *opt);

/* Is it a view, or check? Then it is that of the options. */
bool set_view(struct parse *p, const char *arg);
/* One line that names them all; returns as usage(). */
int bad_view(const char *arg);

/* The view, INTERVAL and COUNT. */
int set_positional(struct parse *p, const char *arg);

#endif
