// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* test_option_values.c - what each option makes of its word, at the bounds of what it takes. */
#include "base/exits.h"
#include "cli/parse.h"
#include "model/figures.h"
#include "stderr.h"
#include "test.h"

#include <unistd.h>

#define WORDS 16

/* A line split at spaces, as the shell would. */
static int parse(struct options *opt, const char *line, char *said, size_t size)
{
	static char buf[256]; /* *opt points into it */
	char *argv[WORDS + 1] = {(char *)"labyrinth"};
	int argc = 1, r;

	snprintf(buf, sizeof(buf), "%s", line);
	for (char *w = strtok(buf, " "); w && argc < WORDS; w = strtok(NULL, " "))
		argv[argc++] = w;
	stderr_catch();
	r = options_parse(opt, argc, argv);
	stderr_release(said, size);
	return r;
}

static struct options good(const char *line)
{
	struct options opt;
	char said[1024];
	int r = parse(&opt, line, said, sizeof(said));

	CHECK_MSG(r == 0 && !said[0], "\"%s\" returns %d and says %s", line, r, said);
	return opt;
}

/* Refused, in a message with this in it. */
static void bad(const char *line, const char *word)
{
	struct options opt;
	char said[1024];
	int r = parse(&opt, line, said, sizeof(said));

	CHECK_MSG(r == FAIL(LAB_EXIT_USAGE) && strstr(said, word), "\"%s\" returns %d and says %s",
		  line, r, said);
}

static void sample(void)
{
	CHECK_EQ(good("why").sample, 64);
	CHECK_EQ(good("why --sample 1").sample, 1);
	CHECK_EQ(good("why --sample 2").sample, 2);
	CHECK_EQ(good("why --sample=512").sample, 512);
	CHECK_EQ(good("why --sample 1048576").sample, 1048576);
	bad("why --sample 0", "\"0\"");
	bad("why --sample 3", "\"3\"");
	bad("why --sample 96", "\"96\"");
	bad("why --sample 1048575", "\"1048575\"");
	bad("why --sample 1048577", "\"1048577\"");
	bad("why --sample 2097152", "\"2097152\"");
	bad("why --sample x", "\"x\"");
	bad("why --sample", "--sample needs N");
	bad("events --sample 2", "--sample");
	bad("why --replay f --sample 2", "--sample");
}

static void attach(void)
{
	CHECK_EQ(good("").attach, ATTACH_AUTO);
	CHECK_EQ(good("--attach fentry --attach auto").attach, ATTACH_AUTO);
	CHECK_EQ(good("--attach fentry").attach, ATTACH_FENTRY);
	CHECK_EQ(good("--attach kprobe").attach, ATTACH_KPROBE);
	CHECK_EQ(good("--attach raw_tp").attach, ATTACH_RAW_TP);
	CHECK_EQ(good("--no-latency").attach, ATTACH_RAW_TP);
	bad("--attach fexit", "\"fexit\"");
	bad("--attach fentr", "\"fentr\"");
	/* They are modes of four names and no more. */
	CHECK(ATTACH_AUTO != ATTACH_FENTRY && ATTACH_FENTRY != ATTACH_KPROBE &&
	      ATTACH_KPROBE != ATTACH_RAW_TP);
}

static void order(void)
{
	CHECK_EQ(good("--order 0").order_mask, 1U << 0);
	CHECK_EQ(good("--order 11").order_mask, 1U << 11);
	CHECK_EQ(good("--order 0-11").order_mask, (1U << 12) - 1);
	CHECK_EQ(good("--order 5-5").order_mask, 1U << 5);
	CHECK_EQ(good("--order 10-11,2,2,0-1").order_mask, 1U << 11 | 1U << 10 | 7);
	bad("--order 12", "\"12\"");
	bad("--order 1-12", "\"1-12\"");
	bad("--order 1-13", "\"1-13\"");
	bad("--order 4-3", "\"4-3\"");
	bad("--order 1,,2", "\"1,,2\"");
	/* An entry of 16 characters does not fit, whatever it comes to; one of 15 does. */
	CHECK_EQ(good("--order 000000000000003").order_mask, 1U << 3);
	bad("--order 0000000000000003", "\"0000000000000003\"");
	bad("--order 00000000000000000000000000000003", "list of orders");
}

static void classes(void)
{
	static const char *const names[] = {"atomic", "nowait", "nolock", "high", "blocking"};
	char line[64];

	for (unsigned int i = 0; i < LAB_CLASSES; i++) {
		snprintf(line, sizeof(line), "--class %s", names[i]);
		CHECK_EQ(good(line).class_mask, 1U << i);
	}
	CHECK_EQ(good("--class nolock,blocking,nolock").class_mask, 1U << 2 | 1U << 4);
	/* As long as the buffer of a name, one more and one less. */
	bad("--class atomicatomicato", "\"atomicatomicato\"");
	bad("--class atomicatomicatom", "\"atomicatomicatom\"");
	bad("--class atomicatomicatomi", "\"atomicatomicatomi\"");
	bad("--class high,atomicatomicatom", "atomicatomicatom");
}

static void interval(void)
{
	CHECK_EQ(good("-i 1ms").interval_ns, 1000000);
	CHECK_EQ(good("0.001").interval_ns, 1000000);
	bad("-i 0.000999999", "\"0.000999999\"");
	bad("-i 999us", "\"999us\"");
	bad("-i 0", "out of range");
	bad("-i 300y", "not a time");
	/* An interval of its own for what is summed up. */
	CHECK_EQ(good("stat").interval_ns, 1000000000);
	CHECK_EQ(good("why").interval_ns, 10000000000);
	CHECK_EQ(good("flags").interval_ns, 10000000000);
	CHECK_EQ(good("lint").interval_ns, 10000000000);
	CHECK_EQ(good("why 3").interval_ns, 3000000000);
	CHECK_EQ(good("flags -i 3").interval_ns, 3000000000);
	CHECK_EQ(good("lint 3 7").count, 7);
}

static void slower(void)
{
	CHECK_EQ(good("why").slower_ns, 1000000);
	CHECK_EQ(good("why --slower 2us").slower_ns, 2000);
	CHECK_EQ(good("events").slower_ns, 0);
	CHECK_EQ(good("events --below low").below_level, LAB_LEVEL_LOW);
	CHECK_EQ(good("events --below min").below_level, LAB_LEVEL_MIN);
	bad("events --below reserve", "\"reserve\"");
}

static void cpu(void)
{
	CHECK_EQ(good("-C 0").cpu, 0);
	CHECK_EQ(good("-C 65535").cpu, 65535);
	CHECK(!good("").cpu_given);
	bad("-C 65536", "65535");
}

static void count(void)
{
	CHECK_EQ(good("1 9223372036854775807").count, 9223372036854775807);
	bad("1 9223372036854775808", "\"9223372036854775808\"");
	CHECK_EQ(good("events 1").count, 1);
	bad("events 0", "\"0\"");
}

/* What a view counts without being told. */
static void classes_of_views(void)
{
	CHECK_EQ(good("stat").class_mask, 7);
	CHECK_EQ(good("events").class_mask, 7);
	CHECK_EQ(good("why").class_mask, 7);
	CHECK_EQ(good("flags").class_mask, 31);
	CHECK_EQ(good("lint").class_mask, 31);
	CHECK_EQ(good("flags --class high").class_mask, 8);
	CHECK_EQ(good("why --all-classes").class_mask, 31);
}

/* All that there is, and not a hundredth of a percent more. */
static void budget(void)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char line[64];

	snprintf(line, sizeof(line), "--budget %ld", cpus * 100);
	CHECK_EQ(good(line).budget_ns, cpus * 1000000000);
	snprintf(line, sizeof(line), "--budget %ld.01%%", cpus * 100);
	bad(line, "percentage");
	CHECK_EQ(good("--budget 0.01").budget_ns, 100000);
	bad("--budget 0.0099", "\"0.0099\"");
	bad("--budget 1%x", "\"1%x\"");
	bad("--budget 1s", "\"1s\"");
	/* 31 digits are a number still, and 32 are none */
	CHECK_EQ(good("--budget 0000000000000000000000000000001").budget_ns, 10000000);
	bad("--budget 00000000000000000000000000000001", "percentage");
}

static const struct test_case cases[] = {
	{"sample", sample},   {"attach", attach},     {"order", order},
	{"classes", classes}, {"interval", interval}, {"slower", slower},
	{"cpu", cpu},	      {"count", count},	      {"classes_of_views", classes_of_views},
	{"budget", budget},
};

TEST_MAIN("option_values", cases)
