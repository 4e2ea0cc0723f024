/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* top_state.h - what the keys made of the screen of top. Pure: a terminal gives keys, and takes
 * wishes. */
#ifndef LAB_VIEW_TOP_STATE_H
#define LAB_VIEW_TOP_STATE_H

#include "view/top_filter.h"
#include "view/top_shown.h"

enum top_page { PAGE_MAIN, PAGE_SITE, PAGE_HELP, PAGE_MISSING };

enum top_sort { SORT_LOST, SORT_FAILED, SORT_REQUESTS, SORT_BELOW, SORT_WORST, SORT_NAME, SORTS };

/* Keys that are no character; those that are stand for themselves. */
enum top_key {
	KEY_OF_ESCAPE = 27,
	KEY_OF_RUBOUT = 127,
	KEY_OF_UP = 0x100,
	KEY_OF_DOWN,
	KEY_OF_LEFT,
	KEY_OF_RIGHT,
	KEY_OF_PAGE_UP,
	KEY_OF_PAGE_DOWN,
	KEY_OF_HOME,
	KEY_OF_END,
};

/* What a key asks of who has the terminal and the source. */
enum top_wish { WISH_NOTHING, WISH_QUIT, WISH_REPAINT, WISH_STOP, WISH_SEEK };

#define TOP_SPEED_LEAST (-3) /* an eighth */
#define TOP_SPEED_MOST 10

struct top_state {
	enum top_page page;
	enum top_span span;
	enum top_sort sort;
	bool reversed; /* of the sort */
	bool paused;
	bool chosen; /* a site, by its name: the rows hold still then */
	char site[EVENT_SYMBOL], driver[EVENT_MODULE];
	struct top_filter filter;
	char ask; /* '/' or 'g': a line is being typed; 0: none */
	char line[TOP_FILTER];
	char message[TOP_FILTER]; /* what was wrong with it; "": nothing */
	unsigned int scroll;	  /* rows of a page, or sites, that are above the screen */
	unsigned int list[TOP_SITES], listed; /* places in the order of the rows */
	unsigned int quiet;		      /* sites without trouble, and their requests */
	struct why_figures quiet_sum;

	bool replay;
	int speed;	  /* a power of two */
	bool over;	  /* the recording is at its end */
	bool cannot_seek; /* it is a pipe */
	__s64 seek;	  /* WISH_SEEK: reports from here */
	__u64 seek_ns;	  /* or the first at that time of day, UTC seconds since 00:00; ~0: not */
};

/* Orders the rows: after each report that was taken, and after keys. */
void top_state_order(struct top_state *s, const struct top_shown *t);

enum top_wish top_state_key(struct top_state *s, struct top_shown *t, unsigned int key);

/* The row that is chosen, an index of s->list; -1: none, or it is gone. */
int top_state_row(const struct top_state *s, const struct top_shown *t);

const char *top_sort_name(enum top_sort sort);

#endif
