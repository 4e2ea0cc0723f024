// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_event_replay.c - recordings of events: whole, cut, in parts, several, and mixed with
 * reports. */
#include <unistd.h>

#include "view/events_shape.h"
#include "view/stat_shape.h"
#include "base/exits.h"
#include "random_event.h"
#include "source/replay.h"
#include "view/views.h"
#include "stderr.h"

static struct event event;
static struct report report;
static struct event_summary sum;
static unsigned int events;
static char said[1024];

static const struct run_info info = {.host = "a", .kernel = "6.12", .version = "1", .cpu = -1};

/* What a stream is made of: start, a lost event, a recovered one, summary, a report. */
static void write_stream(FILE *f, const char *parts)
{
	static const struct show whole;
	struct event_summary s = {.head.info = info,
				  .head.final = true,
				  .head.total.seen = 100,
				  .head.total.missed = 1,
				  .head.total_ns = 5};
	int r = 0;

	for (; *parts && !r; parts++) {
		memset(&event, 0, sizeof(event));
		event.time_ns = 7;
		event.aftermath = *parts == 'l' ? AFTERMATH_LOST : AFTERMATH_RECOVERED;
		if (*parts == 's') {
			r = events_json_start(f, &whole, &info);
		} else if (*parts == 'l' || *parts == 'r') {
			event_summary_add(&s, &event);
			r = events_json_event(f, &whole, &info, &event);
		} else if (*parts == 'e') {
			r = events_json(f, &whole, &s);
			s.failed = s.lost = s.recovered = 0;
			s.verdict[0] = s.printed[0] = 0;
		} else if (*parts == '.') {
			report = (struct report){.head.sequence = 1, .head.final = true};
			report.head.info.cpu = -1;
			r = stat_json(f, &whole, &report);
		} else {
			fputs(*parts == 'x' ? "{\"type\":\n" : " \r\n", f);
		}
	}
	if (r)
		abort();
}

/* Replays a stream; what next() or open() gave last. */
static int replay(const char *parts)
{
	char path[] = "/tmp/labyrinth-test-XXXXXX";
	struct source *s = NULL;
	const struct event *e;
	int fd = mkstemp(path), r;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!f)
		abort();
	write_stream(f, parts);
	fclose(f);
	events = 0;
	memset(&sum, 0, sizeof(sum));
	stderr_catch();
	r = source_replay(&s, &view_events, path, false);
	r = r ?: s->ops->begin(s);
	if (!r)
		CHECK(strcmp(s->ops->info(s)->host, strpbrk(parts, "slr") ? "a" : "") == 0);
	while (r >= 0 && (r = s->ops->next(s, -1, &sum, &e)) == ITEM_EVENT) {
		event = *e;
		events++;
	}
	if (r == ITEM_REPORT)
		r = s->ops->next(s, -1, &sum, &e);
	if (s)
		s->ops->close(s);
	stderr_release(said, sizeof(said));
	unlink(path);
	return r;
}

static void good(const char *parts, unsigned int expected, bool quiet)
{
	int r = replay(parts);

	CHECK_MSG(r == 0, "\"%s\" ends with %d: %s", parts, r, said);
	CHECK_MSG(events == expected, "\"%s\" gives %u events", parts, events);
	CHECK_MSG(!said[0] == quiet, "\"%s\" says: %s", parts, said);
}

static void whole(void)
{
	good("slrre", 3, true);
	CHECK(sum.head.final && sum.failed == 3 && sum.lost == 1 && sum.recovered == 2);
	CHECK(sum.head.total.seen == 100 && sum.head.total.missed == 1);
	good("se", 0, true);
	CHECK(sum.head.final && sum.failed == 0);
	good("e", 0, true);
	good(" s lr  e ", 2, true);
}

static void in_parts(void)
{
	good("slr", 2, false);
	CHECK_MSG(strstr(said, "ends before the summary of its run"), "said %s", said);
	CHECK(!sum.head.final && sum.failed == 2 && sum.lost == 1 && sum.head.total.seen == 0 &&
	      sum.head.time_ns == 7);
	good("s", 0, false);
	good("l", 1, false);
	CHECK(!sum.head.final && sum.failed == 1);
	good("lle", 2, true); /* the head was cut off: the summary is that of the run */
	CHECK(sum.head.final && sum.failed == 2);
}

static void several_runs(void)
{
	good("slresrre", 4, true);
	CHECK(sum.head.final && sum.failed == 4 && sum.lost == 1 && sum.recovered == 3);
	CHECK(sum.head.total.seen == 200 && sum.head.total.missed == 2 && sum.head.total_ns == 10);
	good("slesrr", 3, false);
	CHECK(!sum.head.final && sum.failed == 3 && sum.lost == 1 && sum.recovered == 2);
}

static void mixed(void)
{
	good("..sl.re.", 2, true);
	CHECK_EQ(sum.failed, 2);
	CHECK_EQ(replay("..."), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "the view stat and no event: labyrinth stat --replay"), "said %s",
		  said);
	CHECK_EQ(replay(""), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "holds no event"), "said %s", said);
}

static void damaged(void)
{
	CHECK_EQ(replay("slrxre"), FAIL(LAB_EXIT_RUNTIME));
	CHECK_EQ(events, 2);
	CHECK_MSG(strstr(said, ":4: cut or damaged at column") &&
			  strstr(said, "after 3 good lines"),
		  "said %s", said);
	CHECK_EQ(replay("x"), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, ":1: cut or damaged"), "said %s", said);
	CHECK_EQ(replay("lx"), FAIL(LAB_EXIT_RUNTIME));
	CHECK_EQ(events, 1);
	CHECK_MSG(strstr(said, "after 1 good line\n"), "said %s", said);
}

/* The view stat passes over events, as events does over reports. */
static void stat_passes_over(void)
{
	char path[] = "/tmp/labyrinth-test-XXXXXX";
	int fd = mkstemp(path), r;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	unsigned int reports = 0;
	struct source *s;

	if (!f)
		abort();
	write_stream(f, "sl.re.s");
	fclose(f);
	stderr_catch();
	r = source_replay(&s, &view_stat, path, false);
	while (r >= 0 && (r = s->ops->next(s, -1, &report, NULL)) > 0)
		reports++;
	s->ops->close(s);
	stderr_release(said, sizeof(said));
	CHECK_MSG(r == 0 && reports == 2 && !said[0], "%u reports, %d, said %s", reports, r, said);
	f = fopen(path, "w");
	if (!f)
		abort();
	write_stream(f, "sle");
	fclose(f);
	stderr_catch();
	r = source_replay(&s, &view_stat, path, false);
	if (!r)
		r = s->ops->next(s, -1, &report, NULL);
	s->ops->close(s);
	stderr_release(said, sizeof(said));
	CHECK_EQ(r, FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "the view events and no report: labyrinth events --replay"),
		  "said %s", said);
	unlink(path);
}

static void no_file(void)
{
	struct source *s = NULL;

	stderr_catch();
	CHECK_EQ(source_replay(&s, &view_events, "/tmp/no/such/file", false),
		 FAIL(LAB_EXIT_RUNTIME));
	stderr_release(said, sizeof(said));
	CHECK(strcmp(said, "labyrinth: cannot replay /tmp/no/such/file: "
			   "No such file or directory\n") == 0);
	CHECK(!s);
}

static const struct test_case cases[] = {
	{"whole", whole},     {"in_parts", in_parts}, {"several_runs", several_runs},
	{"mixed", mixed},     {"damaged", damaged},   {"stat_passes_over", stat_passes_over},
	{"no_file", no_file},
};

TEST_MAIN("event_replay", cases)
