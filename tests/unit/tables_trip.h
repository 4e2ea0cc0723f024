/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* tables_trip.h - a report of flags or lint as text, and through JSON and back. */
#ifndef LAB_TEST_TABLES_TRIP_H
#define LAB_TEST_TABLES_TRIP_H

#include "view/tables_shape.h"
#include "view/tables_text.h"
#include "test.h"

static const struct show trip_whole;

/* What one form prints; the caller frees it. */
static inline char *trip_print(int (*form)(FILE *, const struct show *, const void *),
			       const struct show *opt, const void *report)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	CHECK_EQ(form(f, opt, report), 0);
	fclose(f);
	return text;
}

/* JSON, the report that is read from it, and that as JSON and text: all the same. */
static inline void trip_there_and_back(const struct view *view, const struct show *opt,
				       const void *report)
{
	char *json = trip_print(view->json, &trip_whole, report),
	     *text = trip_print(view->text, opt, report);
	void *read = calloc(1, view->size);
	struct stream_error err = {0};
	char *again;

	CHECK_EQ(view->parse(json, strlen(json), read, &err), 0);
	CHECK_MSG(!err.text[0], "%s", err.text);
	again = trip_print(view->json, &trip_whole, read);
	CHECK_MSG(strcmp(json, again) == 0, "%s is not %s", again, json);
	free(again);
	again = trip_print(view->text, opt, read);
	CHECK_MSG(strcmp(text, again) == 0, "%s is not %s", again, text);
	free(again);
	view->drop(read);
	free(read);
	free(json);
	free(text);
}

/* The line with the first `from` in it replaced by `to`; the caller frees it. */
static inline char *trip_replace(const char *line, const char *from, const char *to)
{
	size_t size = strlen(line) + strlen(to) + 1;
	const char *at = strstr(line, from);
	char *out = malloc(size);

	if (!at || !out)
		abort();
	snprintf(out, size, "%.*s%s%s", (int)(at - line), line, to, at + strlen(from));
	return out;
}

/* A line in which that was replaced is refused, and this is said about it. */
static inline void trip_refuses(const struct view *view, const void *report, const char *from,
				const char *to, const char *said)
{
	char *json = trip_print(view->json, &trip_whole, report),
	     *bad = trip_replace(json, from, to);
	void *read = calloc(1, view->size);
	struct stream_error err = {0};

	CHECK(view->parse(bad, strlen(bad), read, &err) < 0);
	CHECK_MSG(strstr(err.text, said), "says %s, not %s", err.text, said);
	view->drop(read);
	free(read);
	free(bad);
	free(json);
}

static inline void trip_mangle(const struct view *view, const void *report)
{
	char *json = trip_print(view->json, &trip_whole, report), *bad = strdup(json);
	size_t len = strlen(json);
	void *read = calloc(1, view->size);
	struct stream_error err = {0};
	__u64 seed = 7;

	for (int i = 0; i < 4000; i++) {
		size_t at = test_random(&seed) % len;

		bad[at] = "0123456789-,:\"[]{}xfn"[test_random(&seed) % 21];
		if (view->parse(bad, len, read, &err) == 0) {
			free(trip_print(view->text, &(struct show){.stack = true}, read));
			free(trip_print(view->json, &trip_whole, read));
		}
		bad[at] = json[at];
	}
	view->drop(read);
	free(read);
	free(bad);
	free(json);
}

#endif
