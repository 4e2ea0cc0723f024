// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* watch.c - see watch.h. */
#include "cli/watch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"
#include "cli/options.h"
#include "cli/scope.h"
#include "cli/terminal.h"
#include "out/flight.h"
#include "source/source.h"
#include "view/events.h"
#include "view/events_fold.h"
#include "view/page.h"
#include "view/view.h"

struct watch {
	const struct options *opt;
	const struct view *view;
	struct source *source;
	struct show show;
	FILE *out;    /* standard output */
	FILE *record; /* NULL: none */
	struct flight *flight;
	void *report;
	__u64 shown; /* events */
	struct events_fold fold;
	struct folded *stacks; /* NULL: a report is wanted */
	bool events;	       /* some came: the report is of all of them */
	bool ending;	       /* no more events are wanted */
	bool reader_gone;
	bool unread;  /* a signal asked for the end, and the reader took nothing */
	bool resizes; /* standard output is a terminal */
	char host[REPORT_STR], kernel[REPORT_STR]; /* that the recording was said to be of */
	bool timed;				   /* from and to are known */
	__u64 from_ns, to_ns;
	bool read, totalled; /* a report came; one since start was shown */
};

/* What a recording is shown as: whole. */
static const struct show whole;

/* A reader of standard output that has gone has seen enough; one of a recording has not. */
static int recorded(const struct watch *w, int r)
{
	if (r == -EPIPE)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write %s: its reader has gone",
			       w->opt->record.path);
	return r;
}

static void end(struct watch *w)
{
	w->ending = true;
	w->source->ops->end(w->source);
}

/* It has seen enough, or takes no more; the recording gets its end. */
static int printed(struct watch *w, int r)
{
	if (r != -EPIPE && r != -EINTR)
		return r;
	w->unread |= r == -EINTR;
	w->reader_gone = true;
	end(w);
	return 0;
}

/* ---- what of a recording ---- */

/* Is it of the part that is asked for? Times without a date are near the
 * first one, and all are of the recording's zone. */
static bool in_part(struct watch *w, const struct run_info *info, __u64 time_ns)
{
	const struct time_zone *zone = &info->time_zone;
	const struct options *opt = w->opt;

	if (!opt->from.given && !opt->to.given)
		return true;
	if (!w->timed) {
		w->from_ns = opt->from.given ? when_ns(&opt->from, zone, time_ns) : 0;
		w->to_ns = opt->to.given ? when_ns(&opt->to, zone, time_ns) : ~0ULL;
		w->timed = true;
	}
	return time_ns >= w->from_ns && time_ns < w->to_ns;
}

/* Before the first of it, and where it goes on with another machine or kernel. */
static int say_origin(struct watch *w, const struct run_info *info, __u64 time_ns)
{
	char text[1024];
	FILE *f;

	if (!w->opt->replay_path || w->opt->json || w->view->screen ||
	    (strcmp(w->host, info->host) == 0 && strcmp(w->kernel, info->kernel) == 0))
		return 0;
	snprintf(w->host, sizeof(w->host), "%s", info->host);
	snprintf(w->kernel, sizeof(w->kernel), "%s", info->kernel);
	f = fmemopen(text, sizeof(text), "w");
	if (!f)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	page_origin(f, &w->show, info, time_ns);
	if (w->opt->from.given || w->opt->to.given)
		fputs("a part of it: what is since start, and the audit of events, are of all\n",
		      f);
	fclose(f);
	return printed(w, out_write(w->out, text, strlen(text)));
}

/* ---- events, one by one ---- */

static int start(struct watch *w)
{
	const struct view *view = w->view;
	const struct run_info *info;
	int r = w->source->ops->begin ? w->source->ops->begin(w->source) : 0;

	if (r || !view->text_start)
		return r;
	info = w->source->ops->info(w->source);
	if (w->record)
		r = recorded(w, view->json_start(w->record, &whole, info));
	if (r)
		return r;
	return printed(w, w->opt->json ? view->json_start(w->out, &w->show, info)
				       : view->text_start(w->out, &w->show, info));
}

/* Stacks are asked for to see each. */
static bool folds(const struct watch *w)
{
	return w->view->text_event && !w->opt->json && !w->opt->stack;
}

static int show_event(struct watch *w, const struct event *e)
{
	const struct run_info *info = w->source->ops->info(w->source);
	const struct view *view = w->view;
	int r = 0;

	w->shown++;
	if (w->record)
		r = recorded(w, view->json_event(w->record, &whole, info, e));
	r = r ?: say_origin(w, info, e->time_ns);
	if (r || w->reader_gone || w->opt->total)
		return r;
	if (folds(w)) {
		if (events_fold_takes(&w->fold, e))
			return 0;
		r = events_fold_text(w->out, &w->fold);
		if (r)
			return r;
		events_fold_show(&w->fold, e);
	}
	return (w->opt->json ? view->json_event : view->text_event)(w->out, &w->show, info, e);
}

/* Those that come together are written together; nothing is kept while the source waits. */
static int write_through(struct watch *w)
{
	const struct source_ops *ops = w->source->ops;
	int r = 0;

	if (ops->ready && ops->ready(w->source))
		return 0;
	if (ops->ready)
		r = events_fold_text(w->out, &w->fold);
	if (r)
		return r;
	if (w->record)
		r = recorded(w, out_flush(w->record));
	return r ?: out_flush(w->out);
}

static int fold_stack(struct watch *w, const struct event *e)
{
	if (folded_add(w->stacks, e, stack_weight_of(w->opt->folded, e)))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "no memory for the stacks");
	return 0;
}

static int take_event(struct watch *w, const struct event *e)
{
	bool wanted = events_wants(&w->show, e) &&
		      in_part(w, w->source->ops->info(w->source), e->time_ns);
	int r = 0;

	w->events = true;
	if (wanted && !w->ending)
		flight_event(w->flight, w->source->ops->info(w->source), e);
	if (w->stacks)
		return wanted ? fold_stack(w, e) : 0;
	if (w->view->event)
		return wanted ? w->view->event(w->report, e) : 0;
	if (w->ending)
		return 0;
	if (wanted)
		r = show_event(w, e);
	r = printed(w, r ?: write_through(w));
	if (!r && w->opt->count && w->shown >= w->opt->count)
		end(w);
	return r;
}

/* ---- reports ---- */

static int show_report(struct watch *w)
{
	const struct run_head *head = w->report;
	int r = say_origin(w, &head->info, w->show.timestamp ? head->time_ns : 0);

	r = r ?: printed(w, events_fold_text(w->out, &w->fold));
	if (r || w->reader_gone)
		return r;
	w->totalled |= head->final;
	return printed(w,
		       (w->opt->json ? w->view->json : w->view->text)(w->out, &w->show, w->report));
}

/* That of events is one of all of them. */
static bool wants_report(struct watch *w)
{
	const struct run_head *head = w->report;

	if (w->opt->total)
		return head->final || w->view->text_event;
	return w->events || in_part(w, &head->info, head->time_ns);
}

static int take_report(struct watch *w)
{
	int r = 0;

	w->read = true;
	flight_report(w->flight, w->view, w->report);
	if (w->record)
		r = recorded(w, w->view->json(w->record, &whole, w->report));
	if (r || w->reader_gone || w->stacks || !wants_report(w))
		return r;
	return show_report(w);
}

/* Reports have no stacks but those of examples. */
static int print_folded(struct watch *w)
{
	if (!w->events)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "%s holds no events: --folded is of what labyrinth events --json "
			       "recorded",
			       w->opt->replay_path);
	return printed(w, folded_print(w->out, w->stacks));
}

/* A recording that was cut has no total: that of its last report is the latest. */
static int last_total(struct watch *w)
{
	struct run_head *head = w->report;

	if (!w->opt->total || w->totalled || !w->read || w->view->text_event)
		return 0;
	head->final = !w->opt->json;
	return show_report(w);
}

/* 1: go on, 0: the end, FAIL(). */
static int step(struct watch *w, int stop_fd)
{
	const struct event *e = NULL;
	int item = w->source->ops->next(w->source, stop_fd, w->report, &e);

	if (w->resizes)
		w->show.columns = terminal_columns();
	if (item == ITEM_END)
		return w->stacks ? print_folded(w) : last_total(w);
	if (item < 0)
		return item;
	return (item == ITEM_EVENT ? take_event(w, e) : take_report(w)) ?: 1;
}

static int run(struct watch *w, int stop_fd)
{
	int r = start(w) ?: 1;

	while (r > 0)
		r = w->reader_gone && !w->record ? 0 : step(w, stop_fd);
	return r;
}

static int no_memory(void)
{
	return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
}

int watch_show(const struct options *opt, const struct view *view, struct source *source,
	       int stop_fd, FILE *record, struct flight *flight)
{
	/* For events that come together; a terminal gets its lines at once in any case. */
	static char room[65536];
	_cleanup_(fclosep) FILE *out = out_open(STDOUT_FILENO, room, sizeof(room));
	struct watch w = {
		.opt = opt,
		.view = view,
		.source = source,
		.show = show_of(opt),
		.out = out,
		.resizes = isatty(STDOUT_FILENO),
		.record = record,
		.flight = flight,
		.report = calloc(1, view->size),
	};
	int r;

	if (opt->folded)
		w.stacks = folded_new();
	w.show.columns = terminal_columns();
	r = out && w.report && (!opt->folded || w.stacks) ? run(&w, stop_fd) : no_memory();

	if (w.report)
		view->drop(w.report);
	free(w.report);
	folded_free(w.stacks);
	if (!r && w.unread)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "the reader of the output takes nothing: the end of it is not "
			       "written");
	return r;
}
