// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_options.c - good and bad command lines; the help names every option. */
#include "exits.h"
#include "model.h"
#include "options.h"
#include "stderr.h"
#include "test.h"

#define WORDS 16

/* Parses a line split at spaces ("~" is an empty word); returns what options_parse does. */
static int parse(struct options *opt, const char *line, char *said, size_t size)
{
	static char buf[256]; /* *opt points into it */
	char *argv[WORDS + 1] = {(char *)"labyrinth"};
	int argc = 1, r;

	snprintf(buf, sizeof(buf), "%s", line);
	for (char *w = strtok(buf, " "); w && argc < WORDS; w = strtok(NULL, " "))
		argv[argc++] = strcmp(w, "~") == 0 ? w + 1 : w;
	stderr_catch();
	r = options_parse(opt, argc, argv);
	stderr_release(said, size);
	return r;
}

static void good(struct options *opt, const char *line)
{
	char said[1024];
	int r = parse(opt, line, said, sizeof(said));

	CHECK_MSG(r == 0 && !said[0], "\"%s\" returns %d and says %s", line, r, said);
}

static void defaults(void)
{
	struct options opt;

	good(&opt, "");
	CHECK_EQ(opt.view, VIEW_STAT);
	CHECK_EQ(opt.attach, ATTACH_AUTO);
	CHECK_EQ(opt.interval_ns, 1000000000);
	CHECK_EQ(opt.count, 0);
	CHECK_EQ(opt.duration_ns, 0);
	CHECK_EQ(opt.cpu, -1);
	CHECK_EQ(opt.class_mask, LAB_CLASS_MASK_WATCHED);
	CHECK_EQ(opt.order_mask, ~0U);
	CHECK(!opt.json && !opt.failures_only && !opt.timestamp && !opt.class_given);
	CHECK(!opt.btf_path && !opt.replay_path && !opt.record_path);
}

static void positionals(void)
{
	static const char *const lines[] = {
		"5 3",	       "stat 5 3",	 "-j 5 3", "5 -j 3",	  "5 3 -j",
		"stat -j 5 3", "-j stat 5 3 -T", "-- 5 3", "stat -- 5 3", "5 -- 3",
	};
	struct options opt;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		good(&opt, lines[i]);
		CHECK_MSG(opt.interval_ns == 5000000000 && opt.count == 3 && opt.view == VIEW_STAT,
			  "\"%s\" is read wrongly", lines[i]);
	}
	good(&opt, "0.25");
	CHECK_EQ(opt.interval_ns, 250000000);
	good(&opt, ".5");
	CHECK_EQ(opt.interval_ns, 500000000);
	good(&opt, "check -j --attach kprobe -v");
	CHECK_EQ(opt.view, VIEW_CHECK);
	good(&opt, "-j check");
	CHECK(opt.view == VIEW_CHECK && opt.json);
}

static void values(void)
{
	struct options opt;

	good(&opt, "-i 2 -d 1h -j -C 3 -x -T -vv -v");
	CHECK_EQ(opt.interval_ns, 2000000000);
	CHECK_EQ(opt.duration_ns, 3600000000000);
	CHECK_EQ(opt.cpu, 3);
	CHECK_EQ(opt.verbose, 3);
	CHECK(opt.json && opt.failures_only && opt.timestamp && opt.cpu_given);
	good(&opt, "-i 2 -i 3");
	CHECK_EQ(opt.interval_ns, 3000000000);
	good(&opt, "--class atomic,high");
	CHECK_EQ(opt.class_mask, 1U << LAB_CLASS_ATOMIC | 1U << LAB_CLASS_HIGH);
	CHECK(opt.class_given);
	good(&opt, "--all-classes --anon-exclusive");
	CHECK_EQ(opt.class_mask, LAB_CLASS_MASK_ALL);
	CHECK(opt.all_classes && opt.anon_exclusive);
	good(&opt, "--no-exclusive");
	CHECK(opt.no_exclusive);
	good(&opt, "--order 1-3");
	CHECK_EQ(opt.order_mask, 0xe);
	good(&opt, "--order=0,4,10-11");
	CHECK_EQ(opt.order_mask, 0xc11);
	CHECK(opt.order_given);
	CHECK_EQ(opt.budget_ns, 0);
	good(&opt, "--budget 1");
	CHECK_EQ(opt.budget_ns, 10000000);
	good(&opt, "events --budget 0.5%");
	CHECK_EQ(opt.budget_ns, 5000000);
	good(&opt, "why --budget=100%");
	CHECK_EQ(opt.budget_ns, 1000000000);
	good(&opt, "lint --budget .01");
	CHECK_EQ(opt.budget_ns, 100000);
	good(&opt, "--no-latency 2");
	CHECK_EQ(opt.attach, ATTACH_RAW_TP);
	good(&opt, "--attach=raw_tp --btf /x --record y");
	CHECK_EQ(opt.attach, ATTACH_RAW_TP);
	CHECK(strcmp(opt.btf_path, "/x") == 0 && strcmp(opt.record_path, "y") == 0);
	good(&opt, "--replay - -x --class nowait -j -T");
	CHECK(strcmp(opt.replay_path, "-") == 0);
}

static void events(void)
{
	struct options opt;

	good(&opt, "events");
	CHECK(opt.view == VIEW_EVENTS && opt.count == 0 && opt.slower_ns == 0);
	CHECK(opt.below_level == -1 && !opt.stack);
	good(&opt, "events 3 -S --slower 50us --below min -T -d 1h -C 1 --order 3 -j");
	CHECK(opt.view == VIEW_EVENTS && opt.count == 3 && opt.stack && opt.json);
	CHECK_EQ(opt.slower_ns, 50000);
	CHECK_EQ(opt.below_level, LAB_LEVEL_MIN);
	good(&opt, "--below low events --class atomic");
	CHECK_EQ(opt.below_level, LAB_LEVEL_LOW);
	CHECK_EQ(opt.count, 0);
	good(&opt, "events --attach kprobe --btf b --record r --all-classes -v");
	good(&opt, "events --replay f -S -T --class nowait 5 -j");
	CHECK_EQ(opt.count, 5);
}

static const char *const bad_lines[] = {
	/* unknown, or half known */
	"--frob",
	"-z",
	"-1",
	"--re x",
	"--json=1",
	"frob",
	"stat stat",
	"1 check",
	"~",
	/* values that are missing */
	"-i",
	"--replay",
	"-C",
	"--class",
	"--attach",
	/* bad values */
	"-i x",
	"-i 0",
	"-i -1",
	"-i 1us",
	"-d 0",
	"-d 1d",
	"x 1",
	"0",
	"1 0",
	"1 x",
	"1 -1",
	"1 2 3",
	"1 1.5",
	"1 99999999999999999999",
	"999999999999",
	"-C x",
	"-C -1",
	"-C 65536",
	"-C ~",
	"--class x",
	"--class ~",
	"--class atomic,",
	"--class ,atomic",
	"--class atomic,,high",
	"--class Atomic",
	"--class atomicatomicatomicatomic",
	"--order x",
	"--order ~",
	"--order 12",
	"--order 3-1",
	"--order 1-",
	"--order -1",
	"--order 1,",
	"--order 1-2-3",
	"--order 0-99999999999999999999",
	"--attach x",
	"--attach ~",
	"--btf ~",
	"--replay ~",
	"--record ~",
	/* combinations */
	"-i 1 1",
	"1 -i 1",
	"--all-classes --class high",
	"--replay f --attach auto",
	"--replay f --no-latency",
	"lint --no-latency",
	"--replay f --btf b",
	"-C 0 --replay f",
	"--replay f --order 1",
	"--anon-exclusive --replay f",
	"--no-exclusive --replay f",
	"--replay f --all-classes",
	"--replay f -i 1",
	"--replay f 1",
	"--replay f -d 1",
	"--replay f --record g",
	"check 1",
	"check -x",
	"check -T",
	"check --replay f",
	"check --class high",
	"-d 1 check",
	"--budget",
	"--budget 0",
	"--budget 0.009",
	"--budget -1",
	"--budget 1%%",
	"--budget %",
	"--budget 1.0.0",
	"--budget 1s",
	"--budget 1e9",
	"--budget 99999999",
	"--budget 99999999999999999999999999999999999999999",
	"--budget ~",
	"check --budget 1",
	"--replay f --budget 1",
	/* the view events */
	"5 events",
	"events 0",
	"events 1s",
	"events 1 2",
	"events -i 1",
	"events -x",
	"events --anon-exclusive",
	"why --no-exclusive",
	"events --slower x",
	"events --slower 0",
	"events --below high",
	"events --below ~",
	"events --replay f --slower 1ms",
	"events --replay f --below low",
	"events --replay f --order 1",
	"--slower 1ms",
	"stat --below min",
	"-S",
	"check -S",
	"check --slower 1ms",
};

/* One line, what is wrong and where to look; the usage exit code. */
static void bad(void)
{
	struct options opt;
	char said[1024];

	for (size_t i = 0; i < sizeof(bad_lines) / sizeof(bad_lines[0]); i++) {
		int r = parse(&opt, bad_lines[i], said, sizeof(said));
		char *end = strchr(said, '\n');

		CHECK_MSG(r == -LAB_EXIT_USAGE, "\"%s\" returns %d", bad_lines[i], r);
		CHECK_MSG(strncmp(said, "labyrinth: ", 11) == 0 && end && end[1] == '\0',
			  "\"%s\" does not say one line: %s", bad_lines[i], said);
		CHECK_MSG(strstr(said, "; see --help\n"), "\"%s\" gives no hint: %s", bad_lines[i],
			  said);
		CHECK_MSG(strlen(said) < 200, "\"%s\" says too much: %s", bad_lines[i], said);
	}
}

static void help(void)
{
	static const char *const names[] = {
		"-i, --interval SECONDS",
		"-d, --duration SECONDS",
		"-j, --json",
		"-C, --cpu CPU",
		"--class LIST",
		"--order LIST",
		"-x, --failures",
		"--all-classes",
		"--anon-exclusive",
		"--no-exclusive",
		"--slower DURATION",
		"--below MARK",
		"-S, --stack",
		"--budget PERCENT",
		"--attach HOW",
		"--no-latency",
		"--btf FILE",
		"--replay FILE",
		"--record FILE",
		"-T, --timestamp",
		"-v, --verbose",
		"-V, --version",
		"-h, --help",
		"EXAMPLES",
		"labyrinth [VIEW] [OPTIONS] [INTERVAL [COUNT]]",
		"labyrinth events [OPTIONS] [COUNT]",
	};
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	options_help(f);
	fclose(f);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK_MSG(strstr(text, names[i]), "the help does not name %s", names[i]);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		CHECK_MSG(strlen(line) <= 80, "wider than 80: %s", line);
	free(text);
}

static const struct test_case cases[] = {
	{"defaults", defaults}, {"positionals", positionals},
	{"values", values},	{"events", events},
	{"bad", bad},		{"help", help},
};

TEST_MAIN("options", cases)
