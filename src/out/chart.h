/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * chart.h - a picture of figures as SVG in HTML: marks that stretch with the page, and labels
 * beside them that do not. Marks have x from 0 to 1000 and y from 0 (top) to 100.
 *
 *	chart_begin()  title and description, for those who hear the page
 *	marks          chart_grid(), chart_path() ...
 *	chart_labels() the rest is hidden from them: they have the description
 *	labels         chart_left(), chart_below() ...
 *	chart_end()
 */
#ifndef LAB_OUT_CHART_H
#define LAB_OUT_CHART_H

#include "out/html.h"

#define CHART_WIDTH 1000.0
#define CHART_HEIGHT 100.0

/* height: in rem, as CSS has it */
void chart_begin(struct html *h, double height, const char *title, const char *description);
void chart_labels(struct html *h);
void chart_end(struct html *h);

/* ---- marks ---- */

void chart_grid(struct html *h, double y);
/* A rectangle. */
void chart_box(struct html *h, const char *class, double x, double y, double width, double height);

/* A path is begun, gets points, and ends. Closed: down to y = 100 at both ends. */
struct chart_path {
	struct html *h;
	bool moved;	    /* the next point begins anew */
	bool closed;	    /* to the ground: an area */
	double first, last; /* x of the part that is drawn */
};
struct chart_path chart_path(struct html *h, const char *class, bool closed);
void chart_point(struct chart_path *p, double x, double y);
/* A gap: what comes next is not connected. */
void chart_lift(struct chart_path *p);
/* A bar from the ground, or a cell. Not together with points. */
void chart_bar(struct chart_path *p, double x, double width, double y, double height);
void chart_path_end(struct chart_path *p);

/* ---- labels ---- */

void chart_left(struct html *h, double y, const char *text);
void chart_right(struct html *h, double y, bool loud, const char *text);
/* first, last: at the edges; minor: left out where there is little room */
enum chart_place { CHART_MIDDLE, CHART_FIRST, CHART_LAST };
void chart_below(struct html *h, double x, enum chart_place place, bool minor, const char *text);
void chart_name(struct html *h, const char *text);
/* A letter at the top of what it names. */
void chart_letter(struct html *h, double x, const char *text);

/* ---- axes ---- */

/* From 0 to `top` in `steps` of `step`: 1, 2 or 5 times a power of ten, at most three. */
struct chart_scale {
	double top, step;
	unsigned int steps;
};
struct chart_scale chart_scale(double most);
/* Grid and labels of it. */
void chart_scale_grid(struct html *h, const struct chart_scale *s);
void chart_scale_labels(struct html *h, const struct chart_scale *s);
/* Where a value of it is. */
double chart_y(const struct chart_scale *s, double value);

/* Time from left to right. */
struct chart_time {
	__u64 from_ns, to_ns; /* CLOCK_REALTIME */
};
double chart_x(const struct chart_time *t, __u64 time_ns);
/* At most eight labels, at round times of the page's zone. */
void chart_time_labels(struct html *h, const struct chart_time *t);

#endif
