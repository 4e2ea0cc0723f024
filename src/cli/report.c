// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* report.c - labyrinth report: its options, its files, its page. */
#include "cli/report.h"

#include <errno.h>
#include <getopt.h>
#include <linux/capability.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/rights.h"
#include "base/stop.h"
#include "base/util.h"
#include "cli/confine.h"
#include "cli/record.h"
#include "out/compare_page.h"
#include "out/recording.h"
#include "out/report_page.h"
#include "source/replay.h"

#define PROGRESS_BYTES (64ULL << 20) /* a smaller file is read at once */

/* What one recording is made of. */
struct side {
	char **file;
	unsigned int files;
	struct source **source; /* owned, a file each */
	struct recording *recording;
};

struct report_options {
	struct record_options page; /* its path NULL: standard output */
	bool compare;
	struct side side[2]; /* two to compare */
	unsigned int sides;
};

static void report_usage(FILE *f)
{
	fputs("usage: labyrinth report FILE... [-o PAGE]\n"
	      "       labyrinth report --compare BEFORE AFTER [-o PAGE]\n"
	      "\n"
	      "Makes one page of HTML of recordings of one host: what happened, when, how long\n"
	      "requests took, who went without and why, whether a larger reserve would have\n"
	      "helped. FILE is what stat, events, why or flags wrote with --json or --record,\n"
	      "also .gz and .zst; \"-\" is standard input. The page loads nothing and runs no\n"
	      "script.\n"
	      "\n"
	      "  -c, --compare      two recordings side by side, and which differences exceed\n"
	      "                     noise; each may be several files, joined by commas\n"
	      "  -o, --output PAGE  write to PAGE, which only its owner can read, once it is\n"
	      "                     whole; without it, to standard output\n"
	      "  -h, --help         this text\n",
	      f);
}

static int wrong(const char *what)
{
	log_err(0, "%s", what);
	fputs("Try 'labyrinth report --help'.\n", stderr);
	return FAIL(LAB_EXIT_USAGE);
}

static int check(const struct report_options *opt, int files)
{
	if (opt->compare && files != 2)
		return wrong("--compare takes two recordings, before and after: join the files of "
			     "one by commas");
	if (!files)
		return wrong("give at least one recording");
	if (!opt->page.path && isatty(STDOUT_FILENO))
		return wrong("a page of HTML is nothing to read on a terminal: name a file with "
			     "-o, or redirect standard output");
	return 0;
}

/* "a.json,b.json" as its files. 0 or FAIL(). */
static int split(struct side *side, char *files)
{
	unsigned int n = 1;

	for (const char *c = files; *c; c++)
		n += *c == ',';
	side->file = calloc(n, sizeof(*side->file));
	if (!side->file)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	for (char *rest = files, *one; (one = strsep(&rest, ","));)
		side->file[side->files++] = one;
	return 0;
}

static int set_sides(struct report_options *opt, int files, char **file)
{
	int r = check(opt, files);

	if (r || !opt->compare) {
		opt->side[0] = (struct side){.file = file, .files = (unsigned int)files};
		opt->sides = 1;
		return r;
	}
	opt->sides = 2;
	return split(&opt->side[0], file[0]) ?: split(&opt->side[1], file[1]);
}

/* 0 to go on, 1 when all is said, FAIL(exit code). */
static int parse(struct report_options *opt, int argc, char **argv)
{
	static const struct option options[] = {
		{"compare", no_argument, NULL, 'c'},
		{"output", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "co:h", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			opt->compare = true;
			break;
		case 'o':
			opt->page.path = optarg;
			break;
		case 'h':
			report_usage(stdout);
			return 1;
		default:
			fputs("Try 'labyrinth report --help'.\n", stderr);
			return FAIL(LAB_EXIT_USAGE);
		}
	}
	return set_sides(opt, argc - optind, argv + optind);
}

/* ---- the files ---- */

static void close_side(struct side *side, bool owns_names)
{
	for (unsigned int i = 0; side->source && i < side->files; i++)
		if (side->source[i])
			side->source[i]->ops->close(side->source[i]);
	free(side->source);
	if (side->recording)
		view_recording.drop(side->recording);
	free(side->recording);
	if (owns_names)
		free(side->file);
}

/* All of them, before a byte of one is read. 0 or FAIL(). */
static int open_side(struct side *side)
{
	side->source = calloc(side->files, sizeof(struct source *));
	side->recording = calloc(1, sizeof(*side->recording));
	if (!side->source || !side->recording)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	for (unsigned int i = 0; i < side->files; i++) {
		int r = source_replay(&side->source[i], &view_recording, side->file[i], false);

		if (r)
			return r;
	}
	return 0;
}

/* On a terminal, while a large file is read. */
static void show_progress(const struct source *source, unsigned int *shown)
{
	__u64 done, size;
	unsigned int percent;

	source_replay_progress(source, &done, &size);
	percent = size ? (unsigned int)(done * 100 / size) : 0;
	if (size < PROGRESS_BYTES || percent == *shown)
		return;
	*shown = percent;
	fprintf(stderr, "\r%3u %%", percent);
	if (percent == 100)
		fputs("\r     \r", stderr);
}

static int read_one(struct source *source, struct recording *r)
{
	bool visible = isatty(STDERR_FILENO);
	const struct event *e;
	unsigned int shown = 100;
	int item;

	while ((item = source->ops->next(source, -1, r, &e)) > 0) {
		int ret = item == ITEM_EVENT ? view_recording.event(r, e) : 0;

		if (ret)
			return ret;
		if (visible)
			show_progress(source, &shown);
	}
	return item;
}

/* Damage ends a file; what was readable is reported, and the exit status says it. */
static int read_side(struct side *side)
{
	struct recording *r = side->recording;
	int ret = 0, finished;

	for (unsigned int i = 0; i < side->files; i++) {
		int one = read_one(side->source[i], r);

		r->damaged += one < 0;
		ret = ret ?: one;
	}
	if (stop_wanted())
		return log_err(FAIL(LAB_EXIT_RUNTIME), "a signal came: no page is written");
	finished = recording_finish(r);
	return finished ?: ret;
}

/* ---- the page ---- */

/* 0, or FAIL() where the two are not compared, which the page says too. */
static int put_compared(FILE *f, const struct report_options *opt)
{
	const struct side *before = &opt->side[0], *after = &opt->side[1];
	const struct report_files files[2] = {{before->file, before->files},
					      {after->file, after->files}};
	_cleanup_(freep) struct compare *c = calloc(1, sizeof(*c));

	if (!c || compare_make(c, before->recording, after->recording))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	compare_page(f, c, files);
	if (c->alike)
		return 0;
	return log_err(FAIL(LAB_EXIT_RUNTIME),
		       "these two are not compared: they do not count the same thing, or are too "
		       "short; the page says which");
}

/* The page is written whole even when its answer is no. */
static int write_page(FILE *f, const struct report_options *opt, int *ret_answer)
{
	const struct side *side = &opt->side[0];

	if (opt->compare)
		*ret_answer = put_compared(f, opt);
	else
		report_page(f, side->recording, &(struct report_files){side->file, side->files});
	return out_flush(f);
}

static int write_to_stdout(const struct report_options *opt, int *ret_answer)
{
	_cleanup_(fclosep) FILE *f = out_open(STDOUT_FILENO, NULL, 0);
	int ret = f ? write_page(f, opt, ret_answer)
		    : log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");

	return ret == -EPIPE ? 0 : ret;
}

static int write_to_file(struct record *record, const struct report_options *opt, int *ret_answer)
{
	int ret = write_page(record_stream(record), opt, ret_answer);

	if (ret == -EPIPE)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot write %s: its reader has gone",
			       opt->page.path);
	return ret ?: record_finish(record);
}

static int make_page(struct record *record, struct report_options *opt)
{
	int ret = 0, answer = 0, written;
	bool begun = true;

	for (unsigned int i = 0; i < opt->sides; i++) {
		int one = read_side(&opt->side[i]);

		ret = ret ?: one;
		begun &= opt->side[i].recording->begun;
	}
	/* Of nothing there is no page. */
	if (stop_wanted() || !begun)
		return ret;
	written = record ? write_to_file(record, opt, &answer) : write_to_stdout(opt, &answer);
	return written ?: answer ?: ret;
}

/* What is written by its name needs the right to that; else nobody reads what others wrote. */
static int give_up_rights(bool renames)
{
	if (!renames)
		return confine(0);
	if (rights_keep(1ULL << CAP_DAC_OVERRIDE))
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot give up rights");
	return confine(RIGHTS_RENAME);
}

static int open_and_run(struct report_options *opt)
{
	struct record *record = NULL;
	int r = 0;

	for (unsigned int i = 0; i < opt->sides; i++)
		r = r ?: open_side(&opt->side[i]);
	r = r ?: record_open(&record, &opt->page, NULL);
	/* Reads a file, and keeps it. */
	tzset();
	r = r ?: give_up_rights(record);
	r = r ?: make_page(record, opt);
	record_close(record);
	return r;
}

static int run(struct report_options *opt)
{
	int r = stop_open();

	if (r < 0)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot wait for signals: %s", strerror(-r));
	return open_and_run(opt);
}

int report_main(int argc, char **argv)
{
	struct report_options opt = {0};
	int r = parse(&opt, argc, argv);

	r = r ?: run(&opt);
	for (unsigned int i = 0; i < opt.sides; i++)
		close_side(&opt.side[i], opt.compare);
	return r > 0 ? 0 : r;
}
