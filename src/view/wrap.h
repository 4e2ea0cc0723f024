/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* wrap.h - text that goes on in the next line, indented, where the width ends. */
#ifndef LAB_VIEW_WRAP_H
#define LAB_VIEW_WRAP_H

#include <stdbool.h>
#include <stdio.h>

#define WRAP_WIDTH 80

struct wrap {
	FILE *f;
	unsigned int width;  /* 0: WRAP_WIDTH */
	unsigned int indent; /* of the lines that follow */
	unsigned int column;
	bool begun;	   /* the line has words */
	unsigned int held; /* of text: not in f yet, until the line ends */
	char text[256];
};

/* Begins a line, indented by so much; those that follow it by w->indent. */
void wrap_begin(struct wrap *w, unsigned int indent);

/* Words, parted by one space from what is in the line; lines break at spaces and behind '|'. */
void wrap_text(struct wrap *w, const char *text);
void wrap_format(struct wrap *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The three as one text: a fifth of what wrap_format() takes. */
void wrap_joined(struct wrap *w, const char *before, const char *text, const char *after);
/* Ends the line, if there is anything in it. */
void wrap_end(struct wrap *w);

#endif
