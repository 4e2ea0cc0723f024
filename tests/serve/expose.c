// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * expose.c - metrics of what is known in advance, by labyrinth's own code, for those who scrape
 * them from a test.
 *
 *	expose record FOLDER <recording    each report as FOLDER/1.prom, 2.prom, ...
 *	expose fleet MACHINES FOLDER       as many made-up machines, as FOLDER/1.prom, ...
 *
 * FOLDER/0.prom is the same machine before anything happened. Says what is in the last report, or
 * in all machines together: "count FAMILY N", and of each class "latency CLASS PER_MILLE EXACT_NS
 * OWN_NS": by the sorted values (0: not known), and by labyrinth's own buckets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out/metrics.h"
#include "view/views.h"
#include "source/replay.h"

#define MOST 3000 /* latencies of a machine and class */

static const unsigned int per_mille[] = {500, 900, 950, 990, 999};
static struct gathered g;
static struct report report;
static char text[METRICS_BYTES];

static void die(const char *what)
{
	fprintf(stderr, "expose: %s\n", what);
	exit(1);
}

static void put(const char *folder, unsigned long number, const struct report *r)
{
	unsigned int series;
	char path[4096];
	size_t len;
	FILE *f;

	memset(&g, 0, sizeof(g));
	g.head = r->head;
	g.cells = *r;
	if (view_serve.fill(&g) || !metrics_write(&g, NULL, EXPO_TEXT, text, &len, &series))
		die("no metrics");
	snprintf(path, sizeof(path), "%s/%lu.prom", folder, number);
	f = fopen(path, "we");
	if (!f || fwrite(text, 1, len, f) != len || fclose(f))
		die("cannot write");
}

static void put_empty(const char *folder, struct report r)
{
	r.total = (struct figures){0};
	put(folder, 0, &r);
}

/* all: the values themselves, sorted, or NULL. */
static void say_latency(const char *class, const struct hist *h, const __u64 *all, size_t n)
{
	for (size_t i = 0; i < sizeof(per_mille) / sizeof(*per_mille); i++) {
		size_t rank = (n * per_mille[i] + 999) / 1000;

		printf("latency %s %u %llu %llu\n", class, per_mille[i],
		       all ? (unsigned long long)all[rank - 1] : 0,
		       (unsigned long long)hist_quantile_ns(h, per_mille[i]));
	}
}

static struct hist of_class(const struct figures *f, unsigned int class)
{
	struct hist sum = {0};

	for (unsigned int x = 0; x < LAB_CONTEXTS; x++)
		hist_add(&sum, &f->row[class][x].latency);
	return sum;
}

/* ---- a recording ---- */

static void record(const char *folder)
{
	const struct event *event = NULL;
	struct source *source;
	unsigned long n = 0;
	int item;

	if (source_replay(&source, &view_stat, "-", false))
		die("cannot read the recording");
	while ((item = source->ops->next(source, -1, &report, &event)) == ITEM_REPORT) {
		if (!n)
			put_empty(folder, report);
		put(folder, ++n, &report);
	}
	if (item != ITEM_END || !n)
		die("no whole recording");
	source->ops->close(source);
	printf("count seen_requests %llu\n", (unsigned long long)report.total.audit.seen);
	printf("count bulk_got_pages %llu\n", (unsigned long long)report.total.bulk.got_pages);
	printf("count exclusive_hits %llu\n", (unsigned long long)report.total.exclusive.hit);
	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		const struct hist h = of_class(&report.total, c);

		if (hist_count(&h))
			say_latency(class_name(c), &h, NULL, 0);
	}
}

/* ---- a fleet ---- */

struct pooled {
	struct hist hist;
	__u64 *value;
	size_t values;
};

/* The same numbers on every machine (xorshift64). */
static __u64 next_number(__u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Most are fast; one machine in eight is slow, and each has a tail of its own. */
static __u64 made_ns(__u64 *state, unsigned long machine, unsigned int class)
{
	unsigned int shift = 8 + class + (unsigned int)(next_number(state) % 4);

	if (machine % 8 == 0)
		shift += 5;
	if (next_number(state) % 64 == 0)
		shift += (unsigned int)(machine % 11);
	return (1ULL << shift) + next_number(state) % (1ULL << shift);
}

static void make_class(struct figures *f, struct pooled *pooled, unsigned long machine,
		       unsigned int class, __u64 *state)
{
	size_t n = 200 + next_number(state) % (MOST - 200);

	for (size_t i = 0; i < n; i++) {
		__u64 ns = made_ns(state, machine, class);
		struct row *row = &f->row[class][next_number(state) % LAB_CTX_UNKNOWN];
		struct hist *h = &row->latency;

		row->requests++;
		row->served[LAB_LEVEL_LOW]++;
		f->audit.seen++;
		h->bucket[lab_latency_bucket(ns)]++;
		h->sum_ns += ns;
		h->max_ns = ns > h->max_ns ? ns : h->max_ns;
		pooled->value[pooled->values++] = ns;
	}
}

static int compare(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void describe(struct report *r)
{
	struct run_info *info = &r->head.info;

	*r = (struct report){0};
	snprintf(info->version, sizeof(info->version), "0.1.0");
	snprintf(info->kernel, sizeof(info->kernel), "6.12.0-test");
	info->class_mask = LAB_CLASS_MASK_WATCHED;
	info->order_mask = ~0U;
	info->has_latency = info->has_context = true;
	info->page_bytes = 4096;
	r->head.time_ns = 1800000000000000000ULL;
	r->head.total_ns = 90000000000ULL;
}

static void fleet(unsigned long machines, const char *folder)
{
	struct pooled pooled[LAB_CLASSES] = {0};
	__u64 state = 88172645463325252ULL, seen = 0;

	for (unsigned int c = 0; c < LAB_CLASSES; c++)
		if (!(pooled[c].value = calloc(machines * MOST, sizeof(__u64))))
			die("no memory");
	describe(&report);
	put_empty(folder, report);
	for (unsigned long m = 1; m <= machines; m++) {
		describe(&report);
		for (unsigned int c = 0; c < LAB_CLASSES; c++) {
			struct hist h;

			if (!(LAB_CLASS_MASK_WATCHED & 1U << c))
				continue;
			make_class(&report.total, &pooled[c], m, c, &state);
			h = of_class(&report.total, c);
			hist_add(&pooled[c].hist, &h);
		}
		seen += report.total.audit.seen;
		put(folder, m, &report);
	}
	printf("count seen_requests %llu\n", (unsigned long long)seen);
	for (unsigned int c = 0; c < LAB_CLASSES; c++) {
		struct pooled *p = &pooled[c];

		qsort(p->value, p->values, sizeof(*p->value), compare);
		if (p->values)
			say_latency(class_name(c), &p->hist, p->value, p->values);
		free(p->value);
	}
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "record") == 0)
		record(argv[2]);
	else if (argc == 4 && strcmp(argv[1], "fleet") == 0 && atoi(argv[2]) > 0)
		fleet((unsigned long)atoi(argv[2]), argv[3]);
	else
		die("usage: expose record FOLDER <recording | expose fleet MACHINES FOLDER");
	return 0;
}
