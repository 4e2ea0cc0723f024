// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* help.c - see help.h. */
#include "cli/help.h"

#include <string.h>

#include "base/util.h"
#include "cli/table.h"
#include "cli/words.h"
#include "out/gathered.h"
#include "view/views.h"

#define HELP_COLUMN 26
#define VIEW_COLUMN 10

/* Of the view, and whether the help of all has it. */
static const struct example {
	const char *view, *line, *text;
	bool general;
} example[] = {
	{"top", "labyrinth", "all on one screen; h for its keys, q to end", true},
	{"top", "labyrinth top --record run.json", "and record it", false},
	{"top", "labyrinth top --on-lost ./tell > /dev/null", "", false},
	{"top", "labyrinth top --replay run.json", "look at it; < and > for its speed", false},
	{"stat", "labyrinth stat", "a report every second until Ctrl-C", true},
	{"stat", "labyrinth 10 6", "6 reports, 10 seconds each", false},
	{"stat", "labyrinth -x -T 60", "failures only, every minute, with the time", false},
	{"stat", "labyrinth --class atomic --order 1-3 5", "", false},
	{"stat", "labyrinth -j -d 1h > run.json", "record an hour", true},
	{"stat", "labyrinth --record r.json.zst --rotate 1h", "", false},
	{"stat", "labyrinth --replay run.json", "and look at it, anywhere", true},
	{"stat", "labyrinth --replay run.json.zst --from 03:26 -T", "", false},
	{"events", "labyrinth events", "each failed request as it happens", true},
	{"events", "labyrinth events -S --below min", "and near misses, with stacks", false},
	{"events", "labyrinth events -j > events.json", "record them", false},
	{"why", "labyrinth why -d 60", "which drivers went without, and what to do", true},
	{"why", "labyrinth why -n 5 --total -d 1h", "the five worst of an hour", false},
	{"why", "labyrinth why --replay events.json", "the same of a recording", false},
	{"why", "labyrinth why --replay events.json --folded lost", "", false},
	{"flags", "labyrinth flags -d 1h --total", "how likely each gfp mask is to fail", true},
	{"flags", "labyrinth flags -x -n 20", "those that failed, 20 at most", false},
	{"lint", "labyrinth lint -S", "who may sleep where that is forbidden", false},
	{"serve", "labyrinth serve --listen :10435", "for Prometheus, on all addresses", false},
	{"check", "labyrinth check", "what works on this kernel, what does not", true},
	{"check", "labyrinth check -j", "the same as JSON", false},
	{"check", "labyrinth check --report > report.md", "for an issue about this kernel", false},
	{"", "labyrinth help why", "what one view does and takes", true},
};

/* What it is on the left, and the lines of help from that column on. */
static void put_entry(FILE *f, int column, const char *left, const char *help)
{
	fprintf(f, "%-*s", column, left);
	for (const char *line = help; line;) {
		size_t len = strcspn(line, "\n");

		fprintf(f, "%.*s\n", (int)len, line);
		line = line[len] ? line + len + 1 : NULL;
		if (line)
			fprintf(f, "%*s", column, "");
	}
}

static void put_option(FILE *f, const struct option_def *d)
{
	char left[40], short_name[8] = "    ";

	if (d->short_name < OPTION_LONG)
		snprintf(short_name, sizeof(short_name), "-%c, ", d->short_name);
	snprintf(left, sizeof(left), "  %s--%s%s%s", short_name, d->name, d->arg ? " " : "",
		 d->arg ? d->arg : "");
	put_entry(f, HELP_COLUMN, left, d->help);
}

static void put_examples(FILE *f, const char *view)
{
	fputs("\nExamples:\n", f);
	for (size_t i = 0; i < ARRAY_SIZE(example); i++) {
		const struct example *e = &example[i];

		if (view ? strcmp(view, e->view) != 0 : !e->general)
			continue;
		fprintf(f, e->text[0] ? "  %-34s %s\n" : "  %s%s\n", e->line, e->text);
	}
}

static void put_views(FILE *f)
{
	const struct view *view;
	char left[40];

	fputs("\nViews:\n", f);
	for (unsigned int i = 0; (view = view_at(i)); i++) {
		snprintf(left, sizeof(left), "  %s", view->name);
		put_entry(f, VIEW_COLUMN, left, view->help);
	}
	fputs("  check   what this kernel supports, hook by hook; attaches and detaches each\n", f);
	put_entry(f, VIEW_COLUMN, "  serve", view_serve.help);
	fputs("  explain page allocation failures in kernel logs; see labyrinth explain --help\n"
	      "  report  recordings as one page of HTML; see labyrinth report --help\n",
	      f);
}

static void put_options(FILE *f, const struct option_table *options, const struct view *view,
			bool all)
{
	fputs("\nOptions:\n", f);
	for (size_t i = 0; i < options->options; i++)
		if (all || option_is_of(&options->option[i], view))
			put_option(f, &options->option[i]);
}

static void print_all(FILE *f, const struct option_table *options)
{
	fputs("labyrinth - show atomic page allocation requests of the running kernel\n"
	      "\n"
	      "Usage: labyrinth [VIEW] [OPTIONS] [INTERVAL [COUNT]]\n"
	      "       labyrinth events [OPTIONS] [COUNT]\n"
	      "       labyrinth explain [-g] [-j] [LOG...]\n"
	      "       labyrinth report [-c] FILE... [-o PAGE]\n"
	      "       labyrinth help [VIEW]\n"
	      "       labyrinth completion bash\n",
	      f);
	put_examples(f, NULL);
	put_views(f);
	put_options(f, options, NULL, true);
	fputs("\n"
	      "Exit status: 0 success, 1 failed while running, 2 usage, 3 the kernel lacks\n"
	      "something required, 4 not privileged.\n",
	      f);
}

/* What a view takes beside options. */
static const char *arguments_of(const struct view *view)
{
	if (!view)
		return "";
	if (view == &view_serve)
		return "";
	return view->options & OPTION_INTERVAL ? " [INTERVAL [COUNT]]" : " [COUNT]";
}

void help_print(FILE *f, const struct option_table *options, const char *view)
{
	const struct view *of = view ? word_view(view) : NULL;

	if (!view) {
		print_all(f, options);
		return;
	}
	put_entry(f, 0, "", of ? of->help : "what this kernel supports, hook by hook");
	fprintf(f, "\nUsage: labyrinth %s [OPTIONS]%s\n", view, arguments_of(of));
	put_examples(f, view);
	put_options(f, options, of, false);
}
