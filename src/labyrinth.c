// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * labyrinth.c - main: options, source, view, in named steps.
 *
 *   hooks > labyrinth.bpf.c == labyrinth.h ==> source (live | replay) > model > view (text | json)
 * > out
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "event_source.h"
#include "exits.h"
#include "options.h"
#include "source.h"
#include "tables_view.h"
#include "util.h"
#include "view.h"
#include "view_check.h"
#include "why_run.h"

/*
 * Ctrl-C and SIGTERM become readable bytes, so that the last report is printed like any other; a
 * reader of our output that went away is an error of write, not a signal.
 */
static int open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * The three standard descriptors must be there before anything is opened: what takes the place of a
 * closed stdout would be sent the report.
 */
static int check_descriptors(void)
{
	bool no_stdout = fcntl(STDOUT_FILENO, F_GETFD) < 0;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return -LAB_EXIT_RUNTIME;
	if (no_stdout)
		return log_err(-LAB_EXIT_RUNTIME,
			       "standard output is closed: nowhere to report to");
	return 0;
}

/* Prints every report of the source until it ends, fails, or its reader has gone. */
static int show(const struct options *opt, const struct source_ops *ops, struct source *source,
		int stop_fd, FILE *record)
{
	const struct view_ops *view = opt->json ? &view_json : &view_text;
	_cleanup_(freep) struct report *report = calloc(1, sizeof(*report));
	int r;

	if (!report)
		return log_err(-LAB_EXIT_RUNTIME, "out of memory");
	r = view->begin(stdout, opt);
	while (!r) {
		r = ops->next(source, stop_fd, report);
		if (r <= 0)
			break;
		r = record ? view_json_record(record, report) : 0;
		if (r == -EPIPE)
			return log_err(-LAB_EXIT_RUNTIME, "cannot write %s: its reader has gone",
				       opt->record_path);
		if (!r)
			r = view->report(stdout, opt, report);
	}
	return r ?: view->end(stdout, opt);
}

static int run_stat(const struct options *opt)
{
	const struct source_ops *ops = opt->replay_path ? &source_replay : &source_live;
	_cleanup_(fclosep) FILE *record = NULL;
	_cleanup_(closep) int stop_fd = open_signals();
	struct source *source;
	int r;

	if (stop_fd < 0)
		return log_err(-LAB_EXIT_RUNTIME, "signalfd: %s", strerror(-stop_fd));
	r = open_record(opt->record_path, &record);
	if (r)
		return r;
	r = ops->open(opt, &source);
	if (r)
		return r;
	/* Also the sign for scripts that everything is attached. */
	if (!opt->replay_path)
		fprintf(stderr, "Watching page requests that may not sleep. Hit Ctrl-C to end.\n");
	r = show(opt, ops, source, stop_fd, record);
	ops->close(source);
	/* A closed pipe is how the reader says that it has enough. */
	return r == -EPIPE ? 0 : r;
}

static int run_events(const struct options *opt)
{
	const struct event_source_ops *ops =
		opt->replay_path ? &event_source_replay : &event_source_live;
	_cleanup_(closep) int stop_fd = open_signals();

	if (stop_fd < 0)
		return log_err(-LAB_EXIT_RUNTIME, "signalfd: %s", strerror(-stop_fd));
	return events_run(opt, ops, stop_fd);
}

static int run_why(const struct options *opt)
{
	_cleanup_(closep) int stop_fd = open_signals();

	if (stop_fd < 0)
		return log_err(-LAB_EXIT_RUNTIME, "signalfd: %s", strerror(-stop_fd));
	return opt->replay_path ? why_replay(opt) : why_run(opt, &event_source_live, stop_fd);
}

static int run_tables(const struct options *opt, const struct tables_view *view)
{
	const struct tables_source_ops *ops =
		opt->replay_path ? &tables_source_replay : &tables_source_live;
	_cleanup_(closep) int stop_fd = open_signals();

	if (stop_fd < 0)
		return log_err(-LAB_EXIT_RUNTIME, "signalfd: %s", strerror(-stop_fd));
	return tables_run(opt, view, ops, stop_fd);
}

static int run_flags(const struct options *opt)
{
	return run_tables(opt, &tables_view_flags);
}

static int run_lint(const struct options *opt)
{
	return run_tables(opt, &tables_view_lint);
}

static int run_check(const struct options *opt)
{
	return check_run(stdout, opt);
}

int main(int argc, char **argv)
{
	/* clang-format off */
	static int (*const run[])(const struct options *) = {
		[VIEW_STAT] = run_stat,
		[VIEW_CHECK] = run_check,
		[VIEW_EVENTS] = run_events,
		[VIEW_WHY] = run_why,
		[VIEW_FLAGS] = run_flags,
		[VIEW_LINT] = run_lint,
	};
	/* clang-format on */
	struct options opt;
	int r = check_descriptors();

	if (r)
		return -r;
	r = options_parse(&opt, argc, argv);
	if (r)
		return r > 0 ? LAB_EXIT_OK : -r;
	log_set_verbose(opt.verbose);
	return -run[opt.view](&opt);
}
