/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* options.h - the command line as a value. One table parses it and prints the help. */
#ifndef LAB_OPTIONS_H
#define LAB_OPTIONS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdio.h>

enum view { VIEW_STAT, VIEW_EVENTS, VIEW_WHY, VIEW_FLAGS, VIEW_LINT, VIEW_CHECK };
enum attach_mode { ATTACH_AUTO, ATTACH_FENTRY, ATTACH_KPROBE, ATTACH_RAW_TP };

struct options {
	enum view view;
	enum attach_mode attach;
	__u64 interval_ns; /* 1 s unless given */
	__u64 count;	   /* reports (events: events) to print; 0: no limit */
	__u64 duration_ns; /* 0: no limit */
	__s32 cpu;	   /* -1: all */
	__u32 class_mask;  /* bit = enum lab_class */
	__u32 order_mask;  /* bit = order, up to LAB_ORDERS - 1; all ones: no filter */
	__u64 slower_ns;   /* events: also requests that took at least this long; 0: none */
	int below_level;   /* events: also requests served below this mark, LAB_LEVEL_LOW or _MIN;
			      -1: none */
	__u64 budget_ns;   /* processor time a second that the tool may take; 0: no limit */
	__u32 sample;	   /* why: one request in so many is counted by site; a power of two */
	bool stack;	   /* events, why, lint: print kernel stacks */
	bool json, failures_only, all_classes, anon_exclusive, no_exclusive, timestamp;
	int verbose;
	const char *btf_path;			  /* NULL: the kernel's own */
	const char *replay_path;		  /* NULL: live; "-": standard input */
	const char *record_path;		  /* NULL: none */
	bool class_given, order_given, cpu_given; /* what a replay cannot select afterwards */
};

/*
 * Fills *opt from argv. Returns 0: go on; 1: --help or --version was printed, exit 0; negative exit
 * code
 * (-LAB_EXIT_USAGE) after one clear line on stderr. Pointers in *opt point into argv.
 */
int options_parse(struct options *opt, int argc, char **argv);

/* Prints the help text (generated from the table) to f. */
void options_help(FILE *f);

#endif
