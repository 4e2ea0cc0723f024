/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* options.h - the command line as a value. parse.h makes it. */
#ifndef LAB_CLI_OPTIONS_H
#define LAB_CLI_OPTIONS_H

#include <linux/types.h>
#include <stdbool.h>

#include "cli/record.h"
#include "cli/when.h"
#include "model/scope.h"
#include "out/flight.h"
#include "view/folded.h"

struct view;

struct options {
	const struct view *view; /* NULL: check, which watches nothing */
	bool view_open;		 /* none was named, and nothing asks for another than a screen */
	enum attach_mode attach;
	__u64 interval_ns; /* 0: the view has no intervals */
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
	bool report;	   /* check: for an issue */
	bool split;	   /* json: long lines as several */
	bool json, failures_only, all_classes, anon_exclusive, no_exclusive, timestamp;
	enum colours { COLOURS_AUTO, COLOURS_ALWAYS, COLOURS_NEVER } colours;
	enum stack_weight folded; /* why: stacks by that weight, in place of a report */
	__u32 rows;		  /* of a report; 0: all */
	bool total; /* of the reports, the one since start alone; of events, what they come to */
	struct when from, to; /* of a recording */
	int verbose;
	const char *btf_path;	 /* NULL: the kernel's own */
	const char *replay_path; /* NULL: live; "-": standard input */
	struct record_options record;
	bool keep_files_given, keep_given;
	struct flight_options flight;
	const char *listen_at;			  /* serve: NULL: the default, or systemd's */
	const char *textfile_path;		  /* serve: NULL: none */
	bool class_given, order_given, cpu_given; /* what a replay cannot select afterwards */
};

#endif
