/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* fake_source.h - a source that gives what a test says: events first, then reports. */
#ifndef LAB_TEST_FAKE_SOURCE_H
#define LAB_TEST_FAKE_SOURCE_H

#include "cli/watch.h"
#include "source/source.h"
#include "stderr.h"
#include "stdout.h"

struct fake_source {
	struct source source;
	unsigned int events, reports; /* that it has */
	unsigned int given, filled;   /* that it gave */
	unsigned int together;	      /* so many events come at once; 0: one */
	int last;		      /* what next() says behind them */
	bool ended;		      /* no more events were wanted */
	const struct event *(*event)(unsigned int index);
	/* Fills the report with this sequence, from 1; the last one is final. */
	int (*fill)(const struct fake_source *s, void *report);
};

static inline int fake_next(struct source *source, int stop_fd, void *report,
			    const struct event **ret_event)
{
	struct fake_source *s = (struct fake_source *)source;
	struct run_head *head = report;

	(void)stop_fd;
	if (!s->ended && s->given < s->events) {
		*ret_event = s->event(s->given++);
		return ITEM_EVENT;
	}
	if (s->ended && s->filled + 1 < s->reports)
		s->filled = s->reports - 1;
	if (s->filled == s->reports)
		return s->last;
	s->filled++;
	head->info.cpu = -1;
	head->sequence = s->filled;
	head->final = s->filled == s->reports;
	return s->fill(s, report) ?: ITEM_REPORT;
}

static inline bool fake_ready(const struct source *source)
{
	const struct fake_source *s = (const struct fake_source *)source;

	return s->together && s->given % s->together;
}

static inline void fake_end(struct source *source)
{
	((struct fake_source *)source)->ended = true;
}

static inline const struct run_info *fake_info(const struct source *source)
{
	static const struct run_info info = {.version = "1", .cpu = -1};

	(void)source;
	return &info;
}

static const struct source_ops fake_ops = {
	.next = fake_next,
	.ready = fake_ready,
	.end = fake_end,
	.info = fake_info,
};

/* Runs with standard output in that descriptor; what was said on standard error. */
static inline int fake_watch(const struct options *opt, const struct view *view,
			     struct fake_source *s, int out, FILE *record, char *said, size_t size)
{
	int r;

	s->source.ops = &fake_ops;
	stdout_to(out);
	stderr_catch();
	r = watch_show(opt, view, &s->source, -1, record, NULL);
	stderr_release(said, size);
	stdout_back();
	return r;
}

#endif
