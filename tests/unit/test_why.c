// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_why.c - events and counts by site, the stream of reports, and the run that makes them. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/exits.h"
#include "cli/options.h"
#include "json/common.h"
#include "random_event.h"
#include "view/views.h"
#include "fake_source.h"
#include "view/why.h"
#include "view/why_shape.h"
#include "view/why_text.h"

#define ATOMIC (LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM)
#define SECOND 1000000000ULL

static struct why_report report;
static char said[1024];

/* A lost one, for want of pages: the zone stands `lack` pages below the floor. */
static struct event *failure(const char *site, __u64 time_ns, __u64 lack)
{
	static struct event e;

	memset(&e, 0, sizeof(e));
	e.time_ns = time_ns;
	e.raw.head.gfp = ATOMIC;
	e.raw.head.context = LAB_CTX_SOFTIRQ;
	e.raw.zones = 1;
	e.raw.highest_zone = 2;
	e.raw.zone[0] = (struct lab_event_zone){
		.zone = 2, .min = 1600, .managed = 1000000, .free = 600 - lack};
	snprintf(e.zone_name[0], sizeof(e.zone_name[0]), "Normal");
	snprintf(e.site, sizeof(e.site), "%s", site);
	snprintf(e.driver, sizeof(e.driver), "maze");
	e.verdict = VERDICT_EXHAUSTED;
	e.aftermath = AFTERMATH_LOST;
	e.printed = PRINTED_NOWARN;
	return &e;
}

static struct site_row row(const char *site, __u64 sampled, __u64 failed, __u64 below_min)
{
	struct site_row r = {.key = {.stack = 1, .gfp = ATOMIC}};

	snprintf(r.site, sizeof(r.site), "%s", site);
	snprintf(r.driver, sizeof(r.driver), "maze");
	r.count.sampled = sampled;
	r.count.failed_final = failed;
	r.count.below_min = below_min;
	r.count.latency_max_ns = 5000 + failed;
	return r;
}

static void add_event(struct why *w, struct event *e)
{
	CHECK_EQ(why_add_event(w, e), 0);
}

static void add_row(struct why *w, struct site_row r)
{
	CHECK_EQ(why_add_row(w, &r), 0);
}

static const struct why_site *site_of(const struct why_list *l, const char *name)
{
	static const struct why_site none;

	for (unsigned int i = 0; i < l->sites; i++)
		if (strcmp(l->site[i].site, name) == 0)
			return &l->site[i];
	return &none;
}

/* Several stacks make one site; what was not told is shown as such; an interval is a difference. */
static void merges(void)
{
	struct why *w = why_new();
	const struct why_site *s;

	add_event(w, failure("take", SECOND, 0));
	why_begin_rows(w);
	add_row(w, row("take", 10, 2, 1));
	add_row(w, row("take", 5, 1, 0));
	add_row(w, row("give", 7, 0, 0));
	CHECK_EQ(why_fill(w, &report), 0);
	s = &report.total.site[0];
	CHECK(strcmp(s->site, "take") == 0);
	CHECK_EQ(s->count.requests_sampled, 15);
	CHECK_EQ(s->count.failed, 3);
	CHECK_EQ(s->count.failed_final, 3);
	CHECK_EQ(s->count.lost, 3); /* whether they were told or not */
	CHECK_EQ(s->count.not_followed, 0);
	CHECK_EQ(s->count.latency_max_ns, 5002);
	CHECK_EQ(why_requests(&s->count, 64), 15 * 64);
	CHECK_EQ(report.interval.sites, 2);

	add_event(w, failure("take", 2 * SECOND, 0));
	why_begin_rows(w);
	add_row(w, row("take", 10, 2, 1));
	add_row(w, row("take", 6, 1, 4));
	add_row(w, row("give", 7, 0, 0));
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_EQ(report.interval.sites, 1);
	s = &report.interval.site[0];
	CHECK_EQ(s->count.requests_sampled, 1);
	CHECK_EQ(s->count.lost, 1);
	CHECK_EQ(s->count.failed, 1); /* told now, counted before */
	CHECK_EQ(s->count.not_followed, 0);
	CHECK_EQ(s->count.below_min, 4);
	CHECK_EQ(s->count.latency_max_ns, 0); /* it did not grow */
	CHECK_EQ(site_of(&report.total, "take")->count.not_followed, 0);
	CHECK_EQ(site_of(&report.total, "take")->count.lost, 3);
	why_report_free(&report);
	why_free(w);
}

/* No row: the events alone tell, and nothing is said of requests. */
static void events_alone(void)
{
	struct why *w = why_new();
	struct event *e = failure("take", SECOND, 0);

	e->raw.head.flags = LAB_EVENT_OVERSIZE;
	e->verdict = VERDICT_OVERSIZE;
	add_event(w, e);
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK(!report.counted);
	CHECK_EQ(report.total.site[0].count.failed, 1);
	CHECK_EQ(report.total.site[0].count.not_followed, 0);
	/* The counts have it too, and one that was not told. */
	why_begin_rows(w);
	add_row(w, row("take", 1, 2, 0));
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_EQ(report.total.site[0].count.failed, 2);
	CHECK_EQ(report.total.site[0].count.lost, 2);
	CHECK_EQ(why_told(&report.total.site[0].count), 1);
	why_report_free(&report);
	why_free(w);
}

/* Lost first, then final failures, then those below min. */
static void order(void)
{
	static const char *const expected[] = {"lost", "failed", "below", "quiet"};
	struct why *w = why_new();
	struct site_row failed;

	add_event(w, failure("lost", SECOND, 0));
	why_begin_rows(w);
	add_row(w, row("quiet", 100, 0, 0));
	add_row(w, row("below", 1, 0, 3));
	failed = row("failed", 1, 9, 0);
	failed.count.unknown = 9;
	add_row(w, failed);
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_EQ(report.total.sites, 4);
	for (unsigned int i = 0; i < 4; i++)
		CHECK_MSG(strcmp(report.total.site[i].site, expected[i]) == 0, "%u is %s", i,
			  report.total.site[i].site);
	CHECK(report.total.site[1].has_example && !report.total.site[1].example.failed);
	CHECK(!report.total.site[3].has_example);
	why_report_free(&report);
	why_free(w);
}

/* Nothing is dropped without a word. */
static void bounded(void)
{
	struct why *w = why_new();
	struct why_figures sum;
	char name[24];

	why_begin_rows(w);
	for (unsigned int i = 0; i < 9000; i++) {
		snprintf(name, sizeof(name), "site%u", i);
		add_row(w, row(name, 1, 0, i % 7 == 0));
	}
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_EQ(report.total.sites, WHY_SITES);
	CHECK(report.total.other_sites > 7000);
	sum = why_list_sum(&report.total);
	CHECK_EQ(sum.requests_sampled, 9000);
	CHECK_EQ(sum.below_min, 9000 / 7 + 1);
	why_report_free(&report);
	why_free(w);
}

/* The leading verdict is that which lost most; its worst request stands for it. */
static void leading(void)
{
	struct why *w = why_new();
	struct event *e;

	for (unsigned int i = 0; i < 5; i++) {
		e = failure("take", SECOND + i, 0);
		e->verdict = VERDICT_FRAGMENTED;
		e->aftermath = AFTERMATH_RECOVERED;
		add_event(w, e);
	}
	add_event(w, failure("take", SECOND, 4));
	e = failure("take", SECOND, 40);
	snprintf(e->evidence, sizeof(e->evidence), "deepest");
	add_event(w, e);
	add_event(w, failure("take", SECOND, 10));
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_EQ(report.total.site[0].example.verdict, VERDICT_EXHAUSTED);
	CHECK(strcmp(report.total.site[0].example.evidence, "deepest") == 0);
	why_report_free(&report);
	why_free(w);
}

/* Three in 20 ms, the worst 9 pages short: 9 and the two others; one apart is a run of its own. */
static void runs(void)
{
	struct why *w = why_new();

	report.head.min_free_kbytes = 6400;
	report.head.info.page_bytes = 4096;
	add_event(w, failure("take", SECOND, 0));
	add_event(w, failure("give", SECOND + 10000000, 8));
	add_event(w, failure("take", SECOND + 20000000, 2));
	add_event(w, failure("take", 5 * SECOND, 3));
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_MSG(
		strstr(report.total.site[0].advice[0],
		       "vm.min_free_kbytes of 7168 (now 6400) would have covered the worst run: 3 "
		       "lost requests within 20 ms, for 3 pages, 9 short in Normal (min 1600)"),
		"says \"%s\"", report.total.site[0].advice[0]);
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_EQ(report.interval.sites, 0);
	CHECK(report.total.site[0].advice[0][0]);
	why_report_free(&report);
	why_free(w);
	report.head.min_free_kbytes = report.head.info.page_bytes = 0;
}

/*
 * A 6 GB machine with the marks that a kernel gives it. Zone DMA comes nearer by count, but holds
 * back more than it has: no advice follows from its min of 42. Normal fell 3 240 - 500 short, and
 * one more to pass: 2 741, of which it is given 5/8 of min. So min is to grow by 4 386 to 13 026,
 * and all by as much: 67 584 * 13 026 / 8 640 = 101 893, in steps of 1 024.
 */
static void past_a_closed_zone(void)
{
	struct event *e = failure("take", SECOND, 0);
	struct why *w = why_new();

	report.head.min_free_kbytes = 67584;
	report.head.info.page_bytes = 4096;
	e->raw.zones = 2;
	e->raw.zone[0] =
		(struct lab_event_zone){.zone = 2, .min = 8640, .managed = 786432, .free = 500};
	e->raw.zone[1] = (struct lab_event_zone){
		.min = 42, .managed = 3840, .free = 3840, .lowmem_reserve = 6000};
	snprintf(e->zone_name[1], sizeof(e->zone_name[1]), "DMA");
	add_event(w, e);
	CHECK_EQ(why_fill(w, &report), 0);
	CHECK_MSG(strstr(report.total.site[0].advice[0],
			 "vm.min_free_kbytes of 102400 (now 67584) would have covered the worst "
			 "run: 1 lost request, for 1 page, 2741 short in Normal (min 8640)"),
		  "says \"%s\"", report.total.site[0].advice[0]);
	why_report_free(&report);
	why_free(w);
	report.head.min_free_kbytes = report.head.info.page_bytes = 0;
}

/* ---- the stream ---- */

static void random_why(struct why_report *r, __u64 *seed)
{
	struct why_figures *other[] = {&r->interval.other, &r->total.other};

	random_shape(&why_shape, r, seed);
	for (size_t i = 0; i < 2; i++)
		if (other[i]->not_followed > other[i]->failed)
			other[i]->not_followed = other[i]->failed;
}

/* Read back and written again it is the same line. */
static void round_trip(void)
{
	const struct show opt = {0};
	__u64 seed = 7;

	for (unsigned int i = 0; i < 50 && !test_why[0]; i++) {
		struct why_report r = {.counted = false}, back;
		char *line = NULL, *again = NULL;
		size_t len = 0, len_again = 0;
		FILE *f = open_memstream(&line, &len), *g;
		struct stream_error err = {.text = ""};

		random_why(&r, &seed);
		CHECK_EQ(why_json(f, &opt, &r), 0);
		fclose(f);
		CHECK_MSG(why_line_parse(line, len, &back, &err) == 0, "%s", err.text);
		g = open_memstream(&again, &len_again);
		CHECK_EQ(why_json(g, &opt, &back), 0);
		CHECK_EQ(why_text(g, &opt, &back), 0);
		fclose(g);
		CHECK(len_again > len && memcmp(line, again, len) == 0);
		why_report_free(&r);
		why_report_free(&back);
		free(line);
		free(again);
	}
}

/* No damage does more than fail. */
static void damage(void)
{
	const struct show opt = {0};
	struct why_report r = {.counted = false}, back;
	__u64 seed = 3;
	size_t len = 0;
	char *line = NULL;
	FILE *f = open_memstream(&line, &len);

	random_why(&r, &seed);
	CHECK_EQ(why_json(f, &opt, &r), 0);
	fclose(f);
	for (unsigned int i = 0; i < 3000; i++) {
		struct stream_error err;
		size_t at = test_random(&seed) % len;
		char was = line[at];

		line[at] = "0{}[]\",:x9"[test_random(&seed) % 10];
		why_line_parse(line, i % 2 ? len : at, &back, &err);
		why_report_free(&back);
		line[at] = was;
	}
	why_report_free(&r);
	free(line);
}

/* ---- the run ---- */

/* ---- the loop ---- */

static const struct event *event_at(unsigned int index)
{
	return failure("take", SECOND * (index + 1), 0);
}

/* The kernel counted one more than came. */
static int fill(const struct fake_source *s, void *report)
{
	struct run_audit audit = {.uncounted = 4, .throttled = 1};
	struct site_row r = row("take", 10, s->given + 1, 0);
	struct event_summary sum = {.head.final = true};

	view_why.begin(report);
	CHECK_EQ(view_why.site(report, &r), 0);
	view_why.sampled(report, 64);
	run_head_audit(report, &audit);
	if (s->filled == s->reports)
		view_why.summary(report, &sum);
	return view_why.fill(report);
}

static int run(const struct options *opt, struct fake_source *source, int out, FILE *record)
{
	return fake_watch(opt, &view_why, source, out, record, said, sizeof(said));
}

/* The lines of a recording; the last one is in `report`. */
static unsigned int why_lines_in(FILE *f)
{
	struct stream_error err = {.text = ""};
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	unsigned int n = 0;

	rewind(f);
	for (; (len = getline(&line, &room, f)) > 0; n++) {
		why_report_free(&report);
		CHECK_MSG(why_line_parse(line, (size_t)len, &report, &err) == 0, "%s", err.text);
	}
	free(line);
	return n;
}

/* Each report, and what it says of events and of rows. */
static void counts(void)
{
	const struct options opt = {.view = &view_why, .json = true};
	struct fake_source source = {.events = 2, .reports = 4, .event = event_at, .fill = fill};
	FILE *out = tmpfile(), *record = tmpfile();

	CHECK_EQ(run(&opt, &source, fileno(out), record), 0);
	CHECK_MSG(!said[0], "says %s", said);
	CHECK_EQ(why_lines_in(out), 4);
	CHECK_EQ(why_lines_in(record), 4);
	CHECK(report.head.final && report.ended && report.counted);
	CHECK_EQ(report.head.sequence, 4);
	CHECK_EQ(report.sample_every, 64);
	CHECK_EQ(report.head.total.uncounted, 4);
	CHECK_EQ(report.head.total.throttled, 1);
	CHECK_EQ(report.total.site[0].count.lost, 3);
	CHECK_EQ(report.total.site[0].count.not_followed, 0);
	why_report_free(&report);
	fclose(out);
	fclose(record);
}

static void source_fails(void)
{
	const struct options opt = {.view = &view_why, .json = true};
	struct fake_source source = {
		.events = 1, .last = FAIL(LAB_EXIT_RUNTIME), .event = event_at};
	FILE *out = tmpfile();

	CHECK_EQ(run(&opt, &source, fileno(out), NULL), FAIL(LAB_EXIT_RUNTIME));
	CHECK_EQ(why_lines_in(out), 0);
	fclose(out);
}

/* The reader of what is shown has seen enough: quiet, and the recording gets its end. */
static void reader_gone(void)
{
	const struct options opt = {.view = &view_why};
	struct fake_source source = {.events = 2, .reports = 4, .event = event_at, .fill = fill};
	FILE *record = tmpfile();
	int fds[2];

	if (pipe(fds) < 0)
		abort();
	close(fds[0]);
	CHECK_EQ(run(&opt, &source, fds[1], record), 0);
	CHECK_MSG(!said[0], "a closed pipe is not quiet: %s", said);
	CHECK_EQ(why_lines_in(record), 2);
	CHECK(report.head.final);
	why_report_free(&report);
	close(fds[1]);
	fclose(record);
}

static const struct test_case cases[] = {
	{"merges", merges},
	{"events_alone", events_alone},
	{"order", order},
	{"bounded", bounded},
	{"leading", leading},
	{"runs", runs},
	{"past_a_closed_zone", past_a_closed_zone},
	{"round_trip", round_trip},
	{"damage", damage},
	{"counts", counts},
	{"source_fails", source_fails},
	{"reader_gone", reader_gone},
};

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return test_main("why", cases, sizeof(cases) / sizeof(cases[0]));
}
