// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_stream.c - report to JSON to report gives the same bytes; a stream that is cut, mutated or
 * wrong in one place is refused with a line, and never brings the reader or a view down.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/exits.h"
#include "random_report.h"
#include "source/replay.h"
#include "view/views.h"
#include "stderr.h"
#include "view/stat_shape.h"
#include "test.h"
#include "view/stat_text.h"
#include "view/stream.h"
#include "view/views.h"

static struct report one, other;

/* The line of a report, without its newline. */
static char *line_of(const struct report *r, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	if (!f || stat_json(f, &(struct show){0}, r) < 0)
		abort();
	fclose(f);
	if (*len == 0 || text[*len - 1] != '\n' || strchr(text, '\n') != text + *len - 1)
		abort(); /* not one line */
	text[--*len] = '\0';
	return text;
}

static void round_trip(void)
{
	struct stream_error err = {.text = ""};
	__u64 seed = 1;
	size_t len;

	for (int i = 0; i < 300; i++) {
		char *line;
		int r;

		random_report(&one, LAB_ZONES, i % 50 ? 20 : 4 * LAB_LAT_BUCKETS, &seed);
		line = line_of(&one, &len);
		r = stream_parse(line, len, &other, &err);
		CHECK_MSG(r == 0, "report %d: %s", i, err.text);
		CHECK_MSG(memcmp(&one, &other, sizeof(one)) == 0, "report %d comes back changed",
			  i);
		free(line);
	}
}

static void simple_report(struct report *r)
{
	struct row *row = &r->total.row[LAB_CLASS_ATOMIC][LAB_CTX_SOFTIRQ];

	memset(r, 0, sizeof(*r));
	r->head.sequence = 1;
	r->head.info.class_mask = LAB_CLASS_MASK_WATCHED;
	r->head.info.cpu = -1;
	r->head.info.order_mask = ~0U;
	row->requests = 2;
	row->served[LAB_LEVEL_LOW] = 2;
	row->order[0].requests = 2;
	row->latency.bucket[lab_latency_bucket(100)] = 2;
	row->latency.max_ns = 100;
	r->total.failure[3][LAB_LEVEL_NONE] = 1;
	r->interval = r->total;
	r->zones = 1;
	strcpy(r->zone[0].name, "Normal");
	r->zone[0].managed = 1000;
}

/* A line cut anywhere is not a report. The buffer ends where the line does, for the sanitizer. */
static void cut_anywhere(void)
{
	struct stream_error err;
	size_t len;
	char *line;

	simple_report(&one);
	one.head.info.missings = one.head.info.hooks = 1;
	strcpy(one.head.info.missing[0], "latency: \x1b \xc3\xa4");
	strcpy(one.head.info.hook[0].name, "entry");
	line = line_of(&one, &len);
	for (size_t cut = 0; cut < len; cut++) {
		char *part = malloc(cut + !cut);
		int r;

		if (!part)
			abort();
		memcpy(part, line, cut);
		err.text[0] = '\0';
		r = stream_parse(part, cut, &other, &err);
		CHECK_MSG(r < 0, "cut at byte %zu of %zu is taken for a report", cut, len);
		CHECK_MSG(err.text[0], "cut at byte %zu: no reason given", cut);
		free(part);
	}
	free(line);
}

static stat_form *const views[] = {stat_text, stat_json};

/* Whatever the reader lets pass, every view can print. */
static void show(const struct report *r, const struct show *opt)
{
	FILE *f = fopen("/dev/null", "w");

	if (!f)
		abort();
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		CHECK_EQ(views[i](f, opt, r), 0);
	fclose(f);
}

static void mutate(char *line, size_t *len, __u64 *seed)
{
	static const char telling[] = "{}[]\",:0123456789-.eEtfn\\ \n\x80\xff";
	size_t at = test_random(seed) % *len, n = 1 + test_random(seed) % 20;

	switch (test_random(seed) % 4) {
	case 0:
		line[at] = (char)test_random(seed);
		break;
	case 1:
		line[at] = telling[test_random(seed) % sizeof(telling)];
		break;
	case 2: /* some bytes lost */
		n = n > *len - at ? *len - at : n;
		memmove(line + at, line + at + n, *len - at - n);
		*len -= n;
		break;
	default: /* a digit turned: the line stays JSON */
		while (at < *len && (line[at] < '0' || line[at] > '9'))
			at++;
		if (at < *len)
			line[at] = (char)('0' + test_random(seed) % 10);
	}
}

#define MUTATIONS 4000

static void mutations(void)
{
	const struct show opt = {.timestamp = true, .failures_only = false};
	struct stream_error err;
	unsigned int passed = 0;
	__u64 seed = 3;
	size_t len, n;
	char *line;

	random_report(&one, 3, 5, &seed);
	line = line_of(&one, &len);
	for (int i = 0; i < MUTATIONS; i++) {
		char *copy = malloc(len);

		if (!copy)
			abort();
		memcpy(copy, line, n = len);
		for (unsigned int k = 1 + i % 3; k && n; k--)
			mutate(copy, &n, &seed);
		err.text[0] = '\0';
		if (stream_parse(copy, n, &other, &err) == 0) {
			show(&other, &opt);
			passed++;
		} else {
			CHECK_MSG(err.text[0], "mutation %d: no reason given", i);
		}
		free(copy);
	}
	CHECK_MSG(passed > MUTATIONS / 50, "only %u mutations reached the views", passed);
	free(line);
}

/* The line with one piece of its text replaced. */
static void refuse(const char *line, const char *old, const char *new, const char *why)
{
	struct stream_error err = {.text = ""};
	const char *at = strstr(line, old);
	char *bad;
	int r;

	CHECK_MSG(at, "%s is not in the line", old);
	if (!at)
		return;
	if (asprintf(&bad, "%.*s%s%s", (int)(at - line), line, new, at + strlen(old)) < 0)
		abort();
	r = stream_parse(bad, strlen(bad), &other, &err);
	CHECK_MSG(r < 0, "%s for %s passes", new, old);
	CHECK_MSG(strstr(err.text, why), "%s for %s says \"%s\"", new, old, err.text);
	free(bad);
}

static void refusals(void)
{
	static const char *const table[][3] = {
		{"\"schema\":2", "\"schema\":3",
		 "schema: 3, and this labyrinth reads schemas 1 to 2"},
		{"\"schema\":2", "\"schema\":1.0", "a number with a fraction"},
		{"\"type\":\"stat\"", "\"type\":\"check\"", "type: \"check\""},
		{"\"type\"", "\"tipe\"", "type: this key is missing"},
		{"\"time_ns\":0", "\"time_ns\":-1", "time_ns: -1 is out of range"},
		{"\"time_ns\":0", "\"time_ns\":\"0\"", "time_ns: a string where an integer"},
		{"\"time_ns\":0", "\"time_ns\":0,\"time_ns\":0", "duplicate"},
		{"\"time_ns\":0", "\"time_ns\":99999999999999999999", "too big"},
		{"\"final\":false", "\"final\":0", "final: an integer where true or false"},
		{"\"cpu\":null", "\"cpu\":\"all\"", "cpu: a string"},
		{"\"cpu\":null", "\"cpu\":4294967296", "cpu: 4294967296 is out of range"},
		{"\"orders_mask\":4294967295", "\"orders_mask\":4294967296", "out of range"},
		{"\"atomic\",\"nowait\"", "\"atomic\",\"x\"", "classes: \"x\" is not known"},
		{"\"atomic\",\"nowait\"", "\"atomic\",7", "classes: an integer where a string"},
		{"\"missing\":[]", "\"missing\":[null]", "missing: null where a string"},
		{"\"hooks\":[]", "\"hooks\":[[]]", "hooks[0].: an array where an object"},
		{"\"hooks\":[]", "\"hooks\":{}", "hooks: an object where an array"},
		{"\"latency\":false", "\"latency\":null", "available.latency: null"},
		{"\"context\":\"softirq\"", "\"context\":\"irq\"",
		 "interval.rows[0].context: \"irq\" is not known"},
		{"\"requests\":2", "\"request\":2",
		 "interval.rows[0].requests: this key is missing"},
		{"\"latency_count\":2", "\"latency_count\":3", "3, and its parts come to 2"},
		{"[103,2]", "[104,2]", "latency_ns[0]: 104 is not the bound of a bucket"},
		{"[103,2]", "[103,2,1]", "latency_ns[0]: not a pair"},
		{"[103,2]", "103", "latency_ns[0]: not a pair"},
		{"[103,2]", "[103,1],[103,1]", "latency_ns[1]: the bucket up to 103 comes twice"},
		{"\"order\":0,", "\"order\":12,", "orders[0].order: 12 is out of range"},
		{"\"order\":3,", "\"order\":-1,", "failures[0].order: -1 is out of range"},
		{"\"exclusive\":{", "\"exclusive\":[],\"e\":{", "interval.exclusive: an array"},
		{"\"zones\":[{", "\"zones\":[7,{", "zones[0].: an integer where an object"},
		{"\"name\":\"Normal\"", "\"name\":\"NormalNormalNormal\"",
		 "zones[0].name: a string of more than 15 bytes"},
		{"\"name\":\"Normal\"", "\"name\":\"No\\u0000mal\"", "NUL"},
		{"{\"type\"", "[{\"type\"", "cut or damaged"},
		{"{\"type\"", "7{\"type\"", "cut or damaged"},
	};
	char *line;
	size_t len;

	simple_report(&one);
	line = line_of(&one, &len);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		refuse(line, table[i][0], table[i][1], table[i][2]);
	free(line);
}

static void row_twice(void)
{
	struct stream_error err = {.text = ""};
	char *line, *row, *end, *bad;
	size_t len;

	simple_report(&one);
	line = line_of(&one, &len);
	row = strstr(line, "{\"class\":");
	end = strstr(line, "],\"failures\"");
	if (!row || !end ||
	    asprintf(&bad, "%.*s%.*s,%s", (int)(row - line), line, (int)(end - row), row, row) < 0)
		abort();
	CHECK(stream_parse(bad, strlen(bad), &other, &err) < 0);
	CHECK_MSG(strstr(err.text, "the row atomic softirq comes twice"), "%s", err.text);
	free(bad);
	free(line);
}

/* Keys that a later labyrinth may add. */
static void unknown_keys(void)
{
	struct stream_error err = {.text = ""};
	char *line, *longer;
	size_t len;

	simple_report(&one);
	line = line_of(&one, &len);
	if (asprintf(&longer, "{\"new\":[{}],%s", line + 1) < 0)
		abort();
	CHECK_MSG(stream_parse(longer, strlen(longer), &other, &err) == 0, "%s", err.text);
	CHECK(memcmp(&one, &other, sizeof(one)) == 0);
	free(longer);
	free(line);
}

/* Null is written and read; the numbers that recordings once had there do not come back. */
static void closed_zone(void)
{
	static const char nulls[] = "\"floor_pages\":null,\"headroom_pages\":null,";
	struct stream_error err = {.text = ""};
	char *line, *at, *old;
	size_t len;

	simple_report(&one);
	one.zone[0].lowmem_reserve = 1000;
	zone_fill_headroom(&one.zone[0]);
	line = line_of(&one, &len);
	at = strstr(line, nulls);
	CHECK(at && strstr(line, "\"lowest_headroom_pages\":null"));
	CHECK_EQ(stream_parse(line, len, &other, &err), 0);
	CHECK(memcmp(&one, &other, sizeof(one)) == 0);
	if (!at || asprintf(&old, "%.*s\"floor_pages\":1000,\"headroom_pages\":-1000,%s",
			    (int)(at - line), line, at + sizeof(nulls) - 1) < 0)
		abort();
	CHECK_EQ(stream_parse(old, strlen(old), &other, &err), 0);
	CHECK_EQ(other.zone[0].floor, ZONE_CLOSED);
	CHECK_EQ(other.zone[0].headroom, ZONE_CLOSED);
	free(old);
	free(line);
}

/* Too many zones, hooks, ... never reach past their arrays. */
static void too_many(void)
{
	static const struct {
		const char *old;
		const char *entry;
		int n;
		const char *why;
	} table[] = {
		{"\"missing\":[]", "\"x\"", REPORT_MISSING + 1, "missing: 25 entries"},
		{"\"hooks\":[]", "{\"name\":\"\",\"target\":\"\",\"attach\":\"\"}",
		 REPORT_HOOKS + 1, "hooks: 17 entries"},
		{"\"classes\":[\"atomic\",\"nowait\",\"nolock\"]", "\"atomic\"", LAB_CLASSES + 1,
		 "classes: 6 entries"},
	};
	char *line;
	size_t len;

	simple_report(&one);
	line = line_of(&one, &len);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char new[4096];
		int n = snprintf(new, sizeof(new), "%.*s[", (int)strcspn(table[i].old, "["),
				 table[i].old);

		for (int k = 0; k < table[i].n; k++)
			n += snprintf(new + n, sizeof(new) - (size_t)n, "%s%s", k ? "," : "",
				      table[i].entry);
		snprintf(new + n, sizeof(new) - (size_t)n, "]");
		refuse(line, table[i].old, new, table[i].why);
	}
	free(line);
}

/* Replays what is in a file; returns what next() gave last, counts reports, keeps what was said. */
static int replay(const void *bytes, size_t len, unsigned int *reports, char *said, size_t size)
{
	char path[] = "/tmp/labyrinth-test-XXXXXX";
	struct source *s;
	int fd = mkstemp(path), r;

	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		abort();
	close(fd);
	*reports = 0;
	stderr_catch();
	r = source_replay(&s, &view_stat, path, false);
	while (r >= 0 && (r = s->ops->next(s, -1, &other, NULL)) > 0)
		++*reports;
	s->ops->close(s);
	stderr_release(said, size);
	unlink(path);
	return r;
}

static void replays(void)
{
	unsigned int reports;
	char said[1024], *line, *stream;
	size_t len;
	int n;

	simple_report(&one);
	line = line_of(&one, &len);
	n = asprintf(&stream, "%s\n\n \r\n%s\n", line, line);
	if (n < 0)
		abort();
	CHECK_EQ(replay(stream, (size_t)n, &reports, said, sizeof(said)), 0);
	CHECK_EQ(reports, 2);
	CHECK_MSG(strstr(said, "ends before the final report"), "said %s", said);
	/* a newline more or less at the end is the same report */
	CHECK_EQ(replay(stream, (size_t)n - 1, &reports, said, sizeof(said)), 0);
	CHECK_EQ(reports, 2);
	CHECK_EQ(replay(stream, (size_t)n - 2, &reports, said, sizeof(said)),
		 FAIL(LAB_EXIT_RUNTIME));
	CHECK_EQ(reports, 1);
	CHECK_MSG(strstr(said, ":4: cut or damaged at column") &&
			  strstr(said, "after 1 good report"),
		  "said %s", said);
	CHECK_EQ(replay("", 0, &reports, said, sizeof(said)), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "holds no report"), "said %s", said);
	CHECK_EQ(replay("\0\n", 2, &reports, said, sizeof(said)), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, ":1: cut or damaged"), "said %s", said);
	free(stream);
	free(line);
}

static void gaps(void)
{
	char said[1024], *line[3], *stream;
	unsigned int reports;
	size_t len;
	int n;

	for (unsigned int i = 0; i < 3; i++) {
		simple_report(&one);
		one.head.sequence = i == 1 ? 4 : 1;
		one.head.final = i > 0;
		line[i] = line_of(&one, &len);
	}
	n = asprintf(&stream, "%s\n%s\n%s\n", line[0], line[1], line[2]);
	CHECK_EQ(replay(stream, (size_t)n, &reports, said, sizeof(said)), 0);
	CHECK_EQ(reports, 3);
	CHECK_MSG(strstr(said, ":2: report 4 follows report 1"), "said %s", said);
	CHECK_MSG(!strstr(said, ":3:"), "the start of another run is no gap: %s", said);
	for (unsigned int i = 0; i < 3; i++)
		free(line[i]);
	free(stream);
}

static void huge_line(void)
{
	size_t size = (16U << 20) + 1;
	char said[1024], *bytes = malloc(size);
	unsigned int reports;

	if (!bytes)
		abort();
	memset(bytes, ' ', size);
	CHECK_EQ(replay(bytes, size, &reports, said, sizeof(said)), FAIL(LAB_EXIT_RUNTIME));
	CHECK_MSG(strstr(said, "more than 16 MiB"), "said %s", said);
	free(bytes);
}

static void no_file(void)
{
	struct source *s = NULL;
	char said[1024];

	stderr_catch();
	CHECK_EQ(source_replay(&s, &view_stat, "/tmp/no/such/file", false), FAIL(LAB_EXIT_RUNTIME));
	stderr_release(said, sizeof(said));
	CHECK(strcmp(said, "labyrinth: cannot replay /tmp/no/such/file: "
			   "No such file or directory\n") == 0);
	CHECK(!s);
}

/* A kind of line in the schema whose view the reader cannot name would be refused as damaged. */
static void views_of_lines(void)
{
	static const char key[] = "\"type\":{\"const\":\"";
	char *text = NULL, type[LINE_TYPE];
	unsigned int kinds = 0;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f || stream_schema(f) < 0 || fclose(f))
		abort();
	for (const char *at = text; (at = strstr(at, key)); kinds++) {
		at += strlen(key);
		snprintf(type, sizeof(type), "%.*s", (int)strcspn(at, "\""), at);
		CHECK_MSG(stream_view_of(type), "no view writes lines of the type %s", type);
	}
	CHECK_EQ(kinds, 7);
	free(text);
}

static const struct test_case cases[] = {
	{"round_trip", round_trip},
	{"cut_anywhere", cut_anywhere},
	{"mutations", mutations},
	{"refusals", refusals},
	{"row_twice", row_twice},
	{"unknown_keys", unknown_keys},
	{"closed_zone", closed_zone},
	{"too_many", too_many},
	{"replays", replays},
	{"gaps", gaps},
	{"huge_line", huge_line},
	{"no_file", no_file},
	{"views_of_lines", views_of_lines},
};

TEST_MAIN("stream", cases)
