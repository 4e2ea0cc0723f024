// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * parse.c - see parse.h. One table is the parser, the help text and the list of what can be
 * combined with what.
 */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/exits.h"
#include "model/figures.h"
#include "cli/parse.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/nearest.h"
#include "cli/table.h"
#include "cli/values.h"
#include "base/util.h"
#include "out/gathered.h"
#include "view/stream.h"
#include "view/views.h"

#ifndef LAB_VERSION
#define LAB_VERSION "unknown"
#endif

#define OPTIONS_MOST 64

enum {
	LONG_CLASS = OPTION_LONG,
	LONG_ORDER,
	LONG_ALL,
	LONG_ANON,
	LONG_NO_EXCLUSIVE,
	LONG_ATTACH,
	LONG_BTF,
	LONG_REPLAY,
	LONG_RECORD,
	LONG_ROTATE,
	LONG_KEEP_FILES,
	LONG_ON_LOST,
	LONG_KEEP,
	LONG_LOST_FILE,
	LONG_TOTAL,
	LONG_COLOR,
	LONG_FOLDED,
	LONG_FROM,
	LONG_TO,
	LONG_SLOWER,
	LONG_BELOW,
	LONG_SAMPLE,
	LONG_BUDGET,
	LONG_NO_LATENCY,
	LONG_SCHEMA,
	LONG_SPLIT,
	LONG_LISTEN,
	LONG_TEXTFILE,
	LONG_REPORT,
};

/* One option an entry, as the help shows it. */
/* clang-format off */
#define SET(fn) fn, 0
#define FLAG(member) NULL, offsetof(struct options, member)
static const struct option_def table[] = {
	{'i', "interval", "SECONDS", OPTION_INTERVAL, LIVE, SET(set_interval),
	 "time between reports, like INTERVAL (default 1; why,\n"
	 "flags, lint: 10)"},
	{'d', "duration", "SECONDS", OPTION_DURATION, LIVE, SET(set_duration),
	 "end after this time"},
	{'j', "json", NULL, OPTION_JSON, ANY, FLAG(json), "print JSON, one object a line"},
	{LONG_SPLIT, "split", NULL, OPTION_SPLIT, ANY, SET(set_split),
	 "the same, and no line above 7.5 KiB, for rsyslog and\n"
	 "others: longer ones are cut into parts"},
	{'C', "cpu", "CPU", OPTION_CPU, LIVE, SET(set_cpu), "only requests made on this cpu"},
	{LONG_CLASS, "class", "LIST", OPTION_CLASS, ANY, SET(set_class),
	 "only these of atomic,nowait,nolock,high,blocking\n"
	 "(default: the first three, which may not sleep;\n"
	 "flags and lint: all)"},
	{LONG_ORDER, "order", "LIST", OPTION_ORDER, LIVE, SET(set_order),
	 "only these orders: 0 or 1-3 or 0,4"},
	{'x', "failures", NULL, OPTION_FAILURES, ANY, FLAG(failures_only), "only rows with failures"},
	{LONG_ALL, "all-classes", NULL, OPTION_ALL_CLASSES, LIVE, FLAG(all_classes),
	 "count high and blocking too: every page request"},
	{LONG_ANON, "anon-exclusive", NULL, OPTION_ANON, LIVE, FLAG(anon_exclusive),
	 "count pages newly marked PG_anon_exclusive"},
	{LONG_NO_EXCLUSIVE, "no-exclusive", NULL, OPTION_RESERVE, LIVE, FLAG(no_exclusive),
	 "do not watch who uses the exclusive reserve: every\n"
	 "page that leaves the free lists pays for that"},
	{LONG_SLOWER, "slower", "DURATION", OPTION_SLOWER, LIVE, SET(set_slower),
	 "events: also report requests that took this long;\n"
	 "why: what counts as slow (default 1ms)"},
	{LONG_BELOW, "below", "MARK", OPTION_BELOW, LIVE, SET(set_below),
	 "events: also report requests served below this mark:\n"
	 "low or min"},
	{'S', "stack", NULL, OPTION_STACK, ANY, FLAG(stack),
	 "events, why, lint: print the kernel stack of each"},
	{LONG_SAMPLE, "sample", "N", OPTION_SAMPLE, LIVE, SET(set_sample),
	 "why: take the stack of one in N requests served in\n"
	 "time (a power of two, default 64); of others, always"},
	{LONG_BUDGET, "budget", "PERCENT", OPTION_BUDGET, LIVE, SET(set_budget),
	 "use no more than this much of one processor: above it\n"
	 "leave out stacks, then most of the sample by site,\n"
	 "then all but failures, and say so in each report"},
	{LONG_ATTACH, "attach", "HOW", OPTION_ATTACH, LIVE, SET(set_attach),
	 "auto (default), fentry, kprobe; raw_tp, which does not\n"
	 "see starts of requests, so no latency; slowpath, which\n"
	 "sees failures and near misses only, and costs what is\n"
	 "served on the fast path nothing"},
	{LONG_NO_LATENCY, "no-latency", NULL, OPTION_NO_LATENCY, LIVE, SET(set_no_latency),
	 "count only, like --attach=raw_tp: halves the cost for\n"
	 "requests that are not watched, doubles it for others"},
	{LONG_BTF, "btf", "FILE", OPTION_BTF, LIVE, SET(set_btf), "read the kernel's type information from FILE"},
	{LONG_REPLAY, "replay", "FILE", OPTION_REPLAY, ANY, SET(set_replay),
	 "show a recorded JSON stream, also .gz and .zst (-:\n"
	 "standard input); needs no privilege, on any machine"},
	{LONG_RECORD, "record", "FILE", OPTION_RECORD, LIVE, SET(set_record),
	 "also write the JSON stream to FILE; packed where its\n"
	 "name ends in .zst"},
	{LONG_ROTATE, "rotate", "LIMIT", OPTION_RECORD, LIVE, SET(set_rotate),
	 "cut the recording into files of this size (100M) or\n"
	 "age (1h), which get the time of their beginning:\n"
	 "FILE run.json is run-20261121T032635Z.json"},
	{LONG_ON_LOST, "on-lost", "PROGRAM", OPTION_FLIGHT, ANY, SET(set_on_lost),
	 "top, why, events: hold the last minute in memory;\n"
	 "write it to a file when a request is lost, and run\n"
	 "PROGRAM FILE SUMMARY; one file a minute at most"},
	{LONG_KEEP, "keep", "SECONDS", OPTION_FLIGHT, ANY, SET(set_keep),
	 "hold so long in place of a minute, at most 8 MiB"},
	{LONG_LOST_FILE, "lost-file", "FILE", OPTION_FLIGHT, ANY, SET(set_lost_file),
	 "its name, which gets the time (default lost.json.zst)"},
	{LONG_KEEP_FILES, "keep-files", "N", OPTION_RECORD | OPTION_FLIGHT, ANY, SET(set_keep_files),
	 "of what --rotate and --on-lost write, the newest N\n"
	 "(default 24; 0: all)"},
	{LONG_LISTEN, "listen", "ADDRESS", OPTION_SERVE, LIVE, SET(set_listen),
	 "serve: answer at this address and port (default\n"
	 "127.0.0.1:10435, or the socket that systemd passes)"},
	{LONG_TEXTFILE, "textfile", "FILE", OPTION_SERVE, LIVE, SET(set_textfile),
	 "serve: write the metrics to FILE, NAME.prom, every 15\n"
	 "seconds for node_exporter; without --listen no HTTP"},
	{LONG_REPORT, "report", NULL, OPTION_REPORT, LIVE, FLAG(report),
	 "check: with what a maintainer needs to know of a\n"
	 "kernel that is new, to paste into an issue"},
	{'n', "rows", "N", OPTION_ROWS, ANY, SET(set_rows),
	 "flags, why: print the first N rows of each report"},
	{LONG_FOLDED, "folded", "WEIGHT", OPTION_FOLDED, RECORDED, SET(set_folded),
	 "why: of a recording of events, a line for each stack\n"
	 "and what it weighs, for flame graphs: failed requests,\n"
	 "lost ones, or pages: failed, lost, pages"},
	{LONG_COLOR, "color", "WHEN", OPTION_COLOR, ANY, SET(set_color),
	 "auto (default): colour what matters on a terminal,\n"
	 "unless NO_COLOR is set; always; never"},
	{LONG_TOTAL, "total", NULL, OPTION_TOTAL, ANY, FLAG(total),
	 "only the last report, since start; events: only what\n"
	 "they come to"},
	{LONG_FROM, "from", "TIME", OPTION_FROM, RECORDED, SET(set_from),
	 "of a recording, only what is not older: 03:26:35 or\n"
	 "\"2026-11-21 03:26\", with a Z behind it for UTC"},
	{LONG_TO, "to", "TIME", OPTION_FROM, RECORDED, SET(set_to),
	 "of a recording, only what is older"},
	{'T', "timestamp", NULL, OPTION_TIMESTAMP, ANY, FLAG(timestamp), "begin each report with date and time;\n"
	 "events: add the date"},
	{'v', "verbose", NULL, 0, ANY, SET(set_verbose),
	 "log each step to standard error; repeat for more"},
	{LONG_SCHEMA, "schema", NULL, 0, ANY, SET(set_schema),
	 "print the JSON Schema of the stream and exit"},
	{'V', "version", NULL, 0, ANY, SET(set_version), "print the version and exit"},
	{'h', "help", NULL, 0, ANY, SET(set_help), "print this and exit"},
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(table) <= OPTIONS_MOST, "struct parse has a bit for each option");

/* 1 when it went out, or when nobody is left to read it. */
static int printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 1;
	if (errno == EPIPE)
		return 1;
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write the output: %s", strerror(errno));
}

/* What getopt_long wants, out of the table. */
struct getopt_tables {
	struct option longs[ARRAY_SIZE(table) + 1];
	char shorts[2 * ARRAY_SIZE(table) + 3];
};

static void fill_getopt_tables(struct getopt_tables *t)
{
	char *s = t->shorts;

	/* "-": hand out positionals in their place; ":": tell a missing argument from the rest */
	*s++ = '-';
	*s++ = ':';
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct option_def *d = &table[i];

		t->longs[i].name = d->name;
		t->longs[i].has_arg = d->arg ? required_argument : no_argument;
		t->longs[i].val = d->short_name;
		if (d->short_name < OPTION_LONG) {
			*s++ = (char)d->short_name;
			if (d->arg)
				*s++ = ':';
		}
	}
}

static const struct option_def *find_option(int short_name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].short_name == short_name)
			return &table[i];
	}
	return NULL;
}

static const char *option_name(unsigned int i)
{
	return i < ARRAY_SIZE(table) ? table[i].name : NULL;
}

static int bad_option(int c, const char *word)
{
	const char *near;
	const struct option_def *d = find_option(optopt);

	if (d && c == ':')
		return usage("--%s needs %s after it", d->name, d->arg);
	if (d && !d->arg)
		return usage("--%s takes no value, but \"%s\" gives it one", d->name, word);
	if (optopt)
		return usage("there is no option -%c", optopt);
	near = nearest(word + strspn(word, "-"), option_name);
	return usage("there is no option \"%s\", or several begin with it%s%s%s", word,
		     near ? "; did you mean --" : "", near ?: "", near ? "?" : "");
}

static int option(struct parse *p, const struct option_def *d, const char *arg)
{
	p->seen |= 1ULL << (d - table);
	if (d->set)
		return d->set(p, arg);
	*(bool *)((char *)p->opt + d->flag) = true;
	return 0;
}

static int check_option(const struct options *opt, const struct option_def *d)
{
	if (!option_is_of(d, opt->view))
		return usage("--%s has no meaning for the view %s: leave it out", d->name,
			     view_name(opt));
	if (opt->replay_path && d->of == LIVE)
		return usage("--%s does not work with --replay: it selects what is recorded; leave "
			     "it out",
			     d->name);
	if (!opt->replay_path && d->of == RECORDED)
		return usage("--%s needs --replay: it selects a part of a recording", d->name);
	return 0;
}

/* Is there a flight recorder? */
static bool holds(const struct options *opt)
{
	return opt->flight.program || opt->flight.path;
}

static int check_combinations(const struct parse *p)
{
	const struct options *opt = p->opt;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int r = p->seen & (1ULL << i) ? check_option(opt, &table[i]) : 0;

		if (r < 0)
			return r;
	}
	if (record_is_cut(&opt->record) && !opt->record.path)
		return usage("--rotate cuts a recording into files: give --record FILE");
	if (opt->keep_files_given && !record_is_cut(&opt->record) && !holds(opt))
		return usage("--keep-files is of what --rotate and --on-lost write: give one of "
			     "them, or leave it out");
	if (opt->keep_given && !holds(opt))
		return usage("--keep is of what --on-lost holds: give that, or leave it out");
	if (opt->report && opt->json)
		return usage("check --report prints text to be read: leave out --json");
	if (p->positionals && !opt->view)
		return usage("the view check takes no interval: leave it out");
	if (p->positionals && opt->view == &view_serve)
		return usage("serve takes no interval and no count: leave them out");
	if (p->positionals && opt->replay_path && opt->view->options & OPTION_INTERVAL)
		return usage("a recording has its own interval: leave INTERVAL out with --replay");
	if (opt->total && (opt->from.given || opt->to.given))
		return usage("--total is of the whole recording: leave --from and --to out");
	if (opt->folded && (opt->json || opt->total || opt->rows))
		return usage(
			"--folded prints stacks and no report: leave --json, --total and --rows "
			"out");
	if (opt->attach == ATTACH_SLOWPATH && opt->view && !opt->view->slow_path)
		return usage("the view %s is of served requests, which --attach=slowpath does not "
			     "see: leave it out",
			     opt->view->name);
	if (opt->attach == ATTACH_SLOWPATH && (opt->slower_ns || opt->below_level >= 0))
		return usage("--attach=slowpath reports failures only: leave --slower and --below "
			     "out");
	if (opt->all_classes && opt->class_given)
		return usage("--all-classes and --class contradict each other: leave one out");
	return 0;
}

/* Options that do not say what is to be printed: a terminal may get a screen. */
#define OPTIONS_OF_A_SCREEN                                                                        \
	(OPTION_INTERVAL | OPTION_CLASS | OPTION_ORDER | OPTION_BUDGET | OPTION_ATTACH |           \
	 OPTION_BTF | OPTION_REPLAY | OPTION_RECORD | OPTION_COLOR | OPTION_ALL_CLASSES |          \
	 OPTION_RESERVE | OPTION_NO_LATENCY | OPTION_FLIGHT)

static bool is_open(const struct parse *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (p->seen & (1ULL << i) && table[i].option & ~OPTIONS_OF_A_SCREEN)
			return false;
	return !p->view_given && !p->opt->count;
}

/* What was left out, for this view. */
static void set_defaults(const struct parse *p)
{
	struct options *opt = p->opt;
	const struct view *view = opt->view;

	opt->view_open = is_open(p);
	if (!opt->class_given)
		opt->class_mask = view ? view->class_mask : LAB_CLASS_MASK_WATCHED;
	if (opt->all_classes)
		opt->class_mask = LAB_CLASS_MASK_ALL;
	if (opt->flight.program && !opt->flight.path)
		opt->flight.path = "lost.json.zst";
	if (!view)
		return;
	if (!p->interval_given)
		opt->interval_ns = view->interval_ns;
	if (!opt->slower_ns)
		opt->slower_ns = view->slower_ns;
}

/* ---- what is printed instead ---- */

static struct option_table all_options(void)
{
	return (struct option_table){table, ARRAY_SIZE(table)};
}

static int print_instead(const struct parse *p)
{
	const struct option_table options = all_options();
	int r = 0;

	switch (p->print) {
	case PRINT_VERSION:
		printf("labyrinth " LAB_VERSION "\n");
		break;
	case PRINT_SCHEMA:
		r = stream_schema(stdout);
		break;
	default:
		help_print(stdout, &options, p->view_given ? view_name(p->opt) : NULL);
	}
	return r && r != -EPIPE ? r : printed();
}

/* labyrinth help [VIEW] */
static int help_command(struct parse *p, int argc, char **argv)
{
	if (argc > 1)
		return usage("\"%s\" is one argument too many: give one view", argv[1]);
	if (argc && !set_view(p, argv[0]))
		return bad_view(argv[0]);
	return print_instead(p);
}

/* labyrinth completion bash */
static int completion_command(int argc, char **argv)
{
	const struct option_table options = all_options();

	if (argc != 1 || strcmp(argv[0], "bash") != 0)
		return usage("give the shell that is to complete: labyrinth completion bash");
	completion_bash(stdout, &options);
	return printed();
}

void options_help(FILE *f)
{
	const struct option_table options = all_options();

	help_print(f, &options, NULL);
}

static int parse_words(struct parse *p, int argc, char **argv)
{
	struct getopt_tables t = {0};
	int c, r = 0;

	fill_getopt_tables(&t);
	optind = 0; /* start afresh: the library keeps state between calls */
	opterr = 0;
	while (r == 0 && (c = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1) {
		if (c == 1)
			r = set_positional(p, optarg);
		else if (c == '?' || c == ':')
			r = bad_option(c, argv[optind > 0 ? optind - 1 : 0]);
		else
			r = option(p, find_option(c), optarg);
	}
	for (; r == 0 && optind < argc; optind++) /* behind "--" */
		r = set_positional(p, argv[optind]);
	return r;
}

int options_parse(struct options *opt, int argc, char **argv)
{
	struct parse p = {.opt = opt};
	int r;

	*opt = (struct options){
		.view = view_at(0),
		.cpu = -1,
		.order_mask = ~0U,
		.below_level = -1,
		.sample = 64,
		.record = {.keep = 24},
		.flight = {.keep_ns = FLIGHT_KEEP_NS},
	};
	if (argc > 1 && strcmp(argv[1], "help") == 0)
		return help_command(&p, argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "completion") == 0)
		return completion_command(argc - 2, argv + 2);
	r = parse_words(&p, argc, argv);
	if (r == 1)
		return print_instead(&p);
	if (r == 0)
		r = check_combinations(&p);
	if (r == 0)
		set_defaults(&p);
	return r;
}
