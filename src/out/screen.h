/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * screen.h - a terminal that shows a grid of cells, by ncurses. Whatever ends the process but
 * SIGKILL, the terminal is as it was before. There is one screen at a time.
 */
#ifndef LAB_OUT_SCREEN_H
#define LAB_OUT_SCREEN_H

#include "view/grid.h"

struct screen;

/*
 * Before anything is given up: opens what the terminal is told by (files, memory for the largest
 * screen), and shows nothing. 0, -ENOENT where ncurses or the terminal's description is not to be
 * had, *why says which, or -errno.
 */
int screen_open(struct screen **ret, bool colours, const char **why);

/* From here on the terminal is the screen's, and messages are held. 0 or -errno. */
int screen_start(struct screen *s);

/* The terminal as it was; messages go out. Nothing but close may follow. */
void screen_leave(struct screen *s);
/* Also without a start. NULL is fine. */
void screen_close(struct screen *s);

/* Is nothing but ASCII to be drawn? */
bool screen_ascii(const struct screen *s);

/* Its size now. */
void screen_size(const struct screen *s, unsigned int *columns, unsigned int *rows);

/* Readable when a key was hit, or the screen has another size, or the process goes on after a stop.
 */
int screen_fd(const struct screen *s);

#define SCREEN_NO_KEY 0U
#define SCREEN_GONE (~0U) /* nobody is there any more */

/* The next key (enum top_key of view/top_state.h), SCREEN_NO_KEY, or SCREEN_GONE. */
unsigned int screen_key(struct screen *s);

/* Shows a grid; what did not change is not sent. */
void screen_show(struct screen *s, const struct grid *g);
/* The next one is sent whole. */
void screen_repaint(struct screen *s);
/* Gives the terminal back and stops the process, as Ctrl-Z does; returns when it goes on. */
void screen_stop(struct screen *s);

#endif
