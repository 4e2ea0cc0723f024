// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * fuzz_replay.c - any bytes as a recording, in every view and as a page of HTML. The first byte
 * says how it is shown. A report that is accepted is the same once it was written and read again.
 */
#include "input.h"

#include "base/util.h"
#include "cli/parse.h"
#include "cli/watch.h"
#include "out/compare_page.h"
#include "out/report_page.h"
#include "source/replay.h"
#include "view/views.h"

#define WORDS 6

/* As it is typed, without --replay FILE. */
static const char *const shown[][WORDS] = {
	{"stat"},
	{"stat", "--total"},
	{"stat", "--class", "atomic", "--failures"},
	{"stat", "-j"},
	{"stat", "--split"},
	{"top"},
	{"top", "-j"},
	{"events"},
	{"events", "--stack", "--color=always"},
	{"events", "-j"},
	{"why", "--folded=lost"},
	{"why", "--stack"},
	{"why", "--total", "--timestamp"},
	{"why", "-j"},
	{"why", "--split"},
	{"flags", "--rows=3"},
	{"flags", "-j"},
	{"lint", "--stack"},
	{"lint", "-j"},
	{"stat", "--from", "03:26", "--to", "2026-11-21 03:26:35Z"},
};

static struct input input;

/* ---- every view ---- */

static void show(const char *const words[WORDS])
{
	char *argv[WORDS + 4] = {(char *)"labyrinth", (char *)"--replay", input.path};
	struct source *source;
	struct options opt;
	int argc = 3;

	for (unsigned int i = 0; i < WORDS && words[i]; i++)
		argv[argc++] = (char *)words[i];
	if (options_parse(&opt, argc, argv))
		abort();
	if (source_replay(&source, opt.view, input.path, opt.class_given))
		abort();
	watch_show(&opt, opt.view, source, -1, NULL, NULL);
	source->ops->close(source);
}

/* ---- as a page ---- */

static void put_pages(FILE *f, const struct recording *r)
{
	char *name = input.path;
	const struct report_files files[2] = {{&name, 1}, {&name, 1}};
	struct compare *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	report_page(f, r, &files[0]);
	if (!compare_make(c, r, r))
		compare_page(f, c, files);
	free(c);
}

static void page(FILE *f)
{
	struct recording *r = calloc(1, sizeof(*r));
	const struct event *e;
	struct source *source;
	int item;

	if (!r || source_replay(&source, &view_recording, input.path, false))
		abort();
	while ((item = source->ops->next(source, -1, r, &e)) > 0)
		if (item == ITEM_EVENT && view_recording.event(r, e))
			abort();
	if (!recording_finish(r) && r->begun)
		put_pages(f, r);
	source->ops->close(source);
	view_recording.drop(r);
	free(r);
}

/* ---- there and back ---- */

/* The line as the view writes it; NULL: it is not a line of the view. For the caller to free. */
static char *again(const struct view *view, const char *line, size_t len, size_t *ret_len)
{
	const struct show whole = {0};
	struct stream_error err = {.text = ""};
	void *report = calloc(1, view->size);
	char *text = NULL;
	FILE *f;

	if (!report)
		abort();
	if (!view->parse(line, len, report, &err)) {
		f = open_memstream(&text, ret_len);
		if (!f || view->json(f, &whole, report) || fclose(f))
			abort();
	}
	view->drop(report);
	free(report);
	return text;
}

static void there_and_back(const struct view *view, const char *line, size_t len)
{
	size_t once_len, twice_len;
	char *once = again(view, line, len, &once_len), *twice;

	if (!once)
		return;
	twice = again(view, once, once_len, &twice_len);
	if (!twice || once_len != twice_len || memcmp(once, twice, once_len) != 0)
		abort();
	free(once);
	free(twice);
}

static void each_line(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) : size;
	const struct view *view;

	for (unsigned int i = 0; (view = view_at(i)); i++)
		if (view->parse)
			there_and_back(view, (const char *)data, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *f;
	unsigned int how;

	f = f ?: fopen("/dev/null", "w");
	if (!f)
		abort();
	if (!size)
		return 0;
	how = (unsigned int)(data[0] - 'A');
	input_put(&input, data + 1, size - 1);
	if (how < ARRAY_SIZE(shown))
		show(shown[how]);
	else if (how == ARRAY_SIZE(shown))
		page(f);
	else
		each_line(data + 1, size - 1);
	return 0;
}
