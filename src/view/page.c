// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* page.c - see page.h. */
#include "view/page.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/util.h"
#include "view/show.h"

#define INDENT 4

/* ---- the head ---- */

static void print_length(FILE *f, const struct run_head *head, bool timed)
{
	if (head->final && head->total_ns)
		fprintf(f, "final: since start, %.1f s\n", (double)head->total_ns / 1e9);
	else if (head->final)
		fputs("final: since start\n", f);
	else if (timed)
		fprintf(f, "interval %.3f s\n", (double)head->interval_ns / 1e9);
}

void page_heading(FILE *f, const struct run_head *head, bool dated, bool timed)
{
	char when[64];
	struct tm tm;

	if (dated && time_zone_clock(&head->info.time_zone, head->time_ns, &tm)) {
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S %Z", &tm);
		fprintf(f, "%s  ", when);
	}
	print_length(f, head, timed);
}

void page_origin(FILE *f, const struct show *show, const struct run_info *info, __u64 time_ns)
{
	struct wrap w = page_wrap(f, show, INDENT);
	char zone[32] = "";
	struct tm tm;

	/* A kernel log does not say of which machine it is. */
	wrap_format(&w, "recorded on %s, Linux %s",
		    info->host[0] ? info->host : "a machine that is not named",
		    info->kernel[0] ? info->kernel : "-");
	if (info->version[0])
		wrap_format(&w, "by labyrinth %s", info->version);
	if (time_ns && time_zone_clock(&info->time_zone, time_ns, &tm) &&
	    strftime(zone, sizeof(zone), "%Z", &tm))
		wrap_format(&w, "(times: %s)", zone);
	wrap_end(&w);
}

struct wrap page_wrap(FILE *f, const struct show *show, unsigned int indent)
{
	return (struct wrap){.f = f, .indent = indent, .width = show_columns(show)};
}

/* What a reader will not learn without it; NULL: the sentence says it. */
static const char *open_question(const char *missing)
{
	static const struct {
		const char *word, *question;
	} open[] = {
		{"latency", "how long requests take"},
		{"exclusive reserve", "who uses the exclusive reserve up"},
		{"exclusive:", "who uses the exclusive reserve up"},
		{"bulk requests", "whether bulk requests come short"},
		{"headroom", "how near the next failure is"},
		{"levels", "how many requests were served near a failure"},
		{"context is unknown", "whether an interrupt or a task asks"},
		{"preempt_off", "which tasks ask with preemption off"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(open); i++)
		if (strstr(missing, open[i].word))
			return open[i].question;
	return NULL;
}

void page_missing_list(FILE *f, const struct show *show, const struct run_info *info)
{
	for (unsigned int i = 0; i < info->missings; i++) {
		const char *question = open_question(info->missing[i]);
		struct wrap w = page_wrap(f, show, INDENT);

		wrap_format(&w, "missing: %s", info->missing[i]);
		if (question)
			wrap_format(&w, "- not answered: %s", question);
		wrap_end(&w);
	}
}

void page_missing(FILE *f, const struct show *show, const struct run_head *head)
{
	if (head->sequence <= 1 || head->final)
		page_missing_list(f, show, &head->info);
}

void page_part(FILE *f, const struct run_head *head)
{
	if (head->sequence > 1)
		fputc('\n', f);
}

/* The words say it all: colour repeats it. */
void text_loud(FILE *f, const struct show *show, const char *text)
{
	fprintf(f, show->coloured ? "\033[1;37;41m%s\033[0m" : "%s", text);
}

void text_calm(FILE *f, const struct show *show, const char *text)
{
	(void)show;
	fputs(text, f);
}

void text_complete(FILE *f, const struct show *show, bool complete)
{
	fputs(": ", f);
	(complete ? text_calm : text_loud)(f, show, complete ? "complete" : "NOT complete");
	fputc('\n', f);
}

/* ---- cells ---- */

const char *text_count(char buf[TEXT_CELL], bool available, __u64 n)
{
	if (available)
		snprintf(buf, TEXT_CELL, "%" PRIu64, (uint64_t)n);
	else
		snprintf(buf, TEXT_CELL, "-");
	return buf;
}

const char *text_ns(char buf[TEXT_CELL], bool available, __u64 ns)
{
	static const struct {
		const char *name;
		__u64 ns;
	} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
	size_t i = 0;
	double v;

	if (!available) {
		snprintf(buf, TEXT_CELL, "-");
		return buf;
	}
	/* The next unit starts where this one would be rounded to four digits. */
	while (i + 1 < ARRAY_SIZE(units) && ns >= units[i].ns * 1000 - units[i].ns / 2)
		i++;
	v = (double)ns / (double)units[i].ns;
	snprintf(buf, TEXT_CELL, "%.*f%s",
		 i == 0 || v >= 99.95 ? 0
		 : v >= 9.995	      ? 1
				      : 2,
		 v, units[i].name);
	return buf;
}

const char *text_bytes(char buf[TEXT_CELL], bool available, __u64 bytes)
{
	static const char units[] = "KMGTPE";
	double v = (double)bytes / 1024;
	size_t i = 0;

	if (!available)
		return text_count(buf, false, 0);
	for (; v >= 999.5 && units[i + 1]; i++)
		v /= 1024;
	snprintf(buf, TEXT_CELL, "%.*f%c", i == 0 || v >= 9.95 ? 0 : 1, v, units[i]);
	return buf;
}

bool text_item(FILE *f, bool listed, const char *name, __u64 n)
{
	if (n == 0)
		return listed;
	fprintf(f, "%s%s %" PRIu64, listed ? ", " : "", name, (uint64_t)n);
	return true;
}

/* ---- the budget ---- */

/* Of a second of one processor, in per cent. */
static double percent(__u64 ns)
{
	return (double)ns / 1e7;
}

static void print_used(struct wrap *w, const struct budget_report *b)
{
	__u64 programs = b->programs_known ? b->programs_ns : 0;

	wrap_format(w, "budget: used %.2f %% of the %.2f %% of a processor",
		    percent(programs + b->process_ns), percent(b->limit_ns));
	if (b->programs_known)
		wrap_format(w, "(programs %.2f,", percent(b->programs_ns));
	else
		wrap_text(w, "(programs -,");
	wrap_format(w, "process %.2f):", percent(b->process_ns));
}

static void print_step(struct wrap *w, const struct budget_report *b)
{
	static const char *const steps[BUDGET_STEPS] = {
		[BUDGET_EVERYTHING] = "full detail",
		[BUDGET_NO_STACKS] = "no stacks",
		[BUDGET_COARSE_SITES] = "no stacks, sites sampled one in",
		[BUDGET_FAILURES_ONLY] = "failures only",
	};

	if (b->over)
		wrap_text(w, "OVER with");
	wrap_text(w, b->step < BUDGET_STEPS ? steps[b->step] : "-");
	if (b->step == BUDGET_COARSE_SITES)
		wrap_format(w, "%u", (unsigned int)b->sites_sampled);
	if (b->steps_down)
		wrap_format(w, "(steps down %" PRIu64 ", up %" PRIu64 ")", (uint64_t)b->steps_down,
			    (uint64_t)b->steps_up);
}

void view_budget(FILE *f, const struct show *show, const struct budget_report *b)
{
	struct wrap w = page_wrap(f, show, INDENT);

	if (!b->limit_ns)
		return;
	print_used(&w, b);
	print_step(&w, b);
	if (b->skipped)
		wrap_format(&w, "- skipped %" PRIu64 " since start", (uint64_t)b->skipped);
	wrap_end(&w);
}
