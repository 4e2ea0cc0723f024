// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * options.c - the command line. One table is the parser, the help text and the list of what can be
 * combined with what.
 */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "exits.h"
#include "model.h"
#include "options.h"
#include "options_set.h"
#include "util.h"

#ifndef LAB_VERSION
#define LAB_VERSION "unknown"
#endif

/* Where an option has no meaning. */
#define NOT_IN(view) (1U << (view))
#define NOT_CHECK NOT_IN(VIEW_CHECK)
#define NOT_EVENTS NOT_IN(VIEW_EVENTS)
#define NOT_WHY NOT_IN(VIEW_WHY)
#define NOT_FLAGS NOT_IN(VIEW_FLAGS)
#define NOT_LINT NOT_IN(VIEW_LINT)
#define BY_STACK (NOT_CHECK | NOT_IN(VIEW_STAT) | NOT_FLAGS)
#define NOT_REPLAY 0x100U /* --replay: it selects where the numbers are made */

struct option_def {
	int short_name; /* or, for a long one only, a value above any character */
	const char *name;
	const char *arg; /* NULL: takes none */
	unsigned int flags;
	int (*set)(struct parse *p, const char *arg);
	size_t flag;	  /* without set: the bool in struct options that becomes true */
	const char *help; /* '\n' starts a new line of the column */
};

/* 1 when it went out, or when nobody is left to read it. */
static int printed(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 1;
	if (errno == EPIPE)
		return 1;
	return log_err(-LAB_EXIT_RUNTIME, "cannot write the output: %s", strerror(errno));
}

static int set_version(struct parse *p, const char *arg)
{
	(void)p;
	(void)arg;
	printf("labyrinth " LAB_VERSION "\n");
	return printed();
}

static int set_help(struct parse *p, const char *arg)
{
	(void)p;
	(void)arg;
	options_help(stdout);
	return printed();
}

enum {
	LONG_CLASS = 256,
	LONG_ORDER,
	LONG_ALL,
	LONG_ANON,
	LONG_NO_EXCLUSIVE,
	LONG_ATTACH,
	LONG_BTF,
	LONG_REPLAY,
	LONG_RECORD,
	LONG_SLOWER,
	LONG_BELOW,
	LONG_SAMPLE,
	LONG_BUDGET,
	LONG_NO_LATENCY,
};

/* One option an entry, as the help shows it. */
/* clang-format off */
#define SET(fn) fn, 0
#define FLAG(member) NULL, offsetof(struct options, member)
static const struct option_def table[] = {
	{'i', "interval", "SECONDS", NOT_CHECK | NOT_EVENTS | NOT_REPLAY, SET(set_interval),
	 "time between reports, like INTERVAL (default 1)"},
	{'d', "duration", "SECONDS", NOT_CHECK | NOT_REPLAY, SET(set_duration),
	 "end after this long"},
	{'j', "json", NULL, 0, FLAG(json), "print JSON, one object a line"},
	{'C', "cpu", "CPU", NOT_CHECK | NOT_WHY | NOT_FLAGS | NOT_LINT | NOT_REPLAY, SET(set_cpu), "only requests made on this cpu"},
	{LONG_CLASS, "class", "LIST", NOT_CHECK, SET(set_class),
	 "only these of atomic,nowait,nolock,high,blocking\n"
	 "(default: the first three, which may not sleep;\n"
	 "flags and lint: all)"},
	{LONG_ORDER, "order", "LIST", NOT_CHECK | NOT_REPLAY, SET(set_order),
	 "only these orders: 0 or 1-3 or 0,4"},
	{'x', "failures", NULL, NOT_CHECK | NOT_EVENTS | NOT_LINT, FLAG(failures_only), "only rows with failures"},
	{LONG_ALL, "all-classes", NULL, NOT_CHECK | NOT_LINT | NOT_REPLAY, FLAG(all_classes),
	 "count high and blocking too: every page request"},
	{LONG_ANON, "anon-exclusive", NULL,
	 NOT_CHECK | NOT_EVENTS | NOT_WHY | NOT_FLAGS | NOT_LINT | NOT_REPLAY, FLAG(anon_exclusive),
	 "count pages newly marked PG_anon_exclusive"},
	{LONG_NO_EXCLUSIVE, "no-exclusive", NULL,
	 NOT_CHECK | NOT_EVENTS | NOT_WHY | NOT_FLAGS | NOT_LINT | NOT_REPLAY, FLAG(no_exclusive),
	 "do not tell who takes from the exclusive reserve: each\n"
	 "page that leaves the free lists pays for that"},
	{LONG_SLOWER, "slower", "DURATION", BY_STACK | NOT_LINT | NOT_REPLAY, SET(set_slower),
	 "events: also requests that took at least this long;\n"
	 "why: what counts as slow (default 1ms)"},
	{LONG_BELOW, "below", "MARK", BY_STACK | NOT_LINT | NOT_WHY | NOT_REPLAY, SET(set_below),
	 "events: also requests served below this mark: low, min"},
	{'S', "stack", NULL, BY_STACK, FLAG(stack),
	 "events, why, lint: print the kernel stack of each"},
	{LONG_SAMPLE, "sample", "N", BY_STACK | NOT_LINT | NOT_EVENTS | NOT_REPLAY, SET(set_sample),
	 "why: of requests served in time, take the stack of one\n"
	 "in N (a power of two, default 64); of others, always"},
	{LONG_BUDGET, "budget", "PERCENT", NOT_CHECK | NOT_REPLAY, SET(set_budget),
	 "take no more than so much of one processor, and leave\n"
	 "out stacks, then the sample of sites, then all but\n"
	 "failures when it would be more; said in each report"},
	{LONG_ATTACH, "attach", "HOW", NOT_REPLAY, SET(set_attach),
	 "auto (default), fentry, kprobe, or raw_tp: starts of\n"
	 "requests are not seen then, and no latency"},
	{LONG_NO_LATENCY, "no-latency", NULL, NOT_CHECK | NOT_LINT | NOT_REPLAY, SET(set_no_latency),
	 "count only, like --attach=raw_tp: what may sleep pays\n"
	 "half, what may not twice as much"},
	{LONG_BTF, "btf", "FILE", NOT_REPLAY, SET(set_btf), "kernel type information from FILE"},
	{LONG_REPLAY, "replay", "FILE", NOT_CHECK, SET(set_replay),
	 "show a recorded JSON stream (-: standard input); no\n"
	 "privilege needed, on any machine"},
	{LONG_RECORD, "record", "FILE", NOT_CHECK | NOT_REPLAY, SET(set_record),
	 "also write the JSON stream to FILE"},
	{'T', "timestamp", NULL, NOT_CHECK, FLAG(timestamp), "head each report with date and time;\n"
	 "events: tell the date too"},
	{'v', "verbose", NULL, 0, SET(set_verbose),
	 "tell on standard error what is done; repeat for more"},
	{'V', "version", NULL, 0, SET(set_version), "print the version and exit"},
	{'h', "help", NULL, 0, SET(set_help), "print this and exit"},
};
/* clang-format on */

_Static_assert(ARRAY_SIZE(table) <= 64, "struct parse has a bit for each option");

#define HELP_COLUMN 26

static void help_option(FILE *f, const struct option_def *d)
{
	char left[40], short_name[8] = "    ";

	if (d->short_name < LONG_CLASS)
		snprintf(short_name, sizeof(short_name), "-%c, ", d->short_name);
	snprintf(left, sizeof(left), "  %s--%s%s%s", short_name, d->name, d->arg ? " " : "",
		 d->arg ? d->arg : "");
	fprintf(f, "%-*s", HELP_COLUMN, left);
	for (const char *line = d->help; line;) {
		size_t len = strcspn(line, "\n");

		fprintf(f, "%.*s\n", (int)len, line);
		line = line[len] ? line + len + 1 : NULL;
		if (line)
			fprintf(f, "%*s", HELP_COLUMN, "");
	}
}

void options_help(FILE *f)
{
	fputs("labyrinth - show atomic page allocation requests of the running kernel\n"
	      "\n"
	      "Usage: labyrinth [VIEW] [OPTIONS] [INTERVAL [COUNT]]\n"
	      "       labyrinth events [OPTIONS] [COUNT]\n"
	      "\n"
	      "Views:\n"
	      "  stat    requests by class and context, failures, latency, reserve and\n"
	      "          headroom: a report every INTERVAL seconds, COUNT times or until\n"
	      "          Ctrl-C, and one since start at the end (default)\n"
	      "  events  each failed request as it happens: who, why, and whether it mattered;\n"
	      "          COUNT events or until Ctrl-C, and what they come to at the end\n"
	      "  why     the same by driver and site: how often, what was lost, the reason, and\n"
	      "          what to change, every INTERVAL (default 10) seconds and at the end\n"
	      "  flags   kinds of requests by their gfp mask: where they are served from, how\n"
	      "          likely they fail, how long they take\n"
	      "  lint    requests that do not fit their context: they may sleep where that is\n"
	      "          forbidden, or may not where they could have\n"
	      "  check   what this kernel offers, hook by hook; attaches and detaches each\n"
	      "\n"
	      "Options:\n",
	      f);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		help_option(f, &table[i]);
	fputs("\n"
	      "EXAMPLES\n"
	      "  labyrinth                       a report every second until Ctrl-C\n"
	      "  labyrinth 10 6                  6 reports, 10 seconds each\n"
	      "  labyrinth -x -T 60              who failed, every minute, with the time\n"
	      "  labyrinth --class atomic --order 1-3 5\n"
	      "  labyrinth events -S --below min failures and near ones, with stacks\n"
	      "  labyrinth why -d 60             which drivers went without, and what to do\n"
	      "  labyrinth -j -d 1h > run.json   record an hour\n"
	      "  labyrinth --replay run.json     and look at it, anywhere\n"
	      "  labyrinth check                 what works on this kernel, and what does not\n"
	      "\n"
	      "Exit status: 0 fine, 1 failed while running, 2 usage, 3 the kernel lacks what is\n"
	      "needed, 4 no privilege.\n",
	      f);
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
		if (d->short_name < LONG_CLASS) {
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

static int bad_option(int c, const char *word)
{
	const struct option_def *d = find_option(optopt);

	if (d && c == ':')
		return usage("--%s needs %s after it", d->name, d->arg);
	if (d && !d->arg)
		return usage("--%s takes no value, and \"%s\" gives it one", d->name, word);
	if (optopt)
		return usage("there is no option -%c", optopt);
	return usage("there is no option \"%s\", or more than one begins so", word);
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
	if (d->flags & NOT_IN(opt->view)) {
		return usage("--%s has no meaning for the view %s: leave it out", d->name,
			     view_name(opt->view));
	}
	if (opt->replay_path && d->flags & NOT_REPLAY)
		return usage("--%s cannot be had from --replay: it selects while a recording is "
			     "made, and this one is made; leave it out",
			     d->name);
	return 0;
}

static int check_combinations(const struct parse *p)
{
	const struct options *opt = p->opt;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int r = p->seen & (1ULL << i) ? check_option(opt, &table[i]) : 0;

		if (r < 0)
			return r;
	}
	if (p->positionals && opt->view == VIEW_CHECK)
		return usage("the view check takes no interval: leave it out");
	if (p->positionals && opt->view != VIEW_EVENTS && opt->replay_path)
		return usage("a recording has its own interval: leave INTERVAL out with --replay");
	if (opt->all_classes && opt->class_given)
		return usage("--all-classes and --class contradict each other: leave one out");
	return 0;
}

/* What was left out, for this view. */
static void set_defaults(const struct parse *p)
{
	struct options *opt = p->opt;
	bool wide = opt->view == VIEW_FLAGS || opt->view == VIEW_LINT;

	if (opt->all_classes || (wide && !opt->class_given))
		opt->class_mask = LAB_CLASS_MASK_ALL;
	if (!p->interval_given && (wide || opt->view == VIEW_WHY))
		opt->interval_ns = 10000000000ULL;
	if (!opt->slower_ns && opt->view == VIEW_WHY)
		opt->slower_ns = 1000000;
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
		.interval_ns = 1000000000ULL,
		.cpu = -1,
		.class_mask = LAB_CLASS_MASK_WATCHED,
		.order_mask = ~0U,
		.below_level = -1,
		.sample = 64,
	};
	r = parse_words(&p, argc, argv);
	if (r == 0)
		r = check_combinations(&p);
	if (r == 0)
		set_defaults(&p);
	return r;
}
