// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_why.c - events and counts by site, the stream of reports, and the run that makes them. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "exits.h"
#include "options.h"
#include "pace.h"
#include "random_event.h"
#include "stderr.h"
#include "why_run.h"
#include "why_stream.h"
#include "why_view.h"

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
	struct site_row r = {.key = {.gfp = ATOMIC}};

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
	CHECK_EQ(s->count.lost, 1);
	CHECK_EQ(s->count.not_followed, 2);
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
	CHECK_EQ(site_of(&report.total, "take")->count.not_followed, 1);
	CHECK_EQ(site_of(&report.total, "take")->count.lost, 2);
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
	CHECK_EQ(report.total.site[0].count.not_followed, 1);
	why_report_free(&report);
	why_free(w);
}

/* Lost first, then final failures, then those below min. */
static void order(void)
{
	static const char *const expected[] = {"lost", "failed", "below", "quiet"};
	struct why *w = why_new();

	add_event(w, failure("lost", SECOND, 0));
	why_begin_rows(w);
	add_row(w, row("quiet", 100, 0, 0));
	add_row(w, row("below", 1, 0, 3));
	add_row(w, row("failed", 1, 9, 0));
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

	report.min_free_kbytes = 6400;
	report.page_bytes = 4096;
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
	report.min_free_kbytes = report.page_bytes = 0;
}

/* ---- the stream ---- */

static void random_counts(struct why_figures *f, __u64 *seed)
{
	random_event_fields(why_count_fields, f, seed);
	f->requests_sampled = random_count(seed);
	f->not_followed = f->failed / 2;
	f->latency_max_ns = random_count(seed);
	for (unsigned int i = 0; i < VERDICTS; i++)
		f->verdict[i] = random_count(seed);
	for (unsigned int i = 0; i < PRINTEDS; i++)
		f->printed[i] = random_count(seed);
}

static void random_list(struct why_list *l, __u64 *seed)
{
	l->sites = (unsigned int)(test_random(seed) % 4);
	l->site = calloc(l->sites + 1, sizeof(*l->site));
	for (unsigned int i = 0; i < l->sites; i++) {
		struct why_site *s = &l->site[i];

		random_event_fields(why_site_fields, s, seed);
		random_counts(&s->count, seed);
		s->has_example = test_random(seed) & 1;
		if (!s->has_example)
			continue;
		s->example.failed = test_random(seed) & 1;
		if (s->example.failed)
			random_event_fields(why_outcome_fields, &s->example, seed);
		random_event_fields(why_case_fields, &s->example, seed);
		s->example.frames = (unsigned int)(test_random(seed) % (LAB_EVENT_FRAMES + 1));
		for (unsigned int k = 0; k < s->example.frames; k++)
			random_event_fields(event_symbol_fields, &s->example.frame[k], seed);
		snprintf(s->advice[0], sizeof(s->advice[0]), "because of %d", (int)i);
	}
	l->other_sites = random_count(seed);
	random_counts(&l->other, seed);
}

/* Read back and written again it is the same line. */
static void round_trip(void)
{
	const struct options opt = {.json = true};
	__u64 seed = 7;

	for (unsigned int i = 0; i < 50 && !test_why[0]; i++) {
		struct why_report r = {.counted = true, .ended = true}, back;
		char *line = NULL, *again = NULL;
		size_t len = 0, len_again = 0;
		FILE *f = open_memstream(&line, &len), *g;
		struct stream_error err = {.text = ""};

		random_event_fields(why_head_fields, &r, &seed);
		r.info.cpu = -1;
		r.counted = true;
		random_event_fields(why_sample_fields, &r, &seed);
		if (r.ended)
			random_event_fields(why_audit_fields, &r, &seed);
		random_list(&r.interval, &seed);
		random_list(&r.total, &seed);
		CHECK_EQ(view_why_json(f, &opt, &r), 0);
		fclose(f);
		CHECK_MSG(why_line_parse(line, len, &back, &err) == 0, "%s", err.text);
		g = open_memstream(&again, &len_again);
		CHECK_EQ(view_why_record(g, &back), 0);
		CHECK_EQ(view_why_text(g, &opt, &back), 0);
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
	const struct options opt = {.json = true};
	struct why_report r = {.info.cpu = -1, .counted = true}, back;
	__u64 seed = 3;
	size_t len = 0;
	char *line = NULL;
	FILE *f = open_memstream(&line, &len);

	random_list(&r.interval, &seed);
	random_list(&r.total, &seed);
	CHECK_EQ(view_why_json(f, &opt, &r), 0);
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

/* Gives events, and waits as it is told to. */
struct event_source {
	unsigned int left; /* events */
	unsigned int given, reports;
	__u64 until;
	bool ended, summed;
	int last;
};

static int fake_next(struct event_source *s, int stop_fd, const struct event **ret)
{
	fd_set fds;
	struct timeval none = {0};

	FD_ZERO(&fds);
	if (stop_fd >= 0)
		FD_SET(stop_fd, &fds);
	if (s->given < s->left) {
		*ret = failure("take", SECOND * ++s->given, 0);
		return 1;
	}
	if (s->last)
		return s->last;
	if (stop_fd >= 0 && select(stop_fd + 1, &fds, NULL, NULL, &none) > 0)
		s->ended = true;
	while (!s->ended && s->until && clock_ns(CLOCK_MONOTONIC) < s->until)
		usleep(200);
	if (!s->ended && s->until)
		return 2;
	s->ended = true;
	return 0;
}

static void fake_until(struct event_source *s, __u64 time_ns)
{
	s->until = time_ns;
}

static int fake_sites(struct event_source *s, site_row_fn *fn, void *arg, struct site_losses *ret)
{
	struct site_row r = row("take", 10, s->given + 1, 0);

	s->reports++;
	ret->uncounted = 4;
	return fn(arg, &r);
}

static const struct run_info *fake_info(const struct event_source *s)
{
	static const struct run_info info = {.version = "1", .cpu = -1};

	(void)s;
	return &info;
}

static void fake_summary(struct event_source *s, struct event_summary *ret)
{
	s->summed = true;
	ret->final = true;
	ret->throttled = 1;
}

static const struct event_source_ops fake = {
	.name = "fake",
	.next = fake_next,
	.until = fake_until,
	.info = fake_info,
	.summary = fake_summary,
	.sites = fake_sites,
};

static int run(const struct options *opt, struct event_source *source, int out, FILE *record)
{
	int saved, r;

	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	if (saved < 0 || dup2(out, STDOUT_FILENO) < 0)
		abort();
	stderr_catch();
	r = why_show(opt, &fake, source, -1, record);
	stderr_release(said, sizeof(said));
	fflush(stdout);
	clearerr(stdout);
	if (dup2(saved, STDOUT_FILENO) < 0)
		abort();
	close(saved);
	return r;
}

/* The lines of a recording; the last one is in `report`. */
static unsigned int lines_in(FILE *f)
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

/* COUNT reports, and one more of everything. */
static void counts(void)
{
	const struct options opt = {
		.view = VIEW_WHY, .json = true, .interval_ns = 5000000, .count = 3, .sample = 64};
	struct event_source source = {.left = 2};
	FILE *out = tmpfile(), *record = tmpfile();

	CHECK_EQ(run(&opt, &source, fileno(out), record), 0);
	CHECK_MSG(!said[0], "says %s", said);
	CHECK_EQ(lines_in(out), 4);
	CHECK_EQ(lines_in(record), 4);
	CHECK_EQ(source.reports, 4);
	CHECK(source.summed && source.ended);
	CHECK(report.final && report.ended && report.counted);
	CHECK_EQ(report.sequence, 4);
	CHECK_EQ(report.sample_every, 64);
	CHECK_EQ(report.audit.uncounted, 4);
	CHECK_EQ(report.audit.throttled, 1);
	CHECK_EQ(report.total.site[0].count.lost, 2);
	CHECK_EQ(report.total.site[0].count.not_followed, 1);
	why_report_free(&report);
	fclose(out);
	fclose(record);
}

static void source_fails(void)
{
	const struct options opt = {.view = VIEW_WHY, .json = true, .interval_ns = SECOND};
	struct event_source source = {.left = 1, .last = -LAB_EXIT_RUNTIME};
	FILE *out = tmpfile();

	CHECK_EQ(run(&opt, &source, fileno(out), NULL), -LAB_EXIT_RUNTIME);
	CHECK_EQ(lines_in(out), 0);
	fclose(out);
}

/* The reader of what is shown has seen enough: quiet, and the recording gets its end. */
static void reader_gone(void)
{
	const struct options opt = {.view = VIEW_WHY, .interval_ns = 5000000, .sample = 1};
	struct event_source source = {.left = 2};
	FILE *record = tmpfile();
	int fds[2];

	if (pipe(fds) < 0)
		abort();
	close(fds[0]);
	CHECK_EQ(run(&opt, &source, fds[1], record), 0);
	CHECK_MSG(!said[0], "a closed pipe is not quiet: %s", said);
	CHECK_EQ(lines_in(record), 2);
	CHECK(report.final);
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
