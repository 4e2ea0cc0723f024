// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* explain.c - labyrinth explain: its options, its files, its output. */
#include "cli/explain.h"
#include "cli/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/exits.h"
#include "base/out.h"
#include "base/util.h"
#include "klog/klog.h"
#include "view/explain_shape.h"
#include "view/explain_text.h"
#include "view/explain_group.h"

#define KINDS 1024U
#define OPTION_SCHEMA 256	     /* no letter */
#define PROGRESS_BYTES (64ULL << 20) /* a smaller file is read at once */

/* What was explained in full: reports like it get a line. */
struct kind {
	__u64 hash, number; /* number 0: free */
};

struct explain {
	bool json;
	struct explain_groups *groups; /* NULL: each report by itself */
	__u64 reports;
	struct kind kind[KINDS];
};

static void usage(FILE *f)
{
	fputs("usage: labyrinth explain [-j] [-g] [FILE...]\n"
	      "\n"
	      "Reads kernel logs, and explains every page allocation failure in them. FILE is\n"
	      "text as dmesg, syslog or the journal have it, also .gz and .zst; none or \"-\" is\n"
	      "standard input.\n"
	      "\n"
	      "  -g, --group  one entry for all reports of a site, order, mask and verdict\n"
	      "  -j, --json   one JSON object a report, and one of type summary\n"
	      "      --schema print the JSON Schema of these, and exit\n"
	      "  -h, --help   this text\n",
	      f);
}

/* 1, or FAIL(exit code). */
static int put_schema(void)
{
	int r = explain_schema(stdout) ?: out_flush(stdout);

	return r && r != -EPIPE ? r : 1;
}

/* 0 to go on, 1 when all is said, FAIL(exit code). */
static int parse(struct explain *e, int argc, char **argv)
{
	static const struct option options[] = {
		{"group", no_argument, NULL, 'g'},
		{"json", no_argument, NULL, 'j'},
		{"schema", no_argument, NULL, OPTION_SCHEMA},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "gjh", options, NULL)) != -1) {
		switch (c) {
		case 'g':
			e->groups = e->groups ?: explain_groups_new();
			if (!e->groups)
				return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
			break;
		case 'j':
			e->json = true;
			break;
		case OPTION_SCHEMA:
			return put_schema();
		case 'h':
			usage(stdout);
			return 1;
		default:
			fputs("Try 'labyrinth explain --help'.\n", stderr);
			return FAIL(LAB_EXIT_USAGE);
		}
	}
	return 0;
}

static __u64 hash_text(__u64 h, const char *s)
{
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ULL;
	return h;
}

/* The number of the first of the same site, order, mask, kernel and verdict; 0: this is it. */
static __u64 same_as(struct explain *e, const struct alloc_report *r)
{
	__u64 h = hash_text(0xcbf29ce484222325ULL ^ r->order, r->site);
	struct kind *k;

	h = hash_text(hash_text(h, r->driver), r->gfp_names);
	h = hash_text(h, r->release) ^ (__u64)r->verdict << 32 ^ (__u64)r->context << 40;
	k = &e->kind[h % KINDS];
	if (k->number && k->hash == h)
		return k->number;
	*k = (struct kind){h, e->reports};
	return 0;
}

static int on_report(void *arg, struct alloc_report *r)
{
	struct explain *e = arg;

	e->reports++;
	if (e->groups)
		return explain_groups_add(e->groups, r);
	if (e->json)
		return explain_json(stdout, r);
	return explain_text(stdout, r, e->reports, same_as(e, r));
}

/* On a terminal, while a large file is read. */
static void on_progress(void *arg, __u64 done, __u64 size)
{
	unsigned int *shown = arg, percent = size ? (unsigned int)(done * 100 / size) : 0;

	if (size < PROGRESS_BYTES || percent == *shown)
		return;
	*shown = percent;
	fprintf(stderr, "\r%3u %%", percent);
	if (done >= size)
		fputs("\r     \r", stderr);
}

/* ---- its files ---- */

struct input {
	const char *name;
	int fd; /* or -errno */
};

static struct input open_one(const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	return (struct input){standard ? "standard input" : path, fd < 0 ? -errno : fd};
}

/* As many as may be: none can be opened later. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* All of them, before a byte of one is read; NULL: no memory. */
static struct input *open_all(int files, char **file)
{
	struct input *input = calloc((size_t)files, sizeof(*input));

	if (!input)
		return NULL;
	raise_limit();
	for (int i = 0; i < files; i++)
		input[i] = open_one(file[i]);
	return input;
}

/* 0, -EPIPE, or FAIL(exit code). */
static int read_one(struct klog *k, const struct input *input)
{
	int r = input->fd < 0 ? input->fd : klog_read(k, input->fd, input->name);

	if (!r || r == -EPIPE)
		return r;
	if (r == -EBADMSG)
		return log_err(FAIL(LAB_EXIT_RUNTIME),
			       "%s is damaged or cut: explained up to there", input->name);
	return log_err(FAIL(LAB_EXIT_RUNTIME), "cannot read %s: %s", input->name, strerror(-r));
}

static int read_all(struct klog *k, int files, const struct input *input)
{
	int ret = 0;

	for (int i = 0; i < files; i++) {
		int r = read_one(k, &input[i]);

		if (r == -EPIPE)
			return r;
		ret = ret ? ret : r;
	}
	return ret;
}

/* What is said when all logs are read. */
static int finish(struct explain *e, const struct klog_counts *counts)
{
	int r = 0;

	if (e->groups)
		r = e->json ? explain_groups_json(stdout, e->groups)
			    : explain_groups_text(stdout, e->groups);
	if (!r)
		r = e->json ? explain_json_summary(stdout, counts)
			    : explain_text_summary(stdout, counts);
	return r ? r : out_flush(stdout);
}

static int run(struct explain *e, int files, const struct input *input)
{
	struct klog *k = klog_new(on_report, e);
	struct klog_counts counts;
	unsigned int shown = 100;
	int r, written;

	if (!k)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	if (isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO))
		klog_on_progress(k, on_progress, &shown);
	r = read_all(k, files, input);
	counts = klog_counts(k);
	klog_free(k);
	written = r == -EPIPE ? r : finish(e, &counts);
	if (written)
		return written == -EPIPE ? 0 : written;
	return r;
}

static int open_and_run(struct explain *e, int files, char **file)
{
	static char *standard[] = {"-"};
	_cleanup_(freep) struct input *input = NULL;
	int r;

	if (!files) {
		files = 1;
		file = standard;
	}
	input = open_all(files, file);
	if (!input)
		return log_err(FAIL(LAB_EXIT_RUNTIME), "out of memory");
	r = confine(0);
	return r ? r : run(e, files, input);
}

int explain_main(int argc, char **argv)
{
	struct explain e = {0};
	int r = parse(&e, argc, argv);

	if (!r)
		r = open_and_run(&e, argc - optind, argv + optind);
	explain_groups_free(e.groups);
	return r > 0 ? 0 : r;
}
