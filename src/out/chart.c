// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* chart.c - see chart.h. */
#include "out/chart.h"

#include <math.h>
#include <time.h>

#include "base/util.h"

#define SECOND 1000000000ULL

/* A coordinate: one digit behind the point, where there is any. */
static struct cell at(double v)
{
	struct cell c;
	long long tenths = llround(v * 10);

	snprintf(c.text, sizeof(c.text), tenths % 10 ? "%s%lld.%lld" : "%s%lld",
		 tenths < 0 ? "-" : "", llabs(tenths) / 10, llabs(tenths) % 10);
	return c;
}

/* ---- the frame ---- */

void chart_begin(struct html *h, double height, const char *title, const char *description)
{
	unsigned int id = html_id(h);

	html_put(h,
		 "<div class=\"plot\" style=\"--h:%srem\"><svg viewBox=\"0 0 1000 100\" "
		 "preserveAspectRatio=\"none\" role=\"img\" aria-labelledby=\"f%ut f%ud\">"
		 "<title id=\"f%ut\">%s</title><desc id=\"f%ud\">%s</desc>\n",
		 at(height).text, id, id, id, title, id, description);
}

void chart_labels(struct html *h)
{
	html_put(h, "</svg><div aria-hidden=\"true\">");
}

void chart_end(struct html *h)
{
	html_put(h, "</div></div>\n");
}

/* ---- marks ---- */

void chart_grid(struct html *h, double y)
{
	html_put(h, "<path class=\"grid\" d=\"M0 %sH1000\"/>", at(y).text);
}

void chart_box(struct html *h, const char *class, double x, double y, double width, double height)
{
	html_put(h, "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>", class,
		 at(x).text, at(y).text, at(width).text, at(height).text);
}

struct chart_path chart_path(struct html *h, const char *class, bool closed)
{
	html_put(h, "<path class=\"%s\" d=\"", class);
	return (struct chart_path){.h = h, .moved = true, .closed = closed};
}

void chart_point(struct chart_path *p, double x, double y)
{
	if (p->moved && p->closed)
		html_put(p->h, "M%s 100L%s %s", at(x).text, at(x).text, at(y).text);
	else
		html_put(p->h, "%c%s %s", p->moved ? 'M' : 'L', at(x).text, at(y).text);
	if (p->moved)
		p->first = x;
	p->last = x;
	p->moved = false;
}

void chart_lift(struct chart_path *p)
{
	if (!p->moved && p->closed)
		html_put(p->h, "L%s 100z", at(p->last).text);
	/* A point alone is a line of no length, which has a cap. */
	else if (!p->moved && p->first == p->last)
		html_put(p->h, "h.1");
	p->moved = true;
}

void chart_bar(struct chart_path *p, double x, double width, double y, double height)
{
	html_put(p->h, "M%s %sv%sh%sv-%sz", at(x).text, at(y).text, at(height).text, at(width).text,
		 at(height).text);
}

void chart_path_end(struct chart_path *p)
{
	chart_lift(p);
	html_put(p->h, "\"/>\n");
}

/* ---- labels ---- */

void chart_left(struct html *h, double y, const char *text)
{
	html_put(h, "<b style=\"top:%s%%\">%s</b>", at(y).text, text);
}

void chart_right(struct html *h, double y, bool loud, const char *text)
{
	html_put(h,
		 loud ? "<em class=\"loud\" style=\"top:%s%%\">%s</em>"
		      : "<em style=\"top:%s%%\">%s</em>",
		 at(y).text, text);
}

void chart_below(struct html *h, double x, enum chart_place place, bool minor, const char *text)
{
	static const char *const classes[] = {"", "first", "last"};

	html_put(h, "<i class=\"%s%s\" style=\"left:%s%%\">%s</i>", classes[place],
		 minor ? " minor" : "", at(x / 10).text, text);
}

void chart_name(struct html *h, const char *text)
{
	html_put(h, "<u>%s</u>", text);
}

void chart_letter(struct html *h, double x, const char *text)
{
	html_put(h, "<u class=\"l\" style=\"left:%s%%\">%s</u>", at(x / 10).text, text);
}

/* ---- axes ---- */

struct chart_scale chart_scale(double most)
{
	static const double steps[] = {1, 2, 5, 10};
	struct chart_scale s = {.top = 1, .step = 1, .steps = 1};
	double power;

	if (!(most > 0) || !isfinite(most))
		return s;
	power = pow(10, floor(log10(most / 3)));
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		s.step = power * steps[i];
		s.steps = (unsigned int)ceil(most / s.step - 1e-9);
		if (s.steps <= 3)
			break;
	}
	s.steps = s.steps ?: 1;
	s.top = s.step * s.steps;
	return s;
}

double chart_y(const struct chart_scale *s, double value)
{
	double part = value / s->top;

	return CHART_HEIGHT * (1 - (part > 1 ? 1 : part < 0 ? 0 : part));
}

void chart_scale_grid(struct html *h, const struct chart_scale *s)
{
	for (unsigned int i = 0; i <= s->steps; i++)
		chart_grid(h, chart_y(s, i * s->step));
}

void chart_scale_labels(struct html *h, const struct chart_scale *s)
{
	struct cell c;

	for (unsigned int i = 0; i <= s->steps; i++) {
		snprintf(c.text, sizeof(c.text), s->step >= 1 ? "%.0f" : "%.3g", i * s->step);
		chart_left(h, chart_y(s, i * s->step), c.text);
	}
}

double chart_x(const struct chart_time *t, __u64 time_ns)
{
	if (time_ns <= t->from_ns || t->to_ns <= t->from_ns)
		return 0;
	if (time_ns >= t->to_ns)
		return CHART_WIDTH;
	return CHART_WIDTH * (double)(time_ns - t->from_ns) / (double)(t->to_ns - t->from_ns);
}

/* Seconds between labels, so that there are at most eight. */
static __u64 time_step(__u64 seconds)
{
	static const __u32 steps[] = {1,   2,	5,    10,   15,	  30,	 60,	120,   300,
				      600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
	__u64 days;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (seconds / steps[i] < 8)
			return steps[i];
	days = seconds / 86400 / 8 + 1;
	return days * 86400;
}

/* Seconds that the page's zone is ahead of UTC. */
static long zone_offset(const struct html *h, __u64 time_ns)
{
	struct tm tm = {0};

	return time_zone_clock(&h->zone, time_ns, &tm) ? tm.tm_gmtoff : 0;
}

void chart_time_labels(struct html *h, const struct chart_time *t)
{
	__u64 step = time_step((t->to_ns - t->from_ns) / SECOND);
	__u64 offset = (__u64)zone_offset(h, t->from_ns), from = t->from_ns / SECOND + offset;
	unsigned int n = 0;

	for (__u64 s = (from + step - 1) / step * step; (s - offset) * SECOND <= t->to_ns;
	     s += step) {
		__u64 time_ns = (s - offset) * SECOND;
		double x = chart_x(t, time_ns);
		struct cell date = cell_date(h, time_ns);

		if (step >= 86400)
			date.text[10] = '\0';
		chart_below(h, x,
			    x < 20    ? CHART_FIRST
			    : x > 980 ? CHART_LAST
				      : CHART_MIDDLE,
			    n++ % 3, step >= 86400 ? date.text : cell_clock(h, time_ns).text);
	}
}
