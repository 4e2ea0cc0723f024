// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_options.c - good and bad command lines; the help names every option. */
#include "base/exits.h"
#include "model/figures.h"
#include "cli/parse.h"
#include "view/views.h"
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
	CHECK(opt.view == &view_stat);
	CHECK_EQ(opt.attach, ATTACH_AUTO);
	CHECK_EQ(opt.interval_ns, 1000000000);
	CHECK_EQ(opt.count, 0);
	CHECK_EQ(opt.duration_ns, 0);
	CHECK_EQ(opt.cpu, -1);
	CHECK_EQ(opt.class_mask, LAB_CLASS_MASK_WATCHED);
	CHECK_EQ(opt.order_mask, ~0U);
	CHECK(!opt.json && !opt.failures_only && !opt.timestamp && !opt.class_given);
	CHECK(!opt.btf_path && !opt.replay_path && !opt.record.path);
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
		CHECK_MSG(opt.interval_ns == 5000000000 && opt.count == 3 && opt.view == &view_stat,
			  "\"%s\" is read wrongly", lines[i]);
	}
	good(&opt, "0.25");
	CHECK_EQ(opt.interval_ns, 250000000);
	good(&opt, ".5");
	CHECK_EQ(opt.interval_ns, 500000000);
	good(&opt, "check -j --attach kprobe -v");
	CHECK(opt.view == NULL);
	good(&opt, "-j check");
	CHECK(opt.view == NULL && opt.json);
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
	CHECK(strcmp(opt.btf_path, "/x") == 0 && strcmp(opt.record.path, "y") == 0);
	good(&opt, "--replay - -x --class nowait -j -T");
	CHECK(strcmp(opt.replay_path, "-") == 0);
}

static void events(void)
{
	struct options opt;

	good(&opt, "events");
	CHECK(opt.view == &view_events && opt.count == 0 && opt.slower_ns == 0);
	CHECK(opt.below_level == -1 && !opt.stack);
	good(&opt, "events 3 -S --slower 50us --below min -T -d 1h -C 1 --order 3 -j");
	CHECK(opt.view == &view_events && opt.count == 3 && opt.stack && opt.json);
	CHECK_EQ(opt.slower_ns, 50000);
	CHECK_EQ(opt.below_level, LAB_LEVEL_MIN);
	good(&opt, "--below low events --class atomic");
	CHECK_EQ(opt.below_level, LAB_LEVEL_LOW);
	CHECK_EQ(opt.count, 0);
	good(&opt, "events --attach kprobe --btf b --record r --all-classes -v");
	good(&opt, "events --replay f -S -T --class nowait 5 -j");
	CHECK_EQ(opt.count, 5);
}

/* A line, and what the message must have. */
static const struct {
	const char *line, *words;
} bad_lines[] = {
	/* unknown, or half known */
	{"--frob", "there is no option \"--frob\""},
	{"--repaly x", "did you mean --replay?"},
	{"whi", "did you mean why?"},
	{"why --from 3:00", "--from needs --replay"},
	{"why --replay x --from yesterday", "\"yesterday\" is not a time"},
	{"--replay x --from 3:00 --total", "--total is of the whole recording"},
	{"--color=red", "\"red\" is not when to colour"},
	{"why --replay x --folded much", "\"much\" is not what a stack weighs"},
	{"why --folded lost", "--folded needs --replay"},
	{"why --replay x --folded lost --total", "--folded prints stacks and no report"},
	{"flags -n 0", "\"0\" is not a number of rows"},
	{"-n 3", "--rows has no meaning for the view stat"},
	{"help whi", "did you mean why?"},
	{"help why flags", "one argument too many"},
	{"completion zsh", "labyrinth completion bash"},
	{"-z", "there is no option -z"},
	{"-1", "there is no option -1"},
	{"--re x", "there is no option \"--re\""},
	{"--json=1", "--json takes no value"},
	{"frob", "\"frob\" is neither a view"},
	{"stat stat", "the interval \"stat\" is not a time"},
	{"1 check", "count \"check\" is not a number"},
	{"~", "the interval \"\" is not a time"},
	/* values that are missing */
	{"-i", "--interval needs SECONDS after it"},
	{"--replay", "--replay needs FILE after it"},
	{"-C", "--cpu needs CPU after it"},
	{"--class", "--class needs LIST after it"},
	{"--attach", "--attach needs HOW after it"},
	/* bad values */
	{"-i x", "the interval \"x\" is not a time"},
	{"-i 0", "the interval \"0\" is out of range"},
	{"-i -1", "the interval \"-1\" is not a time"},
	{"-i 1us", "the interval \"1us\" is too short"},
	{"-d 0", "the duration \"0\" is out of range"},
	{"-d 1d", "the duration \"1d\" is not a time"},
	{"x 1", "\"x\" is neither a view"},
	{"0", "the interval \"0\" is out of range"},
	{"1 0", "count \"0\" is not a number"},
	{"1 x", "count \"x\" is not a number"},
	{"1 -1", "there is no option -1"},
	{"1 2 3", "\"3\" is one argument too many"},
	{"1 1.5", "count \"1.5\" is not a number"},
	{"1 99999999999999999999", "count \"99999999999999999999\" is not a number"},
	{"999999999999", "the interval \"999999999999\" is out of range"},
	{"-C x", "cpu \"x\" is not a number"},
	{"-C -1", "cpu \"-1\" is not a number"},
	{"-C 65536", "cpu \"65536\" is not a number"},
	{"-C ~", "cpu \"\" is not a number"},
	{"--class x", "\"x\" is not a list of classes"},
	{"--class ~", "\"\" is not a list of classes"},
	{"--class atomic,", "\"atomic,\" is not a list of classes"},
	{"--class ,atomic", "\",atomic\" is not a list of classes"},
	{"--class atomic,,high", "\"atomic,,high\" is not a list of classes"},
	{"--class Atomic", "\"Atomic\" is not a list of classes"},
	{"--class atomicatomicatomicatomic",
	 "\"atomicatomicatomicatomic\" is not a list of classes"},
	{"--order x", "\"x\" is not a list of orders"},
	{"--order ~", "\"\" is not a list of orders"},
	{"--order 12", "\"12\" is not a list of orders"},
	{"--order 3-1", "\"3-1\" is not a list of orders"},
	{"--order 1-", "\"1-\" is not a list of orders"},
	{"--order -1", "\"-1\" is not a list of orders"},
	{"--order 1,", "\"1,\" is not a list of orders"},
	{"--order 1-2-3", "\"1-2-3\" is not a list of orders"},
	{"--order 0-99999999999999999999", "\"0-99999999999999999999\" is not a list of orders"},
	{"--attach x", "\"x\" is not a way to attach"},
	{"--attach ~", "\"\" is not a way to attach"},
	{"--btf ~", "--btf needs the name of a file"},
	{"--replay ~", "--replay needs the name of a file"},
	{"--record ~", "--record needs the name of a file"},
	/* combinations */
	{"-i 1 1", "the interval is given twice"},
	{"1 -i 1", "the interval is given twice"},
	{"--all-classes --class high", "--all-classes and --class contradict each other"},
	{"flags --attach slowpath", "is of served requests, which --attach=slowpath does not see"},
	{"lint --attach=slowpath", "is of served requests, which --attach=slowpath does not see"},
	{"why --attach=slowpath --slower 1ms", "leave --slower and --below out"},
	{"events --attach=slowpath --below min", "leave --slower and --below out"},
	{"--replay f --attach auto", "--attach does not work with --replay"},
	{"--replay f --no-latency", "--no-latency does not work with --replay"},
	{"lint --no-latency", "--no-latency has no meaning for the view lint"},
	{"--replay f --btf b", "--btf does not work with --replay"},
	{"-C 0 --replay f", "--cpu does not work with --replay"},
	{"--replay f --order 1", "--order does not work with --replay"},
	{"--anon-exclusive --replay f", "--anon-exclusive does not work with --replay"},
	{"--no-exclusive --replay f", "--no-exclusive does not work with --replay"},
	{"--replay f --all-classes", "--all-classes does not work with --replay"},
	{"--replay f -i 1", "--interval does not work with --replay"},
	{"--replay f 1", "a recording has its own interval"},
	{"--replay f -d 1", "--duration does not work with --replay"},
	{"--replay f --record g", "--record does not work with --replay"},
	{"check 1", "the view check takes no interval"},
	{"check -x", "--failures has no meaning for the view check"},
	{"check -T", "--timestamp has no meaning for the view check"},
	{"check --replay f", "--replay has no meaning for the view check"},
	{"check --class high", "--class has no meaning for the view check"},
	{"-d 1 check", "--duration has no meaning for the view check"},
	{"--budget", "--budget needs PERCENT after it"},
	{"--budget 0", "\"0\" is not a percentage"},
	{"--budget 0.009", "\"0.009\" is not a percentage"},
	{"--budget -1", "\"-1\" is not a percentage"},
	{"--budget 1%%", "\"1%%\" is not a percentage"},
	{"--budget %", "\"%\" is not a percentage"},
	{"--budget 1.0.0", "\"1.0.0\" is not a percentage"},
	{"--budget 1s", "\"1s\" is not a percentage"},
	{"--budget 1e9", "\"1e9\" is not a percentage"},
	{"--budget 99999999", "\"99999999\" is not a percentage"},
	{"--budget 99999999999999999999999999999999999999999",
	 "\"99999999999999999999999999999999999999999\" is not a percentage"},
	{"--budget ~", "\"\" is not a percentage"},
	{"check --budget 1", "--budget has no meaning for the view check"},
	{"--replay f --budget 1", "--budget does not work with --replay"},
	/* the view events */
	{"5 events", "count \"events\" is not a number"},
	{"events 0", "count \"0\" is not a number"},
	{"events 1s", "count \"1s\" is not a number"},
	{"events 1 2", "\"2\" is one argument too many"},
	{"events -i 1", "--interval has no meaning for the view events"},
	{"events -x", "--failures has no meaning for the view events"},
	{"events --anon-exclusive", "--anon-exclusive has no meaning for the view events"},
	{"why --no-exclusive", "--no-exclusive has no meaning for the view why"},
	{"events --slower x", "the latency \"x\" is not a time"},
	{"events --slower 0", "the latency \"0\" is out of range"},
	{"events --below high", "\"high\" is not a mark"},
	{"events --below ~", "\"\" is not a mark"},
	{"events --replay f --slower 1ms", "--slower does not work with --replay"},
	{"events --replay f --below low", "--below does not work with --replay"},
	{"events --replay f --order 1", "--order does not work with --replay"},
	{"--slower 1ms", "--slower has no meaning for the view stat"},
	{"stat --below min", "--below has no meaning for the view stat"},
	{"-S", "--stack has no meaning for the view stat"},
	{"check -S", "--stack has no meaning for the view check"},
	{"--report", "--report has no meaning for the view stat"},
	{"check --report -j", "check --report prints text"},
	{"check --slower 1ms", "--slower has no meaning for the view check"},
};

/* One line, what is wrong and where to look; the usage exit code. */
static void bad(void)
{
	struct options opt;
	char said[1024];

	for (size_t i = 0; i < sizeof(bad_lines) / sizeof(bad_lines[0]); i++) {
		const char *line = bad_lines[i].line;
		int r = parse(&opt, line, said, sizeof(said));
		char *end = strchr(said, '\n');

		CHECK_MSG(r == FAIL(LAB_EXIT_USAGE), "\"%s\" returns %d", line, r);
		CHECK_MSG(strncmp(said, "labyrinth: ", 11) == 0 && end && end[1] == '\0',
			  "\"%s\" does not say one line: %s", line, said);
		CHECK_MSG(strstr(said, "; see --help\n"), "\"%s\" gives no hint: %s", line, said);
		CHECK_MSG(strstr(said, bad_lines[i].words), "\"%s\" says %s", line, said);
		CHECK_MSG(strlen(said) < 200, "\"%s\" says too much: %s", line, said);
	}
}

/* Which views take an option; those that are not named refuse it. */
static const struct {
	const char *words, *views;
} taken_by[] = {
	{"-i 2", "stat why flags lint"},
	{"-d 2", "stat events why flags lint"},
	{"-j", "stat events why flags lint check"},
	{"-C 0", "stat events"},
	{"--class high", "stat events why flags lint"},
	{"--order 1", "stat events why flags lint"},
	{"-x", "stat why flags"},
	{"--all-classes", "stat events why flags"},
	{"--anon-exclusive", "stat"},
	{"--no-exclusive", "stat"},
	{"--slower 1ms", "events why"},
	{"--below min", "events"},
	{"-S", "events why lint"},
	{"--sample 2", "why"},
	{"--budget 1", "stat events why flags lint"},
	{"--attach kprobe", "stat events why flags lint check"},
	{"--no-latency", "stat events why flags"},
	{"--btf f", "stat events why flags lint check"},
	{"--replay f", "stat events why flags lint"},
	{"--record f", "stat events why flags lint"},
	{"-T", "stat events why flags lint"},
	{"-v", "stat events why flags lint check"},
};

static void views(void)
{
	static const char *const names[] = {"stat", "events", "why", "flags", "lint", "check"};
	struct options opt;
	char line[64], said[1024];

	for (size_t i = 0; i < sizeof(taken_by) / sizeof(taken_by[0]); i++) {
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			bool taken = strstr(taken_by[i].views, names[k]);
			int r;

			snprintf(line, sizeof(line), "%s %s", names[k], taken_by[i].words);
			r = parse(&opt, line, said, sizeof(said));
			CHECK_MSG(r == (taken ? 0 : FAIL(LAB_EXIT_USAGE)), "\"%s\" returns %d",
				  line, r);
			CHECK_MSG(taken || strstr(said, "has no meaning for the view"), "%s", said);
		}
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
		"Examples:",
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
	{"views", views},	{"bad", bad},
	{"help", help},
};

TEST_MAIN("options", cases)
