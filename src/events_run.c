// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* events_run.c - the view events: from a source to standard output, event by event. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "event_source.h"
#include "event_view.h"
#include "exits.h"
#include "options.h"
#include "util.h"
#include "view.h"

struct outputs {
	const struct options *opt;
	const struct event_source_ops *ops;
	struct event_source *source;
	const struct event_view_ops *view;
	FILE *record; /* NULL: none */
};

/* A reader of standard output that has gone has seen enough; one of a recording has not. */
static int recorded(const struct outputs *o, int r)
{
	if (r == -EPIPE)
		return log_err(-LAB_EXIT_RUNTIME, "cannot write %s: its reader has gone",
			       o->opt->record_path);
	return r;
}

static int show_begin(const struct outputs *o)
{
	const struct run_info *info = o->ops->info(o->source);
	int r = 0;

	if (o->record)
		r = recorded(o, event_view_json.begin(o->record, o->opt, info));
	return r ?: o->view->begin(stdout, o->opt, info);
}

/* Those that come together are written together; nothing is kept while the source waits. */
static int write_through(const struct outputs *o)
{
	int r;

	if (o->ops->ready && o->ops->ready(o->source))
		return 0;
	r = o->record ? recorded(o, view_flush(o->record)) : 0;

	return r ?: view_flush(stdout);
}

static int show_event(const struct outputs *o, const struct event *e)
{
	const struct run_info *info = o->ops->info(o->source);
	int r = 0;

	if (o->record)
		r = recorded(o, event_view_json.event(o->record, o->opt, info, e));
	return r ?: o->view->event(stdout, o->opt, info, e);
}

static int show_end(const struct outputs *o, bool reader_gone)
{
	const struct run_info *info = o->ops->info(o->source);
	struct event_summary s = {0};
	int r = 0;

	o->ops->summary(o->source, &s);
	if (o->record)
		r = recorded(o, event_view_json.end(o->record, o->opt, info, &s));
	if (r || reader_gone)
		return r;
	return o->view->end(stdout, o->opt, info, &s);
}

int events_show(const struct options *opt, const struct event_source_ops *ops,
		struct event_source *source, int stop_fd, FILE *record)
{
	const struct outputs o = {
		.opt = opt,
		.ops = ops,
		.source = source,
		.view = opt->json ? &event_view_json : &event_view_text,
		.record = record,
	};
	const struct event *e;
	__u64 shown = 0;
	int r = show_begin(&o);

	while (!r && (opt->count == 0 || shown < opt->count)) {
		r = ops->next(source, stop_fd, &e);
		if (r <= 0)
			break;
		r = 0;
		if (event_wanted(opt, e)) {
			r = show_event(&o, e);
			shown++;
		}
		if (!r)
			r = write_through(&o);
	}
	if (r && r != -EPIPE)
		return r;
	r = show_end(&o, r == -EPIPE);
	return r == -EPIPE ? 0 : r;
}

/* Room for what comes together; a terminal gets its lines at once in any case. */
static void make_room(FILE *f)
{
	static char room[65536];

	if (!isatty(fileno(f)))
		setvbuf(f, room, _IOFBF, sizeof(room));
}

int events_run(const struct options *opt, const struct event_source_ops *ops, int stop_fd)
{
	_cleanup_(fclosep) FILE *record = NULL;
	struct event_source *source;
	int r = open_record(opt->record_path, &record);

	if (r)
		return r;
	r = ops->open(opt, &source);
	if (r)
		return r;
	/* Also the sign for scripts that everything is attached. */
	if (!opt->replay_path)
		log_notice("Watching page requests that may not sleep. Hit Ctrl-C to end.");
	make_room(stdout);
	r = events_show(opt, ops, source, stop_fd, record);
	ops->close(source);
	return r;
}
