// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * test_event.c - event to JSON to event gives the same bytes; a line that is cut, mutated or wrong
 * in one place is refused with a reason; whatever is read can be shown, and within the width.
 */
#include <unistd.h>

#include "view/views.h"
#include "random_event.h"

static struct event one;
static struct event_line other;
static struct run_info info;

enum part { BEGIN, EVENT, END };

/* What the view prints for a part of a run. */
static char *text_of(bool json, const struct show *show, enum part part, const void *what,
		     size_t *len)
{
	const struct view *v = &view_events;
	char *text = NULL;
	FILE *f = open_memstream(&text, len);
	int r;

	if (!f)
		abort();
	if (part == BEGIN)
		r = json ? v->json_start(f, show, &info) : v->text_start(f, show, &info);
	else if (part == EVENT)
		r = (json ? v->json_event : v->text_event)(f, show, &info, what);
	else
		r = (json ? v->json : v->text)(f, show, what);
	if (r < 0 || fclose(f))
		abort();
	return text;
}

/* One line of JSON, without its newline. */
static char *line_of(enum part part, const void *what, size_t *len)
{
	static const struct show whole;
	char *text = text_of(true, &whole, part, what, len);

	if (*len == 0 || strchr(text, '\n') != text + *len - 1)
		abort();
	text[--*len] = '\0';
	return text;
}

static bool same_where(void)
{
	return strcmp(other.info.host, info.host) == 0 &&
	       strcmp(other.info.kernel, info.kernel) == 0;
}

static void round_trip(void)
{
	struct stream_error err = {.text = ""};
	__u64 seed = 1;
	size_t len;

	for (int i = 0; i < 1000; i++) {
		char *line;
		int r;

		memset(&info, 0, sizeof(info));
		random_info(&info, &seed);
		random_event(&one, &seed);
		line = line_of(EVENT, &one, &len);
		r = event_line_parse(line, len, &other, &err);
		CHECK_MSG(r == 0, "event %d: %s", i, err.text);
		CHECK_EQ(other.type, EVENT_LINE_EVENT);
		CHECK_MSG(memcmp(&one, &other.event, sizeof(one)) == 0,
			  "event %d comes back changed: %s", i, line);
		CHECK(same_where());
		free(line);
	}
}

static void round_trip_frame(void)
{
	struct stream_error err = {.text = ""};
	struct event_summary s;
	__u64 seed = 2;
	size_t len;

	for (int i = 0; i < 200; i++) {
		char *line;

		memset(&info, 0, sizeof(info));
		random_info(&info, &seed);
		memset(info.version, 0, sizeof(info.version));
		info.version[0] = '1'; /* without one it is a part of a run, and has no start */
		line = line_of(BEGIN, NULL, &len);
		CHECK_MSG(event_line_parse(line, len, &other, &err) == 0, "%s", err.text);
		CHECK_EQ(other.type, EVENT_LINE_START);
		CHECK(memcmp(&other.info, &info, sizeof(info)) == 0);
		free(line);
		random_summary(&s, &seed);
		line = line_of(END, &s, &len);
		CHECK_MSG(event_line_parse(line, len, &other, &err) == 0, "%s", err.text);
		CHECK_EQ(other.type, EVENT_LINE_SUMMARY);
		s.head.info = (struct run_info){0}; /* host and kernel stand in the events too */
		CHECK_MSG(memcmp(&other.summary, &s, sizeof(s)) == 0, "%s", line);
		free(line);
	}
}

/* A failure in softirq with all there is to tell of one. */
static void simple_event(struct event *e)
{
	struct lab_event_zone *z = &e->raw.zone[0];

	memset(&info, 0, sizeof(info));
	strcpy(info.host, "host");
	strcpy(info.kernel, "6.12");
	strcpy(info.version, "1");
	memset(e, 0, sizeof(*e));
	e->raw.head.gfp = LAB_GFP_HIGH | LAB_GFP_KSWAPD_RECLAIM;
	e->raw.head.order = 1;
	e->raw.head.context = LAB_CTX_SOFTIRQ;
	e->raw.head.flags = LAB_EVENT_HAS_START | LAB_SLOT_WOKEN;
	e->raw.head.latency_ns = 1280;
	e->raw.head.pid = 77;
	strcpy(e->raw.head.comm, "bystander");
	e->raw.zones = 1;
	strcpy(e->zone_name[0], "Normal");
	z->free = 100;
	z->blocks[0] = 100;
	e->frames = 1;
	strcpy(e->frame[0].symbol, "rx_refill");
	strcpy(e->frame[0].module, "e1000e");
	e->frame[0].offset = 31;
	strcpy(e->site, "rx_refill");
	strcpy(e->driver, "e1000e");
	e->basis = BASIS_WITHIN;
	strcpy(e->evidence, "100 free pages");
	e->aftermath = AFTERMATH_LOST;
}

/* The buffer ends where the line does, for the sanitizer. */
static void cut_anywhere(void)
{
	struct stream_error err;
	size_t len;
	char *line;

	simple_event(&one);
	line = line_of(EVENT, &one, &len);
	for (size_t cut = 0; cut < len; cut++) {
		char *part = malloc(cut + !cut);

		if (!part)
			abort();
		memcpy(part, line, cut);
		err.text[0] = '\0';
		CHECK_MSG(event_line_parse(part, cut, &other, &err) < 0, "cut at %zu passes", cut);
		CHECK_MSG(err.text[0], "cut at byte %zu: no reason given", cut);
		free(part);
	}
	free(line);
}

/* The line with one piece of its text replaced. */
static void refuse(const char *line, const char *old, const char *new, const char *why)
{
	struct stream_error err = {.text = ""};
	const char *at = strstr(line, old);
	char *bad;
	int r;

	CHECK_MSG(at, "%s is not in the line %s", old, line);
	if (!at)
		return;
	if (asprintf(&bad, "%.*s%s%s", (int)(at - line), line, new, at + strlen(old)) < 0)
		abort();
	r = event_line_parse(bad, strlen(bad), &other, &err);
	CHECK_MSG(r < 0, "%s for %s passes", new, old);
	CHECK_MSG(strstr(err.text, why), "%s for %s says \"%s\"", new, old, err.text);
	free(bad);
}

static const char *const refusals_table[][3] = {
	{"\"schema\":2", "\"schema\":3", "schema: 3, and this labyrinth reads schemas 1 to 2"},
	{"\"type\":\"event\"", "\"type\":\"check\"", "type: \"check\""},
	{"\"kind\":\"failed\"", "\"kind\":\"follow\"", "kind: \"follow\" is not known"},
	{"\"kind\"", "\"kin\"", "kind: this key is missing"},
	{"\"cpu\":0", "\"cpu\":4294967296", "cpu: 4294967296 is out of range"},
	{"\"verdict\":\"exhausted\"", "\"verdict\":null", "verdict: null where a string"},
	{"\"aftermath\":\"lost\"", "\"aftermath\":\"found\"", "aftermath: \"found\" is not known"},
	{"\"printed_why\":\"yes\"", "\"printed_why\":\"no\"", "printed_why: \"no\" is not known"},
	{"\"basis\":\"within\"", "\"basis\":\"near\"", "basis: \"near\" is not known"},
	{"\"gfp\":\"0x820\"", "\"gfp\":2080", "gfp: an integer where a string"},
	{"\"gfp\":\"0x820\"", "\"gfp\":\"820\"", "gfp: \"820\" is not a number as 0x820"},
	{"\"gfp\":\"0x820\"", "\"gfp\":\"0x\"", "gfp: \"0x\" is not a number"},
	{"\"gfp\":\"0x820\"", "\"gfp\":\"0x82G\"", "gfp: \"0x82G\" is not a number"},
	{"\"gfp\":\"0x820\"", "\"gfp\":\"0x123456789\"", "is not a number"},
	{"\"gfp\":\"0x820\"", "\"gfp\":\"\"", "is not a number"},
	{"\"nodes_mask\":null", "\"nodes_mask\":\"1\"", "nodes_mask: \"1\" is not a number"},
	{"\"context\":\"softirq\"", "\"context\":\"irq\"", "context: \"irq\" is not known"},
	{"\"context\":\"softirq\"", "\"context\":\"task\"", "pid: null where an integer"},
	{"\"bh_off\":false", "\"bh_off\":0", "bh_off: an integer where true or false"},
	{"\"latency_ns\":1280", "\"latency_ns\":-1", "latency_ns: -1 is out of range"},
	{"\"latency_ns\":1280", "\"latency\":1280", "latency_ns: this key is missing"},
	{"\"blocks\":[100,", "\"blocks\":[", "zones[0].blocks: 10 entries, and there are 11"},
	{"\"blocks\":[100,", "\"blocks\":[1,100,", "zones[0].blocks: 12 entries"},
	{"\"blocks\":[100,", "\"blocks\":[\"a\",", "zones[0].blocks: a string where an integer"},
	{"\"name\":\"Normal\"", "\"name\":\"NormalNormalNormal\"", "more than 15 bytes"},
	{"\"symbol\":\"rx_refill\"", "\"symbol\":7", "stack[0].symbol: an integer where a string"},
	{"\"stack\":[{", "\"stack\":[null,{", "stack[0].: null where an object"},
	{"\"zones\":[{", "\"zones\":[[],{", "zones[0].: an array where an object"},
	{"{\"type\"", "[{\"type\"", "cut or damaged"},
};

static void refusals(void)
{
	char *line;
	size_t len;

	simple_event(&one);
	line = line_of(EVENT, &one, &len);
	for (size_t i = 0; i < sizeof(refusals_table) / sizeof(refusals_table[0]); i++)
		refuse(line, refusals_table[i][0], refusals_table[i][1], refusals_table[i][2]);
	free(line);
}

/* A recording from before this key: not known. */
static void without_basis(void)
{
	static const char key[] = "\"basis\":\"within\",";
	struct stream_error err = {.text = ""};
	char *line, *at, *old;
	size_t len;

	simple_event(&one);
	line = line_of(EVENT, &one, &len);
	at = strstr(line, key);
	if (!at || asprintf(&old, "%.*s%s", (int)(at - line), line, at + sizeof(key) - 1) < 0)
		abort();
	CHECK_EQ(event_line_parse(line, len, &other, &err), 0);
	CHECK_EQ(other.event.basis, BASIS_WITHIN);
	CHECK_EQ(event_line_parse(old, strlen(old), &other, &err), 0);
	CHECK_EQ(other.event.basis, BASIS_NONE);
	free(old);
	free(line);
}

/* Too many zones and frames never reach past their arrays. */
static void too_many(void)
{
	struct stream_error err = {.text = ""};
	size_t len;

	for (int frames = 0; frames < 2; frames++) {
		char *line, *bad, *at, *end;

		simple_event(&one);
		one.frames = LAB_EVENT_FRAMES;
		one.raw.zones = LAB_EVENT_ZONES;
		line = line_of(EVENT, &one, &len);
		at = strstr(line, frames ? "\"stack\":[" : "\"zones\":[") + 9;
		end = strchr(at, '}') + 1;
		if (asprintf(&bad, "%.*s%.*s,%s", (int)(at - line), line, (int)(end - at), at, at) <
		    0)
			abort();
		CHECK(event_line_parse(bad, strlen(bad), &other, &err) < 0);
		CHECK_MSG(strstr(err.text, frames ? "stack: 33 entries" : "zones: 9 entries"), "%s",
			  err.text);
		free(bad);
		free(line);
	}
}

static void mutate(char *line, size_t *len, __u64 *seed)
{
	static const char telling[] = "{}[]\",:0123456789-.eEtfn\\ \n\x80\xff";
	size_t at = test_random(seed) % *len, n = 1 + test_random(seed) % 20;

	switch (test_random(seed) % 3) {
	case 0:
		line[at] = telling[test_random(seed) % sizeof(telling)];
		break;
	case 1: /* some bytes lost */
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

static void check_width(const char *text)
{
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
		size_t columns = 0, len = strcspn(line, "\n");

		for (size_t i = 0; i < len; i++)
			columns += ((unsigned char)line[i] & 0xc0) != 0x80;
		CHECK_MSG(columns <= 100, "%zu columns: %.*s", columns, (int)len, line);
		if (!line[len])
			break;
	}
}

static const struct show wide = {.timestamp = true, .stack = true};

#define MUTATIONS 4000

/* Whatever the reader lets pass, every view can print. */
static void mutations(void)
{
	struct stream_error err;
	unsigned int passed = 0;
	__u64 seed = 3;
	size_t len, n, size;
	char *line;

	random_event(&one, &seed);
	line = line_of(EVENT, &one, &len);
	for (int i = 0; i < MUTATIONS; i++) {
		char *copy = malloc(len);

		if (!copy)
			abort();
		memcpy(copy, line, n = len);
		for (unsigned int k = 1 + i % 3; k && n; k--)
			mutate(copy, &n, &seed);
		err.text[0] = '\0';
		if (event_line_parse(copy, n, &other, &err) == 0) {
			free(text_of(false, &wide, EVENT, &other.event, &size));
			free(text_of(true, &wide, EVENT, &other.event, &size));
			passed++;
		} else {
			CHECK_MSG(err.text[0], "mutation %d: no reason given", i);
		}
		free(copy);
	}
	CHECK_MSG(passed > MUTATIONS / 50, "only %u mutations reached the views", passed);
	free(line);
}

/* Texts wrap; the figures of a zone are those of a machine that exists. */
static void width(void)
{
	struct event_summary s;
	__u64 seed = 4;
	size_t len;

	for (int i = 0; i < 2000; i++) {
		char *text;

		random_event(&one, &seed);
		for (unsigned int k = 0; k < one.raw.zones; k++) {
			struct lab_event_zone *z = &one.raw.zone[k];

			z->node %= 100;
			z->free >>= 35;
			z->min >>= 40;
			z->low >>= 40;
			z->boost >>= 40;
			z->lowmem_reserve >>= 40;
			z->free_cma >>= 40;
			z->unusable_highatomic >>= 37;
			one.zone_name[k][7] = '\0';
		}
		text = text_of(false, &wide, EVENT, &one, &len);
		check_width(text);
		CHECK(text[strlen(text) - 1] == '\n');
		free(text);
	}
	random_summary(&s, &seed);
	free(text_of(false, &wide, END, &s, &len));
}

static void check_text(const char *wanted, bool there)
{
	const struct show opt = {.columns = 100};
	size_t len;
	char *text = text_of(false, &opt, EVENT, &one, &len);

	CHECK_MSG(!!strstr(text, wanted) == there, "\"%s\" in: %s", wanted, text);
	free(text);
}

/* A bystander is never named, an owner is; only what is lost is shouted. */
static void words(void)
{
	simple_event(&one);
	check_text("LOST      exhausted   e1000e rx_refill, softirq, cpu 0, order 1, atomic", true);
	check_text("bystander", false);
	check_text("took 1.28us, kswapd woken, dmesg: printed\n", true);
	one.raw.head.context = LAB_CTX_TASK;
	one.raw.head.flags |= LAB_EVENT_BH_OFF;
	check_text("task bystander (77) with bottom halves off,", true);
	one.aftermath = AFTERMATH_RECOVERED;
	strcpy(one.how, "by order 0 after 12 us");
	check_text("recovered exhausted", true);
	check_text("- recovered by order 0 after 12 us", true);
	check_text("LOST", false);
	one.raw.head.kind = LAB_EVENT_NEAR_MISS;
	one.raw.head.level = LAB_LEVEL_RESERVE;
	check_text("near miss below min", true);
	check_text("served at level reserve", true);
	check_text("dmesg", false);
	one.raw.head.kind = LAB_EVENT_SLOW;
	check_text("slow      1.28us", true);
	one.site[0] = '\0';
	check_text("site unknown", true);
}

static void counts(void)
{
	struct event_summary s = {0};

	simple_event(&one);
	event_summary_add(&s, &one);
	one.aftermath = AFTERMATH_PENDING;
	one.printed = PRINTED_NOWARN;
	one.verdict = VERDICT_UNEXPLAINED;
	event_summary_add(&s, &one);
	for (one.raw.head.kind = 1; one.raw.head.kind < LAB_EVENT_KINDS; one.raw.head.kind++)
		event_summary_add(&s, &one);
	CHECK(s.failed == 2 && s.lost == 1 && s.pending == 1 && !s.recovered && !s.retried);
	CHECK(s.verdict[VERDICT_EXHAUSTED] == 1 && s.verdict[VERDICT_UNEXPLAINED] == 1);
	CHECK(s.printed[PRINTED_YES] == 1 && s.printed[PRINTED_NOWARN] == 1);
	CHECK(s.slow == 1 && s.near_misses == 1);
}

static const struct test_case cases[] = {
	{"round_trip", round_trip},
	{"round_trip_frame", round_trip_frame},
	{"cut_anywhere", cut_anywhere},
	{"refusals", refusals},
	{"without_basis", without_basis},
	{"too_many", too_many},
	{"mutations", mutations},
	{"width", width},
	{"words", words},
	{"counts", counts},
};

TEST_MAIN("event", cases)
