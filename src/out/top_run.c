// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* top_run.c - see top_run.h. */
#include "out/top_run.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/pace.h"
#include "base/util.h"
#include "out/flight.h"
#include "out/screen.h"
#include "view/top.h"
#include "view/top_screen.h"
#include "view/views.h"

#define FRAME_NS 250000000ULL /* whatever the interval: nobody reads more */
#define NS_PER_S 1000000000ULL

struct top_run {
	const struct top_options *opt;
	struct source *source;
	struct screen *screen;
	struct top_report *report;
	struct top_screen *top;
	struct source_also also;
	__u64 drawn_ns;
	__u64 reports; /* of a recording, that were read */
	__u64 due_ns;  /* of a recording: when the next one is to be shown */
	int stop_fd;
	int failed; /* FAIL() once logged */
	bool quit;
};

/* What a recording is shown as: whole. */
static const struct show whole;

static int no_memory(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

/* ---- the screen ---- */

static void draw(struct top_run *r)
{
	unsigned int columns, rows;

	screen_size(r->screen, &columns, &rows);
	top_screen_draw(r->top, columns, rows, screen_ascii(r->screen));
	screen_show(r->screen, &r->top->grid);
	r->drawn_ns = clock_ns(CLOCK_MONOTONIC);
}

static void draw_in_time(struct top_run *r)
{
	if (clock_ns(CLOCK_MONOTONIC) >= r->drawn_ns + FRAME_NS)
		draw(r);
}

static void quit(struct top_run *r)
{
	r->quit = true;
	r->source->ops->end(r->source);
}

/* ---- a recording: where in it ---- */

static int record_report(struct top_run *r)
{
	int ret = r->opt->record ? view_top.json(r->opt->record, &whole, r->report) : 0;

	if (ret == -EPIPE)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "cannot write the recording: its reader has gone");
	return ret;
}

/* Goes on to the next report. 1, 0 at the end, FAIL(). */
static int next_report(struct top_run *r)
{
	const struct event *e;
	int item, ret;

	for (;;) {
		item = r->source->ops->next(r->source, r->stop_fd, r->report, &e);
		if (item == ITEM_END || item < 0)
			return item < 0 ? item : 0;
		if (item == ITEM_REPORT)
			break;
		ret = view_top.event(r->report, e);
		if (ret)
			return ret;
	}
	r->reports++;
	ret = record_report(r);
	return ret ?: 1;
}

/* So many more; with what is paused, too. */
static void read_on(struct top_run *r, __s64 n)
{
	struct top_state *s = &r->top->state;
	bool paused = s->paused;
	int ret = 1;

	s->paused = false;
	while (n-- > 0 && ret > 0)
		ret = next_report(r);
	s->paused = paused;
	s->over = ret <= 0;
	if (ret < 0) {
		r->failed = ret;
		snprintf(s->message, sizeof(s->message), "%.60s", log_held());
	}
}

static bool go_back(struct top_run *r)
{
	struct top_state *s = &r->top->state;
	int ret = r->source->ops->rewind ? r->source->ops->rewind(r->source) : -ESPIPE;

	if (ret) {
		s->cannot_seek = true;
		snprintf(s->message, sizeof(s->message), "cannot go back: %s", strerror(-ret));
		return false;
	}
	top_restart(r->report);
	r->reports = 0;
	r->failed = 0;
	s->over = false;
	return true;
}

static __u64 second_of_day(const struct run_head *head)
{
	struct tm tm;

	return time_zone_clock(&head->info.time_zone, head->time_ns, &tm)
		       ? (__u64)(tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec)
		       : 0;
}

/* The first report of that time of day or later: behind this one, or from the start. */
static void seek_time(struct top_run *r, __u64 second)
{
	const struct run_head *head = &r->report->head;

	if (second_of_day(head) >= second && !go_back(r))
		return;
	do
		read_on(r, 1);
	while (!r->top->state.over && second_of_day(head) < second);
}

static void seek(struct top_run *r)
{
	struct top_state *s = &r->top->state;
	__u64 back = s->seek < 0 ? (__u64)-s->seek : 0, at = r->reports;

	if (s->seek_ns != ~0ULL)
		seek_time(r, s->seek_ns);
	else if (s->seek > 0)
		read_on(r, s->seek);
	else if (go_back(r))
		read_on(r, at > back ? (__s64)(at - back) : 1);
	s->seek_ns = ~0ULL;
}

/* ---- keys ---- */

static void take_key(struct top_run *r, unsigned int key)
{
	enum top_wish wish =
		key == SCREEN_GONE ? WISH_QUIT : top_state_key(&r->top->state, &r->top->shown, key);

	switch (wish) {
	case WISH_QUIT:
		quit(r);
		break;
	case WISH_REPAINT:
		screen_repaint(r->screen);
		break;
	case WISH_STOP:
		screen_stop(r->screen);
		break;
	case WISH_SEEK:
		seek(r);
		r->due_ns = 0;
		break;
	default:
		break;
	}
}

static void on_input(void *arg)
{
	struct top_run *r = arg;
	unsigned int key = SCREEN_NO_KEY;

	do {
		key = screen_key(r->screen);
		if (key != SCREEN_NO_KEY)
			take_key(r, key);
	} while (key != SCREEN_NO_KEY && !r->quit);
	if (!r->quit)
		draw(r);
}

/* ---- live ---- */

static int take_item(struct top_run *r, int item, const struct event *e)
{
	int ret;

	if (item == ITEM_EVENT) {
		flight_event(r->opt->flight, r->source->ops->info(r->source), e);
		return view_top.event(r->report, e);
	}
	flight_report(r->opt->flight, &view_top, r->report);
	ret = record_report(r);
	if (!ret && !r->quit)
		draw_in_time(r);
	return ret;
}

static int run_live(struct top_run *r)
{
	int item, ret = 0;

	r->also = (struct source_also){screen_fd(r->screen), on_input, r};
	r->source->also = &r->also;
	r->top->shown.head.info = *r->source->ops->info(r->source);
	draw(r);
	while (!ret) {
		const struct event *e = NULL;

		item = r->source->ops->next(r->source, r->stop_fd, r->report, &e);
		if (item == ITEM_END || item < 0)
			return item < 0 ? item : 0;
		ret = take_item(r, item, e);
	}
	return ret;
}

/* ---- a recording ---- */

/* At the pace that it was made at, and as many times as fast. */
static __u64 shown_for(const struct top_run *r)
{
	__u64 ns = r->report->head.interval_ns ?: NS_PER_S;
	int speed = r->top->state.speed;

	return speed < 0 ? ns << -speed : ns >> speed;
}

static bool stands(const struct top_run *r)
{
	return r->top->state.over || (r->top->state.paused && r->reports);
}

/* Milliseconds until there is something to do but keys; -1: nothing. */
static int wait_ms(const struct top_run *r)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	if (stands(r))
		return -1;
	return r->due_ns > now ? (int)((r->due_ns - now) / 1000000) + 1 : 0;
}

static int step_replay(struct top_run *r)
{
	struct pollfd fds[] = {{.fd = r->stop_fd, .events = POLLIN},
			       {.fd = screen_fd(r->screen), .events = POLLIN}};
	int n = poll(fds, ARRAY_SIZE(fds), wait_ms(r));

	if (n < 0 && errno != EINTR)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot wait for keys: %s", strerror(errno));
	if (n > 0 && fds[0].revents)
		r->quit = true;
	if (n > 0 && fds[1].revents)
		on_input(r);
	if (r->quit || stands(r) || clock_ns(CLOCK_MONOTONIC) < r->due_ns)
		return 0;
	read_on(r, 1);
	r->due_ns = clock_ns(CLOCK_MONOTONIC) + shown_for(r);
	if (r->top->state.over)
		draw(r);
	else
		draw_in_time(r);
	return 0;
}

static int run_replay(struct top_run *r)
{
	int ret = 0;

	while (!ret && !r->quit)
		ret = step_replay(r);
	return ret ?: r->failed;
}

/* ---- interface ---- */

/* Each page is there before it is needed. */
static void *take_memory(size_t size)
{
	volatile char *p = calloc(1, size);

	for (size_t i = 0; p && i < size; i += 1024)
		p[i] = 0;
	return (void *)p;
}

int top_run_new(struct top_run **ret, const struct top_options *opt, struct screen *screen)
{
	struct top_run *r = take_memory(sizeof(*r));

	if (!r)
		return no_memory();
	r->opt = opt;
	r->screen = screen;
	r->report = take_memory(view_top.size);
	r->top = r->report ? take_memory(sizeof(*r->top)) : NULL;
	if (!r->top) {
		top_run_free(r);
		return no_memory();
	}
	r->report->screen = r->top;
	r->top->state.filter.classes = opt->show->only_classes;
	r->top->state.seek_ns = ~0ULL;
	r->top->state.replay = opt->replay_path;
	*ret = r;
	return 0;
}

int top_run_show(struct top_run *r, struct source *source, int stop_fd)
{
	int ret = screen_start(r->screen);

	if (ret)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot set up the terminal: %s",
			       strerror(-ret));
	r->source = source;
	r->stop_fd = stop_fd;
	return r->opt->replay_path ? run_replay(r) : run_live(r);
}

void top_run_free(struct top_run *r)
{
	if (!r)
		return;
	if (r->report)
		view_top.drop(r->report);
	free(r->report);
	free(r);
}
