/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* ncurses.h - ncursesw, loaded when a screen is wanted: no other run holds it in memory. */
#ifndef LAB_OUT_NCURSES_H
#define LAB_OUT_NCURSES_H

#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>

/* One function of the library each. */
/* clang-format off */
#define NCURSES_FUNCTIONS(f) \
	f(newterm) \
	f(delscreen) \
	f(endwin) \
	f(cbreak) \
	f(noecho) \
	f(nonl) \
	f(keypad) \
	f(nodelay) \
	f(typeahead) \
	f(set_escdelay) \
	f(curs_set) \
	f(has_colors) \
	f(start_color) \
	f(use_default_colors) \
	f(init_pair) \
	f(def_prog_mode) \
	f(reset_prog_mode) \
	f(resizeterm) \
	f(wgetch) \
	f(werase) \
	f(wmove) \
	f(wattr_set) \
	f(waddnwstr) \
	f(redrawwin) \
	f(wnoutrefresh) \
	f(doupdate)
/* clang-format on */

struct ncurses {
#define NCURSES_MEMBER(name) __typeof__(&name) name;
	NCURSES_FUNCTIONS(NCURSES_MEMBER)
#undef NCURSES_MEMBER
	char *(*tigetstr)(const char *name); /* its header has macros such as columns */
	WINDOW **window;		     /* its stdscr, once a terminal is open */
};

/* Stays loaded. 0, or -ENOENT: it is not installed, and *why says so. */
int ncurses_load(struct ncurses *ret, const char **why);

#endif
