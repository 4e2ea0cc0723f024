/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* show.h - how a report is to be shown. Zero: whole, as a recording wants it. */
#ifndef LAB_VIEW_SHOW_H
#define LAB_VIEW_SHOW_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define SHOW_COLUMNS 80

struct show {
	__u32 only_classes;   /* bit = enum lab_class; 0: all */
	bool failures_only;   /* rows with failures */
	bool stack;	      /* kernel stacks */
	bool timestamp;	      /* date and time */
	bool replayed;	      /* a recording is shown: what is left out was counted all the same */
	bool coloured;	      /* what matters is coloured */
	bool cut;	      /* JSON: a long line is several */
	unsigned int rows;    /* of a report; 0: all */
	unsigned int columns; /* of the page; 0: SHOW_COLUMNS */
	unsigned int lines;   /* of a screen; 0: as many as the view likes */
	bool ascii;	      /* nothing but ASCII is drawn */
};

/* Is this class one of those to show? */
static inline bool show_class(const struct show *show, unsigned int cls)
{
	return !show->only_classes || show->only_classes & (1U << cls);
}

/* How wide a text may be. */
static inline unsigned int show_columns(const struct show *show)
{
	return show->columns ? show->columns : SHOW_COLUMNS;
}

/* Of so many rows, those to print. */
static inline size_t show_rows(const struct show *show, size_t rows)
{
	return show->rows && show->rows < rows ? show->rows : rows;
}

#endif
