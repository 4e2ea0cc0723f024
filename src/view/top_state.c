// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_state.c - see top_state.h. */
#include "view/top_state.h"

#include <stdio.h>
#include <string.h>

#include "base/util.h"

/* ---- the order of the rows ---- */

static const char *const sort_names[SORTS] = {
	[SORT_LOST] = "lost",	    [SORT_FAILED] = "failed", [SORT_REQUESTS] = "requests",
	[SORT_BELOW] = "below min", [SORT_WORST] = "worst",   [SORT_NAME] = "driver",
};

const char *top_sort_name(enum top_sort sort)
{
	return (unsigned int)sort < SORTS ? sort_names[sort] : "-";
}

static int more_first(__u64 a, __u64 b)
{
	return (a < b) - (a > b);
}

static int by_name(const struct top_site *a, const struct top_site *b)
{
	return strcmp(a->now.driver, b->now.driver) ?: strcmp(a->now.site, b->now.site);
}

static int by(enum top_sort sort, const struct why_figures *a, const struct why_figures *b)
{
	switch (sort) {
	case SORT_LOST:
		return more_first(a->lost, b->lost);
	case SORT_FAILED:
		return more_first(a->failed, b->failed);
	case SORT_REQUESTS:
		return more_first(a->requests_sampled, b->requests_sampled);
	case SORT_BELOW:
		return more_first(a->below_min, b->below_min);
	case SORT_WORST:
		return more_first(a->latency_max_ns, b->latency_max_ns);
	default:
		return 0;
	}
}

/* Below 0: a comes before b. Ties in the order of the sorts, then by name: rows do not jump. */
static int compare(const struct top_state *s, const struct top_site *a, const struct top_site *b)
{
	struct why_figures x = top_site_figures(a, s->span), y = top_site_figures(b, s->span);
	int r = s->sort == SORT_NAME ? by_name(a, b) : by(s->sort, &x, &y);

	r = s->reversed ? -r : r;
	for (unsigned int i = 0; i < SORT_NAME && !r; i++)
		r = by((enum top_sort)i, &x, &y);
	return r ?: by_name(a, b);
}

static bool in_trouble(const struct why_figures *f)
{
	return f->failed || f->below_min;
}

/* Into its place among those from first on. */
static void insert(struct top_state *s, const struct top_shown *t, unsigned int first,
		   unsigned int place)
{
	unsigned int at = s->listed++;

	for (; at > first && compare(s, &t->site[place], &t->site[s->list[at - 1]]) < 0; at--)
		s->list[at] = s->list[at - 1];
	s->list[at] = place;
}

/* Those that are still there, in their order. */
static void keep(struct top_state *s, const struct top_shown *t, bool kept[TOP_SITES])
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->listed; i++) {
		const struct top_site *site = &t->site[s->list[i]];

		if (!site->there || !top_filter_site(&s->filter, &site->now))
			continue;
		kept[s->list[i]] = true;
		s->list[n++] = s->list[i];
	}
	s->listed = n;
}

void top_state_order(struct top_state *s, const struct top_shown *t)
{
	bool kept[TOP_SITES] = {false};
	unsigned int first;

	if (!s->chosen)
		s->listed = 0;
	keep(s, t, kept);
	first = s->listed;
	s->quiet = 0;
	s->quiet_sum = (struct why_figures){0};
	for (unsigned int i = 0; i < t->ordered; i++) {
		const struct top_site *site = &t->site[t->order[i]];
		struct why_figures f = top_site_figures(site, s->span);

		if (!top_filter_site(&s->filter, &site->now) || kept[t->order[i]])
			continue;
		if (in_trouble(&f)) {
			insert(s, t, first, t->order[i]);
		} else {
			s->quiet++;
			why_figures_add(&s->quiet_sum, &f);
		}
	}
}

int top_state_row(const struct top_state *s, const struct top_shown *t)
{
	for (unsigned int i = 0; s->chosen && i < s->listed; i++) {
		const struct why_site *site = &t->site[s->list[i]].now;

		if (strcmp(site->site, s->site) == 0 && strcmp(site->driver, s->driver) == 0)
			return (int)i;
	}
	return -1;
}

/* ---- keys ---- */

static void choose(struct top_state *s, const struct top_shown *t, int row)
{
	const struct why_site *site;

	if (!s->listed)
		return;
	row = row < 0 ? 0 : row;
	row = row < (int)s->listed ? row : (int)s->listed - 1;
	site = &t->site[s->list[row]].now;
	s->chosen = true;
	memcpy(s->site, site->site, sizeof(s->site));
	memcpy(s->driver, site->driver, sizeof(s->driver));
}

static void move(struct top_state *s, const struct top_shown *t, int by_rows)
{
	int row = top_state_row(s, t);

	choose(s, t, row < 0 ? (by_rows > 0 ? by_rows - 1 : 0) : row + by_rows);
}

static void turn(struct top_state *s, int rows)
{
	if (rows < 0 && s->scroll < (unsigned int)-rows)
		s->scroll = 0;
	else
		s->scroll = (unsigned int)((int)s->scroll + rows);
}

static void page(struct top_state *s, enum top_page to)
{
	s->page = to;
	s->scroll = 0;
}

static void sort_by(struct top_state *s, const struct top_shown *t, int step)
{
	s->sort = (enum top_sort)(((int)s->sort + step + SORTS) % SORTS);
	s->chosen = false;
	top_state_order(s, t);
}

static void span(struct top_state *s, struct top_shown *t)
{
	s->span = (enum top_span)((s->span + 1) % SPANS);
	if (s->span == SPAN_ZERO && !t->zero_ns)
		s->span = SPAN_INTERVAL;
	top_state_order(s, t);
}

static enum top_wish seek(struct top_state *s, __s64 reports)
{
	if (s->cannot_seek && reports < 0) {
		snprintf(s->message, sizeof(s->message), "a pipe cannot be read again");
		return WISH_NOTHING;
	}
	s->seek = reports;
	s->seek_ns = ~0ULL;
	return WISH_SEEK;
}

/* Of a recording: where in it, and how fast. */
static enum top_wish replay_key(struct top_state *s, unsigned int key)
{
	switch (key) {
	case KEY_OF_LEFT:
	case KEY_OF_RIGHT:
		s->paused = true;
		return seek(s, key == KEY_OF_LEFT ? -1 : 1);
	case '[':
		return seek(s, -60);
	case ']':
		return seek(s, 60);
	case '<':
		s->speed -= s->speed > TOP_SPEED_LEAST;
		break;
	case '>':
		s->speed += s->speed < TOP_SPEED_MOST;
		break;
	case 'g':
		s->ask = 'g';
		s->line[0] = '\0';
		break;
	}
	return WISH_NOTHING;
}

static enum top_wish main_key(struct top_state *s, struct top_shown *t, unsigned int key)
{
	switch (key) {
	case KEY_OF_UP:
	case 'k':
		move(s, t, -1);
		break;
	case KEY_OF_DOWN:
	case 'j':
		move(s, t, 1);
		break;
	case '\r':
	case '\n':
		if (!s->chosen)
			move(s, t, 1);
		if (s->chosen)
			page(s, PAGE_SITE);
		break;
	case KEY_OF_ESCAPE:
		s->chosen = false;
		top_state_order(s, t);
		break;
	case 's':
		sort_by(s, t, 1);
		break;
	case 'S':
		s->reversed = !s->reversed;
		sort_by(s, t, 0);
		break;
	case '/':
		s->ask = '/';
		memcpy(s->line, s->filter.text, sizeof(s->line));
		break;
	case 'q':
		return WISH_QUIT;
	default:
		break;
	}
	return WISH_NOTHING;
}

/* A page over the main one. */
static void page_key(struct top_state *s, const struct top_shown *t, unsigned int key)
{
	switch (key) {
	case KEY_OF_ESCAPE:
	case 'q':
		page(s, PAGE_MAIN);
		break;
	case KEY_OF_DOWN:
	case 'j':
		turn(s, 1);
		break;
	case KEY_OF_UP:
	case 'k':
		turn(s, -1);
		break;
	case KEY_OF_PAGE_DOWN:
		turn(s, 10);
		break;
	case KEY_OF_PAGE_UP:
		turn(s, -10);
		break;
	case 'n':
	case 'p':
		if (s->page == PAGE_SITE)
			move(s, t, key == 'n' ? 1 : -1);
		s->scroll = 0;
		break;
	}
}

/* ---- a line that is typed ---- */

/* "03:26" or "03:26:35" as seconds of a day. */
static int time_of_day(const char *text, __u64 *ret)
{
	unsigned int h, m, s = 0;
	int n = 0;

	if (sscanf(text, "%2u:%2u%n", &h, &m, &n) < 2)
		return -1;
	text += n;
	n = 0;
	if (*text && (sscanf(text, ":%2u%n", &s, &n) < 1 || text[n]))
		return -1;
	*ret = (__u64)h * 3600 + m * 60 + s;
	return h < 24 && m < 60 && s < 60 ? 0 : -1;
}

static enum top_wish answer(struct top_state *s, const struct top_shown *t)
{
	char ask = s->ask;

	s->ask = 0;
	if (ask == 'g') {
		if (time_of_day(s->line, &s->seek_ns) == 0)
			return WISH_SEEK;
		snprintf(s->message, sizeof(s->message), "no time such as 03:26:35");
		return WISH_NOTHING;
	}
	if (top_filter_parse(&s->filter, s->line))
		snprintf(s->message, sizeof(s->message),
			 "no filter such as class=atomic ctx=softirq order=1-3");
	s->chosen = false;
	top_state_order(s, t);
	return WISH_NOTHING;
}

static enum top_wish line_key(struct top_state *s, const struct top_shown *t, unsigned int key)
{
	size_t len = strlen(s->line);

	if (key == '\r' || key == '\n')
		return answer(s, t);
	if (key == KEY_OF_ESCAPE) {
		s->ask = 0;
	} else if (key == KEY_OF_RUBOUT || key == '\b') {
		s->line[len ? len - 1 : 0] = '\0';
	} else if (key == 'U' - '@') {
		s->line[0] = '\0';
	} else if (key >= ' ' && key < KEY_OF_RUBOUT && len + 1 < sizeof(s->line)) {
		s->line[len] = (char)key;
		s->line[len + 1] = '\0';
	}
	return WISH_NOTHING;
}

/* On every page. *ret_taken: it was one of these. */
static enum top_wish any_key(struct top_state *s, struct top_shown *t, unsigned int key,
			     bool *ret_taken)
{
	*ret_taken = true;
	switch (key) {
	case 'L' - '@':
		return WISH_REPAINT;
	case 'Z' - '@':
		return WISH_STOP;
	case ' ':
		s->paused = !s->paused;
		break;
	case 't':
		span(s, t);
		break;
	case 'z':
		top_shown_zero(t);
		s->span = SPAN_ZERO;
		top_state_order(s, t);
		break;
	case 'h':
		page(s, s->page == PAGE_HELP ? PAGE_MAIN : PAGE_HELP);
		break;
	case '?':
		page(s, s->page == PAGE_MISSING ? PAGE_MAIN : PAGE_MISSING);
		break;
	default:
		*ret_taken = false;
	}
	return WISH_NOTHING;
}

enum top_wish top_state_key(struct top_state *s, struct top_shown *t, unsigned int key)
{
	enum top_wish wish;
	bool taken;

	s->message[0] = '\0';
	if (s->ask)
		return line_key(s, t, key);
	wish = any_key(s, t, key, &taken);
	if (taken)
		return wish;
	if (s->replay)
		wish = replay_key(s, key);
	if (wish != WISH_NOTHING)
		return wish;
	if (s->page == PAGE_MAIN)
		return main_key(s, t, key);
	page_key(s, t, key);
	return WISH_NOTHING;
}
