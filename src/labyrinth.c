// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * labyrinth.c - main: options, view, source, and the loop between them; or the check.
 *
 *   hooks > labyrinth.bpf.c == wire ==> source (live | replay) > model > view (text | json)
 * > out
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/rights.h"
#include "base/stop.h"
#include "base/util.h"
#include "cli/check.h"
#include "cli/confine.h"
#include "cli/explain.h"
#include "cli/parse.h"
#include "cli/record.h"
#include "cli/report.h"
#include "cli/scope.h"
#include "cli/terminal.h"
#include "cli/watch.h"
#include "out/flight.h"
#include "out/gathered.h"
#include "out/listen.h"
#include "out/screen.h"
#include "out/serve.h"
#include "out/top_run.h"
#include "source/events.h"
#include "source/live.h"
#include "source/replay.h"
#include "view/views.h"

/*
 * The three standard descriptors must be there before anything is opened: what takes the place of a
 * closed stdout would be sent the report.
 */
static int check_descriptors(void)
{
	bool no_stdout = fcntl(STDOUT_FILENO, F_GETFD) < 0;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return FAIL(LAB_EXIT_RUNTIME);
	if (no_stdout)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "standard output is closed: nowhere to report to");
	return 0;
}

static int open_source(struct source **ret, const struct options *opt, const struct view *view)
{
	const struct scope scope = scope_of(opt);
	const struct pace pace = pace_of(opt);

	if (opt->replay_path)
		return source_replay(ret, view, opt->replay_path, opt->class_given);
	return (view_takes_events(view) ? source_events : source_live)(ret, view, &scope, &pace);
}

/* Files that are opened, or a program that is started, when the run itself may not any more. */
static bool needs_clerk(const struct options *opt)
{
	return record_is_cut(&opt->record) || opt->flight.path;
}

/*
 * What the run still does: reads and writes what is open. A replay has neither a budget nor a
 * recording, and so no right beyond that.
 */
static unsigned int rights_of(const struct options *opt, bool screen)
{
	return (screen ? RIGHTS_SCREEN : 0) | (opt->replay_path ? 0 : RIGHTS_BPF) |
	       (opt->budget_ns ? RIGHTS_REATTACH : 0) | (opt->record.path ? RIGHTS_RENAME : 0) |
	       (needs_clerk(opt) ? RIGHTS_CLERK : 0);
}

#define WAITED_FOR_NS 2000000000ULL

/* A reader who is to wait longer is told for how long. */
static void say_watching(const struct options *opt, const struct view *view)
{
	char text[96];

	log_notice(view->watching);
	if (opt->interval_ns < WAITED_FOR_NS || view->text_event)
		return;
	/* Such a run ends before its first interval does. */
	if (opt->duration_ns && opt->duration_ns <= opt->interval_ns)
		return;
	snprintf(text, sizeof(text), "The first report comes after %.3g s, or at Ctrl-C.",
		 (double)opt->interval_ns / 1e9);
	log_notice(text);
}

/* Where what is shown goes as well. */
struct into {
	struct record *record; /* NULL: none */
	struct flight *flight; /* NULL: none */
};

/* run: a full screen; NULL: lines. */
static int show(const struct options *opt, int stop_fd, const struct into *into,
		struct top_run *run)
{
	const struct view *view = opt->view;
	struct source *source;
	int r = open_source(&source, opt, view);

	if (r)
		return r;
	/* Reads a file, and keeps it. */
	tzset();
	r = confine(rights_of(opt, run));
	/* Also the sign for scripts that everything is attached. */
	if (!r && !opt->replay_path)
		say_watching(opt, view);
	if (!r)
		r = run ? top_run_show(run, source, stop_fd)
			: watch_show(opt, view, source, stop_fd, record_stream(into->record),
				     into->flight);
	source->ops->close(source);
	return r;
}

/* Readable when the run is to end. */
static int open_stop(int *ret)
{
	*ret = stop_open();
	if (*ret < 0)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot wait for signals: %s",
			       strerror(-*ret));
	return 0;
}

static int show_screen(const struct options *opt, int stop_fd, const struct into *into,
		       struct screen *screen)
{
	const struct show shown = show_of(opt);
	const struct top_options options = {opt->replay_path, record_stream(into->record),
					    into->flight, &shown};
	struct top_run *run;
	int r = top_run_new(&run, &options, screen);

	if (r)
		return r;
	r = show(opt, stop_fd, into, run);
	/* Before anything else is said. */
	screen_leave(screen);
	top_run_free(run);
	return r;
}

/* *ret: NULL: none is needed. */
static int open_clerk(struct clerk **ret, const struct options *opt, bool screen)
{
	const struct clerk_job job = {
		.file = {[CLERK_RECORDING] = {opt->record.path, opt->record.keep},
			 [CLERK_LOST] = {opt->flight.path, opt->record.keep}},
		.program = opt->flight.program,
		.quiet = screen,
	};

	*ret = NULL;
	return needs_clerk(opt) ? clerk_start(ret, &job) : 0;
}

/* screen: NULL: lines are shown. */
static int watch_recorded(const struct options *opt, struct screen *screen, struct clerk *clerk)
{
	struct into into = {NULL, NULL};
	int stop_fd, r, held;

	r = open_stop(&stop_fd) ?: record_open(&into.record, &opt->record, clerk)
		?: flight_new(&into.flight, &opt->flight, clerk);
	if (!r)
		r = screen ? show_screen(opt, stop_fd, &into, screen)
			   : show(opt, stop_fd, &into, NULL);
	r = r ?: record_finish(into.record);
	held = flight_finish(into.flight);
	record_close(into.record);
	flight_free(into.flight);
	return r ?: held;
}

static int watch(struct options *opt, struct screen *screen)
{
	struct clerk *clerk;
	unsigned int failed;
	int r;

	opt->record.headed = opt->view->json_start;
	opt->flight.quiet = screen;
	r = open_clerk(&clerk, opt, screen);
	if (r)
		return r;
	r = watch_recorded(opt, screen, clerk);
	failed = clerk_end(clerk);
	if (failed)
		log_warn("%s ended badly %u times", opt->flight.program, failed);
	return r;
}

/* Does what is shown go to somebody who looks at a terminal? */
static bool wants_screen(const struct options *opt)
{
	const char *term = getenv("TERM");

	if (!opt->view->screen && !opt->view_open)
		return false;
	/* Who looks at a recording goes back and forth in it: nothing is lost then. */
	if (opt->replay_path && opt->flight.path)
		return false;
	/* A recording that is typed leaves no keys. */
	if (opt->replay_path && strcmp(opt->replay_path, "-") == 0 && isatty(STDIN_FILENO))
		return false;
	return !opt->json && !opt->total && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

/* Where nobody asked for top by name, and it cannot be shown, there is stat. */
static int watch_view(struct options *opt)
{
	struct screen *screen = NULL;
	const char *why = "";
	int r;

	if (!wants_screen(opt))
		return watch(opt, NULL);
	r = screen_open(&screen, terminal_colours(opt->colours), &why);
	if (r && !opt->view_open)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "no full screen here: %s; install libncursesw6 and ncurses-base, "
			       "or take labyrinth stat",
			       why[0] ? why : strerror(-r));
	if (!r)
		opt->view = &view_top;
	r = watch(opt, screen);
	screen_close(screen);
	return r;
}

/* A file alone needs no socket, unless one is asked for. */
static int open_listener(const struct options *opt, int *ret)
{
	int fd;

	*ret = -1;
	if (opt->textfile_path && !opt->listen_at)
		return 0;
	fd = listen_open(opt->listen_at);
	if (fd < 0)
		return fd;
	*ret = fd;
	return 0;
}

static int serve_source(const struct options *opt, struct serve *serve, int stop_fd)
{
	struct source *source;
	int r = open_source(&source, opt, opt->view);

	if (r)
		return r;
	log_notice(opt->view->watching);
	r = serve_run(serve, source, stop_fd);
	source->ops->close(source);
	return r;
}

static int serve(const struct options *opt)
{
	struct serve_options options = {.textfile = opt->textfile_path};
	struct serve *serve;
	int stop_fd, r;

	r = open_stop(&stop_fd);
	if (r)
		return r;
	r = open_listener(opt, &options.listen_fd);
	if (r)
		return r;
	r = serve_open(&serve, &options) ?: serve_source(opt, serve, stop_fd);
	serve_close(serve);
	return r;
}

/* What watches nothing, and takes files; each has its own options. */
static const struct command {
	const char *name;
	int (*main)(int argc, char **argv);
} commands[] = {{"explain", explain_main}, {"report", report_main}};

/* That of the first argument; NULL: it is none. */
static const struct command *command_of(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct options opt;
	int r = check_descriptors();

	/* A reader that has gone, and a limit of a file's size, are errors of write. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (r)
		return lab_exit_of(r);
	command = command_of(argc, argv);
	if (command)
		return lab_exit_of(command->main(argc - 1, argv + 1));
	command = argc == 3 && strcmp(argv[1], "help") == 0 ? command_of(2, argv + 1) : NULL;
	if (command)
		return lab_exit_of(command->main(2, (char *[]){argv[2], (char *)"--help", NULL}));
	r = options_parse(&opt, argc, argv);
	if (r)
		return lab_exit_of(r);
	log_set_verbose(opt.verbose);
	if (opt.view == &view_serve)
		return lab_exit_of(serve(&opt));
	return lab_exit_of(opt.view ? watch_view(&opt) : check_run(stdout, &opt));
}
