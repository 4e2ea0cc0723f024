// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* view_text_hist.c - latency by powers of two, failures by order and zone level. */
#include <inttypes.h>
#include <string.h>

#include "options.h"
#include "util.h"
#include "view.h"
#include "view_text.h"

#define BAR_WIDTH 40

/* Lines of the latency histogram: 0 to 1 ns, 2 to 3, 4 to 7, ... and what is longer than all. */
#define LINES (LAB_LAT_MAX_BITS + 1)

static unsigned int line_of(unsigned int bucket)
{
	__u64 upper = hist_upper_ns(bucket);
	unsigned int line = 0;

	if (bucket == LAB_LAT_BUCKETS - 1)
		return LINES - 1;
	while (upper >>= 1)
		line++;
	return line;
}

static void print_bar(FILE *f, __u64 n, __u64 most)
{
	/* Whatever is there shows at least one star. */
	int stars = n ? 1 + (int)((double)n / (double)most * (BAR_WIDTH - 1)) : 0;

	fputc('|', f);
	for (int i = 0; i < BAR_WIDTH; i++)
		fputc(i < stars ? '*' : ' ', f);
	fputs("|\n", f);
}

static void print_lines(FILE *f, const __u64 line[LINES])
{
	unsigned int first = 0, last = LINES - 1;
	__u64 most = 0;

	while (first < LINES - 1 && line[first] == 0)
		first++;
	while (last > first && line[last] == 0)
		last--;
	for (unsigned int i = first; i <= last; i++)
		most = line[i] > most ? line[i] : most;
	fprintf(f, "%13s%-13s : %-10s distribution\n", "latency ", "ns", "count");
	for (unsigned int i = first; i <= last; i++) {
		__u64 low = i ? 1ULL << i : 0;

		fprintf(f, "%11" PRIu64 " -> ", (uint64_t)low);
		if (i == LINES - 1)
			fprintf(f, "%-11s", "longer");
		else
			fprintf(f, "%-11" PRIu64, (uint64_t)((2ULL << i) - 1));
		fprintf(f, " : %-10" PRIu64 " ", (uint64_t)line[i]);
		print_bar(f, line[i], most);
	}
}

void text_latency(const struct text_part *p)
{
	__u64 line[LINES] = {0}, count = 0;
	struct hist all = {0};

	if (!p->report->info.has_latency)
		return;
	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		for (unsigned int x = 0; x < LAB_CONTEXTS; x++) {
			if (view_wants_row(p->opt, c, &p->fig->row[c][x]))
				hist_add(&all, &p->fig->row[c][x].latency);
		}
	}
	for (unsigned int i = 0; i < LAB_LAT_BUCKETS; i++) {
		line[line_of(i)] += all.bucket[i];
		count += all.bucket[i];
	}
	if (count)
		print_lines(p->f, line);
}

static void print_order(FILE *f, unsigned int order, const __u64 level[LAB_LEVELS])
{
	char name[16];

	snprintf(name, sizeof(name), order == LAB_ORDERS - 1 ? "order %u+" : "order %u", order);
	fprintf(f, "  %-17s", name);
	for (unsigned int i = 0; i < LAB_LEVELS; i++)
		fprintf(f, " %10" PRIu64, (uint64_t)level[i]);
	fputc('\n', f);
}

void text_failures(const struct text_part *p)
{
	static const __u64 none[LAB_LEVELS];
	bool any = false;

	for (unsigned int i = 0; i < LAB_ORDERS; i++) {
		if (memcmp(p->fig->failure[i], none, sizeof(none)) == 0)
			continue;
		if (!any) {
			fprintf(p->f, "%-19s", "failures, zone at:");
			for (unsigned int l = 0; l < LAB_LEVELS; l++)
				fprintf(p->f, " %10s", level_name(l));
			fputc('\n', p->f);
		}
		any = true;
		print_order(p->f, i, p->fig->failure[i]);
	}
	if (!any)
		fputs("no failures\n", p->f);
}
