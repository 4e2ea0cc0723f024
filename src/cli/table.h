/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* table.h - what an entry of the table of options is, which parse.c has. */
#ifndef LAB_CLI_TABLE_H
#define LAB_CLI_TABLE_H

#include <stddef.h>

#include "cli/values.h"
#include "view/view.h"

/* Check takes few, and is no view. */
#define OPTIONS_OF_CHECK (OPTION_JSON | OPTION_ATTACH | OPTION_BTF | OPTION_REPORT)

/* Which numbers an option is for. */
enum numbers {
	LIVE,	  /* those of this run: it selects what is counted or recorded */
	ANY,	  /* also those of a recording */
	RECORDED, /* those of a recording alone */
};

struct option_def {
	int short_name; /* or, for a long one only, a value above any character */
	const char *name;
	const char *arg; /* NULL: takes none */
	__u64 option;	 /* OPTION_x, which views take or not; 0: it is of the program */
	enum numbers of;
	int (*set)(struct parse *p, const char *arg);
	size_t flag;	  /* without set: the bool in struct options that becomes true */
	const char *help; /* '\n' starts a new line of the column */
};

/* Values of short_name from here on: it has none. */
#define OPTION_LONG 256

/* In the order of the help. */
struct option_table {
	const struct option_def *option;
	size_t options;
};

/* Does the view take it? NULL: check. */
static inline bool option_is_of(const struct option_def *d, const struct view *view)
{
	return !d->option || d->option & (view ? view->options : OPTIONS_OF_CHECK);
}

#endif
